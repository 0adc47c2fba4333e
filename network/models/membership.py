from datetime import date
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.models.organisation import Organisation


class MembershipQuerySet(models.QuerySet["Membership"]):
    def in_force(self, on: date | None = None) -> Self:
        """Memberships that hold on that day, today by default, suspended ones too; the last day counts."""
        day = on or timezone.localdate()
        current = self.exclude(state=Membership.State.ENDED)
        return current.filter(Q(since__lte=day), Q(until__isnull=True) | Q(until__gte=day))

    def active(self, on: date | None = None) -> Self:
        """Those that let an organisation contribute. At most one of each organisation."""
        return self.in_force(on).filter(state=Membership.State.ACTIVE)

    def overlapping(self, other: "Membership") -> Self:
        """Memberships of the same organisation that share a day with this one."""
        rows = self.filter(Q(until__isnull=True) | Q(until__gte=other.since), organisation=other.organisation_id)
        if other.until:
            rows = rows.filter(since__lte=other.until)
        return rows.exclude(pk=other.pk)


class Membership(models.Model):
    """
    That an organisation belongs to the network, as what, and from when to when.

    It rests on a decision of the committee or, for founding members, on an exception that says why there is none.
    Two of one organisation never overlap: a trigger (SQLite) or an exclusion (PostgreSQL) of the migration sees to it.
    """

    class Category(models.TextChoices):
        FULL = "full", _("Full member")
        OBSERVER = "observer", _("Observer")
        ALLIED = "allied", _("Allied social organisation")

    class State(models.TextChoices):
        ACTIVE = "active", _("Active")
        SUSPENDED = "suspended", _("Suspended")
        ENDED = "ended", _("Ended")

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="memberships", verbose_name=_("organisation")
    )
    category = models.CharField(_("category"), max_length=10, choices=Category, default=Category.FULL)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ACTIVE, editable=False)
    since = models.DateField(_("since"), default=timezone.localdate)
    until = models.DateField(_("until"), null=True, blank=True, help_text=_("Last day; empty while it is open."))
    decision = models.CharField(
        _("decision"), max_length=60, blank=True, help_text=_("Number of the committee's decision that admitted it.")
    )
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    exception = models.TextField(
        _("why there is no decision"), blank=True, help_text=_("For founding members: what their membership rests on.")
    )
    state_reason = models.TextField(_("why it was suspended or ended"), blank=True, editable=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["organisation", "-since"]
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="membership_ends_after_it_begins",
                violation_error_message=_("A membership can't end before it begins."),
            ),
            models.CheckConstraint(
                condition=~Q(state="ended") | Q(until__isnull=False),
                name="membership_ended_has_last_day",
            ),
            models.CheckConstraint(
                condition=(~Q(decision="") & Q(decided_on__isnull=False)) | ~Q(exception=""),
                name="membership_rests_on_something",
                violation_error_message=_(
                    "Give the number and date of the decision that admitted it; for a founding member, say why "
                    "there is none."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.get_category_display()}"

    def clean(self) -> None:
        super().clean()
        if self.organisation_id and self.since and Membership.objects.overlapping(self).exists():
            raise ValidationError(_("This organisation has another membership at that time."))

    @property
    def is_over(self) -> bool:
        return self.state == self.State.ENDED or (self.until is not None and self.until < timezone.localdate())
