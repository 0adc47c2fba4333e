"""
Files and folders of the moment, outside the store: gone with the block that made them, or swept after a kill.

Whoever works in one holds its lock, which goes with the process however that ends: a free lock tells what is left over,
in whatever container the process ran.
"""

import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import IO

from django.utils import timezone

OURS = re.compile(r"salud-(cleaned|handed|intake|safety|stored)-\w{8}|tmp\w{8}\.upload(\.\w+)?")
"""What is made here, and what Django makes of a large upload on its way in."""
PATIENCE = timedelta(days=1)


@contextmanager
def file(what: str) -> Iterator[IO[bytes]]:
    with tempfile.NamedTemporaryFile(prefix=f"salud-{what}-") as made:
        fcntl.flock(made, fcntl.LOCK_EX)
        yield made


@contextmanager
def folder(what: str) -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix=f"salud-{what}-") as made, _opened(Path(made)) as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield made


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        yield handle
    finally:
        os.close(handle)


def sweep(*, older_than: timedelta = PATIENCE) -> int:
    """Delete what killed processes of this user left behind on this machine, and say how much there was."""
    before, number = (timezone.now() - older_than).timestamp(), 0
    for path in Path(tempfile.gettempdir()).iterdir():
        with suppress(FileNotFoundError):  # its process has just tidied it up
            if OURS.fullmatch(path.name) and _is_old_and_ours(path, before) and _is_left(path):
                shutil.rmtree(path) if path.is_dir() else path.unlink()
                number += 1
    return number


def _is_old_and_ours(path: Path, before: float) -> bool:
    about = path.lstat()
    return not path.is_symlink() and about.st_uid == os.getuid() and about.st_mtime < before


def _is_left(path: Path) -> bool:
    with _opened(path) as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True
