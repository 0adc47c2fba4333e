"""Reference files nobody should have made: encodings, damage, size."""

import json
import logging
import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resources.intake import references
from resources.intake.records import Fault, Record
from resources.intake.references import formats, paste, read, write

TEXT = "TY  - BOOK\nTI  - Niñez “migrante”\nER  - \nTY  - BOOK\nTI  - Dos\nER  - \n"
FORMATS = sorted(formats)
SEEDS = [
    b"TY  - JOUR\nTI  - One\nER  - \n",
    b"@article{a, title = {One {\\'a}}, author = {A and B}, year = 2010}\n",
    b'[{"type": "book", "title": "One", "author": [{"family": "A"}], "issued": {"date-parts": [[2010]]}}]',
    b"PMID- 1\nTI  - One\nLA  - eng\n",
    b"<xml><records><record><titles><title>One</title></titles></record></records></xml>",
    b'title;year;countries\nOne;2010;MX\n"Two";"x";GT|HN\n',
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_encodings(encoding: str, line_end: str) -> None:
    first, second = read(TEXT.replace("\n", line_end).encode(encoding))
    assert (first.titles, second.titles) == ({"": "Niñez “migrante”"}, {"": "Dos"})
    assert second.where == "line 4"


def test_what_no_encoding_explains_is_said() -> None:
    first, second, fault = read(TEXT.encode("cp1252").replace(b"\x93", b"\x81"))
    assert isinstance(first, Record)
    assert isinstance(second, Record)
    assert fault == Fault("line 2", references.LOST)


def test_one_line_of_another_encoding_does_not_garble_the_others() -> None:
    data = "TY  - BOOK\nTI  - Niñez\nER  - \n".encode() + "TY  - BOOK\nTI  - Año\nER  - \n".encode("cp1252")
    assert [one.titles[""] for one in read(data)] == ["Niñez", "Año"]


def test_thousands_of_authors() -> None:
    lines = "".join(f"AU  - Author{number}, A.\n" for number in range(4_000))
    [record] = read(f"TY  - JOUR\nTI  - One\n{lines}ER  - \n".encode())
    assert len(record.authors) == 4_000


def test_more_authors_than_anybody_has() -> None:
    lines = "".join(f"AU  - Author{number}, A.\n" for number in range(6_000))
    record, fault = read(f"TY  - JOUR\nTI  - One\n{lines}ER  - \n".encode())
    assert len(record.authors) == 5_000
    assert isinstance(fault, Fault)


def test_a_record_needs_something_to_be_known_by() -> None:
    [fault] = read(b"TY  - BOOK\nAU  - Smith, A.\nER  - \n")
    assert fault.where == "line 1"
    [record] = read(b"TY  - BOOK\nDO  - 10.1000/1\nER  - \n")
    assert record.identifiers == {"doi": "10.1000/1"}


def test_too_many_records_and_faults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(references, "MAX_RECORDS", 5)
    monkeypatch.setattr(references, "MAX_FAULTS", 3)
    found = list(read(b"TY  - BOOK\nTI  - A\n" * 9))
    assert [type(one) for one in found] == [Record] * 5 + [Fault]
    found = list(read(b"TY  - BOOK\n" * 9 + b"TI  - A\n"))
    assert [type(one) for one in found] == [Fault] * 4 + [Record]
    monkeypatch.setattr(references, "MAX_BYTES", 10)
    assert [type(one) for one in read(b"TY  - BOOK\nTI  - A\n")] == [Fault]


@given(st.binary(max_size=300), st.sampled_from(FORMATS))
@settings(max_examples=150, deadline=None)
def test_random_bytes(data: bytes, format: str) -> None:
    sound(data, format)


@given(st.sampled_from(SEEDS), st.integers(0, 2**32))
@settings(max_examples=200, deadline=None)
def test_damaged_files(seed: bytes, number: int) -> None:
    sound(damaged(seed * 3, random.Random(number)), "")


@given(st.integers(0, 2**32))
@settings(max_examples=40, deadline=None)
def test_damaged_workbooks(number: int) -> None:
    record = Record("", titles={"es": "Uno"}, year=2010, countries=("MX",))
    sound(damaged(write([record], "xlsx"), random.Random(number)), "xlsx")


@given(st.text(max_size=400))
@settings(max_examples=150, deadline=None)
def test_any_text_pasted(text: str) -> None:
    list(paste(text))


def damaged(data: bytes, chance: random.Random) -> bytes:
    """A few bytes changed, doubled, lost or moved."""
    for _time in range(chance.randint(1, 6)):
        at, length = chance.randrange(len(data) or 1), chance.randint(0, 8)
        piece = chance.choice(
            [b"", bytes(chance.randbytes(length)), data[at : at + 30], b'{"}<&\\@,;\n', b"\n@a{", b'"']
        )
        data = data[:at] + piece + data[at + chance.choice([0, length]) :]
    return data


def sound(data: bytes, format: str) -> None:
    """No exception, neither raised nor caught at the door: that one is written to the log."""
    raised: list[logging.LogRecord] = []
    handler = logging.Handler()
    handler.emit = raised.append
    references.logger.addHandler(handler)
    try:
        found = list(read(data, format=format))
    finally:
        references.logger.removeHandler(handler)
    assert not raised
    assert all(isinstance(one, (Record, Fault)) for one in found)


LARGE = {
    "json nested deep": b"[" * 500_000,
    "json records that never end": b"[" + b'{"type": "book", "title": "x\n},\n' * 20_000,
    "bibtex open braces": b"@article{a, title = {" + b"{" * 500_000,
    "bibtex strings that double": b"".join(b"@string{s%d = s%d # s%d}\n" % (n + 1, n, n) for n in range(200)),
    "bibtex names": b"@article{a, title={x}, author={" + b"A and " * 100_000 + b"}}",
    "ris one endless record": b"TY  - BOOK\nTI  - x\n" + b"AB  - words\nmore\n" * 100_000,
    "xml without ends": b"<xml><records>" + b"<record><title>" * 50_000,
    "csv open quote": b"title;year\n" + b'"x;2010\n' * 5_000,
    "csv wide": b"title;" + b";" * 500_000 + b"\nx;1\n",
    "angle brackets": b"TY  - BOOK\nTI  - " + b"<i " * 300_000 + b"\n",
    "ampersands": b"TY  - BOOK\nTI  - x\nAB  - " + b"&amp;" * 300_000 + b"\n",
}


@pytest.mark.parametrize("name", LARGE)
def test_no_small_file_takes_long(name: str) -> None:
    start = time.perf_counter()
    list(read(LARGE[name]))
    assert time.perf_counter() - start < 15


def test_records_are_read_one_by_one() -> None:
    """The first is there before the last was looked at: nothing waits for the whole."""
    data = b"TY  - BOOK\nTI  - A\n" * 50_000
    start = time.perf_counter()
    assert isinstance(next(iter(read(data))), Record)
    assert time.perf_counter() - start < 0.5


def test_one_endless_bibtex_entry_costs_only_itself() -> None:
    sound_ones = b"".join(b"@book{k%d, title = {Title}}\n" % n for n in range(100))
    found = list(
        read(sound_ones + b"@book{long, title = {" + b"word\n" * 300_000 + b"}}\n@book{last, title = {Last}}\n")
    )
    assert [one.where for one in found if isinstance(one, Fault)] == ["line 101"]
    assert len(found) == 102


def test_a_long_list_in_json() -> None:
    items = [{"id": str(n), "type": "book", "title": f"Title {n}"} for n in range(5_000)]
    assert sum(isinstance(one, Record) for one in read(json.dumps(items).encode())) == 5_000
