"""From a meeting to its approved minutes: written, sent round, observed, approved; after that only revised."""

from datetime import timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from network import duties
from network.models import User
from portal.core import audit
from portal.core.refused import Refused
from steering import decisions, findable, rounds
from steering.minutes_content import compile_content, digest
from steering.models import AgendaItem, Line, Meeting, Minutes, Note, Observation, Section
from steering.record import MINUTES_DUTY, Verb
from steering.seats import checked
from steering.tasks import keep_minutes

State = Minutes.State


# --- Writing ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def draft(meeting: Meeting, *, by: User | None) -> Minutes:
    """Begin the minutes of a meeting that was held: for each item a text, first what was noted in the room."""
    held = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if held.state != Meeting.State.HELD or held.minutes.exists():
        raise Refused(_("Minutes are begun once, after the meeting has been held."))
    minutes = Minutes.objects.create(meeting=held)
    noted = {(note.item_id, note.language): note.text for note in Note.objects.filter(item__meeting=held)}
    Section.objects.bulk_create(
        Section(
            minutes=minutes,
            item=item,
            position=item.position,
            text_es=noted.get((item.pk, "es"), ""),
            text_en=noted.get((item.pk, "en"), ""),
        )
        for item in held.items.all()
    )
    audit.record(Verb.MINUTES_DRAFTED, minutes, by=by)
    return minutes


@transaction.atomic
def revise(minutes: Minutes, *, by: User | None, reason: str) -> Minutes:
    """A new revision of approved minutes, to be sent round and approved like the first. May refuse."""
    meeting = Meeting.objects.select_for_update().get(pk=minutes.meeting_id)
    last = meeting.minutes.order_by("-revision").first()
    if last.pk != minutes.pk or last.state != State.APPROVED:
        raise Refused(_("Only the last approved revision can be corrected."))
    revision = Minutes.objects.create(
        meeting=meeting, revision=last.revision + 1, reason=reason, visibility=last.visibility
    )
    Section.objects.bulk_create(
        Section(minutes=revision, item=old.item, position=old.position, text_es=old.text_es, text_en=old.text_en)
        for old in last.sections.select_related("item")
    )
    audit.record(Verb.MINUTES_REVISED, revision, by=by, reason=reason)
    return revision


@transaction.atomic
def written(minutes: Minutes, *, by: User | None) -> None:
    """To be called in the transaction in which their texts were edited. Raises `Refused` once they go round."""
    if Minutes.objects.select_for_update().get(pk=minutes.pk).state != State.DRAFT:
        raise Refused(_("These minutes are going round: take them back to change them."))
    audit.record(Verb.MINUTES_WRITTEN, minutes, by=by)


# --- Going round -----------------------------------------------------------------------------------------------------


@transaction.atomic
def circulate(minutes: Minutes, *, by: User | None) -> None:
    """
    Send them round. From now on neither the list of those present nor a decision changes.

    Refused while an item for decision has neither been decided nor left to the next meeting.
    """
    meeting = Meeting.objects.select_for_update(of=("self",)).select_related("body").get(pk=minutes.meeting_id)
    held = Minutes.objects.select_for_update().get(pk=minutes.pk)
    if held.state != State.DRAFT:
        raise Refused(_("These minutes are going round or approved already."))
    if undecided := undecided_items(meeting):
        names = "; ".join(str(item) for item in undecided)
        raise Refused(_("Not decided and not left to the next meeting: %(items)s.") % {"items": names})
    meeting.items.filter(state=AgendaItem.State.PLANNED).update(state=AgendaItem.State.TREATED)
    meeting.list_closed_at = meeting.list_closed_at or timezone.now()
    meeting.save(update_fields=["list_closed_at"])
    held.meeting = meeting
    held.content = compile_content(held)
    held.sha256 = digest(held.content)
    held.state, held.circulated_at = State.CIRCULATED, timezone.now()
    held.objections_until = timezone.localdate() + timedelta(days=meeting.body.objection_days)
    held.save()
    duties.close_for(MINUTES_DUTY, [meeting], by=by)
    audit.record(Verb.MINUTES_CIRCULATED, held, by=by, before=State.DRAFT, after=State.CIRCULATED)
    rounds.send_round(held)


def undecided_items(meeting: Meeting) -> list[AgendaItem]:
    """Items for decision that have neither a decision that stands nor been left to the next meeting."""
    wanting = meeting.items.filter(kind__in=AgendaItem.NEEDS_DECISION).exclude(state=AgendaItem.State.DEFERRED)
    return [item for item in wanting if not item.decisions.standing().exists()]


