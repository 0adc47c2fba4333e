"""A policy outcome is published only once somebody independent has substantiated it (invariant 17)."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from network import merging
from network.models import Organisation, User
from portal.core.models import AuditEntry
from portal.core.refused import Refused
from steering.models import Evidence, PolicyOutcome
from steering.plan import outcomes
from tests import factories
from tests.steering.outcomes import evidence, outcome

pytestmark = pytest.mark.django_db

State = PolicyOutcome.State


def new(reported_by: Organisation, **fields: object) -> PolicyOutcome:
    given = {
        "actor_es": "Ministerio de Salud",
        "change_es": "Nueva ley",
        "contribution_es": "Aportamos evidencia",
        "kind": "law",
        "happened_on": timezone.localdate(),
        **fields,
    }
    return PolicyOutcome(reported_by=reported_by, **given)


def substantiates(row: PolicyOutcome) -> bool:
    try:
        outcomes.substantiate(row, by=None)
    except Refused:
        return False
    return True


@pytest.fixture
def reviewed(oim: Organisation, contributor: User) -> PolicyOutcome:
    """Reported by Ana of OIM, and read by the secretariat."""
    row = outcomes.report(new(oim), by=contributor)
    outcomes.review(row, by=None)
    return row


# --- Invariant 17 ----------------------------------------------------------------------------------------------------


def test_without_evidence_nothing_is_substantiated(reviewed: PolicyOutcome) -> None:
    with pytest.raises(Refused, match="distinta de OIM"):
        outcomes.substantiate(reviewed, by=None)
    assert PolicyOutcome.objects.get().state == State.REVIEWED


def test_evidence_that_nobody_verified_does_not_count(reviewed: PolicyOutcome) -> None:
    evidence(reviewed)
    assert not substantiates(reviewed)


def test_the_organisation_that_reported_does_not_verify(reviewed: PolicyOutcome, oim: Organisation) -> None:
    with pytest.raises(Refused, match="alguien independiente"):
        outcomes.verify(evidence(reviewed), organisation=oim, name="Rosa", by=None)
    with pytest.raises(Refused, match="alguien independiente"):
        outcomes.ask_to_verify(evidence(reviewed), organisation=oim, by=None)
    evidence(reviewed, oim)  # however it came about
    assert not substantiates(reviewed)


def test_whoever_reported_does_not_verify_for_another_organisation(
    reviewed: PolicyOutcome, insp: Organisation, contributor: User
) -> None:
    with pytest.raises(Refused, match="Quien lo informó"):
        outcomes.verify(evidence(reviewed), organisation=insp, name=f"  {contributor.name.upper()} ", by=None)
    evidence(reviewed, insp, verifier_name=contributor.name)
    assert not substantiates(reviewed)


def test_an_organisation_merged_into_the_one_that_reported_does_not_count(
    reviewed: PolicyOutcome, oim: Organisation, insp: Organisation
) -> None:
    outcomes.verify(evidence(reviewed), organisation=insp, name="Rosa", by=None)
    merging.merge(insp, into=oim, by=None, reason="Por decreto")
    assert not substantiates(reviewed)
    left_behind = evidence(reviewed, insp)
    assert left_behind.verifier.merged_into == oim
    assert not substantiates(reviewed)
    with pytest.raises(Refused, match="alguien independiente"):
        outcomes.verify(evidence(reviewed), organisation=insp, name="Rosa", by=None)


def test_one_that_somebody_independent_verified_is_enough(reviewed: PolicyOutcome, insp: Organisation) -> None:
    evidence(reviewed)
    outcomes.verify(evidence(reviewed), organisation=insp, name="Rosa", by=None)
    outcomes.substantiate(reviewed, by=None)
    outcomes.publish(reviewed, by=None)
    assert PolicyOutcome.objects.get().state == State.PUBLISHED
    verbs = list(AuditEntry.objects.about(reviewed).order_by("pk").values_list("verb", flat=True))
    assert verbs == [
        "outcome-reported", "outcome-reviewed", "evidence-verified", "outcome-substantiated", "outcome-published",
    ]  # fmt: skip


def test_it_is_asked_again_before_it_is_published(reviewed, oim: Organisation, insp: Organisation) -> None:
    outcomes.verify(evidence(reviewed), organisation=insp, name="Rosa", by=None)
    outcomes.substantiate(reviewed, by=None)
    merging.merge(insp, into=oim, by=None, reason="Por decreto")
    with pytest.raises(Refused):
        outcomes.publish(reviewed, by=None)
    assert PolicyOutcome.objects.get().state == State.SUBSTANTIATED


# --- Steps -----------------------------------------------------------------------------------------------------------


def test_no_step_is_skipped(oim: Organisation, insp: Organisation) -> None:
    row = outcome(oim)
    evidence(row, insp)
    for too_early in (outcomes.substantiate, outcomes.publish):
        with pytest.raises(Refused):
            too_early(row, by=None)
    assert PolicyOutcome.objects.get().state == State.REPORTED


def test_what_is_substantiated_is_not_changed(oim: Organisation, insp: Organisation) -> None:
    row = outcome(oim, state="substantiated")
    shown = evidence(row, insp)
    row.change_es = "Otra cosa"
    for change in (
        lambda: outcomes.correct(row, by=None),
        lambda: outcomes.add_evidence(Evidence(outcome=row, url="https://example.org"), by=None),
        lambda: outcomes.take_evidence(shown, by=None),
        lambda: outcomes.verify(shown, organisation=insp, name="Rosa", by=None),
    ):
        with pytest.raises(Refused):
            change()
    assert PolicyOutcome.objects.get().change_es != "Otra cosa"
    assert Evidence.objects.get() == shown


def test_back_to_review_it_can_be_corrected_and_is_public_no_more(oim: Organisation, insp: Organisation) -> None:
    row = outcome(oim, state="published")
    outcomes.reopen(row, by=None, reason="La ley se derogó")
    assert not PolicyOutcome.objects.published().exists()
    row.change_es = "Otra cosa"
    outcomes.correct(row, by=None)
    assert PolicyOutcome.objects.get().change_es == "Otra cosa"


def test_a_correction_made_of_an_old_page_does_not_move_it_back(oim: Organisation) -> None:
    row = outcome(oim)
    stale = PolicyOutcome.objects.get()
    outcomes.review(row, by=None)
    stale.change_es = "Otra cosa"
    outcomes.correct(stale, by=None)
    assert (PolicyOutcome.objects.get().state, PolicyOutcome.objects.get().change_es) == (State.REVIEWED, "Otra cosa")


def test_a_change_to_come_is_refused(oim: Organisation) -> None:
    with pytest.raises(Refused):
        outcomes.report(new(oim, happened_on=timezone.localdate() + timedelta(days=1)), by=None)


def test_verified_on_a_day_to_come_is_refused(reviewed: PolicyOutcome, insp: Organisation) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(Refused, match="todavía no llega"):
        outcomes.verify(evidence(reviewed), organisation=insp, name="Rosa", on=tomorrow, by=None)
    with pytest.raises(Refused, match="quién"):
        outcomes.verify(evidence(reviewed), organisation=insp, name=" ", by=None)


def test_evidence_is_somewhere(reviewed: PolicyOutcome) -> None:
    with pytest.raises(Refused):
        outcomes.add_evidence(Evidence(outcome=reviewed), by=None)
    for url in ("https://web.archive.org/web/2026/https://example.org/", "https://example.org/ley"):
        outcomes.add_evidence(Evidence(outcome=reviewed, url=url), by=None)
    assert [row.is_archived for row in reviewed.evidence.order_by("pk")] == [True, False]


def test_a_text_in_english_alone_is_enough(oim: Organisation) -> None:
    words = {"actor_en": "Ministry", "change_en": "New law", "contribution_en": "We gave evidence"}
    row = outcomes.report(new(oim, actor_es=None, change_es=None, contribution_es=None, **words), by=None)
    assert (row.shown_change.text, row.shown_change.language) == ("New law", "en")
    with pytest.raises(Refused):
        outcomes.report(new(oim, change_es=None), by=None)


def test_told_twice_in_the_same_words_it_is_told_once(oim: Organisation) -> None:
    first, second = (outcomes.report(new(oim), by=None) for _twice in range(2))
    assert first == second
    assert PolicyOutcome.objects.count() == 1
    outcomes.report(new(oim, change_es="Otra ley"), by=None)
    assert PolicyOutcome.objects.count() == 2


# --- Two at once -----------------------------------------------------------------------------------------------------


def at_once(*acts: object) -> list[bool]:
    """Which of them were done; a refusal is an answer, anything else an error."""
    start, done = threading.Barrier(len(acts)), {}

    def run(number: int) -> None:
        try:
            start.wait(timeout=10)
            acts[number]()
            done[number] = True
        except Refused:
            done[number] = False
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[number]) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return [done[number] for number in range(len(acts))]


@pytest.mark.django_db(transaction=True)
def test_two_who_verify_at_once_one_does_and_the_other_is_told(oim: Organisation, insp: Organisation) -> None:
    row = outcome(oim)
    shown, third = evidence(row), factories.organisation("tercera")
    done = at_once(*[
        lambda by=by: outcomes.verify(Evidence.objects.get(pk=shown.pk), organisation=by, name="Rosa", by=None)
        for by in (insp, third)
    ])  # fmt: skip
    assert sorted(done) == [False, True]
    assert AuditEntry.objects.filter(verb="evidence-verified").count() == 1


@pytest.mark.django_db(transaction=True)
def test_published_and_not_confirmed_at_once_it_is_one_of_them(oim: Organisation, insp: Organisation) -> None:
    row = outcome(oim, state="substantiated")
    evidence(row, insp)
    done = at_once(
        lambda: outcomes.publish(PolicyOutcome.objects.get(pk=row.pk), by=None),
        lambda: outcomes.not_confirmed(PolicyOutcome.objects.get(pk=row.pk), by=None, reason="No es así"),
    )
    assert sorted(done) == [False, True]
    assert PolicyOutcome.objects.get().state == (State.PUBLISHED if done[0] else State.NOT_CONFIRMED)


@pytest.mark.django_db(transaction=True)
def test_told_twice_at_once_it_is_told_once(oim: Organisation) -> None:
    assert at_once(*[lambda: outcomes.report(new(oim), by=None) for _twice in range(2)]) == [True, True]
    assert PolicyOutcome.objects.count() == 1
