"""What the check before publication finds in files, and what it leaves alone."""

import json
from pathlib import Path

import pytest
from django.utils import translation

from resources.intake import safety
from resources.intake.kinds import Refused, by_name, identify
from resources.intake.safety import Finding, Severity, What
from tests.resources.intake import builders as build
from tests.resources.intake import traces

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"


@pytest.fixture
def check(tmp_path: Path):
    def check(kind: str, data: bytes, **options: object) -> list[Finding]:
        path = tmp_path / "upload"
        path.write_bytes(data)
        return safety.check(path, by_name(kind), **options)

    return check


def seen(found: list[Finding]) -> set[tuple[str, str]]:
    with translation.override("en"):
        return {(finding.what.value, str(finding.where)) for finding in found}


def one(found: list[Finding], what: What) -> Finding:
    return next(finding for finding in found if finding.what == what)


def test_word(check) -> None:
    found = check("docx", traces.word(pictures=True))
    assert seen(found) == {
        ("author", "document properties"),
        ("company", "document properties"),
        ("file_path", "document properties"),
        ("file_path", "references to other files"),
        ("tracked_change", "change by Lucía Robles"),
        ("tracked_change", "change by x"),
        ("comment", "comment by Ana Paz"),
        ("hidden_text", "text"),
        ("embedded_file", "file t.xlsx"),
        ("position", "picture image1.jpeg"),
        ("author", "picture image1.jpeg"),
        ("camera", "picture image1.jpeg"),
    }
    assert one(found, What.COMMENT).excerpt == "¿Seguro?"
    assert one(found, What.HIDDEN_TEXT).excerpt == "Nadie lo ve"
    assert found[0].what == What.POSITION  # the gravest comes first
    assert "38" not in found[0].excerpt


def test_a_name_that_is_printed_is_no_secret(check) -> None:
    body = build.paragraph("Por Lucía Robles y mgarcia, Casa Robles")
    parts = build.docx_parts(body) | {"docProps/core.xml": traces.CORE}
    assert check("docx", build.zipped(parts)) == []


@pytest.mark.parametrize("name", ["Ministerio de Salud", "SENA", "Usuario de Windows", "Microsoft Office User", "PC"])
def test_bodies_and_computers_are_no_persons(check, name: str) -> None:
    parts = build.docx_parts() | {
        "docProps/core.xml": traces.CORE.replace("mgarcia", name).replace("Lucía Robles", name)
    }
    assert check("docx", build.zipped(parts)) == []


def test_text_hidden_by_a_style(check) -> None:
    styles = f'<w:styles {build.W}><w:style w:styleId="X"><w:rPr><w:vanish/></w:rPr></w:style></w:styles>'
    data = build.docx(build.paragraph("Nadie lo ve", style="X"), **{"word__styles.xml": styles})
    assert one(check("docx", data), What.HIDDEN_TEXT).excerpt == "Nadie lo ve"
    mark_only = "<w:p><w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr><w:r><w:t>Visible</w:t></w:r></w:p>"
    assert check("docx", build.docx(mark_only)) == []


def test_outside_parts_but_not_links(check) -> None:
    rels = (
        '<Relationships><Relationship Id="a" TargetMode="External" Type="urn:x/image" Target="https://espia.example/x.png"/>'
        '<Relationship Id="b" TargetMode="External" Type="urn:x/hyperlink" Target="https://www.oim.int/"/></Relationships>'
    )
    found = check("docx", build.docx(**{"word___rels__document.xml.rels": rels}))
    assert seen(found) == {("external_link", "references to other files")}
    assert (found[0].excerpt, found[0].count) == ("https://espia.example/x.png", 1)


def test_excel(check) -> None:
    found = check("xlsx", traces.workbook())
    assert seen(found) == {
        ("hidden_sheet", "sheet Hoja2"),
        ("hidden_sheet", "sheet Hoja3"),
        ("hidden_rows", "sheet Datos"),
        ("comment", "comment by Ana Paz"),
        ("file_path", "document properties"),
    }
    assert one(found, What.HIDDEN_ROWS).excerpt == "B, 2"
    assert one(found, What.HIDDEN_SHEET).excerpt == "Oculta"


def test_slides(check) -> None:
    found = check("pptx", traces.presentation())
    assert seen(found) == {("hidden_slide", "slide 2"), ("speaker_notes", "slide 1")}
    assert one(found, What.SPEAKER_NOTES).excerpt == "No mencionar el albergue"


def test_open_document(check) -> None:
    found = check("odt", traces.text_document())
    assert seen(found) == {
        ("author", "document properties"),
        ("tracked_change", "change by Lucía Robles"),
        ("comment", "comment by Ana Paz"),
    }
    assert one(found, What.TRACKED_CHANGE).excerpt == "cancelado"


