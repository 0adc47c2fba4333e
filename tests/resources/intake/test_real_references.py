"""Real exports, read where they lie beside the project; skipped where they do not."""

import dataclasses
import logging
from pathlib import Path

import pytest

from resources.intake.records import Fault, Record
from resources.intake.references import read, recognised

from .test_reference_writing import back, carried

BIBLIO = Path(__file__).resolve().parents[4] / "shared" / "data" / "biblio"
# (records, faults) of each file, counted by hand or with another program.
EXPECTED = {
    "baseline_reference_types.ris": (0, 61),  # types and notes, no titles
    "baseline_tag-notes_labels.ris": (32, 0),
    "baseline_zotero.ris": (100, 0),
    "biblatex/citekey_generation_failure_708_and_sort_references_on_export_957.biblatex": (12, 0),
    "biblatex/make_domparser_available_in_background_export_2094.biblatex": (4, 0),
    "biblatex/non-_dropping_particle_handling_313.biblatex": (53, 0),
    "biblatex/read-only_group_3430.biblatex": (55, 0),
    "biblatex/title_case_of_latex_greek_text_on_biblatex_export_564.biblatex": (2, 0),
    "complex.bib": (20, 0),
    "crossref.bib": (4, 0),
    "csl_json/date_export_to_better_csl-json_360_811.csl.json": (15, 0),
    "csl_json/deterministic_ordering_for_csl_1178_1400.csl.json": (26, 0),
    "csl_json/export_does_not_include_available-date_3286.csl.json": (4, 0),
    "csl_json/postscript_error_aborts_csl_json_export_1155.csl.json": (4, 0),
    "duplicate_records.csv": (10, 12),  # seven that are no DOI, four rows without a title, one column
    "eiset2017_code_book.csv": (0, 1),  # no table of references
    "eiset2017_refugee_infection_review.csv": (0, 1),  # studies without titles or identifiers
    "embase.csv": (6, 15),  # columns
    "endnotexmlimportertestarticle.xml": (1, 0),
    "faulty_year.ris": (1, 0),
    "generic_semicolon.csv": (2, None),
    "isiimportertestwos.isi": (2, 0),
    "kuo2026_codebook.csv": (0, 1),  # no table of references
    "medlineimportertestarticleid.xml": (1, 0),
    "missing_values.csv": (2, 2),
    "modsimportertestmodscollection.xml": (3, 0),
    "nbibimportertest.nbib": (1, 0),
    "ovid_psycinfo.ris": (6, 0),
    "risimportertest5a.ris": (1, 0),
    "scopus.ris": (6, 0),
    "spanish_medical_articles_small.json": (0, 4),  # a programmer's own JSON
    "testjabref_292.bib": (6, 0),
    "utf8-bom.bib": (2, 0),
    "web_of_science.txt": (10, 0),
    "zotero_json/compare_export_times.json": (86, 0),
    "zotero_json/csl_exporters_ignore_fields_to_omit_from_export_setting_1179.json": (26, 0),
    "zotero_json/dateparser_does_not_recognize_de_in_spanish_dates_1513.biblatex": (1, 0),
    "zotero_json/dateparser_does_not_recognize_de_in_spanish_dates_1513.json": (1, 0),
    "zotero_json/post_to_pull-export_3258.json": (51, 0),
}

pytestmark = pytest.mark.skipif(not BIBLIO.exists(), reason="the real reference files are not here")


def found_in(name: str) -> list[Record | Fault]:
    return list(read((BIBLIO / name).read_bytes(), name))


def records_of(name: str) -> list[Record]:
    return [one for one in found_in(name) if isinstance(one, Record)]


def test_every_file_is_expected() -> None:
    assert {str(path.relative_to(BIBLIO)) for path in BIBLIO.rglob("*") if path.is_file()} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_each_file(name: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        found = found_in(name)
    records, faults = EXPECTED[name]
    assert sum(isinstance(one, Record) for one in found) == records
    assert faults is None or sum(isinstance(one, Fault) for one in found) == faults
    assert not caplog.records


@pytest.mark.parametrize("name", EXPECTED)
def test_the_name_is_not_needed(name: str) -> None:
    data = (BIBLIO / name).read_bytes()
    assert recognised(data) == recognised(data, name) or name.endswith(".csv")


@pytest.mark.parametrize("format", ["ris", "bibtex", "csl", "csv", "xlsx"])
@pytest.mark.parametrize("name", [name for name, (records, _faults) in EXPECTED.items() if records])
def test_round_trip(name: str, format: str) -> None:
    records = [dataclasses.replace(record, key=f"r{number}") for number, record in enumerate(records_of(name))]
    assert back(records, format) == [carried(record, format) for record in records]


def test_what_a_careful_reader_sees() -> None:
    scopus = records_of("scopus.ris")[0]
    assert scopus.authors == ("Labanski, A.", "Langhorst, J.", "Engler, H.", "Elsenbruch, S.")
    assert (scopus.year, scopus.language, scopus.type) == (2020, "en", "article")
    assert scopus.identifiers["doi"] == "10.1016/j.psyneuen.2019.104501"
    nbib = records_of("nbibimportertest.nbib")[0]
    assert nbib.identifiers["doi"] == "10.4103/2277-9175.180636"
    mods = records_of("modsimportertestmodscollection.xml")[2]
    assert (mods.type, mods.identifiers) == ("book", {"isbn": "0632058080"})
    braga, _login, security = records_of("complex.bib")[:3]
    assert (braga.type, braga.publisher) == ("thesis", "Department of Zoology, University of Toronto")
    assert security.authors[0] == "Boström, Gustav"
    chapter = next(
        record for record in records_of("zotero_json/post_to_pull-export_3258.json") if record.key == "seelig03"
    )
    assert (chapter.type, chapter.identifiers["doi"]) == ("chapter", "10.1002/3527601473.ch20")
    assert records_of("faulty_year.ris")[0].year is None
