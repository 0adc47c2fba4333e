from datetime import date
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network import duty_kinds
from network.models.organisation import Organisation
from network.models.person import Absence
from network.models.user import User


class Rota(models.Model):
    """Which organisation looks after a kind of recurring work, and which one stands in."""

    kind = models.CharField(_("kind of work"), max_length=40, unique=True, choices=duty_kinds.choices)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("organisation in charge")
    )
    backup = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("stands in")
    )
    days = models.PositiveSmallIntegerField(_("days to do it in"), default=7)

    class Meta:
        ordering = ["kind"]
        verbose_name = _("who looks after what")
        verbose_name_plural = _("who looks after what")
        constraints = [
            models.CheckConstraint(
                condition=Q(backup__isnull=True) | ~Q(backup=F("organisation")),
                name="rota_backup_is_another",
                violation_error_message=_("Somebody else has to stand in."),
            ),
            models.CheckConstraint(
                condition=Q(days__range=(1, 365)),
                name="rota_days_plausible",
                violation_error_message=_("Give between 1 and 365 days."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())


def _nobody_there() -> Q:
    away = Absence.objects.on().values("user")
    return Q(taken_by__isnull=True) | Q(taken_by__is_active=False) | Q(taken_by__in=away)


class DutyQuerySet(models.QuerySet["Duty"]):
    def open(self) -> Self:
        return self.filter(done_at__isnull=True)

    def to_take(self, user: User) -> Self:
        """What nobody has, and what somebody has who is away today or has left."""
        return self.filter(_nobody_there()).exclude(taken_by=user)

    def with_others(self, user: User) -> Self:
        """What somebody else has, who is there."""
        return self.filter(taken_by__isnull=False).exclude(_nobody_there()).exclude(taken_by=user)

    def done_between(self, first: date, last: date) -> Self:
        """What somebody did on these days, both counted; not what became superfluous."""
        return self.filter(done_by__isnull=False, done_at__date__range=(first, last))

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Coordinators see all, the secretariat what it may do itself, nobody else anything."""
        if not user.is_authenticated or not user.shares_the_desk:
            return self.none()
        if user.is_coordinator:
            return self.all()
        return self.filter(kind__in=[kind.code for kind in duty_kinds.KINDS.values() if not kind.for_coordinators])

    def for_rows(self) -> Self:
        """What a row prints, the most urgent first."""
        return self.select_related("organisation", "backup", "taken_by").order_by("due", "pk")


class Duty(models.Model):
    """
    One piece of recurring work on the shared desk. It comes and goes with the steps of the rooms.

    Closed without `done_by`, it had become superfluous, or the portal itself did it.
    """

    kind = models.CharField(_("kind of work"), max_length=40, choices=duty_kinds.choices)
    about_type = models.CharField(max_length=60)
    about_key = models.CharField(max_length=150)
    about_name = models.CharField(_("about"), max_length=200)
    organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, related_name="duties", verbose_name=_("organisation in charge")
    )
    backup = models.ForeignKey(Organisation, models.SET_NULL, null=True, related_name="+", verbose_name=_("stands in"))
    opened_at = models.DateTimeField(_("since"), default=timezone.now)
    due = models.DateField(_("due"))
    taken_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="duties_taken", verbose_name=_("taken by")
    )
    done_at = models.DateTimeField(_("done"), null=True)
    done_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="duties_done", verbose_name=_("done by"))
    done_for = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, related_name="+", verbose_name=_("on behalf of")
    )
    note = models.TextField(_("note"), blank=True)

    objects = DutyQuerySet.as_manager()

    class Meta:
        ordering = ["due", "pk"]
        verbose_name = _("duty")
        verbose_name_plural = _("duties")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "about_type", "about_key"], condition=Q(done_at__isnull=True), name="duty_open_once"
            ),
            models.CheckConstraint(
                condition=Q(done_by__isnull=True) | Q(done_at__isnull=False), name="duty_done_at_some_time"
            ),
        ]
        indexes = [models.Index(fields=["done_at"])]

    def __str__(self) -> str:
        return f"{self.label}: {self.about_name}"

    @property
    def what(self) -> duty_kinds.DutyKind:
        return duty_kinds.KINDS[self.kind]

    @property
    def label(self) -> str:
        return str(self.what.label)

    @property
    def address(self) -> str:
        """Where it is done."""
        return self.what.address(self.about_key)

    @property
    def is_overdue(self) -> bool:
        return self.done_at is None and self.due < timezone.localdate()