def test_pdf(check) -> None:
    found = check("pdf", traces.portable())
    assert seen(found) == {
        ("author", "document properties"),
        ("file_path", "document properties"),
        ("comment", "page 1"),
        ("typed_text", "page 1"),
        ("embedded_file", "file lista.csv"),
        ("script", "whole file"),
    }
    assert one(found, What.COMMENT).excerpt == "¿Seguro?"
    assert one(found, What.COMMENT).can_be_cleaned
    assert not one(found, What.TYPED_TEXT).can_be_cleaned


def test_an_earlier_version_of_a_page(check) -> None:
    found = check("pdf", traces.revised_pdf("Nombre: Ana Paz", "Nombre: reservado"))
    assert seen(found) == {("old_revision", "page 1")}
    assert "Ana Paz" in found[0].excerpt
    assert check("pdf", traces.revised_pdf("Igual", "Igual")) == []


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_pictures(check, kind: str) -> None:
    found = check(kind.lower(), traces.picture(kind))
    assert seen(found) == {("position", "whole file"), ("author", "whole file"), ("camera", "whole file")}
    assert all(finding.can_be_cleaned for finding in found)


def test_a_tiff_is_looked_at_but_not_cleaned(check) -> None:
    found = check("tiff", traces.picture("TIFF"))
    assert {What.AUTHOR, What.CAMERA} <= {finding.what for finding in found}
    assert not any(finding.can_be_cleaned for finding in found)


def test_xmp_of_a_picture(check) -> None:
    packet = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<r:Description xmlns:e="http://ns.adobe.com/exif/1.0/" e:GPSLatitude="14,38.2N">'
        '<d:creator xmlns:d="http://purl.org/dc/elements/1.1/"><r:Seq><r:li>Lucía Robles</r:li></r:Seq></d:creator>'
        "</r:Description></r:RDF></x:xmpmeta>"
    )
    found = check("jpeg", traces.with_xmp(build.image("JPEG"), packet))
    assert {finding.what for finding in found} == {What.POSITION, What.AUTHOR}


def test_a_file_that_cannot_be_looked_through_says_so(check) -> None:
    for kind, data in (("pdf", build.encrypted_pdf()), ("docx", b"PK\x03\x04"), ("jpeg", b"\xff\xd8\xff")):
        assert [finding.what for finding in check(kind, data)] == [What.UNCHECKED]
    assert [finding.what for finding in check("pdf", traces.portable(), seconds=0.01)] == [What.UNCHECKED]


def test_what_was_found_before_a_sudden_end_is_kept(check) -> None:
    data = build.docx(build.paragraph("CURP HEGG560427MVZRRL04"), **{"word__comments.xml": "<a><b></a>"})
    assert {finding.what for finding in check("docx", data)} == {What.IDENTITY_NUMBER, What.UNCHECKED}


def test_an_answer_is_not_trusted(check, monkeypatch: pytest.MonkeyPatch) -> None:
    good = {"what": "author", "place": "page", "name": "3", "excerpt": "x" * 900, "can_be_cleaned": True, "count": 1}
    lines = [good, good | {"what": "virus"}, good | {"place": "moon"}, good | {"count": -1}, good | {"name": 7}]

    def run(_task: str, _path: Path, _kind: str, folder: str, *_ocr: object, **_limits: object) -> int:
        written = [json.dumps({"finding": line}) for line in lines] + ["[]", json.dumps({"state": "read"})]
        Path(folder, "answer.jsonl").write_text("\n".join(written) + "\n")
        return 0

    monkeypatch.setattr(safety, "run", run)
    found = check("pdf", b"")
    assert [(finding.what, len(finding.excerpt)) for finding in found] == [(What.AUTHOR, 200)]


def test_every_finding_has_its_words() -> None:
    for language in ("es", "en"):
        with translation.override(language):
            for what in What:
                assert what.label
                assert str(what.explanation)
                assert what.severity in Severity
            assert str(Finding(What.COMMENT, "comment_by", "").where)


@pytest.mark.skipif(not DATA.exists(), reason="the real documents are not here")
def test_laws_and_reports_raise_no_alarm_of_personal_data() -> None:
    paths = sorted([*DATA.glob("documents/[eo]*/*.pdf"), *DATA.glob("office/e*/*")])[::4]
    assert paths
    for path in paths:
        try:
            with path.open("rb") as file:
                kind = identify(file, path.name)
        except Refused:
            continue
        found = safety.check(path, kind)
        assert not [finding for finding in found if finding.severity == Severity.PERSONAL], path.name
        is_scan = "scanned" in str(path)
        assert is_scan == (What.UNCHECKED in {finding.what for finding in found}), path.name
