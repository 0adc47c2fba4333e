"""Before a file becomes public: what it carries that readers should not get, and a copy of it without."""

import errno
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from resources import scratch
from resources.intake import ocr
from resources.intake.child.answer import DISK_FULL, FILE_NAME
from resources.intake.kinds import Kind
from resources.intake.sandbox import items, run

from .findings import PLACES, Finding, Severity, What

__all__ = ["Finding", "Severity", "What", "check", "cleaned"]

MAX_FINDINGS = 2_000
MAX_VALUE = 200
COPY_NAME = "copy"


def check(path: Path, kind: Kind, *, seconds: float = 120, ocr_seconds: float = 0) -> list[Finding]:
    """
    What somebody should look at before this file becomes public, gravest first. Never raises for a bad file.

    A file that cannot be looked through to its end gets an UNCHECKED finding besides whatever was found until then.
    With `ocr_seconds` scanned pages are looked through, too, where an engine is installed; a PDF without any text gets
    an UNCHECKED finding otherwise. Raises OSError when this machine cannot do its part.
    """
    with scratch.folder("safety") as folder:
        code = run("check", path, kind.name, folder, *ocr.options(ocr_seconds), seconds=seconds, waiting=ocr_seconds)
        _refuse_full_disk(code)
        answer = list(items(Path(folder, FILE_NAME)))
    found = list(_findings(answer))[:MAX_FINDINGS]
    if state(answer) != "read":
        found.append(Finding(What.UNCHECKED, "file", ""))
    order = list(Severity)
    return sorted(found, key=lambda finding: order.index(finding.severity))


def cleaned(path: Path, kind: Kind, to: Path, *, drop_hidden: bool = False, seconds: float = 120) -> bool:
    """
    Write a copy at `to` without properties (title and language stay), comments, tracked changes, side data of pictures,
    former versions and scripts; False, and nothing written, where that cannot be done.

    The text that readers see is the same: that is compared before the copy counts. With `drop_hidden` what is only
    hidden goes too: hidden text, the content of hidden sheets, hidden slides, speaker's notes, files inside a PDF.
    Raises OSError when this machine cannot do its part.
    """
    with scratch.folder("safety") as folder:
        copy = Path(folder, COPY_NAME)
        code = run("clean", path, kind.name, folder, copy, int(drop_hidden), seconds=seconds)
        _refuse_full_disk(code)
        if state(items(Path(folder, FILE_NAME))) != "read" or not copy.is_file() or copy.is_symlink():
            return False
        part = to.with_name(to.name + ".part")
        shutil.copyfile(copy, part)
        part.replace(to)
    return True


def state(answer: Any) -> str:
    return next((str(item["state"]) for item in answer if isinstance(item, dict) and "state" in item), "")


def _refuse_full_disk(code: int | None) -> None:
    if code == DISK_FULL:
        raise OSError(errno.ENOSPC, "no room to look through a document")


def _findings(answer: list[Any]) -> Iterator[Finding]:
    """The notes that have the shape of one: the process that wrote them had opened a stranger's file."""
    for item in answer:
        match item:
            case {
                "finding": {
                    "what": str(what), "place": str(place), "name": str(name), "excerpt": str(excerpt),
                    "can_be_cleaned": bool(cleans), "count": int(count),
                }
            } if what in What.values and place in PLACES and count > 0:  # fmt: skip
                yield Finding(What(what), place, name[:MAX_VALUE], excerpt[:MAX_VALUE], cleans, count)
