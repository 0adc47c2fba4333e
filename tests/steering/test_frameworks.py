"""Laws, policies, protocols and treaties by country: from published outcomes and from the library, each once."""

from datetime import date

import pytest

from network.models import Country, Organisation, User
from steering.plan import frameworks
from tests import factories
from tests.conftest import signed_in
from tests.steering.outcomes import outcome

pytestmark = pytest.mark.django_db

PAGE = {"es": "/es/marcos/", "en": "/en/frameworks/"}


@pytest.fixture
def honduras(oim: Organisation) -> Country:
    return factories.country("HN", "Honduras")


def names(client, query: str = "") -> list[str]:
    found = client.get(PAGE["es"] + query).context["found"]
    return [row.name.text for section in found.sections for row in section.frameworks]


def test_each_is_listed_once_whatever_holds_it(client, oim: Organisation, honduras: Country) -> None:
    text = factories.resource(oim, title_es="Texto de la ley", type="law", countries=[honduras])
    factories.resource(oim, title_es="Otra ley", type="law", countries=[honduras], year=2020)
    factories.resource(oim, title_es="Informe", type="report", countries=[honduras])
    row = outcome(oim, state="published", country=honduras, instrument_es="Ley 5")
    assert names(client) == ["Ley 5", "Otra ley", "Texto de la ley"]
    row.documents.add(text)
    assert names(client) == names(client, "?country=hn") == ["Ley 5", "Otra ley"]
    page = client.get("/es/marcos/?country=hn").text
    assert text.get_absolute_url() in page
    type(row).objects.update(state="substantiated")
    assert names(client) == ["Otra ley", "Texto de la ley"]


def test_kinds_are_counted_by_country_and_lead_down(client, oim: Organisation, honduras: Country) -> None:
    factories.country("GT", "Guatemala", position=2)
    outcome(oim, state="published", country=honduras, kind="law")
    outcome(oim, state="published", country=honduras, kind="practice")
    outcome(oim, state="published", kind="protocol")
    factories.resource(oim, type="treaty", countries=[honduras])
    found = client.get(PAGE["es"]).context["found"]
    counted = {section.code: [n for _kind, n in section.counts] for section in found.sections}
    assert counted == {"hn": [1, 0, 0, 1], "gt": [0, 0, 0, 0], "cr": [0, 0, 0, 0], "region": [0, 0, 1, 0]}
    assert [section.code for section in found.gaps] == ["cr", "gt"]
    page = client.get(PAGE["es"]).text
    assert "?country=hn&amp;kind=treaty" in page
    assert len(names(client, "?country=hn&kind=treaty")) == 1
    assert len(names(client, "?country=region")) == 1


def test_each_reader_counts_what_they_may_open(client, oim: Organisation, honduras: Country, stranger: User) -> None:
    row = outcome(oim, state="published", country=honduras, instrument_es="Ley 5")
    for number, audience in enumerate(["members", "committee"]):
        given = {"type": "law", "countries": [honduras], "audience": audience}
        factories.resource(oim, title_es=f"Reservada {number}", **given)
        row.documents.add(factories.resource(oim, title_es=f"Texto reservado {number}", **given))
    factories.resource(oim, title_es="Borrador", type="law", countries=[honduras], published=False)
    assert names(client) == ["Ley 5"]
    assert "reservad" not in client.get("/es/marcos/?country=hn").text.lower()
    member = signed_in(stranger)
    assert names(member) == ["Ley 5", "Reservada 0"]
    page = member.get("/es/marcos/?country=hn").text
    assert "Texto reservado 0" in page
    assert "Texto reservado 1" not in page


def test_the_newest_come_first_and_those_without_a_date_last(client, oim: Organisation, honduras: Country) -> None:
    for year in (1999, None, 2020):
        factories.resource(oim, title_es=f"Ley de {year}", type="law", countries=[honduras], year=year)
    outcome(oim, state="published", country=honduras, instrument_es="Ley 5", in_force_since=date(2010, 1, 1))
    assert names(client, "?country=hn") == ["Ley de 2020", "Ley 5", "Ley de 1999", "Ley de None"]


def test_what_is_a_countrys_own_stands_before_what_it_shares(client, oim: Organisation, honduras: Country) -> None:
    other = factories.country("GT", "Guatemala", position=2)
    factories.resource(oim, title_es="Ley propia", type="law", countries=[honduras], year=1999)
    factories.resource(oim, title_es="Tratado", type="treaty", countries=[honduras, other], year=2020)
    found = client.get(PAGE["es"]).context["found"]
    shown = {section.code: [str(one.name) for one in section.frameworks] for section in found.sections}
    assert (shown["hn"], shown["gt"]) == (["Ley propia", "Tratado"], ["Tratado"])


def test_a_country_has_all_of_its_own_by_pages(client, oim: Organisation, honduras: Country, settings) -> None:
    for _each in range(frameworks.FIRST + 2):
        outcome(oim, state="published", country=honduras)
    assert len(names(client)) == frameworks.FIRST
    assert len(names(client, "?country=HN")) == frameworks.FIRST + 2
    assert "Ver los 7" in client.get(PAGE["es"]).text


@pytest.mark.parametrize("query", ["?country=zz", "?country=%00", "?country=honduras"])
def test_no_such_country(client, query: str) -> None:
    assert client.get(PAGE["es"] + query).status_code == 404


def test_the_country_page_shows_them_or_the_gap(client, oim: Organisation, honduras: Country) -> None:
    assert "Todavía no se conoce nada" in client.get("/es/paises/hn/").text
    outcome(oim, state="published", country=honduras, instrument_es="Ley 5")
    assert "Ley 5" in client.get("/es/paises/hn/").text


@pytest.mark.parametrize("language", ["es", "en"])
def test_both_languages_open_it(client, language: str, oim: Organisation) -> None:
    assert client.get(PAGE[language]).status_code == 200
