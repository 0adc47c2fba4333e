"""What the shared desk and applications give to the first page of the admin."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from network.models import Application, Duty, User
from portal.core.mesa import SHOWN, List, Row, lends


@lends(List.WAITING)
def my_work(user: User) -> list[Row] | None:
    """What I have taken, then what anybody with my role may take."""
    if not user.shares_the_desk:
        return None
    there = Duty.objects.visible_to(user).open().filter(due__gte=timezone.localdate())
    mine = there.filter(taken_by=user).for_rows()[:SHOWN]
    return [_row(duty) for duty in [*mine, *there.to_take(user).for_rows()[:SHOWN]]]


@lends(List.OVERDUE)
def late_work(user: User) -> list[Row] | None:
    if not user.shares_the_desk:
        return None
    late = Duty.objects.visible_to(user).open().filter(due__lt=timezone.localdate())
    return [_row(duty) for duty in late.for_rows()[:SHOWN]]


def _row(duty: Duty) -> Row:
    hands = duty.taken_by.name if duty.taken_by else _("Nobody has it yet")
    return Row(f"{duty.label}: {duty.about_name}", duty.address, hands, duty.due)


@lends(List.APPLICATIONS)
def applications(user: User) -> list[Row] | None:
    """Those that are with the coordination or before the committee."""
    if not user.is_coordinator:
        return None
    waiting = Application.objects.handed_in().open().order_by("submitted_at")[:SHOWN]
    return [
        Row(
            str(application),
            reverse("admin:network_application_change", args=[application.pk]),
            application.get_state_display(),
            timezone.localdate(application.submitted_at),
        )
        for application in waiting
    ]
