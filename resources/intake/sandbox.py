"""The one way a stranger's file is opened: in a process of its own, within limits, whose answer is read with doubt."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from .child.document import MAX_PAGE_TEXT

CHILD = Path(__file__).resolve().parent / "child" / "__main__.py"
MAX_LINE = 6 * MAX_PAGE_TEXT + 1000  # bytes: a page of JSON at its longest
OUT_OF_LIMITS = {signal.SIGXCPU, signal.SIGKILL, signal.SIGABRT, signal.SIGTRAP, signal.SIGILL, signal.SIGXFSZ}
ENVIRONMENT = {"LANG": "C.UTF-8", "PATH": os.defpath, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"} | {
    "OMP_THREAD_LIMIT": "1",
    **{name: os.environ[name] for name in ("TESSDATA_PREFIX",) if name in os.environ},
}


def run(
    task: str, path: Path, kind: str, folder: str, *options: object, seconds: float, waiting: float = 0
) -> int | None:
    """
    The exit code of the child, negative for a signal; None when its time ran out.

    `task` is "read", "check" or "clean", `folder` the place of its answer, `options` what the task asks for besides.
    `seconds` bound its processor time; `waiting` is added to them for programs that it starts and waits for.
    """
    arguments = [task, seconds, path.resolve(), kind, folder, *options]
    child = subprocess.Popen(  # noqa: S603 - our own program, no shell
        [sys.executable, "-I", str(CHILD), *map(str, arguments)],
        cwd=folder,
        env=ENVIRONMENT | {"HOME": folder, "TMPDIR": folder},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        return child.wait(seconds + waiting)
    except subprocess.TimeoutExpired:
        return None
    finally:
        end_group(child)


def end_group(child: subprocess.Popen[bytes]) -> None:
    """Kill the child and whatever it may have started; its group outlives it as long as one of them does."""
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def items(path: Path) -> Iterator[Any]:
    """Each whole line of the answer; the last may be cut where the child ended."""
    try:
        with path.open("rb") as file:
            while (line := file.readline(MAX_LINE)).endswith(b"\n"):
                with suppress(ValueError, RecursionError):
                    yield json.loads(line)
    except FileNotFoundError:
        return
