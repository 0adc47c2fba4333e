"""Real documents, read where they lie beside the project; skipped where they do not.

Every third one, to keep the suite short; all of them with INTAKE_ALL=1 in the environment.
"""

import csv
import os
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from resources.intake import reading
from resources.intake.child.guess.words import norm, similarity
from resources.intake.kinds import Refused, by_name, identify
from resources.intake.reading import Metadata, Reading, State

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
TRUTH = DATA / "expected_metadata.csv"
REFUSED = dict.fromkeys(
    ("testexcel.xls", "testppt.ppt", "testword.doc", "testrtfhyperlink.rtf", "test-columnar.ods"), "old_format"
) | {"testodtmacro.odt": "macros", "testword_protected_passtika.docx": "password"}
STATES = {
    "libreoffice-writer-password.pdf": State.ENCRYPTED,
    "poppler-395-0-fuzzed.pdf": State.DAMAGED,
    "bug1020226.pdf": State.DAMAGED,
    "grayscale-image.pdf": State.NO_TEXT,
    "pages-tree-refs.pdf": State.READ,
    "habibi.pdf": State.READ,
    "footnotes.docx": State.READ,
    "testword.docx": State.READ,
    "testexcel.xlsx": State.READ,
    "testppt_various.pptx": State.READ,
    "testodfwithooo3.odt": State.READ,
    "testepub.epub": State.READ,
}
FOLDERS = ("documents/", "office/")

pytestmark = pytest.mark.skipif(not TRUTH.exists(), reason="the real documents are not here")


def rows() -> list[dict[str, str]]:
    if not TRUTH.exists():
        return []
    with TRUTH.open() as file:
        found = [row for row in csv.DictReader(file) if row["path"].startswith(FOLDERS)]
    return found if os.environ.get("INTAKE_ALL") else found[::3]


ROWS = {row["path"]: row for row in rows()}


def read_all(paths: Iterable[Path], **options: object) -> list[Reading]:
    """Each in its own child, as many at once as there are processors."""

    def read(path: Path) -> Reading:
        with path.open("rb") as file:
            return reading.read(path, identify(file, path.name), thumbnail=False, **options)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(read, paths))


def test_text_and_metadata() -> None:
    """One test, so that each document is read once: its inner word is there, nothing is wrong, enough is found."""
    readings = dict(zip(ROWS, read_all(DATA / path for path in ROWS), strict=True))
    for path, found in readings.items():
        has_text = "es_scanned" not in path and not path.endswith("pptx_template.pptx")
        assert found.state == (State.READ if has_text else State.NO_TEXT), path
        assert not has_text or ROWS[path]["inner_word"].casefold() in "\n".join(found.pages).casefold(), path
        check(ROWS[path], found.metadata)
    metadata = [found.metadata for found in readings.values()]
    assert share(found.title for found in metadata) > 0.85
    assert share(found.year for found in metadata) > 0.7
    assert share(found.language for found in metadata) > 0.85
    assert share(found.authors for found in metadata) > 0.5
    assert share(found.abstract for found in metadata) > 0.2


def share(values: Iterable[object]) -> float:
    found = [bool(value) for value in values]
    return sum(found) / len(found)


def check(row: dict[str, str], found: Metadata) -> None:
    """Empty is allowed, wrong is not."""
    path = row["path"]
    names = [row["title"], *filter(None, row["title_alternatives"].split("|"))]
    assert not found.title or max(similarity(found.title, name) for name in names) >= 0.9, path
    assert str(found.year or "") in {"", row["year"], *row["year_alternatives"].split("|")}, path
    assert found.language in {"", row["language"], *row["language_alternatives"].split("|")}, path
    keys = [norm(key) for key in row["first_author_key"].split("|")]
    assert not found.authors or any(f" {key} " in f" {norm(found.authors[0])} " for key in keys), path
    assert not found.doi or f"doi:{found.doi}" in row["identifiers"].lower(), path


def test_metadata_of_a_typical_pdf_come_quickly() -> None:
    started = time.monotonic()
    reading.read(DATA / "documents/es/33130245_cf1_du.pdf", by_name("pdf"), first_pages=5)
    assert time.monotonic() - started < 4  # about one second on a quiet machine


def test_hard_files() -> None:
    paths = {path.name: path for path in DATA.glob("*/robustness/*")}
    for name, code in REFUSED.items():
        with paths[name].open("rb") as file, pytest.raises(Refused, match=code):
            identify(file, name)
    found = read_all([paths[name] for name in STATES], first_pages=3)
    assert [item.state for item in found] == list(STATES.values())
    assert "\0" not in "".join(page for item in found for page in item.pages)
