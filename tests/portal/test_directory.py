"""The public directory: who belongs to the network, by country, sector and category; a page and a row for each."""

import csv
import io
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from network import membership
from network.models import Membership, Organisation, Sector, User
from tests import factories

pytestmark = pytest.mark.django_db
HERE = {"es": "/es/red/", "en": "/en/network/"}
CSV = "/es/red/organizaciones.csv"


@pytest.fixture
def network(oim: Organisation, insp: Organisation) -> dict[str, Organisation]:
    """Five members, one that rests, one that left and one that never was."""
    hn, mx = factories.country("HN", "Honduras"), factories.country("MX", "México", "Mexico", 2)
    civil = Sector.objects.create(slug="civil-society", name_es="Sociedad civil", name_en="Civil society")
    oim.countries.set([hn, mx])
    made = {"oim": oim, "insp": insp}
    for slug, country, category in (("albergue", hn, "allied"), ("clinica", mx, "allied"), ("fondo", mx, "observer")):
        made[slug] = factories.organisation(slug, sector=civil, country=country, member=False)
        factories.membership(made[slug], category=category)
    for slug in ("suspendida", "retirada", "ajena"):
        made[slug] = factories.organisation(slug, country=hn, member=slug != "ajena")
    membership.suspend(made["suspendida"].memberships.get(), by=None, reason="Secreto")
    membership.end(made["retirada"].memberships.get(), by=None, reason="Secreto")
    return made


def shown(client, query: str = "", language: str = "es") -> list[str]:
    page = client.get(HERE[language] + query)
    assert page.status_code == 200
    found = [part.split('"')[0] for part in page.text.split('data-organisation="')[1:]]
    assert f'<output name="total">{len(found)}</output>' in page.text
    return found


def test_members_of_today_stand_in_it_and_nobody_else(client, network) -> None:
    for language in HERE:
        assert set(shown(client, language=language)) == {"oim", "insp", "albergue", "clinica", "fondo"}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?country=HN", {"albergue", "oim"}),
        ("?country=hn", {"albergue", "oim"}),
        ("?country=HN&country=MX", {"albergue", "oim", "clinica", "fondo"}),
        ("?sector=civil-society", {"albergue", "clinica", "fondo"}),
        ("?sector=civil-society&category=allied", {"albergue", "clinica"}),
        ("?sector=civil-society&category=allied&country=MX", {"clinica"}),
        ("?category=observer", {"fondo"}),
        ("?category=nada", set()),
        ("?country=ZZ", set()),
        ("?country=%00", set()),
        ("?country=", {"oim", "insp", "albergue", "clinica", "fondo"}),
        ("?otro=1", {"oim", "insp", "albergue", "clinica", "fondo"}),
        ("?country=" + "9" * 3000, set()),
    ],
)
def test_filters(client, network, query: str, found: set[str]) -> None:
    assert set(shown(client, query)) == found


def test_what_was_chosen_can_be_taken_off_again(client, network) -> None:
    page = client.get("/es/red/?country=HN&country=MX&sector=civil-society&category=nada").text
    assert 'href="?country=MX&amp;sector=civil-society&amp;category=nada">Honduras' in page
    assert ">nada <" in page


def test_nothing_found_is_explained(client, network) -> None:
    page = client.get("/es/red/?country=ZZ").text
    assert "Ninguna organización" in page
    assert 'href="/es/red/"' in page


def test_counts_stand_beside_the_filters_as_ticking_them_would_find(client, network) -> None:
    page = client.get("/es/red/?sector=civil-society").text
    assert 'value="allied"> <span>Organización social aliada</span></label><span class="n">2</span>' in page
    assert 'value="full"' not in page  # nobody of this sector
    assert 'value="un"> ' in page  # another sector may be ticked as well


def test_the_map_counts_members_and_leads_to_them(client, network) -> None:
    page = client.get("/es/red/?category=allied").text
    assert 'href="?category=allied&amp;country=HN"' in page
    assert "<b>1<span" in page


def test_the_table_holds_what_the_list_shows(client, network) -> None:
    Organisation.objects.filter(slug="fondo").update(name_es="=1+1", acronym="@x")
    factories.resource(network["oim"], title_es="Uno")
    answer = client.get(CSV)
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][0] == "Nombre en español"
    by_name = {row[0]: row for row in rows[1:]}
    assert len(rows) == 6
    assert by_name["'=1+1"][2] == "'@x"
    oim = by_name["Organización Internacional para las Migraciones"]
    assert oim[4:6] == ["Miembro pleno", "2016-05-01"]
    assert oim[7] == "Honduras; México"
    assert oim[9] == "1"
    assert oim[10].endswith("/es/red/oim/")
    assert len(list(csv.reader(io.StringIO(client.get(CSV + "?category=observer").text)))) == 2
    assert client.get("/en/network/organisations.csv").text.startswith("\ufeffName in Spanish")


def test_nothing_of_people_or_reasons_is_public(client, network, contributor: User) -> None:
    Membership.objects.update(exception="Nota interna")
    for address in ("/es/red/", CSV, "/es/red/oim/", "/es/red/suspendida/", "/es/red/retirada/"):
        page = client.get(address).text
        for hidden in (contributor.email, contributor.name + "<", "Secreto", "Nota interna"):
            assert hidden not in page, (address, hidden)


@pytest.mark.parametrize("address", [HERE["es"], HERE["es"] + "?country=HN&sector=un", CSV])
def test_as_many_queries_for_one_as_for_ten(client, oim: Organisation, address: str) -> None:
    oim.countries.add(factories.country("HN", "Honduras"))

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    queries()
    few = queries()
    for _ in range(10):
        factories.organisation().countries.add(factories.country("HN", "Honduras"))
    queries()  # the search learns the new names
    assert queries() == few
    assert few <= 12


# --- The page of one -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("slug", "words"),
    [
        ("oim", "desde mayo de 2016"),
        ("albergue", "Organización social aliada"),
        ("suspendida", "suspendida por ahora"),
        ("retirada", f"2016 a {date.today().year}"),
    ],
)
def test_a_page_tells_category_and_dates(client, network, slug: str, words: str) -> None:
    assert words in client.get(f"/es/red/{slug}/").text


def test_who_never_was_a_member_has_a_page_without_membership(client, network) -> None:
    assert "En la red" not in client.get("/es/red/ajena/").text


def test_a_text_in_the_other_language_is_marked(client, oim: Organisation) -> None:
    Organisation.objects.update(name_en="", description_es="Cuida la salud", description_en="")
    page = client.get("/en/network/oim/").text
    assert "The name exists only in Spanish" in page
    assert "This text exists only in Spanish" in page
    assert '<span lang="es">Organización' in page
    assert 'lang="es">Cuida la salud' in page
    assert "solo" not in client.get("/es/red/oim/").text.split("<main")[1].split("</main")[0]


def test_countries_name_members_only(client, network) -> None:
    page = client.get("/es/paises/hn/").text
    assert "albergue" in page
    assert "Organización Internacional para las Migraciones" in page
    for slug in ("suspendida", "retirada", "ajena"):
        assert slug not in page


def test_the_home_page_counts_members(client, network) -> None:
    assert client.get("/es/").context["organisations_total"] == 5
