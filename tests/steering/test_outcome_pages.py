"""The register of policy outcomes and the page of each: told by a member, verified by another, read by everybody."""

from datetime import date

import pytest
from django.db import connection
from django.http import HttpResponseBase, QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from network.models import Organisation, User
from portal.core.mesa import panels
from steering.models import Evidence, PolicyOutcome
from steering.plan import outcomes, register
from tests import factories
from tests.conftest import signed_in
from tests.steering import outcomes as made
from tests.steering import plans, room
from tests.steering.outcomes import evidence, outcome

pytestmark = pytest.mark.django_db

REGISTER = {"es": "/es/plan/cambios/", "en": "/en/plan/outcomes/"}
REPORT = "/es/plan/cambios/informar/"


def told(**changed: object) -> dict[str, object]:
    """What a member types."""
    return {
        "kind": "law",
        "level": "national",
        "actor": "Congreso de Honduras",
        "change": "La ley cubre a toda persona migrante",
        "contribution": "Presentamos el estudio",
        "happened_on": "2026-05-04",
        **changed,
    }


# --- Telling ---------------------------------------------------------------------------------------------------------


def test_a_member_tells_of_a_change_and_the_secretariat_finds_it(
    oim: Organisation, contributor: User, secretary: User
) -> None:
    shows = factories.resource(oim)
    client = signed_in(contributor)
    sent = told(
        reported_by=oim.pk, shown_by=f"https://salud.example/es/recursos/{shows.pk}-informe/", documents=shows.pk
    )
    answer = client.post(REPORT, sent | {"url": "https://web.archive.org/web/1/https://example.org"}, follow=True)
    row = PolicyOutcome.objects.get()
    assert answer.redirect_chain == [(row.get_absolute_url(), 302)]
    assert (row.reported_by, row.reporter, row.change_es, row.change_en) == (oim, contributor, sent["change"], None)
    assert [one.document for one in row.evidence.order_by("pk")] == [shows, None]
    assert list(row.documents.all()) == [shows]
    assert sent["change"] in client.get("/es/mi-mesa/").text
    assert sent["change"] not in answer.client.get(REGISTER["es"]).text
    waiting = next(panel for panel in panels(secretary) if panel.code == "waiting")
    assert any(line.address.endswith(f"/policyoutcome/{row.pk}/change/") for line in waiting.rows)


def test_in_english_it_is_kept_in_english(oim: Organisation, contributor: User) -> None:
    signed_in(contributor).post("/en/plan/outcomes/report/", told(reported_by=oim.pk))
    row = PolicyOutcome.objects.get()
    assert (row.change_es, row.change_en) == (None, told()["change"])


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"happened_on": "2999-01-01"}, ""),
        ({"happened_on": "ayer"}, "fecha válida"),
        ({"change": ""}, "obligatorio"),
        ({"shown_by": "999999"}, "999999"),
        ({"shown_by": "9" * 40}, "La biblioteca no tiene"),
        ({"documents": "nada"}, "La biblioteca no tiene"),
        ({"kind": "x"}, "válida"),
        ({"country": "ZZ"}, "válida"),
        ({"url": "javascript:alert(1)"}, "URL"),
        ({"change": "x" * 3001}, "3000"),
    ],
)
def test_what_can_not_be_right_is_told_and_nothing_is_lost(oim, contributor: User, changed, says: str) -> None:
    with translation.override("es"):
        answer = signed_in(contributor).post(REPORT, told(reported_by=oim.pk) | changed)
    assert answer.status_code == 422
    assert says in answer.text
    assert "Presentamos el estudio" in answer.text
    assert not PolicyOutcome.objects.exists()


def test_a_document_nobody_may_open_is_not_named(oim: Organisation, insp: Organisation, contributor: User) -> None:
    for hidden in (factories.resource(insp, audience="committee"), factories.resource(insp, published=False)):
        answer = signed_in(contributor).post(REPORT, told(reported_by=oim.pk, shown_by=hidden.pk))
        assert answer.status_code == 422
        assert "La biblioteca no tiene" in answer.text


def test_one_tells_for_ones_own_organisation(insp: Organisation, contributor: User, committee_member: User) -> None:
    assert signed_in(contributor).post(REPORT, told(reported_by=insp.pk)).status_code == 422
    assert signed_in(committee_member).get(REPORT).status_code == 404


def test_it_is_corrected_until_it_has_been_read(oim: Organisation, contributor: User) -> None:
    row = outcome(oim)
    client, address = signed_in(contributor), f"/es/plan/cambios/{row.pk}/corregir/"
    assert row.change_es in client.get(address).text
    client.post(address, told(reported_by=oim.pk, change="Otra cosa"))
    assert PolicyOutcome.objects.get().change_es == "Otra cosa"
    PolicyOutcome.objects.update(state="reviewed")
    late = client.post(address, told(reported_by=oim.pk, change="Muy tarde"))
    assert late.status_code == 422
    assert "escríbale qué debería cambiar" in late.text
    assert "Muy tarde" in late.text
    assert PolicyOutcome.objects.get().change_es == "Otra cosa"
    assert client.get(address).url == row.get_absolute_url()


