"""What comes onto an agenda by itself, and what becomes of items that were not reached."""

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from network.models import User
from portal.core import audit
from portal.core.refused import Refused
from steering.models import ActionItem, AgendaItem, Meeting, Paper
from steering.record import Verb

Kind, State = AgendaItem.Kind, AgendaItem.State
FOLLOW_UP = gettext_lazy("Follow-up of open action items")
APPROVAL = gettext_lazy("Approval of the minutes of meeting %(code)s")


@transaction.atomic
def bring_in(meeting: Meeting) -> None:
    """
    Put onto an open agenda what belongs there: minutes that wait for approval and open action items at its beginning,
    deferred items at its end. What is there already stays; to repeat it is harmless.
    """
    open_actions = ActionItem.objects.open().of(meeting.body).count()
    if open_actions and not meeting.items.filter(kind=Kind.FOLLOW_UP).exists():
        _at_the_beginning(meeting, AgendaItem(kind=Kind.FOLLOW_UP, minutes=10, **in_both(FOLLOW_UP)))
    held = Meeting.objects.filter(body=meeting.body, state=Meeting.State.HELD, starts_at__lt=meeting.starts_at)
    for earlier in held.exclude(approval_items__meeting=meeting).order_by("-starts_at"):
        titles = in_both(APPROVAL, code=earlier.code)
        _at_the_beginning(meeting, AgendaItem(kind=Kind.APPROVE_MINUTES, about=earlier, minutes=5, **titles))
    for item in AgendaItem.objects.left_over(meeting.body).exclude(meeting=meeting).select_for_update(of=("self",)):
        _carry_over(item, meeting)


def in_both(message: object, **words: object) -> dict[str, str]:
    """A title in both languages."""
    titles = {}
    for language in ("es", "en"):
        with translation.override(language):
            titles[f"title_{language}"] = str(message) % words
    return titles


def _at_the_beginning(meeting: Meeting, item: AgendaItem) -> None:
    rows = list(meeting.items.all())
    for row in rows:
        AgendaItem.objects.filter(pk=row.pk).update(position=row.position + 1)
    item.meeting, item.position = meeting, 1
    item.visibility = meeting.items.model._meta.get_field("visibility").default
    item.save(force_insert=True)


def _carry_over(item: AgendaItem, to: Meeting) -> AgendaItem:
    """A copy on the later agenda; the original stays where it was."""
    copied = ["kind", "title_es", "title_en", "minutes", "presenter", "visibility", "about"]
    last = to.items.order_by("-position").values_list("position", flat=True).first() or 0
    copy = AgendaItem(**{name: getattr(item, name) for name in copied})
    copy.meeting, copy.position, copy.carried_from = to, last + 1, item
    copy.times_carried = item.times_carried + 1
    copy.save(force_insert=True)
    papers = item.paper_rows.values_list("resource", flat=True)
    Paper.objects.bulk_create(Paper(item=copy, resource_id=resource) for resource in papers)
    return copy


@transaction.atomic
def changed(meeting: Meeting, *, by: User | None) -> None:
    """To be called in the transaction in which items of an agenda were edited. Raises `Refused` when it is closed."""
    held = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if not held.is_open:
        raise Refused(_("The agenda of this meeting can't be changed any more."))
    for position, item in enumerate(meeting.items.order_by("position", "pk"), 1):
        if item.position != position:
            AgendaItem.objects.filter(pk=item.pk).update(position=position)
    audit.record(Verb.AGENDA_CHANGED, meeting, by=by)


@transaction.atomic
def defer(item: AgendaItem, *, by: User | None, reason: str) -> None:
    """Leave it to the next meeting, where it comes up by itself. Raises `Refused`."""
    Meeting.objects.select_for_update().get(pk=item.meeting_id)
    if not AgendaItem.objects.filter(pk=item.pk, state=State.PLANNED).update(state=State.DEFERRED):
        raise Refused(_("This item has been treated or deferred already."))
    audit.record(Verb.ITEM_DEFERRED, item, by=by, reason=reason, after=State.DEFERRED)


@transaction.atomic
def treat(item: AgendaItem, *, by: User | None) -> None:
    """It has been talked about. Raises `Refused` for one that was treated or deferred before."""
    Meeting.objects.select_for_update().get(pk=item.meeting_id)
    if not AgendaItem.objects.filter(pk=item.pk, state=State.PLANNED).update(state=State.TREATED):
        raise Refused(_("This item has been treated or deferred already."))
    audit.record(Verb.ITEM_TREATED, item, by=by, before=State.PLANNED, after=State.TREATED)


@transaction.atomic
def reopen(item: AgendaItem, *, by: User | None) -> None:
    """Back on the agenda: it was marked by mistake. Refused once it was decided on, or a later agenda took it up."""
    Meeting.objects.select_for_update().get(pk=item.meeting_id)
    before = AgendaItem.objects.get(pk=item.pk).state
    if item.decisions.standing().exists():
        raise Refused(_("There is a decision on this item, so it stays treated."))
    marked = AgendaItem.objects.filter(pk=item.pk, state__in=[State.TREATED, State.DEFERRED], carried_to__isnull=True)
    if not AgendaItem.objects.filter(pk__in=marked.values("pk")).update(state=State.PLANNED):
        raise Refused(_("This item is on the agenda, or a later meeting has taken it up."))
    audit.record(Verb.ITEM_REOPENED, item, by=by, before=before, after=State.PLANNED)
