"""Scans: read where Tesseract is installed, left as they are elsewhere."""

import io
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from resources.intake import ocr, reading, safety
from resources.intake.kinds import by_name
from resources.intake.reading import State
from resources.intake.safety import What
from tests.resources.intake import builders as build

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
SCANS = DATA / "documents" / "es_scanned"
needs_engine = pytest.mark.skipif(ocr.engine() is None, reason="tesseract is not installed")


def scan(text: str, kind: str = "PDF") -> bytes:
    image = Image.new("L", (1700, 600), "white")
    ImageDraw.Draw(image).multiline_text((80, 80), text, font=ImageFont.load_default(60), fill="black")
    buffer = io.BytesIO()
    image.save(buffer, kind, **({"resolution": 200} if kind == "PDF" else {}))
    return buffer.getvalue()


@pytest.fixture
def read(tmp_path: Path):
    def read(kind: str, data: bytes, **options: object) -> reading.Reading:
        path = tmp_path / "upload"
        path.write_bytes(data)
        return reading.read(path, by_name(kind), **options)

    return read


@needs_engine
@pytest.mark.parametrize("kind", ["PDF", "PNG"])
def test_a_scan_is_read_with_its_confidence(read, kind: str) -> None:
    found = read(kind.lower(), scan("La salud de las personas migrantes\nes un derecho de todas", kind), ocr_seconds=30)
    assert found.state == State.READ
    assert "salud de las personas migrantes" in found.pages[0]
    assert 60 < found.confidence[1] <= 100


@needs_engine
def test_only_where_asked_and_only_pages_without_text(read) -> None:
    assert read("pdf", scan("La salud de las personas")).state == State.NO_TEXT
    found = read("pdf", build.pdf([(12, "Texto de la página uno")], []), ocr_seconds=30)
    assert (found.pages, found.confidence) == (["Texto de la página uno", ""], {})


@needs_engine
def test_no_time_left_means_no_text(read) -> None:
    found = read("pdf", scan("La salud de las personas"), ocr_seconds=0.01)
    assert (found.state, found.confidence) == (State.NO_TEXT, {})


@pytest.mark.parametrize(("sure", "state"), [(92, State.READ), (39, State.NO_TEXT), (-1, State.NO_TEXT)])
def test_what_the_engine_is_not_sure_of_is_no_text(read, tmp_path: Path, monkeypatch, sure: int, state: State) -> None:
    columns = ["level", "page_num", "block_num", "par_num", "line_num", "word_num", "left", "top", "width", "height"]
    columns += ["conf", "text"]
    row = ["5", "1", "1", "1", "1", "1", "0", "0", "90", "30", str(sure), "salud"]
    table = "\\n".join("\\t".join(cells) for cells in (columns, row, ["nonsense"]))
    fake = tmp_path / "engine"
    fake.write_text(f"#!/bin/sh\nprintf '{table}' > \"$2.tsv\"\n")
    fake.chmod(0o755)
    monkeypatch.setattr(ocr, "engine", lambda: ocr.Engine(str(fake), "spa"))
    found = read("pdf", scan("x"), ocr_seconds=10)
    assert found.state == state
    assert found.confidence == ({1: 92.0} if state == State.READ else {})


def test_an_engine_that_hangs_costs_its_time_alone(read, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = tmp_path / "engine"
    fake.write_text("#!/bin/sh\nexec sleep 60\n")
    fake.chmod(0o755)
    monkeypatch.setattr(ocr, "engine", lambda: ocr.Engine(str(fake), "spa"))
    assert read("pdf", scan("x"), ocr_seconds=1).state == State.NO_TEXT


def test_without_an_engine_nothing_changes(read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "engine", lambda: None)
    found = read("pdf", scan("La salud de las personas"), ocr_seconds=30)
    assert (found.state, found.pages, found.confidence) == (State.NO_TEXT, [""], {})


def test_a_machine_without_the_program(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert ocr.engine.__wrapped__() is None
    fake = tmp_path / "tesseract"
    fake.write_text("#!/bin/sh\necho deu\n")
    fake.chmod(0o755)
    assert ocr.engine.__wrapped__() is None  # knows neither language
    fake.write_text("#!/bin/sh\necho eng; echo spa\n")
    assert ocr.engine.__wrapped__() == (str(fake), "spa+eng")


def test_the_safety_check_says_when_it_cannot_read_a_scan(tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    path.write_bytes(scan("Ana Paz CURP\nHEGG560427MVZRRL04"))
    assert What.UNCHECKED in {finding.what for finding in safety.check(path, by_name("pdf"))}
    if ocr.engine():
        assert What.IDENTITY_NUMBER in {f.what for f in safety.check(path, by_name("pdf"), ocr_seconds=30)}


@needs_engine
@pytest.mark.skipif(not SCANS.exists(), reason="the real documents are not here")
def test_a_real_scan() -> None:
    path = next(SCANS.glob("convencion*.pdf"))
    found = reading.read(path, by_name("pdf"), first_pages=1, thumbnail=False, ocr_seconds=60)
    assert (found.metadata.language, found.metadata.type) == ("es", "treaty")
    assert found.metadata.title.startswith("Convención sobre la Eliminación de")
    assert found.confidence[1] > 90
