from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.models import Organisation
from portal.core import audit, languages
from portal.core.currencies import AMOUNT, validate_currency
from portal.core.languages import Worded
from resources.models.resource import Audience, Reader, audiences_of
from steering.models.activity import Activity, ActivityTerms
from steering.models.plan import Plan


class ContributionQuerySet(models.QuerySet["Contribution"]):
    def visible_to(self, user: Reader) -> Self:
        """
        Those whose giver lets this reader know of them, and those of their own organisation. How much,
        `shows_amount_to` says.

        None is for more readers than the plan and the activity it goes to.
        """
        if user.is_authenticated and user.is_committee_member:
            return self.all()
        seen = ActivityTerms.objects.visible_to(user).values("activity")
        shared = self.filter(Q(activity__isnull=True) | Q(activity__in=seen), audience__in=audiences_of(user))
        shared = Q(pk__in=shared.filter(plan__in=Plan.objects.visible_to(user)).values("pk"))
        own = user.own_organisation_ids if user.is_authenticated else []
        return self.filter(shared | Q(organisation__in=own))

    def standing(self) -> Self:
        """Those that count: taken up by the secretariat, and not withdrawn."""
        return self.filter(withdrawn_on__isnull=True, offered_at__isnull=True)

    def offered(self) -> Self:
        """What organisations offered on the site, for the secretariat to confirm; the longest wait first."""
        return self.filter(withdrawn_on__isnull=True, offered_at__isnull=False).order_by("offered_at", "pk")


class Contribution(models.Model):
    """What an organisation gives to a plan or to one of its activities: money, goods and places, or people's time."""

    class Kind(models.TextChoices):
        CASH = "cash", _("Money")
        IN_KIND = "in_kind", _("In kind")
        STAFF_TIME = "staff_time", _("Staff time")

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="contributions", verbose_name=_("given by")
    )
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="contributions", verbose_name=_("plan"))
    activity = models.ForeignKey(
        Activity, models.PROTECT, null=True, blank=True, related_name="contributions", verbose_name=_("activity"),
        help_text=_("Empty: for the plan as a whole."),
    )  # fmt: skip
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.CASH)
    what = models.CharField(_("what is given"), max_length=300, blank=True)
    currency = models.CharField(
        _("currency"), max_length=3, blank=True, validators=[validate_currency],
        help_text=_("Three letters, such as USD. Empty for a contribution in kind or in time without a value."),
    )  # fmt: skip
    agreement = models.CharField(_("agreement"), max_length=200, blank=True, help_text=_("Its number or name."))
    restrictions = models.TextField(
        _("restrictions"), max_length=1000, blank=True, help_text=_("What it may be used for, in the giver's words.")
    )
    audience = models.CharField(_("who may know of it"), max_length=12, choices=Audience, default=Audience.COMMITTEE)
    amount_audience = models.CharField(
        _("who may know how much"), max_length=12, choices=Audience, default=Audience.COMMITTEE
    )
    offered_at = models.DateTimeField(_("offered, not confirmed yet"), null=True, editable=False)
    """Set on the site by the organisation itself; empty once the secretariat has confirmed it."""
    offered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+",
        verbose_name=_("offered by"),
    )  # fmt: skip
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, editable=False)

    objects = ContributionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("contribution")
        verbose_name_plural = _("contributions")
        indexes = [models.Index(fields=["plan", "audience"])]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="cash") | Q(currency__gt=""),
                name="contribution_money_has_a_currency",
                violation_error_message=_("Say in which currency it is."),
            ),
            models.CheckConstraint(
                # As wide as the contribution itself at most: nobody learns how much without knowing of what.
                condition=Q(amount_audience="committee")
                | Q(amount_audience="members", audience__in=["members", "public"])
                | Q(amount_audience="public", audience="public"),
                name="contribution_amount_no_wider",
                violation_error_message=_("The amount can't be for more readers than the contribution itself."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation.short_name} · {self.activity or self.plan}"

    @property
    def shown_what(self) -> Worded:
        return languages.of_row(self, "what")

    @property
    def is_open(self) -> bool:
        """May it still be changed? Not once it was withdrawn, nor when its plan is closed."""
        return self.withdrawn_on is None and self.plan.state != Plan.State.CLOSED

    def shows_amount_to(self, user: Reader) -> bool:
        """May this reader know how much, its restrictions and its agreement? The giver always does."""
        if self.amount_audience in audiences_of(user):
            return True
        return user.is_authenticated and self.organisation_id in user.own_organisation_ids

    def clean(self) -> None:
        super().clean()
        if self.activity_id and self.plan_id and self.activity.plan_id != self.plan_id:
            raise ValidationError({"activity": _("That activity belongs to another plan.")})


class Movement(models.Model):
    """
    One step of a contribution: so much was pledged, committed, received or spent (IATI's transaction types).

    An amount is in the contribution's currency; staff time is in days as well or instead.
    """

    @audit.register_states
    class Stage(models.TextChoices):
        PLEDGE = "pledge", _("Pledged")
        COMMITMENT = "commitment", _("Committed")
        RECEIVED = "received", _("Received")
        SPENT = "spent", _("Spent")

    contribution = models.ForeignKey(
        Contribution, models.PROTECT, related_name="movements", verbose_name=_("contribution")
    )
    stage = models.CharField(_("stage"), max_length=12, choices=Stage)
    amount = models.DecimalField(_("amount"), **AMOUNT, null=True, blank=True, validators=[MinValueValidator(0)])
    days = models.DecimalField(
        _("days"), max_digits=7, decimal_places=1, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    on = models.DateField(_("date"), default=timezone.localdate)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        ordering = ["contribution", "on", "pk"]
        verbose_name = _("step of a contribution")
        verbose_name_plural = _("steps of contributions")
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__isnull=False) | Q(days__isnull=False) | Q(note__gt=""),
                name="movement_says_how_much",
                violation_error_message=_("Give an amount, a number of days, or say in the note what it is."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_stage_display()} · {self.on}"
