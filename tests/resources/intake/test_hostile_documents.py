"""Documents made to do harm: a Reading comes back every time, with what there was."""

import json
import random
import subprocess
import sys
import time
import zlib
from pathlib import Path

import pytest

from resources.intake import reading
from resources.intake.child import limits
from resources.intake.kinds import by_name
from resources.intake.reading import Reading, State
from tests.resources.intake import builders as build

BODY = "<w:document {W}><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>"
SECRET = "root:x:0:0"
ROOT = Path(reading.__file__).resolve().parents[2]
SAMPLES = {
    "pdf": build.pdf([(12, "Hola")], [(12, "Adiós")]),
    "docx": build.docx(build.paragraph("Hola") * 5),
    "pptx": build.pptx("Hola", "Adiós"),
    "xlsx": build.xlsx("<row><c t='s'><v>0</v></c></row>", shared="<si><t>Hola</t></si>"),
    "odt": build.odt("<text:p>Hola</text:p>"),
    "epub": build.epub("<p>Hola</p>"),
    "html": b"<html><body><p>Hola <b>x</b></p><!-- y --></body></html>",
    "txt": "Añil y otras palabras".encode(),
    "jpeg": build.image("JPEG"),
    "png": build.image("PNG"),
    "webp": build.image("WEBP"),
    "tiff": build.image("TIFF"),
}


@pytest.fixture
def read(tmp_path: Path):
    def read(kind: str, data: bytes, **options: object) -> Reading:
        path = tmp_path / "upload"
        path.write_bytes(data)
        return reading.read(path, by_name(kind), **options)

    return read


@pytest.mark.parametrize("kind", SAMPLES)
def test_truncated_or_random_bytes_never_raise(read, kind: str) -> None:
    chance = random.Random(kind)
    variants = [b"", SAMPLES[kind][: len(SAMPLES[kind]) // 2], chance.randbytes(500)]
    variants += [build.damaged(SAMPLES[kind], chance) for _variant in range(2)]
    for data in variants:
        assert read(kind, data).state in set(State)


@pytest.mark.parametrize("kind", ["pdf", "docx", "pptx", "xlsx", "odt", "epub", "png"])
def test_noise_is_damaged(read, kind: str) -> None:
    found = read(kind, b"\x89 no document \x00" * 50)
    assert (found.state, found.pages, found.thumbnail) == (State.DAMAGED, [], None)


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY e "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
    ],
    ids=["external", "bomb", "dtd"],
)
def test_entities_are_not_expanded(read, doctype: str) -> None:
    text = "&e;" if "ENTITY" in doctype else "x"
    parts = build.docx_parts() | {"word/document.xml": doctype + BODY.format(W=build.W, text=text)}
    found = read("docx", build.zipped(parts))
    assert found.state == State.DAMAGED
    assert SECRET not in "".join(found.pages)
    assert "aaaa" not in "".join(found.pages)


def test_size_that_lies(read) -> None:
    """The directory says 100 bytes, the part holds two megabytes."""
    data = bytearray(build.docx(build.paragraph("a" * 2_000_000)))
    for signature, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        name = data.index(b"word/document.xml", data.index(signature) if signature == b"PK\x01\x02" else 0)
        start = data.rindex(signature, 0, name)
        data[start + offset : start + offset + 4] = (100).to_bytes(4, "little")
    assert read("docx", bytes(data)).state == State.DAMAGED


def test_part_that_inflates_too_far(read) -> None:
    found = read("docx", build.docx(build.paragraph("a") + " " * (101 * 1024 * 1024)))
    assert found.state == State.TOO_HEAVY


def test_shared_string_named_a_million_times(read) -> None:
    shared = f"<si><t>{'x' * 30_000}</t></si>"
    started = time.monotonic()
    found = read("xlsx", build.xlsx("<row>" + '<c t="s"><v>0</v></c>' * 600_000 + "</row>", shared=shared, sheets=3))
    assert [len(page) <= 200_000 for page in found.pages] == [True] * 3
    assert found.state == State.READ
    assert time.monotonic() - started < 10


def test_cell_and_text_limits(read) -> None:
    found = read("txt", b"palabra " * 3_000_000)
    assert found.state == State.TOO_HEAVY
    assert 19_000_000 < sum(map(len, found.pages)) <= 20_000_000


def test_too_many_pages(read) -> None:
    found = read("txt", b"a\f" * 5_001)
    assert (found.state, len(found.pages)) == (State.TOO_HEAVY, 5_000)


def test_huge_image_is_not_decoded(read) -> None:
    header = build.image("PNG")
    ihdr = header.index(b"IHDR")
    size = (8_000).to_bytes(4) + (5_000).to_bytes(4)
    chunk = b"IHDR" + size + header[ihdr + 12 : ihdr + 17]
    found = read("png", header[:ihdr] + chunk + zlib.crc32(chunk).to_bytes(4) + header[ihdr + 21 :])
    assert (found.state, found.thumbnail) == (State.TOO_HEAVY, None)


