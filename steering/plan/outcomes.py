"""
Policy outcomes by outcome harvesting: reported, reviewed, substantiated by somebody independent, published.

Independent of an outcome is a person of another organisation than the one that reported it, and not the person who
reported it. Whether that holds is asked anew at every step: organisations merge.
"""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from network.conflicts import plain
from network.models import Organisation, User
from portal.core import audit
from portal.core.refused import Refused
from resources.models import Resource
from steering.models import Activity, Decision, Evidence, PolicyOutcome
from steering.record import Verb

State = PolicyOutcome.State

OF_ONE_LANGUAGE = ("actor", "change", "contribution")
"""Texts that every outcome has, in Spanish or in English."""


# --- Reporting -------------------------------------------------------------------------------------------------------


@transaction.atomic
def report(outcome: PolicyOutcome, *, by: User | None) -> PolicyOutcome:
    """
    An organisation tells of a change. Told a second time in the same words (somebody pressed twice), the first one is
    given back. Raises `Refused`.
    """
    Organisation.objects.select_for_update(of=("self",)).get(pk=outcome.reported_by_id)
    if (told := _told_already(outcome)) is not None:
        return told
    outcome.state, outcome.reporter = State.REPORTED, by
    _check(outcome)
    outcome.save(force_insert=True)
    audit.record(Verb.OUTCOME_REPORTED, outcome, by=by, after=outcome.state)
    return outcome


def _told_already(outcome: PolicyOutcome) -> PolicyOutcome | None:
    same = {name: getattr(outcome, name) for name in ("reported_by", "country", "kind", "happened_on")}
    words = {f"change_{code}": getattr(outcome, f"change_{code}") for code in ("es", "en")}
    return PolicyOutcome.objects.filter(state=State.REPORTED, **same, **words).first()


@transaction.atomic
def tell(
    outcome: PolicyOutcome,
    *,
    by: User | None,
    evidence: Iterable[Evidence] = (),
    **linked: Iterable[Activity] | Iterable[Decision] | Iterable[Resource],
) -> PolicyOutcome:
    """Report it with what it rests on (see `link`) and what shows it, all in one. Raises `Refused`."""
    told = report(outcome, by=by)
    if told is outcome:
        link(told, **linked)
        for row in evidence:
            row.outcome = told
            add_evidence(row, by=by)
    return told


@transaction.atomic
def correct(outcome: PolicyOutcome, *, by: User | None) -> PolicyOutcome:
    """Other words, before anybody has substantiated them. Raises `Refused`."""
    held = _locked(outcome, PolicyOutcome.OPEN)
    outcome.state, outcome.reporter_id = held.state, held.reporter_id
    _check(outcome)
    outcome.save(force_update=True)
    audit.record(Verb.OUTCOME_CORRECTED, outcome, by=by)
    return outcome


@transaction.atomic
def link(
    outcome: PolicyOutcome,
    *,
    activities: Iterable[Activity] | None = None,
    decisions: Iterable[Decision] | None = None,
    documents: Iterable[Resource] | None = None,
) -> None:
    """What is behind the change and which documents hold it, in place of what was named before; None leaves it."""
    for relation, rows in (
        (outcome.activities, activities),
        (outcome.decisions, decisions),
        (outcome.documents, documents),
    ):
        if rows is not None:
            relation.set(rows)


@transaction.atomic
def rewrite(
    outcome: PolicyOutcome, *, by: User | None, **linked: Iterable[Activity] | Iterable[Decision] | Iterable[Resource]
) -> None:
    """Correct it together with what it rests on (see `link`). Raises `Refused`."""
    correct(outcome, by=by)
    link(outcome, **linked)


def _check(outcome: PolicyOutcome) -> None:
    """The row's own rules; a text that is there in English may lack in Spanish. Raises `Refused`."""
    lacking = [f"{name}_es" for name in OF_ONE_LANGUAGE if getattr(outcome, f"{name}_en")]
    try:
        outcome.full_clean(exclude=[name for name in lacking if not getattr(outcome, name)], validate_unique=False)
    except ValidationError as problem:
        raise Refused(problem.messages) from problem


def _locked(outcome: PolicyOutcome, states: Iterable[str]) -> PolicyOutcome:
    """The row as it is now, held until the end of the transaction. Raises `Refused` where it has moved on."""
    held = PolicyOutcome.objects.select_for_update(of=("self",)).filter(pk=outcome.pk, state__in=states)
    if (row := held.first()) is None:
        raise Refused(_("This policy outcome has moved on meanwhile. Please reload the page."))
    return row


# --- Evidence --------------------------------------------------------------------------------------------------------


@transaction.atomic
def add_evidence(evidence: Evidence, *, by: User | None) -> Evidence:
    """Something that shows the change: a document of the library or an archived address. Raises `Refused`."""
    _locked(evidence.outcome, PolicyOutcome.OPEN)
    try:
        evidence.full_clean()
    except ValidationError as problem:
        raise Refused(problem.messages) from problem
    evidence.save()
    audit.record(Verb.EVIDENCE_ADDED, evidence.outcome, by=by)
    return evidence


@transaction.atomic
def add_all(rows: Iterable[Evidence], *, by: User | None) -> None:
    """All of them or none. Raises `Refused`."""
    for row in rows:
        add_evidence(row, by=by)


@transaction.atomic
def take_evidence(evidence: Evidence, *, by: User | None) -> None:
    """It shows nothing after all. Taken away already, nothing happens. Raises `Refused` once it counts."""
    _locked(evidence.outcome, PolicyOutcome.OPEN)
    if Evidence.objects.filter(pk=evidence.pk).delete()[0]:
        audit.record(Verb.EVIDENCE_TAKEN, evidence.outcome, by=by)


