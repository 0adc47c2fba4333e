"""Quarters open and close, letters ask for reports once each, and who has not reported is known."""

import threading
from datetime import date

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from network import merging
from network.models import Affiliation, Duty, Membership, Role, User
from portal.core.models import AuditEntry
from portal.core.refused import Refused
from steering.models import Activity, Letter, Period, Plan
from steering.plan import periods, reporting, requests
from steering.plan.periods import DAY
from tests import factories
from tests.conftest import signed_in
from tests.steering import plans, room
from tests.steering.mailbox import newest, received
from tests.steering.reporting import FOCAL, MANAGER, World, again, world

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(db) -> World:
    return world()


# --- Locked until it is opened ---------------------------------------------------------------------------------------


def test_a_quarter_is_locked_until_it_is_opened_and_after_its_last_day(here: World, monkeypatch):
    assert not here.period.is_open
    period = here.open_quietly()
    assert again(period).is_open
    day = period.closes_on
    monkeypatch.setattr(timezone, "localdate", lambda *_args: day)
    assert again(period).is_open
    monkeypatch.setattr(timezone, "localdate", lambda *_args: day + DAY)
    assert not again(period).is_open
    assert list(AuditEntry.objects.about(period).values_list("verb", flat=True)) == ["period-opened"]


def test_no_quarter_opens_before_it_has_begun_nor_for_ever(here: World, monkeypatch):
    today = timezone.localdate()
    for closes_on in (today - DAY, today + 121 * DAY):
        with pytest.raises(Refused):
            periods.open_period(here.period, closes_on=closes_on, by=None)
    begins = here.version.plan.quarter_days(here.period.quarter)[0]
    monkeypatch.setattr(timezone, "localdate", lambda *_args: begins - DAY)
    with pytest.raises(Refused, match="comienza"):
        periods.open_period(here.period, closes_on=begins, by=None)
    assert not Period.objects.open().exists()
    monkeypatch.setattr(timezone, "localdate", lambda *_args: begins)
    periods.open_period(here.period, closes_on=begins, by=None)


def test_only_a_plan_in_force_takes_reports(here: World):
    terms = here.activity()
    here.open_quietly()
    Plan.objects.update(state=Plan.State.CLOSED)
    period = Period.objects.select_related("plan").get(pk=here.period.pk)
    with pytest.raises(Refused):
        periods.open_period(period, closes_on=timezone.localdate() + DAY, by=None)
    with pytest.raises(Refused):
        here.reported(terms, period=period)


def test_closing_is_told_and_not_done_twice(here: World, secretary: User):
    here.open_quietly()
    periods.close_period(here.period, by=secretary)
    with pytest.raises(Refused, match="recibió informes hasta el"):
        periods.close_period(here.period, by=secretary)
    assert AuditEntry.objects.filter(verb="period-closed").count() == 1


# --- What is owed ----------------------------------------------------------------------------------------------------


def test_lines_are_those_that_have_begun_and_are_not_finished(here: World):
    quarter = here.period.quarter
    spans, late, later = (
        here.activity(first_quarter=quarter),
        here.activity(first_quarter=1, last_quarter=max(1, quarter - 1)),
        here.activity(first_quarter=min(8, quarter + 1)) if quarter < 8 else None,
    )
    over = [here.activity() for _ in range(3)]
    for terms, state in zip(over, ("completed", "cancelled", "carried_over"), strict=True):
        Activity.objects.filter(pk=terms.activity_id).update(state=state, state_reason="x")
    told = here.indicator()
    assert [line.terms for line in periods.due(here.period)] == [spans, late, told]
    assert later is None or later not in [line.terms for line in periods.due(here.period)]


def test_an_activity_completed_by_its_report_stays_in_the_list_of_that_quarter(here: World, secretary: User):
    terms = here.activity()
    here.open_quietly()
    reporting.approve(here.reported(terms, status_said="completed"), by=secretary)
    assert [line.is_in for line in periods.due(here.period)] == [True]
    assert periods.silent(here.period) == []


