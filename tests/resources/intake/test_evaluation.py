"""The rule by which the reading of metadata is scored: it must neither flatter nor slander."""

from collections import Counter
from pathlib import Path

import pytest

from tests.evaluation import metadata

COLUMNS = (
    "path", "language", "title", "title_alternatives", "year", "year_alternatives", "first_author", "first_author_key",
    "bodies", "type", "type_alternatives", "language_alternatives", "identifiers", "countries", "doubtful",
)  # fmt: skip
ROW = dict.fromkeys(COLUMNS, "") | {
    "path": "documents/es/a.pdf",
    "title": "Ley General de Víctimas",
    "title_alternatives": "La ley de víctimas",
    "year": "2020",
    "year_alternatives": "2013",
    "first_author_key": "Pache|ONU",
    "first_author": "María Pache",
    "type": "law",
    "identifiers": "doi:10.1590/ABC|issn:1234-5678",
    "countries": "MX|GT",
    "bodies": "Congreso de la Unión",
    "language": "es",
}


@pytest.mark.parametrize(
    ("field", "given", "outcome"),
    [
        ("title", ["LEY GENERAL de victimas."], "right"),
        ("title", ["la ley de Víctimas"], "right"),
        ("title", ["Ley General"], "wrong"),
        ("title", [], "empty"),
        ("year", ["2013"], "right"),
        ("year", ["2014"], "wrong"),
        ("first_author", ["M. Pache-Durán"], "right"),
        ("first_author", ["Apache Foundation"], "wrong"),
        ("type", ["treaty"], "right"),
        ("identifiers", ["doi:10.1590/abc"], "right"),
        ("identifiers", ["doi:10.1590/abc", "doi:10.1/cited"], "wrong"),
        ("countries", ["MX"], "right"),
        ("countries", ["MX", "HN"], "wrong"),
        ("bodies", ["H. Congreso de la Unión"], "right"),
        ("bodies", ["Senado"], "wrong"),
    ],
)
def test_one_value(field: str, given: list[str], outcome: str) -> None:
    assert metadata.judged(field, ROW, given) == outcome


def test_where_the_document_has_no_value() -> None:
    assert metadata.judged("title", ROW | {"title": ""}, []) == "none"
    assert metadata.judged("title", ROW | {"title": ""}, ["Inventado"]) == "wrong"


def test_doubtful_fields_are_left_out_of_a_strict_score() -> None:
    row = ROW | {"doubtful": "year"}
    loose = metadata.counted([row], [{"year": ["1999"]}], strict=False, show=False)
    strict = metadata.counted([row], [{"year": ["1999"]}], strict=True, show=False)
    assert loose["PDF with text"]["year"] == Counter(wrong=1)
    assert not strict["PDF with text"]["year"]


def test_a_folder_of_one_file(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(
        "La salud de las personas migrantes es un derecho que los países deben garantizar. " * 5
    )
    assert metadata.read(tmp_path / "a.txt")["language"] == ["es"]
    (tmp_path / "a.exe").write_bytes(b"MZ")
    assert metadata.read(tmp_path / "a.exe") == {}