@transaction.atomic
def ask_to_verify(evidence: Evidence, *, organisation: Organisation, by: User | None) -> None:
    """Let another organisation see the outcome and say whether this shows it. Raises `Refused`."""
    outcome = _locked(evidence.outcome, PolicyOutcome.OPEN)
    _refuse_own_organisation(outcome, organisation)
    Evidence.objects.filter(pk=evidence.pk).update(asked=organisation)
    audit.record(Verb.EVIDENCE_ASKED, outcome, by=by, after=organisation.slug)


@transaction.atomic
def verify(
    evidence: Evidence, *, organisation: Organisation, name: str, on: date | None = None, by: User | None
) -> None:
    """
    Somebody of another organisation has looked at it and stands behind it, today unless another day is given.

    Raises `Refused` for whoever reported the outcome, for their organisation, and where somebody was quicker.
    """
    day = on or timezone.localdate()
    outcome = _locked(evidence.outcome, PolicyOutcome.OPEN)
    _refuse_own_organisation(outcome, organisation)
    if not name.strip():
        raise Refused(_("Say who verified it."))
    if _is_reporter(outcome, name):
        raise Refused(_("Whoever reported it can't verify it as well: ask somebody else."))
    if day > timezone.localdate():
        raise Refused(_("A day to come can't be the one it was verified on."))
    said = {"verifier": organisation, "verifier_name": name.strip(), "verified_on": day}
    if not Evidence.objects.filter(pk=evidence.pk, verifier__isnull=True).update(**said):
        raise Refused(_("This evidence has been verified already."))
    audit.record(Verb.EVIDENCE_VERIFIED, outcome, by=by, after=organisation.slug)


def _refuse_own_organisation(outcome: PolicyOutcome, organisation: Organisation) -> None:
    if (organisation.merged_into_id or organisation.pk) == outcome.reported_by_id:
        raise Refused(_("The organisation that reported it can't verify it: somebody independent has to."))


def _is_reporter(outcome: PolicyOutcome, name: str) -> bool:
    return outcome.reporter is not None and plain(name) == plain(outcome.reporter.name)


def has_independent_evidence(outcome: PolicyOutcome) -> bool:
    """Invariant 17: somebody else, of another organisation, stands behind at least one piece of evidence."""
    verified = outcome.evidence.filter(verifier__isnull=False).exclude(verifier=outcome.reported_by_id)
    rows = verified.exclude(verifier__merged_into=outcome.reported_by_id)
    return any(not _is_reporter(outcome, row.verifier_name) for row in rows)


# --- What becomes of it ----------------------------------------------------------------------------------------------


def review(outcome: PolicyOutcome, *, by: User | None, reason: str = "") -> None:
    """The secretariat has read it and it can go to a verifier. Raises `Refused`."""
    _move(outcome, State.REVIEWED, Verb.OUTCOME_REVIEWED, [State.REPORTED], by=by, reason=reason)


def substantiate(outcome: PolicyOutcome, *, by: User | None) -> None:
    """Somebody independent stands behind it. Raises `Refused` where nobody does."""
    _move_substantiated(outcome, State.SUBSTANTIATED, Verb.OUTCOME_SUBSTANTIATED, [State.REVIEWED], by=by)


def publish(outcome: PolicyOutcome, *, by: User | None) -> None:
    """Everybody can read it from now on. Raises `Refused` where nobody independent stands behind it any more."""
    _move_substantiated(outcome, State.PUBLISHED, Verb.OUTCOME_PUBLISHED, [State.SUBSTANTIATED], by=by)


def not_confirmed(outcome: PolicyOutcome, *, by: User | None, reason: str) -> None:
    """Nobody could substantiate it; the reason stays with it, and whoever reported it reads it. Raises `Refused`."""
    sources = [State.REPORTED, State.REVIEWED, State.SUBSTANTIATED]
    _move(outcome, State.NOT_CONFIRMED, Verb.OUTCOME_NOT_CONFIRMED, sources, by=by, reason=reason)


def reopen(outcome: PolicyOutcome, *, by: User | None, reason: str) -> None:
    """Back to review: to be corrected, or because something has come up. What was public is so no more."""
    sources = [State.SUBSTANTIATED, State.PUBLISHED, State.NOT_CONFIRMED]
    _move(outcome, State.REVIEWED, Verb.OUTCOME_REOPENED, sources, by=by, reason=reason)


@transaction.atomic
def _move_substantiated(outcome: PolicyOutcome, to: str, verb: Verb, sources: list[str], *, by: User | None) -> None:
    held = _locked(outcome, sources)
    if not has_independent_evidence(held):
        raise Refused(
            _(
                "No evidence has been verified by somebody of another organisation than %(name)s, which reported it, "
                "so it can't be taken as substantiated."
            )
            % {"name": held.reported_by.short_name}
        )
    _move(outcome, to, verb, sources, by=by)


@transaction.atomic
def _move(
    outcome: PolicyOutcome, to: str, verb: Verb, sources: list[str], *, by: User | None, reason: str = ""
) -> None:
    """The conditional update is the lock: of two who press at once, one does it and the other is told."""
    before = outcome.state
    if not PolicyOutcome.objects.filter(pk=outcome.pk, state__in=sources).update(state=to):
        raise Refused(_("This policy outcome has moved on meanwhile. Please reload the page."))
    outcome.state = to
    audit.record(verb, outcome, by=by, reason=reason, before=before, after=to)