def test_more_evidence_is_named_on_its_page(oim: Organisation, contributor: User) -> None:
    row = outcome(oim)
    client, address = signed_in(contributor), f"/es/plan/cambios/{row.pk}/evidencia/"
    empty = client.post(address, {"excerpt": "Artículo 5"})
    assert empty.status_code == 422
    assert "Artículo 5" in empty.text
    client.post(address, {"url": "https://example.org/ley", "excerpt": "Artículo 5"})
    page = client.get(row.get_absolute_url()).text
    assert "Artículo 5" in page
    assert "web.archive.org" in page  # keep a copy there


# --- Verifying -------------------------------------------------------------------------------------------------------


def test_another_organisation_that_was_asked_stands_behind_it(
    oim: Organisation, insp: Organisation, stranger: User, contributor: User, secretary: User
) -> None:
    row = outcome(oim, state="reviewed")
    shown = evidence(row)
    client, address = signed_in(stranger), f"/es/plan/cambios/evidencia/{shown.pk}/verificar/"
    assert client.get(row.get_absolute_url()).status_code == 404
    assert client.post(address).status_code == 404
    admin = signed_in(secretary)
    room.take(admin, row, "ask", evidence=shown.pk, organisation=insp.pk)
    assert Evidence.objects.get().asked == insp
    assert row.change_es in client.get("/es/mi-mesa/").text
    assert address in client.get(row.get_absolute_url()).text
    assert address not in signed_in(contributor).get(row.get_absolute_url()).text
    for _twice in range(2):
        client.post(address)
    kept = Evidence.objects.get()
    assert (kept.verifier, kept.verifier_name) == (insp, stranger.name)


def test_the_way_through_the_admin(oim: Organisation, insp: Organisation, secretary: User, client) -> None:
    admin = signed_in(secretary)
    words = {"actor_es": "Congreso", "change_es": "Una ley", "contribution_es": "Aportamos"}
    given = {"reported_by": oim.pk, "kind": "law", "happened_on": "2026-05-04", "evidence-TOTAL_FORMS": 1}
    added = room.add(admin, "policyoutcome", **words, **given, **{"evidence-0-url": "https://example.org/ley"})
    assert added.status_code == 302, room.told(added)
    row = PolicyOutcome.objects.get()

    def step(name: str, /, **said: object) -> HttpResponseBase:
        return room.take(admin, row, name, **said)

    assert step("publish").status_code == 422
    step("review", reason="Falta verificar el artículo 5")
    assert step("substantiate").status_code == 422
    by_itself = step("verify", evidence=row.evidence.get().pk, organisation=oim.pk, name="Rosa", on="2026-06-01")
    assert by_itself.status_code == 422
    step("verify", evidence=row.evidence.get().pk, organisation=insp.pk, name="Rosa Paz", on="2026-06-01")
    step("substantiate")
    assert client.get(row.get_absolute_url()).status_code == 404
    step("publish")
    shown = client.get(row.get_absolute_url()).text
    assert "Verificado por" in shown
    assert "Rosa Paz" not in shown
    assert "Rosa Paz" in admin.get(room.page_of(row)).text
    assert room.offered(admin, row) == {"reopen"}
    assert step("reopen").status_code == 422  # it asks why
    step("reopen", reason="La ley se derogó")
    assert client.get(row.get_absolute_url()).status_code == 404


# --- Reading ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def published(oim: Organisation, insp: Organisation) -> PolicyOutcome:
    where = factories.country("HN", "Honduras")
    row = outcome(oim, state="published", country=where, instrument_es="Ley 5", change_en="A law", covers_es="A todas")
    evidence(row, insp)
    return row


def test_the_register_by_country_year_and_kind(client, oim: Organisation, published: PolicyOutcome) -> None:
    other = outcome(oim, state="published", kind="practice", happened_on=date(2024, 1, 1))
    outcome(oim, state="substantiated")

    def listed(query: str = "") -> set[PolicyOutcome]:
        return set(client.get(REGISTER["es"] + query).context["page"])

    assert listed() == {published, other}
    assert listed("?country=hn") == listed("?year=2026") == listed("?kind=law") == {published}
    assert listed("?country=region") == listed("?year=2024&kind=practice") == {other}
    assert listed("?country=hn&year=2024") == set()
    for nonsense in (
        "?year=0000",
        "?year=99999",
        "?year=020159999999",
        f"?year=02015{'9' * 5000}",
        "?year=-1",
        "?country=%00",
        "?kind=x",
        "?page=x",
    ):
        assert listed(nonsense) in ({published, other}, set())
    found = client.get(REGISTER["es"]).context["register"]
    assert [(year.value, year.count) for year in found.years] == [("2024", 1), ("2025", 0), ("2026", 1)]
    assert [bar.height for bar in found.bars] == [100, 0, 100]
    assert [(one.value, one.count) for one in found.countries] == [("HN", 1), ("region", 1)]
    assert sum(one.count for one in found.kinds) == sum(one.count for one in found.years) == 2