def test_silent_says_who_owes_how_many_of_how_many_since_when(here: World):
    other = room.organisation("un", slug="otra")
    first = here.activity()
    here.activity()
    here.activity(lead=other)
    assert periods.silent(here.period) == []
    here.open_quietly()
    here.reported(first)
    found = [(one.organisation, len(one.missing), one.of, one.since) for one in periods.silent(here.period)]
    today = timezone.localdate()
    assert sorted(found, key=lambda row: row[2]) == [(other, 1, 1, today), (here.owner, 1, 2, today)]


def test_as_many_queries_for_one_line_as_for_thirty(here: World):
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert periods.silent(here.period)
        return len(seen)

    here.open_quietly()
    here.activity()
    here.indicator()
    few = queries()
    for number in range(15):
        here.activity(lead=room.organisation("un", slug=f"o{number}"))
        here.indicator()
    assert queries() == few


# --- Letters ---------------------------------------------------------------------------------------------------------


def test_the_night_opens_what_has_ended_and_asks_once(here: World, settings):
    here.activity(text_en="Train health workers")
    assert [requests.ask_in_time.func() for _ in range(3)] == [2, 0, 0]
    period = again(here.period)
    assert period.closes_on == timezone.localdate() + settings.PLAN_REPORT_DAYS * DAY
    theirs = newest(MANAGER)
    assert "/en/plan/report/" in theirs.link
    assert "Train health workers" in theirs.text
    assert "/es/plan/informe/" in newest(FOCAL).link
    assert newest(FOCAL).subject.startswith("Su informe sobre")


def test_every_night_of_a_quarter(here: World, monkeypatch):
    """Asked, reminded a week before the last day, told the day after it; and nothing more."""
    here.activity()
    today, told = timezone.localdate(), []
    for night in range(50):
        monkeypatch.setattr(
            timezone, "localdate", lambda *args, night=night: (args and date.today()) or today + night * DAY
        )
        before = len(received(FOCAL, str(here.period)))
        requests.ask_in_time.func()
        if len(received(FOCAL, str(here.period))) > before:
            told.append(night)
    assert told == [0, 23, 31]
    assert [letter.subject.split(":")[0].strip() for letter in received(FOCAL, str(here.period))][1:] == [
        "Recordatorio",
        "No recibido",
    ]
    assert Duty.objects.open().filter(kind="chase-report").count() == 1


def test_nights_without_a_worker_are_made_up_for_once(here: World, monkeypatch):
    here.activity()
    here.opened()
    day = again(here.period).closes_on
    for missed, letters in ((3, 2), (2, 0), (-5, 2), (-20, 0)):
        monkeypatch.setattr(timezone, "localdate", lambda *_args, missed=missed: day - missed * DAY)
        before = Letter.objects.filter(period=here.period).count()
        requests.ask_in_time.func()
        assert Letter.objects.filter(period=here.period).count() - before == letters, missed


def test_whoever_has_reported_is_not_asked_again(here: World, secretary: User):
    terms = here.activity()
    here.opened()
    here.reported(terms)
    with pytest.raises(Refused, match="Todo"):
        requests.ask_again(here.period, by=secretary)
    assert len(mail.outbox) == 2


def test_asked_again_by_hand_once_a_day(here: World, secretary: User):
    here.activity()
    here.opened()
    requests.ask_again(here.period, by=secretary)
    assert len(received(FOCAL)) == 2
    with pytest.raises(Refused):
        requests.ask_again(here.period, by=secretary)
    assert len(received(FOCAL)) == 2


def test_an_organisation_that_left_is_not_written_to_and_the_secretariat_sees_it(
    here: World, secretary: User, client: Client
):
    here.activity()
    link = here.opened()
    Membership.objects.filter(organisation=here.owner).update(
        state="ended", until=timezone.localdate() - DAY, state_reason="x"
    )
    assert client.get(link).status_code == 410
    with pytest.raises(Refused):
        requests.ask_again(here.period, by=secretary)
    page = signed_in(secretary).get(f"/admin/steering/period/{here.period.pk}/silent/").text
    assert "organización que se retiró" in page
    assert "organización que se retiró" in signed_in(secretary).get("/admin/").text


