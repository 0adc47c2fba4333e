"""The portal's own settings, with servers of this machine allowed as sources and, without a certificate, as mailbox."""

import os

from tests.bench.settings import *  # noqa: F403

OUTGOING_ALLOW_LOOPBACK = True
MAIL_IN_URL = os.environ.get("MAIL_IN_TRIAL", "")
