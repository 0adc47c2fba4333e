"""Whether scans can be read here: Tesseract is used where somebody installed it, and missed by nobody elsewhere."""

import shutil
import subprocess
from functools import cache
from typing import NamedTuple

LANGUAGES = ("spa", "eng")


class Engine(NamedTuple):
    program: str  # its path
    languages: str  # "spa+eng"


@cache
def engine() -> Engine | None:
    """The engine with those of our languages that it was taught; None without one. Looked up once per process."""
    program = shutil.which("tesseract")
    if program is None:
        return None
    try:
        listed = subprocess.run([program, "--list-langs"], capture_output=True, text=True, timeout=10, check=True)  # noqa: S603
    except (subprocess.SubprocessError, OSError):
        return None
    known = [language for language in LANGUAGES if language in listed.stdout.split()]
    return Engine(program, "+".join(known)) if known else None


def options(seconds: float) -> tuple[object, ...]:
    """What the child is told: how long it may read scans, and with what; nothing to read with means not at all."""
    found = engine() if seconds else None
    return (seconds, found.program, found.languages) if found else (0, "", "")
