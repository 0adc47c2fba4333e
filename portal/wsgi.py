"""The WSGI door: `gunicorn portal.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
application = get_wsgi_application()

from resources import scratch  # noqa: E402 - the apps stand now

scratch.sweep()  # what a kill left on this machine; the worker sweeps its own every night
