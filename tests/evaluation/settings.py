"""The portal's own settings, with servers of this machine allowed as sources."""

from tests.bench.settings import *  # noqa: F403

OUTGOING_ALLOW_LOOPBACK = True