def test_eps_named_jpg_starts_no_program(read) -> None:
    eps = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n%%EndComments\nshowpage\n%%EOF\n"
    assert read("jpeg", eps).state == State.DAMAGED


@pytest.mark.parametrize("kind", ["GIF", "BMP", "PPM"])
def test_only_our_image_formats_are_opened(read, kind: str) -> None:
    found = read("png", build.image(kind))
    assert (found.state, found.thumbnail) == (State.DAMAGED, None)


def test_no_time(read) -> None:
    found = read("pdf", SAMPLES["pdf"], seconds=0.01)
    assert (found.state, found.pages) == (State.TOO_HEAVY, [])


def test_what_was_read_before_the_end_is_kept(read) -> None:
    """Nine pages are read before a page with millions of operators takes the rest of the time."""
    heavy = b"BT /F1 9 Tf " + b"1 0 0 1 5 5 Tm (x) Tj " * 3_000_000 + b"ET"
    light = b"BT /F1 9 Tf 50 700 Td (Hola) Tj ET"
    found = read("pdf", build.pdf_of_contents([light] * 9 + [heavy]), seconds=2)
    assert found.state == State.TOO_HEAVY
    assert found.pages == ["Hola"] * 9
    assert found.page_count == 10


def test_memory(read) -> None:
    bomb = zlib.compress(build.zeros(1_700))
    data = build.pdf_of_contents([bomb], filters="/Filter[/FlateDecode/FlateDecode]")
    assert len(data) < 100_000
    found = read("pdf", data, seconds=20)
    assert found.state in (State.TOO_HEAVY, State.NO_TEXT)


def run_isolated(program: str) -> subprocess.CompletedProcess[str]:
    program = "import sys; sys.path.append(sys.argv[1]);" + program
    return subprocess.run([sys.executable, "-I", "-c", program, ROOT], capture_output=True, text=True, check=False)


def test_child_limits_itself() -> None:
    program = (
        "import resource as r; from resources.intake.child import limits; limits.apply(3);"
        "names = ('AS', 'CPU', 'FSIZE', 'NOFILE', 'CORE');"
        "print(*(r.getrlimit(getattr(r, 'RLIMIT_' + name))[1] for name in names))"
    )
    expected = [limits.MEMORY, 3, limits.WRITTEN, limits.OPEN_FILES, 0]
    assert run_isolated(program).stdout.split() == list(map(str, expected))


def test_child_has_no_network() -> None:
    """In a namespace of its own there is the loopback alone, and it is down."""
    if run_isolated("import os; os.unshare(os.CLONE_NEWNET | (os.CLONE_NEWUSER if os.geteuid() else 0))").returncode:
        pytest.skip("this container forbids namespaces of its own")
    show = "import os, socket; print(os.readlink('/proc/self/ns/net'), len(socket.if_nameindex()))"
    out = run_isolated("from resources.intake.child import limits; limits.apply(3);" + show).stdout.split()
    assert out[0] != run_isolated(show).stdout.split()[0]
    assert out[1] == "1"


def test_child_imports_nothing_of_django() -> None:
    program = (
        "import importlib, pkgutil, resources.intake.child as c;"
        "[importlib.import_module(m.name) for m in pkgutil.walk_packages(c.__path__, c.__name__ + '.')];"
        "print(len(sys.modules) > 100, any(n == 'django' or n.startswith('django.') for n in sys.modules))"
    )
    assert run_isolated(program).stdout.split() == ["True", "False"]


def test_nothing_is_left_behind(read, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    read("pdf", SAMPLES["pdf"])
    read("pdf", SAMPLES["pdf"], seconds=0.01)
    assert [path.name for path in tmp_path.iterdir()] == ["upload"]


def test_an_answer_is_not_trusted(tmp_path: Path) -> None:
    """The child has read a stranger's file: whatever it wrote, only sane values come through."""
    lines = [
        "no json",
        "[" * 100_000,
        json.dumps({"page": "x" * 300_000}),
        json.dumps({"page": 7}),
        json.dumps({"page_count": -1}),
        json.dumps({"state": "admin", "detail": ""}),
        json.dumps({"metadata": {"title": 7, "year": 99999, "month": 11, "authors": ["Ana", 3], "doi": "x" * 9000}}),
        '{"page": "cut',
    ]
    (tmp_path / "answer.jsonl").write_text("\n".join(lines))
    (tmp_path / "thumbnail.webp").write_bytes(b"<svg onload=x>")
    found = reading.gather(tmp_path, 1)
    assert (found.state, found.page_count, found.thumbnail) == (State.DAMAGED, None, None)
    assert [len(page) for page in found.pages] == [200_000]
    assert (found.metadata.title, found.metadata.year, found.metadata.month) == ("", None, 11)
    assert found.metadata.authors == ["Ana"]
    assert len(found.metadata.doi) == 2_000


def test_a_full_disk_is_not_the_fault_of_the_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "run", lambda *_args, **_options: reading.DISK_FULL)
    with pytest.raises(OSError, match="no room"):
        reading.read(tmp_path / "x", by_name("pdf"))