@transaction.atomic
def take_back(minutes: Minutes, *, by: User | None, reason: str) -> None:
    """Back to writing, for instance after an observation was accepted. The days for observations begin anew."""
    going = Minutes.objects.filter(pk=minutes.pk, state=State.CIRCULATED)
    back = {"state": State.DRAFT, "content": None, "sha256": "", "circulated_at": None, "objections_until": None}
    if not going.update(**back):
        raise Refused(_("Only minutes that are going round can be taken back."))
    if minutes.revision == 1:
        Meeting.objects.filter(pk=minutes.meeting_id).update(list_closed_at=None)
    audit.record(Verb.MINUTES_TAKEN_BACK, minutes, by=by, reason=reason, before=State.CIRCULATED, after=State.DRAFT)


# --- Observations ----------------------------------------------------------------------------------------------------


@transaction.atomic
def observe(observation: Observation, *, by: User | None, via: str = "") -> Observation:
    """
    Note what an organisation objects to; `via` is who said so by a signed link.

    Raises `Refused` unless the minutes are going round.
    """
    minutes = Minutes.objects.select_for_update().get(pk=observation.minutes_id)
    if minutes.state != State.CIRCULATED:
        raise Refused(_("Observations are made while minutes go round."))
    if observation.item and observation.item.meeting_id != minutes.meeting_id:
        raise Refused(_("This item belongs to another meeting."))
    checked(observation)
    observation.save(force_insert=True)
    audit.record(Verb.OBSERVED, observation, by=by, reason=via)
    return observation


@transaction.atomic
def answer(observation: Observation, *, by: User | None, state: str, response: str) -> None:
    """Accept an observation or not, and say why. Raises `Refused` for one that has its answer."""
    waiting = Observation.objects.open().filter(pk=observation.pk)
    if not waiting.update(state=state, response=response):
        raise Refused(_("This observation has been answered already."))
    audit.record(Verb.OBSERVATION_ANSWERED, observation, by=by, reason=response, after=state)


# --- Approving -------------------------------------------------------------------------------------------------------


@transaction.atomic
def approve_in(minutes: Minutes, *, by: User | None, meeting: Meeting, reason: str) -> None:
    """A later meeting of the same body approves them; never the one they record. Raises `Refused`."""
    recorded = minutes.meeting
    later = meeting.body_id == recorded.body_id and meeting.starts_at > recorded.starts_at
    if not later or meeting.starts_at > timezone.now() or not meeting.attendance.there().exists():
        raise Refused(_("Only a later meeting of the same body that has begun can approve them."))
    _approve(minutes, by=by, reason=reason, how=Minutes.Approval.MEETING, approved_in=meeting)


@transaction.atomic
def approve_unopposed(minutes: Minutes, *, by: User | None, reason: str) -> None:
    """
    The days for observations are over and none is open: they stand approved.

    Raises `Refused` earlier, with an open observation, or where the body's rules know no such approval.
    """
    held = Minutes.objects.select_for_update(of=("self",)).select_related("meeting__body").get(pk=minutes.pk)
    if not held.meeting.body.objection_days:
        raise Refused(_("The rules of this body let only a later meeting approve minutes."))
    if not held.objections_closed():
        raise Refused(_("The days for observations are not over yet."))
    if held.observations.open().exists():
        raise Refused(_("There are observations without an answer."))
    _approve(held, by=by, reason=reason, how=Minutes.Approval.NO_OBJECTION)


def _approve(minutes: Minutes, *, by: User | None, reason: str, how: str, approved_in: Meeting | None = None) -> None:
    """The conditional update is the lock: of two who approve at once, one does and the other is told."""
    meeting = Meeting.objects.select_for_update().get(pk=minutes.meeting_id)
    approval = {"approved_at": timezone.now(), "approved_how": how, "approved_in": approved_in}
    going = Minutes.objects.filter(pk=minutes.pk, state=State.CIRCULATED)
    if not going.update(state=State.APPROVED, **approval):
        raise Refused(_("Only minutes that are going round can be approved."))
    Meeting.objects.filter(pk=meeting.pk, state=Meeting.State.HELD).update(state=Meeting.State.CLOSED)
    decisions.bring_into_force(meeting, by=by)
    _make_findable(minutes)
    transaction.on_commit(partial(keep_minutes.enqueue, minutes.pk))
    states = {"before": State.CIRCULATED, "after": State.APPROVED}
    audit.record(Verb.MINUTES_APPROVED, minutes, by=by, reason=reason, **states)


def _make_findable(minutes: Minutes) -> None:
    """Its items by their words; decisions have their own."""
    items = Minutes.objects.values_list("content", flat=True).get(pk=minutes.pk)["items"]
    Line.objects.bulk_create(
        Line(
            minutes=minutes,
            position=item["position"],
            title_es=item["title"]["es"],
            title_en=item["title"]["en"],
            visibility=item["visibility"],
            words=findable.spelled(*item["title"].values(), *item["text"].values(), item["presenter"]),
        )
        for item in items
    )
