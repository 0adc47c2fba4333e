"""What the committee gives to the first page of the admin."""

from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from network.models import User
from portal.core.mesa import SHOWN, List, Row, lends
from portal.core.steps import admin_address
from steering import quorum_words
from steering.models import (
    ActionItem,
    Contribution,
    Decision,
    Designation,
    Meeting,
    Minutes,
    Observation,
    Plan,
    PolicyOutcome,
)


@lends(List.WAITING)
def committee_work(user: User) -> list[Row] | None:
    """What stands still until the secretariat takes a step."""
    if not user.has_perm("steering.change_meeting"):
        return None
    return [
        *_to_accredit(),
        *_to_answer(),
        *_to_approve(),
        *_to_confirm(),
        *_to_close(),
        *_to_thank(),
        *_to_close_out(),
        *_outcomes(),
    ]


def _to_accredit() -> list[Row]:
    waiting = Designation.objects.filter(accredited_on__isnull=True).select_related("person", "term__seat")
    note = _("Named for a seat, not accredited yet")
    return [Row(f"{row.person} · {row.term.seat}", admin_address(row), note, row.since) for row in waiting[:SHOWN]]


def _to_answer() -> list[Row]:
    waiting = Observation.objects.open().select_related("organisation", "minutes__meeting__body")[:SHOWN]
    note = _("Observation without an answer")
    return [Row(str(row), admin_address(row), note, timezone.localdate(row.made_at)) for row in waiting]


def _to_approve() -> list[Row]:
    over = Minutes.objects.filter(state=Minutes.State.CIRCULATED, objections_until__lt=timezone.localdate())
    note = _("Minutes whose days for observations are over")
    rows = over.select_related("meeting__body").defer("content")[:SHOWN]
    return [Row(str(row), admin_address(row), note, row.objections_until) for row in rows]


def _to_confirm() -> list[Row]:
    waiting = Decision.objects.filter(state=Decision.State.RECORDED, ad_referendum=True, confirmed_in__isnull=True)
    note = _("Taken without a quorum, not confirmed yet")
    return [Row(row.code, admin_address(row), note, timezone.localdate(row.recorded_at)) for row in waiting[:SHOWN]]


def _to_close() -> list[Row]:
    """Meetings whose time has come and gone. Writing the minutes afterwards is work of the shared desk."""
    over = Meeting.objects.filter(state=Meeting.State.CONVENED, ends_at__lt=timezone.now())
    note = _("Over: say that it was held, or cancel it")
    rows = over.select_related("body").order_by("starts_at")[:SHOWN]
    return [Row(str(row), admin_address(row), note, row.local_start.date()) for row in rows]


def _to_thank() -> list[Row]:
    offered = Contribution.objects.offered().select_related("organisation", "activity", "plan")[:SHOWN]
    note = _("Contribution offered, not confirmed yet")
    return [Row(str(row), admin_address(row), note, timezone.localdate(row.offered_at)) for row in offered]


def _to_close_out() -> list[Row]:
    """Plans whose two years are over."""
    over = Plan.objects.in_force().filter(first_year__lt=timezone.localdate().year - 1)
    note = _("Its two years are over: close it out")
    return [Row(str(row), reverse("admin:steering_closing_walk", args=[row.pk]), note, row.last_day) for row in over]


def _outcomes() -> list[Row]:
    """Changes that organisations told of, until they are published or turn out not to be so."""
    rows = PolicyOutcome.objects.waiting().select_related("reported_by")[:SHOWN]
    notes = {
        PolicyOutcome.State.REPORTED: _("Policy outcome of %(name)s: to be read"),
        PolicyOutcome.State.REVIEWED: _("Policy outcome of %(name)s: to be substantiated"),
        PolicyOutcome.State.SUBSTANTIATED: _("Policy outcome of %(name)s: to be published"),
    }
    return [
        Row(
            row.shown_name.text[:100],
            admin_address(row),
            notes[row.state] % {"name": row.reported_by.short_name},
            timezone.localdate(row.reported_at),
        )
        for row in rows
    ]


@lends(List.OVERDUE)
def late_actions(user: User) -> list[Row] | None:
    if not user.has_perm("steering.view_actionitem"):
        return None
    late = ActionItem.objects.overdue().select_related("organisation").order_by("due")[:SHOWN]
    return [Row(f"{row.code}: {row.text}", admin_address(row), row.organisation.short_name, row.due) for row in late]


@lends(List.REPORTS)
def silent_organisations(user: User) -> list[Row] | None:
    """Organisations that owe a report on what they were to do, with how much and since when."""
    if not user.has_perm("steering.view_actionitem"):
        return None
    late = ActionItem.objects.overdue().order_by().values("organisation", "organisation__acronym", "organisation__name")
    owing = late.annotate(items=Count("pk"), since=Min("due")).order_by("since", "organisation")
    address = reverse("admin:steering_actionitem_changelist")
    return [
        Row(
            row["organisation__acronym"] or row["organisation__name"],
            f"{address}?organisation__id__exact={row['organisation']}",
            ngettext("%(n)d action item without a report", "%(n)d action items without a report", row["items"])
            % {"n": row["items"]},
            row["since"],
        )
        for row in owing[:SHOWN]
    ]


@lends(List.MEETING)
def next_meeting(user: User) -> list[Row] | None:
    """With its quorum as far as it is known."""
    if not user.has_perm("steering.view_meeting"):
        return None
    coming = Meeting.objects.upcoming().select_related("body")[:2]
    return [Row(_when(row), admin_address(row), quorum_words.line(row)) for row in coming]


def _when(meeting: Meeting) -> str:
    return f"{meeting} · {meeting.local_start:%Y-%m-%d %H:%M} ({meeting.timezone})"
