"""What a meeting decides and hands out to be done, under numbers without a gap."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from network.models import User
from portal.core import audit
from portal.core.refused import Refused
from resources.models import Resource
from steering import attendance, findable, numbering
from steering.models import ActionItem, AgendaItem, Body, Decision, Meeting
from steering.quorum import Tally
from steering.record import Verb
from steering.seats import checked

State = Decision.State


# --- Decisions -------------------------------------------------------------------------------------------------------


@transaction.atomic
def record(decision: Decision, *, by: User | None) -> Decision:
    """
    Write down what was decided on an agenda item. Without a quorum at that moment it is ad referendum.

    Raises `Refused` where the meeting takes none, or a vote has not reached the body's majority.
    """
    meeting = _open_meeting(decision.item)
    decision.meeting = meeting
    tally = _quorum(meeting)
    decision.ad_referendum = not tally.reached
    decision.number = numbering.take(meeting.body, f"{meeting.code}/D")
    decision.code = f"{meeting.code}/D{decision.number}"
    _check(decision, tally)
    decision.words = findable.spelled(decision.code, decision.text_es, decision.text_en, decision.dissent)
    decision.save(force_insert=True)
    AgendaItem.objects.filter(pk=decision.item_id).update(state=AgendaItem.State.TREATED)
    audit.record(Verb.DECIDED, decision, by=by, after=State.RECORDED)
    return decision


@transaction.atomic
def correct(decision: Decision, *, by: User | None) -> Decision:
    """Put the words right while the minutes have not gone round. Raises `Refused`."""
    meeting = _open_meeting(decision.item)
    if Decision.objects.get(pk=decision.pk).state != State.RECORDED:
        raise Refused(_("This decision can't be changed any more."))
    _check(decision, _quorum(meeting))
    decision.words = findable.spelled(decision.code, decision.text_es, decision.text_en, decision.dissent)
    decision.save(force_update=True)
    audit.record(Verb.DECISION_CORRECTED, decision, by=by)
    return decision


def _check(decision: Decision, tally: Tally) -> None:
    if decision.item.state == AgendaItem.State.DEFERRED:
        raise Refused(_("This item was left to the next meeting."))
    if decision.supersedes and decision.supersedes.state != State.IN_FORCE:
        raise Refused(_("Only a decision in force can be replaced."))
    checked(decision)
    if decision.method == Decision.Method.VOTE:
        _check_vote(decision, tally)


def _check_vote(decision: Decision, tally: Tally) -> None:
    """No more votes than seats present, and the majority the body's rules ask for."""
    votes_for, against = decision.votes_for, decision.votes_against
    if votes_for + against + decision.abstentions > tally.counted:
        raise Refused(_("There are more votes than seats present (%(n)d).") % {"n": tally.counted})
    reached = {
        Body.Majority.SIMPLE: votes_for > against,
        Body.Majority.ABSOLUTE: 2 * votes_for > tally.counted,
        Body.Majority.TWO_THIRDS: votes_for > 0 and 3 * votes_for >= 2 * (votes_for + against),
    }
    if not reached[decision.meeting.body.majority]:
        raise Refused(_("These votes are not the majority the rules of the body ask for, so nothing was decided."))


def _open_meeting(item: AgendaItem) -> Meeting:
    """The item's meeting, held, while decisions may be written: it has begun and its minutes have not gone round."""
    meeting = attendance.lock_list(item.meeting)
    if meeting.starts_at > timezone.now():
        raise Refused(_("This meeting has not begun yet."))
    return meeting


def _quorum(meeting: Meeting) -> Tally:
    """As it is now, during the meeting; afterwards, and before anybody is noted as present, at its best."""
    if not meeting.attendance.there().exists():
        raise Refused(_("Nobody is noted as present. Fill in the attendance list first."))
    if meeting.state == Meeting.State.CONVENED and timezone.now() < meeting.ends_at:
        return attendance.count_at(meeting, timezone.now())
    return attendance.best_count(meeting)


@transaction.atomic
def annul(decision: Decision, *, by: User | None, reason: str) -> None:
    """It was written by mistake; its number stays taken. Raises `Refused` once the minutes have gone round."""
    _open_meeting(decision.item)
    _move(decision, State.ANNULLED, Verb.ANNULLED, [State.RECORDED], by=by, reason=reason)
    if not decision.item.decisions.standing().exists():
        AgendaItem.objects.filter(pk=decision.item_id).update(state=AgendaItem.State.PLANNED)