@pytest.mark.parametrize("language", ["es", "en"])
def test_a_text_that_lacks_is_shown_in_the_other_language(client, published: PolicyOutcome, language: str) -> None:
    with translation.override(language):
        address = published.get_absolute_url()
    page = client.get(address).text
    assert ("A law" in page) == (language == "en")
    assert ('<span lang="es">A todas</span>' in page) == (language == "en")
    assert "Ley 5" in client.get(REGISTER[language]).text


def test_what_is_behind_it_each_reader_sees_as_far_as_they_may(
    client, oim: Organisation, published: PolicyOutcome, contributor: User, committee_member: User
) -> None:
    drafted = plans.draft()
    everybodys, members = (
        plans.activity(drafted, oim, audience=who, text_es=f"Para {who}") for who in ("public", "members")
    )
    plans.in_force(drafted)
    decision = plans.decision(text_es="Se acuerda algo")
    published.activities.set([everybodys.activity, members.activity])
    published.decisions.set([decision, made.decision(text_es="Se acuerda en público")])
    hidden = factories.resource(title_es="Documento reservado", audience="committee")
    evidence(published, document=hidden, excerpt="Palabras reservadas")
    published.documents.add(hidden)

    def seen(reader) -> list[bool]:
        page = reader.get(published.get_absolute_url()).text
        words = ("Para public", "Para members", "Se acuerda algo", "Documento reservado", "Palabras reservadas")
        assert "Se acuerda en público" in page
        assert page.count("data-evidence") == 2
        assert ("Un documento para menos lectores" in page) != ("Documento reservado" in page)
        return [word in page for word in words]

    assert seen(client) == [True, False, False, False, False]
    assert seen(signed_in(contributor)) == [True, True, False, False, False]
    assert seen(signed_in(committee_member)) == [True, True, True, True, True]


def test_a_wording_that_was_kept_back_later_is_not_told_by_an_older_one(client, oim, published) -> None:
    version = plans.draft()
    line = plans.activity(version, oim, text_es="Antes para todo el mundo")
    published.activities.set([line.activity])
    plans.in_force(version)
    assert "Antes para todo" in client.get(published.get_absolute_url()).text
    with plans.thawed():
        type(line).objects.update(audience="committee")
    assert "Antes para todo" not in client.get(published.get_absolute_url()).text


def test_why_it_was_not_confirmed_its_organisation_reads(oim: Organisation, contributor: User, client) -> None:
    row = outcome(oim)
    outcomes.not_confirmed(row, by=None, reason="La ley no se aprobó")
    assert "La ley no se aprobó" in signed_in(contributor).get(row.get_absolute_url()).text
    assert client.get(row.get_absolute_url()).status_code == 404


def test_country_and_organisation_show_the_published_ones(client, oim: Organisation, published: PolicyOutcome) -> None:
    outcome(oim, state="reviewed", country=published.country, instrument_es="Aún no")
    for address in ("/es/paises/hn/", f"/es/red/{oim.slug}/"):
        page = client.get(address).text
        assert "Ley 5" in page
        assert "Aún no" not in page


def test_queries_do_not_grow(client, oim: Organisation, insp: Organisation) -> None:
    where, held = factories.country("HN", "Honduras"), made.meeting()

    def more(times: int) -> PolicyOutcome:
        for number in range(times):
            row = outcome(oim, state="published", country=where, happened_on=date(2020 + number % 5, 1, 1))
        evidence(row, insp, document=factories.resource(oim))
        for _each in range(times):
            evidence(row, insp, document=factories.resource(oim))
            row.decisions.add(made.decision(held))
            row.documents.add(factories.resource(oim))
        return row

    def queries(address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    one = more(1)
    addresses = [REGISTER["es"], "/es/paises/hn/", f"/es/red/{oim.slug}/", "/es/marcos/", "/es/marcos/?country=hn"]
    few = [queries(address) for address in [*addresses, one.get_absolute_url()]]
    many = more(10)
    assert [queries(address) for address in [*addresses, many.get_absolute_url()]] == few


def test_the_address_of_a_filter_says_what_is_chosen(published: PolicyOutcome) -> None:
    asked = register.Asked.of(QueryDict("country=hn&year=2026"))
    assert asked.query() == "country=hn&year=2026"
    assert reverse("steering:outcomes") == REGISTER["es"]
