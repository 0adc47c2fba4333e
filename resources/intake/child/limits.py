"""What this process may use, set by itself on itself before it opens anything."""

import contextlib
import math
import os
import resource

MEMORY = 1536 * 1024 * 1024
WRITTEN = 128 * 1024 * 1024  # the longest answer: 20 million characters of four bytes, with room
OPEN_FILES = 64


def apply(seconds: float) -> None:
    """Bound memory, processor time, files and, where the system lets us, cut the network."""
    cpu = max(1, math.ceil(seconds))
    lower(resource.RLIMIT_CORE, 0)
    lower(resource.RLIMIT_AS, MEMORY)
    lower(resource.RLIMIT_CPU, cpu)
    lower(resource.RLIMIT_FSIZE, WRITTEN)
    lower(resource.RLIMIT_NOFILE, OPEN_FILES)
    leave_network()


def lower(limit: int, value: int) -> None:
    """Set soft and hard limit; a machine may already allow less."""
    _soft, hard = resource.getrlimit(limit)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(limit, (value, value))


def leave_network() -> None:
    """An empty network namespace of our own. Containers often forbid it: the firewall is then the only guard."""
    # Root keeps its rights over files only while it stays in its own user namespace.
    user = 0 if os.geteuid() == 0 else os.CLONE_NEWUSER
    with contextlib.suppress(OSError):
        os.unshare(user | os.CLONE_NEWNET)
