"""Files of the moment: what a kill leaves is swept once nobody works in it any more, and nothing else is."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from resources import scratch, tasks

WORKER = """
import sys, time
from resources import scratch
with scratch.file("handed") as file, scratch.folder("intake") as folder:
    open(folder + "/pages", "w").write("x")
    print("ready", flush=True)
    time.sleep(600)
"""
NOW = timedelta(0)


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@contextmanager
def at_work(place: Path) -> Iterator[subprocess.Popen]:
    """Another process in the middle of an ingest."""
    env = {**os.environ, "TMPDIR": str(place), "DJANGO_SETTINGS_MODULE": "portal.settings"}
    command = [sys.executable, "-c", WORKER]
    with subprocess.Popen(command, env=env, cwd=settings.BASE_DIR, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout.readline() == b"ready\n"
            yield process
        finally:
            process.kill()


def names(place: Path) -> list[str]:
    return sorted(path.name.rpartition("-")[0] for path in place.iterdir())


def test_what_a_kill_leaves_is_swept_and_what_is_in_use_is_not(place: Path) -> None:
    with at_work(place) as process:
        assert names(place) == ["salud-handed", "salud-intake"]
        assert scratch.sweep(older_than=NOW) == 0  # somebody works in them
        process.kill()
        process.wait()
        assert names(place) == ["salud-handed", "salud-intake"]
        assert scratch.sweep() == 0  # younger than a day
        assert scratch.sweep(older_than=NOW) == 2
    assert names(place) == []


def test_a_block_leaves_nothing(place: Path) -> None:
    def work() -> None:
        with scratch.file("handed"), scratch.folder("intake"):
            assert len(names(place)) == 2
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        work()
    assert names(place) == []


def test_nothing_else_is_swept(place: Path) -> None:
    other = place / "salud-other-12345678"
    other.mkdir()
    (other / "kept").write_text("x")
    (place / "salud-handed-1234567").write_text("x")
    (place / "notes.upload").write_text("x")
    (place / "salud-intake-12345678").symlink_to(other)
    assert scratch.sweep(older_than=NOW) == 0
    assert (other / "kept").exists()
    assert len(names(place)) == 4


def test_the_nightly_task_sweeps_what_is_older_than_a_day(db, place: Path) -> None:
    old, young = place / "salud-handed-abcd_123", place / "tmpabcd_123.upload.pdf"
    for path in (old, young):
        path.write_text("x")
    yesterday = time.time() - 25 * 3600
    os.utime(old, (yesterday, yesterday))
    assert tasks.tidy_the_store.call() == 1
    assert (old.exists(), young.exists()) == (False, True)
    os.utime(young, (yesterday, yesterday))
    assert tasks.tidy_the_store.call() == 1
