"""Whatever is typed, there is a page."""

import time

import pytest

from resources import search
from tests.resources.search.builders import found, snippets, work

pytestmark = pytest.mark.django_db

HOSTILE = [
    '"',
    '""',
    '"sin cerrar',
    "-",
    "--",
    "- -",
    '-"',
    ":",
    "titulo:",
    "titulo:-",
    'title:""',
    "foo:bar:baz",
    "a AND b OR NOT (c",
    "NEAR(malaria, 3)",
    "malaria & dengue | !zika <-> :*",
    "'; DROP TABLE resources_posting; --",
    "%_\\",
    "(?:a+)+$",
    "[[]]*?{1,}",
    "\x00",
    "mala\x00ria",
    "\ud800",
    "dengue\udfff",
    "مرحبا بالعالم",
    "\u202emalaria",
    "🦟🦟 malaria",
    "健康移民",
    "здоровье",
    "ﬁebre",
    "İstanbul",
    "ß" * 50,
    "e\u0301" * 2_000,
    "x" * 10_000,
    "malaria " * 2_000,
    " ".join(f"w{number}" for number in range(3_000)),
    '"' * 5_000,
    "-" * 10_000,
    "a-" * 5_000,
    "1." * 5_000,
    "n" + "an" * 5_000,
    "a'" * 5_000,
    "\n\t\r\x0b\x0c",
    "1e309 NaN -0",
    "../../etc/passwd",
    "<script>",
    "{{ 7*7 }}",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_question_is_an_error(text):
    work("malaria y dengue", pages=["Texto con malaria, \ud7ff y 健康移民 y здоровье."])
    for language in ["es", "en"]:
        query = search.Query(text=text, language=language)
        began = time.perf_counter()
        result = search.search(query)
        snippets(query, result.ids)
        search.complete(text, language=language, audiences=("public",))
        assert time.perf_counter() - began < 2


@pytest.mark.parametrize("text", ["", "   ", "¿?", "...", "de la que el", "the of and", "\x00", "🦟"])
def test_nothing_to_look_for_is_the_whole_shelf(text):
    every = {work("malaria").pk, work("dengue").pk}
    assert found(text) == every


def test_hostile_documents_are_indexed_and_shown():
    nasty = work("<b>malaria</b> \x07 🦟", pages=["\x01\x02control \x08 \u202e al revés", "x" * 100_000, "😀" * 1_000])
    assert found("malaria") == found("control") == found("reves") == {nasty.pk}
    query = search.Query(text="control malaria")
    assert "<b>" not in snippets(query, [nasty.pk])[nasty.pk].html


def test_other_scripts_are_found():
    russian, chinese = work("здоровье мигрантов"), work("移民健康报告")
    assert found("здоровье") == {russian.pk}
    assert found("健康") == {chinese.pk}


def test_hostile_filters():
    work("malaria")
    for value in ["", "\x00", "\ud800", "x" * 10_000, "'; --", "HN:MX"]:
        for name in ["country", "topic", "type", "language", "organisation", "tag", "year", "audience", "page"]:
            result = search.search(search.Query(filters={name: [value]}))
            assert result.total == (1 if name in ("audience", "page") else 0)