def test_the_link_of_somebody_who_left_is_dead(here: World, client: Client):
    here.activity()
    link = here.opened()
    assert client.get(link).status_code == 200
    Affiliation.objects.update(until=timezone.localdate() - DAY)
    assert client.get(link).status_code == 410
    theirs = newest(MANAGER).link
    assert client.get(theirs).status_code == 200
    Role.objects.filter(user=here.manager).update(until=timezone.localdate() - DAY, since=timezone.localdate() - DAY)
    assert client.get(theirs).status_code == 410
    assert client.get("/es/plan/informe/x/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_two_workers_open_and_ask_once():
    here = world()
    here.activity()
    start = threading.Barrier(2)

    def work() -> None:
        start.wait()
        try:
            requests.ask_in_time.func()
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(received(FOCAL)) == 1
    assert AuditEntry.objects.filter(verb="period-opened").count() == 1


def test_letters_of_two_organisations_that_become_one(here: World):
    other = room.organisation("un", slug="otra")
    Affiliation.objects.create(person_id=_focal(), organisation=other, is_focal_point=True, since=room.LONG_AGO)
    here.activity()
    here.activity(lead=other)
    here.opened()
    assert Letter.objects.filter(email=FOCAL).count() == 2
    merging.merge(other, into=here.owner, by=None, reason="x")
    assert {letter.organisation for letter in Letter.objects.filter(period=here.period)} == {here.owner}
    assert periods.silent(again(here.period))[0].of == 2


def _focal() -> int:
    return Affiliation.objects.filter(is_focal_point=True).first().person_id


# --- The admin -------------------------------------------------------------------------------------------------------


def test_the_secretariat_opens_and_closes_with_buttons(here: World, secretary: User, committee_member: User):
    here.activity()
    client, address = signed_in(secretary), room.page_of(here.period)
    page = client.post(address, {"CHANGE_FORM-action": "open", "_selected_action": here.period.pk}).text
    assert "Se escribirá a 1 organización" in page
    sent = {"CHANGE_FORM-action": "open", "_selected_action": here.period.pk, "confirmed": "1"}
    sent["closes_on"] = timezone.localdate() + 9 * DAY
    assert signed_in(committee_member).post(address, sent).status_code == 403
    assert client.post(address, sent).status_code == 302
    assert again(here.period).is_open
    assert len(received(FOCAL)) == 1
    client.post(address, {"CHANGE_FORM-action": "close", "_selected_action": here.period.pk, "confirmed": "1"})
    assert not again(here.period).is_open


def test_who_has_not_reported_on_one_page_and_on_the_first(here: World, secretary: User, committee_member: User):
    here.activity(code="1.1.7")
    here.opened()
    client = signed_in(secretary)
    address = f"/admin/steering/period/{here.period.pk}/silent/"
    page = client.get(address).text
    assert "1.1.7" in page
    assert f"mailto:{FOCAL}" in page
    seen_by_member = signed_in(committee_member)
    assert "mailto:" not in seen_by_member.get(address).text
    assert seen_by_member.post(address, {"organisation": "ministerio"}).status_code == 404
    assert "MINSA" in client.get("/admin/").text
    assert client.post(address, {"organisation": "ministerio"}).status_code == 302
    assert len(received(FOCAL)) == 2
    assert client.post(address, {"organisation": "nadie"}).status_code == 404
    assert "ya se les pidió hoy" in client.post(address, {}, follow=True).text


def test_an_organisation_without_a_focal_point_is_shown_as_such(here: World, secretary: User):
    here.activity(lead=room.organisation("un", slug="muda", acronym="MUDA"))
    here.open_quietly()
    page = signed_in(secretary).get(f"/admin/steering/period/{here.period.pk}/silent/").text
    assert "No se conoce ningún punto focal" in page
    factories.user("otra@example.org", Role.Kind.MANAGER, plans.Organisation.objects.get(slug="muda"))
    page = signed_in(secretary).get(f"/admin/steering/period/{here.period.pk}/silent/").text
    assert "mailto:otra@example.org" in page
