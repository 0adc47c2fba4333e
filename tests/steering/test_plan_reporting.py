"""One form for all lines of an organisation: by the link of a letter and from the desk; nothing typed is lost."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from network.models import Duty, User
from portal.core.models import AuditEntry
from steering.models import ProgressReport
from steering.plan import periods, reporting, requests
from steering.plan.reporting import Reporter
from tests import factories
from tests.conftest import signed_in
from tests.steering import room
from tests.steering.mailbox import newest, received
from tests.steering.reporting import FOCAL, World, again, key, send, typed, world

pytestmark = pytest.mark.django_db
State = ProgressReport.State


@pytest.fixture
def here(db) -> World:
    return world()


DONE = {"status_said": "ongoing", "narrative": "Se capacitó a 40 personas"}


# --- The page --------------------------------------------------------------------------------------------------------


def test_one_page_has_all_lines_with_what_was_said_before(here: World, client: Client, secretary: User):
    terms = here.activity(deliverable_es="Un manual")
    here.indicator(baseline=0, target=8, text_es="Protocolos adoptados")
    first = here.version.plan.periods.select_related("plan").get(quarter=1)
    periods.open_period(first, closes_on=timezone.localdate() + periods.DAY, by=None)
    reporting.approve(here.reported(terms, period=again(first), narrative="Se contrató"), by=secretary)
    page = client.get(here.opened())
    assert page.status_code == 200
    for words in ("Capacitar al personal", "Un manual", "Se contrató", "Protocolos adoptados", "Línea de base"):
        assert words in page.text
    assert "no-store" in page.headers["Cache-Control"]
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert 'content="noindex' in page.text


def test_as_many_queries_for_one_line_as_for_thirty(here: World, client: Client):
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(link).status_code == 200
        return len(seen)

    here.activity()
    here.indicator()
    link = here.opened()
    client.get(link)
    few = queries()
    for _ in range(15):
        here.activity()
        here.indicator()
    assert queries() == few


# --- Sending ---------------------------------------------------------------------------------------------------------


def test_lines_that_are_filled_are_sent_and_empty_ones_wait(here: World, client: Client):
    first, second = here.activity(), here.activity()
    told = here.indicator()
    link = here.opened()
    work = factories.resource()
    more = {
        "documents": f"/es/recursos/{work.pk}-guia/",
        "challenges": "Fondos",
        "evidence_url": "https://example.org/a",
    }
    answer = send(client, link, **{key(first): DONE | more, key(told): {"value": "1.5"}})
    assert answer.status_code == 302
    report = first.activity.reports.get()
    assert (report.state, report.status_said, report.narrative) == ("submitted", *DONE.values())
    assert (list(report.documents.all()), report.challenges, report.evidence_url) == (
        [work],
        "Fondos",
        "https://example.org/a",
    )
    assert (report.letter.email, report.reporter_name, report.version) == (FOCAL, "Enlace", here.version)
    assert told.indicator.reports.get().value == 1.5
    assert not second.activity.reports.exists()
    assert "Se enviaron 2 líneas" in client.get(answer.url.replace("#done", "")).text
    assert AuditEntry.objects.about(report).get().reason == "Enlace"
    assert Duty.objects.open().filter(kind="progress-report").count() == 1


def test_nothing_empty_is_sent(here: World, client: Client):
    here.activity()
    here.indicator()
    link = here.opened()
    assert send(client, link).status_code == 302
    assert send(client, link, button="keep").status_code == 302
    assert not ProgressReport.objects.exists()


def test_sent_twice_is_sent_once(here: World, client: Client):
    terms = here.activity()
    link = here.opened()
    data = typed(client, link, **{key(terms): DONE}) | {"send": ""}
    assert [client.post(link, data).status_code for _ in range(2)] == [302, 302]
    assert AuditEntry.objects.filter(verb="progress-reported").count() == 1


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"narrative": "Algo"}, "Diga en qué estado está"),
        ({"status_said": "ongoing"}, "Diga en pocas palabras"),
        ({"status_said": "cancelled", "narrative": "Algo"}, "Escoja una opción válida"),
        (DONE | {"documents": "99999"}, "ningún documento publicado"),
        (DONE | {"documents": "x" * 40}, "ningún documento publicado"),
        (DONE | {"documents": "9" * 40}, "ningún documento publicado"),
        (DONE | {"evidence_url": "javascript:alert(1)"}, "URL"),
        (DONE | {"narrative": "x" * 4001}, "4000"),
        (DONE | {"narrative": "a\x00b"}, "nulos"),
    ],
)
def test_what_is_wrong_is_told_beside_its_line_and_nothing_typed_is_lost(here: World, client: Client, said, told):
    terms, other = here.activity(), here.activity()
    link = here.opened()
    answer = send(client, link, **{key(terms): said, key(other): DONE})
    assert answer.status_code == 422
    line = re.search(rf'<article[^>]*id="{key(terms)}".*?</article>', answer.text, re.DOTALL)[0]
    assert told in line
    for value in said.values():
        assert value.replace("\x00", "") in line.replace("\x00", "")
    assert terms.activity.reports.exclude(state=State.DRAFT).count() == 0
    assert other.activity.reports.get().state == State.SUBMITTED  # the other line went its own way


def test_what_is_right_of_a_line_is_kept_although_something_is_missing(here: World, client: Client):
    terms = here.activity()
    link = here.opened()
    answer = send(client, link, **{key(terms): {"narrative": "A medias"}})
    assert terms.activity.reports.get().narrative == "A medias"
    data = {
        bound.html_name: bound.value() or "" for bound in answer.context["sheet"].forms[0] if bound.name != "is_right"
    }
    data |= {f"{key(terms)}-status_said": "ongoing", f"{key(terms)}-narrative": "Entero", "send": ""}
    assert client.post(link, data).status_code == 302
    assert terms.activity.reports.get().narrative == "Entero"


def test_a_draft_is_kept_and_goes_on_another_day(here: World, client: Client):
    terms = here.activity()
    link = here.opened()
    answer = send(client, link, button="keep", **{key(terms): {"narrative": "Primera idea"}})
    assert "está guardado" in client.get(answer.url.replace("#done", "")).text
    report = terms.activity.reports.get()
    assert report.state == State.DRAFT
    assert "Primera idea" in client.get(link).text
    assert not AuditEntry.objects.about(report).exists()
    assert len(periods.silent(again(here.period))) == 1
    send(client, link, **{key(terms): {"status_said": "delayed"}})
    assert again(report).state == State.SUBMITTED


def test_two_people_at_one_line_the_second_is_told(here: World, client: Client):
    terms = here.activity()
    link = here.opened()
    mine = typed(client, link, **{key(terms): {"narrative": "Lo mío"}}) | {"keep": ""}
    send(client, link, button="keep", **{key(terms): {"narrative": "Lo de otra"}})
    answer = client.post(link, mine)
    assert answer.status_code == 422
    assert "otra persona" in answer.text.lower()
    assert "Lo mío" in answer.text
    assert terms.activity.reports.get().narrative == "Lo de otra"
    sheet = answer.context["sheet"].forms[0]
    mine |= {sheet["seen"].html_name: sheet["seen"].value()}
    assert client.post(link, mine).status_code == 302
    assert terms.activity.reports.get().narrative == "Lo mío"


def test_what_waits_can_not_be_changed_and_what_was_typed_is_shown(here: World, client: Client):
    terms = here.activity()
    link = here.opened()
    mine = typed(client, link, **{key(terms): DONE | {"narrative": "Lo mío"}}) | {"send": ""}
    send(client, link, **{key(terms): DONE})
    answer = client.post(link, mine)
    assert answer.status_code == 422
    assert "espera aprobación" in answer.text
    assert "Lo mío" in answer.text
    assert terms.activity.reports.get().narrative == DONE["narrative"]


def test_into_a_locked_quarter_nothing_is_sent_and_the_day_is_named(here: World, client: Client):
    terms = here.activity()
    link = here.opened()
    mine = typed(client, link, **{key(terms): DONE})
    periods.close_period(here.period, by=None)
    closed = again(here.period).closes_on
    for button in ("send", "keep"):
        answer = client.post(link, mine | {button: ""})
        assert answer.status_code == 422
        assert f"{closed.day} de" in answer.text
        assert DONE["narrative"] in answer.text
    assert not ProgressReport.objects.exists()
    assert "<form" in client.get(link).text
    assert 'name="send"' not in client.get(link).text
    with pytest.raises(reporting.Refused):
        reporting.keep_draft(here.line(terms), DONE, reporter=Reporter(user=here.manager))


def test_a_report_that_came_back_is_written_anew(here: World, client: Client, secretary: User):
    terms = here.activity()
    link = here.opened()
    send(client, link, **{key(terms): DONE})
    report = terms.activity.reports.get()
    reporting.return_report(report, by=secretary, note="¿Cuántas mujeres?")
    letter = newest(FOCAL)
    assert "¿Cuántas mujeres?" in letter.text
    assert len(received(subject="consulta")) == 1
    assert "¿Cuántas mujeres?" in client.get(letter.link).text
    assert send(client, letter.link).status_code == 422
    assert send(client, letter.link, **{key(terms): {"narrative": "25 mujeres"}}).status_code == 302
    assert (again(report).state, again(report).narrative) == (State.SUBMITTED, "25 mujeres")
    reporting.return_report(report, by=secretary, note="¿Y dónde?")
    assert "¿Y dónde?" in newest(FOCAL).text
    assert len(received(subject="consulta")) == 2


def test_too_often_in_an_hour(here: World, client: Client, monkeypatch):
    from steering.views import reporting as view

    monkeypatch.setattr(view, "MOST_AN_HOUR", 2)
    terms = here.activity()
    link = here.opened()
    found = [send(client, link, button="keep", **{key(terms): {"narrative": f"n{n}"}}).status_code for n in range(3)]
    assert found == [302, 302, 422]


def test_a_link_asks_for_no_cookie(here: World):
    terms = here.activity()
    link = here.opened()
    client = Client(enforce_csrf_checks=True)
    assert send(client, link, **{key(terms): DONE}).status_code == 302


def test_a_long_form_comes_on_pages(here: World, client: Client):
    lines = [here.activity() for _ in range(45)]
    link = here.opened()
    assert client.get(link).text.count("<article") == 40
    assert client.get(f"{link}?page=2").text.count("<article") == 5
    assert client.get(f"{link}?page=x").status_code == 200
    assert send(client, f"{link}?page=2", **{key(lines[-1]): DONE}).status_code == 302
    assert lines[-1].activity.reports.exists()


# --- From the desk ---------------------------------------------------------------------------------------------------


def test_the_same_form_from_the_desk(here: World, stranger: User):
    terms = here.activity()
    here.open_quietly()
    client = signed_in(here.manager)
    desk = client.get("/es/mi-mesa/")
    assert "Lo que el plan nos pide" in desk.text
    address = f"/es/mi-mesa/plan/{here.period.pk}/ministerio/"
    assert address in desk.text
    assert send(client, address, **{key(terms): DONE}).status_code == 302
    report = terms.activity.reports.get()
    assert (report.reported_by, report.letter, report.state) == (here.manager, None, State.SUBMITTED)
    assert "Todo está enviado" in client.get("/es/mi-mesa/").text
    assert signed_in(stranger).get(address).status_code == 404
    assert "Lo que el plan nos pide" not in signed_in(stranger).get("/es/mi-mesa/").text
    assert client.get("/es/mi-mesa/plan/99999/ministerio/").status_code == 404


def test_a_report_sent_with_an_account_comes_back_to_that_account(here: World, secretary: User):
    contributor = factories.user("aporta@example.org", "contributor", here.owner)
    terms = here.activity()
    here.open_quietly()
    report = here.reported(terms, contributor)
    reporting.return_report(report, by=secretary, note="¿Dónde?")
    assert [letter.to for letter in received(subject="consulta")] == ["aporta@example.org"]
    assert Client().get(newest("aporta@example.org").link).status_code == 200


def test_if_who_reported_has_gone_the_note_goes_to_all_who_act_there(here: World, secretary: User):
    contributor = factories.user("aporta@example.org", "contributor", here.owner)
    terms = here.activity()
    here.open_quietly()
    report = here.reported(terms, contributor)
    User.objects.filter(pk=contributor.pk).update(is_active=False)
    reporting.return_report(report, by=secretary, note="¿Dónde?")
    assert {letter.to for letter in received()} == {FOCAL, "gestora@example.org"}


def test_another_organisations_lines_are_not_there(here: World, client: Client):
    other = here.activity(lead=room.organisation("un", slug="otra"), text_es="Lo de la otra")
    mine = here.activity()
    link = here.opened()
    assert "Lo de la otra" not in client.get(link).text
    data = typed(client, link, **{key(mine): DONE}) | {f"{key(other)}-seen": "", f"{key(other)}-narrative": "x"}
    client.post(link, data | {f"{key(other)}-status_said": "completed", "send": ""})
    assert not other.activity.reports.exists()
    assert requests.PURPOSE == "plan-report"
