"""The portal's own settings; only the built static files lie in a folder of the measurement."""

from portal.settings import *  # noqa: F403
from portal.settings import env

STATIC_ROOT = env.str("STATIC_FOLDER")
