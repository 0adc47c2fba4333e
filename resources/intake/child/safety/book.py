"""EPUB: its record names its authors on purpose; what slips in comes with pictures."""

from pathlib import Path

from ..package import Package
from . import office
from .notes import Notes


def inspect(path: Path, head: str, notes: Notes) -> None:
    office.images(Package(path), head, notes)
