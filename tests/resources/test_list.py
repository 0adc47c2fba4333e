"""The list: words, facets, chips, pages, and whatever people put into its address."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories

ES = "/es/recursos/"


@pytest.fixture
def shelf(oim, insp):
    """Six works over two countries, two topics, two types and two organisations."""
    hn, mx = factories.country("HN", "Honduras"), factories.country("MX", "México", "Mexico", 2)
    mind = factories.topic("salud-mental", "Salud mental", "Mental health")
    hiv = factories.topic("vih", "VIH", "HIV")
    return [
        factories.resource(oim, title_es="Uno", countries=[hn], topics=[mind], type="report", year=2015),
        factories.resource(oim, title_es="Dos", countries=[hn], topics=[hiv], type="law", year=2018),
        factories.resource(oim, title_es="Tres", countries=[mx], topics=[mind], type="report", year=2020),
        factories.resource(insp, title_es="Cuatro", countries=[mx], topics=[hiv], type="report", year=2020),
        factories.resource(insp, title_es="Cinco", countries=[hn, mx], topics=[mind], type="law", year=None),
        factories.resource(insp, title_en="Six", original_language="en", year=1999, tags=["frontera"]),
    ]


def titles(client, address: str, **parameters: object) -> set[str]:
    hits = client.get(address, parameters).context["listing"].hits
    return {hit.resource.shown_title.text for hit in hits}


def counts(client, facet: str, **parameters: object) -> dict[str, int]:
    facets = client.get(ES, parameters).context["listing"].facets
    return {choice.value: choice.count for f in facets if f.name == facet for choice in f.choices}


def test_values_of_one_facet_are_or_and_facets_are_and(client, shelf) -> None:
    assert titles(client, ES, country=["HN"]) == {"Uno", "Dos", "Cinco"}
    assert titles(client, ES, country=["HN", "MX"]) == {"Uno", "Dos", "Tres", "Cuatro", "Cinco"}
    assert titles(client, ES, country=["HN", "MX"], type="law") == {"Dos", "Cinco"}
    assert titles(client, ES, country="hn", topic="salud-mental", organisation="insp") == {"Cinco"}
    assert titles(client, ES, tag="frontera") == {"Six"}
    assert titles(client, ES, language="en") == {"Six"}


def test_a_facet_counts_as_if_its_own_filter_were_off(client, shelf) -> None:
    assert counts(client, "country", country="HN", type="report") == {"HN": 1, "MX": 2}
    assert counts(client, "type", country="HN", type="report") == {"law": 2, "report": 1}


def test_years(client, shelf) -> None:
    assert titles(client, ES, year_from=2018) == {"Dos", "Tres", "Cuatro"}
    assert titles(client, ES, year_from=2015, year_to=2018) == {"Uno", "Dos"}


def test_years_are_counted_and_lead_to_their_works(client, shelf) -> None:
    listing = client.get(ES, {"country": "MX"}).context["listing"]
    assert [(year.year, year.count) for year in listing.years] == [(2020, 2)]
    assert listing.years[0].address == "?country=MX&year_from=2020&year_to=2020"
    page = client.get(ES + listing.years[0].address)
    assert {hit.resource.shown_title.text for hit in page.context["listing"].hits} == {"Tres", "Cuatro"}


def test_sorted_by_title_or_newest(client, shelf) -> None:
    listing = client.get(ES, {"sort": "title"}).context["listing"]
    assert [hit.resource.shown_title.text for hit in listing.hits] == ["Cinco", "Cuatro", "Dos", "Six", "Tres", "Uno"]
    listing = client.get(ES, {"sort": "newest"}).context["listing"]
    found = [hit.resource.shown_title.text for hit in listing.hits]
    assert set(found[:2]) == {"Tres", "Cuatro"}  # by the date they bear, not by the day they came in
    assert found[2:] == ["Dos", "Uno", "Six", "Cinco"]
    assert client.get(ES).context["listing"].hits[0].resource.shown_title.text == "Six"  # the last to come in


def test_accents_and_capitals_never_matter(client, oim) -> None:
    factories.resource(oim, title_es="Atención a la niñez en situación de tránsito", text="Pingüinos en la página uno")
    for words in ("atencion", "ATENCIÓN", "niñez", "ninez", "transito", "pinguino", "PINGÜINOS"):
        assert len(titles(client, ES, q=words)) == 1, words


def test_the_words_are_marked_and_nothing_else_is_markup(client, oim) -> None:
    factories.resource(oim, title_es="Acta", text="Antes <script>alert(1)</script> la radionovela y después")
    page = client.get(ES, {"q": "radionovela"}).text
    assert "<mark>radionovela</mark>" in page
    assert "<script>alert" not in page


def test_a_chip_takes_one_filter_off(client, shelf) -> None:
    page = client.get(ES + "?q=dos&country=HN&country=MX&type=law")
    chips = {chip.label: chip.without for chip in page.context["listing"].chips}
    assert chips["Honduras"] == "?q=dos&country=MX&type=law"
    assert page.context["listing"].address_without_filters == "?q=dos"


def test_no_results_helps(client, shelf) -> None:
    page = client.get(ES, {"q": "zzzzqqqq", "country": "HN"})
    assert page.status_code == 200
    assert page.context["listing"].results.total == 0
    for address in ("/es/temas/", "/es/paises/", "?q=zzzzqqqq"):
        assert address in page.text


def test_the_contract_of_the_page(client, shelf) -> None:
    page = client.get(ES).text
    assert '<form id="list-form" role="search"' in page
    assert 'name="q"' in page
    assert '<output name="total">6</output>' in page
    assert all(f'<article class="card stack tight" data-resource="{work.pk}">' in page for work in shelf)


def test_htmx_gets_the_part_and_others_the_page(client, shelf) -> None:
    part = client.get(ES, headers={"HX-Request": "true"})
    assert "<html" not in part.text
    assert 'id="results"' in part.text
    assert "HX-Request" in part.headers["Vary"]
    assert "<html" in client.get(ES).text


@pytest.mark.parametrize("page", ["999999", "-1", "0", "1e9", "１", "x", "", "10" * 30])
def test_any_page_number_is_a_page(client, shelf, page: str) -> None:
    answer = client.get(ES, {"page": page})
    assert answer.status_code == 200
    assert len(answer.context["listing"].hits) == 6


HOSTILE = {
    "nul": "sal\x00ud",
    "surrogate": "\udc80 salud",
    "emoji": "🧡🧡",
    "right to left": "صحة \u202eabc",
    "operators": "\"salud AND (NEAR/3 * OR NOT ^ -- ' ; DROP TABLE & | ! <-> :*",
    "regular expression": "(a+)+$ [[:alpha:]] .*",
    "long": "salud " * 2000,
    "one long word": "a" * 10_000,
    "only stop words": "de la en el y",
    "only signs": "!!! ??? ...",
    "markup": "<b>x</b>",
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("parameter", ["q", "country", "topic", "year_from", "sort", "tag", "nothing"])
def test_nothing_typed_is_an_error(client, shelf, name: str, parameter: str) -> None:
    value = HOSTILE[name].encode("utf-8", "surrogatepass")
    answer = client.get(ES, {parameter: value})
    assert answer.status_code == 200
    assert "<b>x</b>" not in answer.text


def test_unknown_values_find_nothing_and_unknown_names_are_ignored(client, shelf) -> None:
    assert client.get(ES, {"country": "ZZ"}).context["listing"].results.total == 0
    assert client.get(ES, {"country": "ZZ"}).context["listing"].chips[0].label == "ZZ"
    assert client.get(ES, {"colour": "red"}).context["listing"].results.total == 6
    assert client.get(ES + "?" + "&".join(f"country=X{n}" for n in range(400))).status_code == 200


def test_a_nul_in_the_path_is_refused(client, db) -> None:
    assert client.get("/es/temas/a%00b/").status_code == 400


@pytest.mark.parametrize("address", [ES, ES + "?q=documento"])
def test_as_many_queries_for_one_as_for_fifty(client, oim, address: str, monkeypatch) -> None:
    monkeypatch.setattr("resources.listing.PAGE_SIZE", 50)
    country, topic = factories.country(), factories.topic("t", "Tema", "Topic")

    def queries() -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    factories.resource(oim, title_es="Documento", countries=[country], topics=[topic], tags=["a"], text="documento")
    one = queries()
    for _ in range(49):
        factories.resource(oim, title_es="Documento", countries=[country], topics=[topic], tags=["a"], text="documento")
    assert len(client.get(address).context["listing"].hits) == 50
    assert queries() == one
    assert one <= 20