@transaction.atomic
def confirm(decision: Decision, *, by: User | None, meeting: Meeting) -> None:
    """A later meeting, with a quorum, stands by what was decided without one. Raises `Refused`."""
    held = Decision.objects.select_for_update().get(pk=decision.pk)
    if not held.ad_referendum or held.confirmed_in_id or held.state != State.RECORDED:
        raise Refused(_("This decision needs no confirmation."))
    later = meeting.body_id == held.meeting.body_id and meeting.starts_at > held.meeting.starts_at
    if not later or not (meeting.quorum_snapshot or {}).get("reached"):
        raise Refused(_("Only a later meeting of the same body that had a quorum can confirm it."))
    held.confirmed_in = meeting
    held.save(update_fields=["confirmed_in"])
    audit.record(Verb.CONFIRMED, held, by=by, after=meeting.code)
    if held.meeting.state == Meeting.State.CLOSED:
        bring_into_force(held.meeting, by=by)


def bring_into_force(meeting: Meeting, *, by: User | None) -> None:
    """The minutes are approved: what was decided holds, and what it replaces no longer does. Ad referendum waits."""
    waiting = meeting.decisions.filter(state=State.RECORDED)
    for decision in waiting.select_for_update(of=("self",)).order_by("number"):
        if decision.ad_referendum and decision.confirmed_in_id is None:
            continue
        _move(decision, State.IN_FORCE, Verb.IN_FORCE, [State.RECORDED], by=by)
        if decision.supersedes_id:
            Decision.objects.filter(pk=decision.supersedes_id, state=State.IN_FORCE).update(state=State.SUPERSEDED)


def fulfil(decision: Decision, *, by: User | None, reason: str) -> None:
    _move(decision, State.FULFILLED, Verb.FULFILLED, [State.IN_FORCE], by=by, reason=reason)


def lapse(decision: Decision, *, by: User | None, reason: str) -> None:
    _move(decision, State.LAPSED, Verb.LAPSED, [State.IN_FORCE], by=by, reason=reason)


@transaction.atomic
def _move(decision: Decision, to: str, verb: Verb, sources: list[str], *, by: User | None, reason: str = "") -> None:
    """The conditional update is the lock: of two who decide at once, one does and the other is told."""
    before = decision.state
    if not Decision.objects.filter(pk=decision.pk, state__in=sources).update(state=to):
        raise Refused(_("This decision can't be changed any more."))
    audit.record(verb, decision, by=by, reason=reason, before=before, after=to)


# --- Action items ----------------------------------------------------------------------------------------------------


@transaction.atomic
def assign(action: ActionItem, *, by: User | None) -> ActionItem:
    """Give an organisation something to do, by a day. Raises `Refused`."""
    meeting = _open_meeting(action.item)
    action.meeting = meeting
    action.number = numbering.take(meeting.body, f"{meeting.code}/A")
    action.code = f"{meeting.code}/A{action.number}"
    checked(action)
    action.save(force_insert=True)
    audit.record(Verb.ASSIGNED, action, by=by)
    return action


@transaction.atomic
def correct_action(action: ActionItem, *, by: User | None) -> ActionItem:
    """Another day or other words, while it is open. Raises `Refused`."""
    if not ActionItem.objects.open().select_for_update().filter(pk=action.pk).exists():
        raise Refused(_("This is done or cancelled already."))
    checked(action)
    action.save(force_update=True)
    audit.record(Verb.ACTION_CORRECTED, action, by=by, after=action.due.isoformat())
    return action


@transaction.atomic
def start(action: ActionItem, *, by: User | None, via: str = "") -> None:
    """It is under way; `via` is who said so by a signed link. Raises `Refused`."""
    started = ActionItem.objects.filter(pk=action.pk, state=ActionItem.State.OPEN)
    if not started.update(state=ActionItem.State.IN_PROGRESS):
        raise Refused(_("This is done or cancelled already."))
    audit.record(Verb.ACTION_STARTED, action, by=by, reason=via, after=ActionItem.State.IN_PROGRESS)


@transaction.atomic
def complete(
    action: ActionItem,
    *,
    by: User | None,
    evidence: Resource | None = None,
    url: str = "",
    note: str = "",
    via: str = "",
) -> None:
    """
    Done, with what shows it: a document of the library, an address, or a note. `via` is who said so by a signed link.

    Raises `Refused`.
    """
    if not (evidence or url or note.strip()):
        raise Refused(_("Say what shows that it is done: a document, an address or a note."))
    shown = {"evidence": evidence, "evidence_url": url, "note": note.strip(), "done_on": timezone.localdate()}
    if not ActionItem.objects.open().filter(pk=action.pk).update(state=ActionItem.State.DONE, **shown):
        raise Refused(_("This is done or cancelled already."))
    audit.record(Verb.ACTION_DONE, action, by=by, reason=via, after=ActionItem.State.DONE)


@transaction.atomic
def drop(action: ActionItem, *, by: User | None, reason: str) -> None:
    """It will not be done; the reason stays with it. Raises `Refused`."""
    if not ActionItem.objects.open().filter(pk=action.pk).update(state=ActionItem.State.CANCELLED, note=reason):
        raise Refused(_("This is done or cancelled already."))
    audit.record(Verb.ACTION_CANCELLED, action, by=by, reason=reason, after=ActionItem.State.CANCELLED)
