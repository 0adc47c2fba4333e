"""What a person pastes: entries told apart, identifiers found, nothing guessed."""

import time

import pytest

from resources.intake.records import Fault, Record
from resources.intake.references import paste

APA = (
    "Abubakar, I., Aldridge, R. W., & Zimmerman, C. (2018). The Commission on Migration and Health: a world on the "
    "move. The Lancet, 392(10164), 2606–2654. https://doi.org/10.1016/S0140-6736(18)32114-7"
)
BODY = "Organización Panamericana de la Salud. (2019). Guía de salud y migración. https://iris.paho.org/handle/1/2."
VANCOUVER = (
    "1. Kirmayer LJ, Narasiah L, et al. Common mental health problems in immigrants: general approach. CMAJ. "
    "2011;183(12):E959-67. doi: 10.1503/cmaj.090292."
)


def test_apa() -> None:
    [record] = paste(APA)
    assert record == Record(
        "line 1",
        titles={"": "The Commission on Migration and Health: a world on the move"},
        authors=("Abubakar, I.", "Aldridge, R. W.", "Zimmerman, C."),
        year=2018,
        identifiers={"doi": "10.1016/s0140-6736(18)32114-7"},
    )


def test_a_body_as_author() -> None:
    [record] = paste(BODY)
    assert record.authors == ("Organización Panamericana de la Salud",)
    assert (record.titles, record.year) == ({"": "Guía de salud y migración"}, 2019)
    assert record.identifiers == {"source_url": "https://iris.paho.org/handle/1/2"}


def test_vancouver() -> None:
    [record] = paste(VANCOUVER)
    assert record.authors == ("Kirmayer, LJ", "Narasiah, L")
    assert record.titles == {"": "Common mental health problems in immigrants: general approach"}
    assert (record.year, record.identifiers) == (2011, {"doi": "10.1503/cmaj.090292"})


@pytest.mark.parametrize(
    "text",
    [
        "García, M. (2015). Migración hacia los EE. UU. Boletín 3. https://example.org/a",
        "Salud, dinero y otros (2015). Nada seguro. https://example.org/a",
        "Un informe que leí en 2015 https://example.org/a",
    ],
)
def test_what_is_not_sure_stays_empty(text: str) -> None:
    [record] = paste(text)
    assert record.titles == {}
    assert record.identifiers == {"source_url": "https://example.org/a"}


def test_two_dois_in_one_entry_leave_open_which_is_its_own() -> None:
    [record] = paste("See 10.1000/a and also 10.1000/b at https://example.org/x")
    assert record.identifiers == {"source_url": "https://example.org/x"}


def test_lists_of_identifiers() -> None:
    found = list(paste("10.1000/abc, 10.1000/def; https://dx.doi.org/10.1000/GHI\ndoi:10.1000/j.\nwww.iom.int/x.pdf\n"))
    assert [one.identifiers for one in found] == [
        {"doi": "10.1000/abc"},
        {"doi": "10.1000/def"},
        {"doi": "10.1000/ghi"},
        {"doi": "10.1000/j"},
        {"source_url": "http://www.iom.int/x.pdf"},
    ]
    assert [one.where for one in found] == ["line 1", "line 1", "line 1", "line 2", "line 3"]


@pytest.mark.parametrize(
    "text",
    [
        f"{APA}\n{BODY}\n{VANCOUVER}\n",
        f"{APA}\n\n{BODY}\n\n\n{VANCOUVER}",
        "\n\n".join(entry.replace(". ", ".\n") for entry in (APA, BODY, VANCOUVER)),
        "\n".join(
            f"[{number}] " + entry.removeprefix("1. ").replace(", ", ",\n", 1)
            for number, entry in enumerate((APA, BODY, VANCOUVER), 1)
        ),
    ],
    ids=["lines", "blocks", "wrapped blocks", "wrapped and numbered"],
)
def test_entries_are_told_apart(text: str) -> None:
    assert [one.year for one in paste(text)] == [2018, 2019, 2011]


def test_an_identifier_below_its_entry() -> None:
    found = list(paste("Un informe\n10.1000/a\nOtro informe\nhttps://example.org/b\n"))
    assert [one.identifiers for one in found] == [{"doi": "10.1000/a"}, {"source_url": "https://example.org/b"}]


def test_lines_that_say_nothing_are_told() -> None:
    record, fault = paste(f"{BODY}\nBibliografía\n")
    assert isinstance(record, Record)
    assert isinstance(fault, Fault)
    assert fault.where == "line 2"


def test_pasted_bibtex_is_read_as_such() -> None:
    [record] = paste("@book{a, title = {Uno}, year = 2010}")
    assert (record.titles, record.type) == ({"": "Uno"}, "book")


@pytest.mark.parametrize(
    "text",
    [
        "A" * 50_000,
        "De la " * 20_000,
        "Smith JA, " * 20_000,
        "10.1000/" * 20_000,
        "Aa, A., " * 9_000 + "(2010). x",
        "(",
    ],
)
def test_no_text_takes_long(text: str) -> None:
    start = time.perf_counter()
    list(paste(text))
    assert time.perf_counter() - start < 3
