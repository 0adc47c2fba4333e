from typing import Self

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from network.models import Country, Organisation
from portal.core import audit, currencies, languages
from portal.core.currencies import AMOUNT, validate_currency
from portal.core.languages import Worded
from resources.models.marker import Marker
from resources.models.resource import Audience, Reader, audiences_of
from steering.models.decision import Decision
from steering.models.plan import ExpectedResult, Plan, PlanVersion


class ActivityQuerySet(models.QuerySet["Activity"]):
    def unfinished(self) -> Self:
        return self.filter(state__in=[Activity.State.PLANNED, Activity.State.ONGOING, Activity.State.DELAYED])


class Activity(models.Model):
    """
    One thing a plan has set out to do, the same through all versions of the plan: its code, and what became of it.

    What is planned, by whom and when stands in `ActivityTerms`, once for each version.
    """

    @audit.register_states
    class State(models.TextChoices):
        PLANNED = "planned", _("Yet to start")
        ONGOING = "ongoing", _("Ongoing")
        DELAYED = "delayed", _("Delayed")
        COMPLETED = "completed", _("Completed")
        CANCELLED = "cancelled", _("Cancelled")
        CARRIED_OVER = "carried_over", pgettext_lazy("activity", "Carried over")

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="activities", verbose_name=_("plan"))
    code = models.CharField(_("code"), max_length=12)
    state = models.CharField(_("state"), max_length=14, choices=State, default=State.PLANNED, editable=False)
    state_reason = models.TextField(_("why"), max_length=2000, blank=True, editable=False)
    carried_from = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="carried_to",
        verbose_name=_("carried over from"),
    )
    times_carried = models.PositiveSmallIntegerField(_("times carried over"), default=0, editable=False)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        ordering = ["plan", "pk"]
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        indexes = [models.Index(fields=["plan", "state"])]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "code"],
                name="activity_code_once",
                violation_error_message=_("Another activity of this plan has that code."),
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | Q(state_reason__gt=""), name="activity_cancelled_for_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(carried_from__isnull=True, times_carried=0)
                | Q(carried_from__isnull=False, times_carried__gt=0),
                name="activity_carried_is_counted",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        """There for whoever may read its line in the version in force."""
        return reverse("steering:activity", kwargs={"first_year": self.plan.first_year, "code": self.code})

    @property
    def is_unfinished(self) -> bool:
        return self.state in (self.State.PLANNED, self.State.ONGOING, self.State.DELAYED)


class ActivityTermsQuerySet(models.QuerySet["ActivityTerms"]):
    def visible_to(self, user: Reader) -> Self:
        """Lines of versions this reader may see, for the readers each line is meant for."""
        versions = PlanVersion.objects.visible_to(user)
        audiences = audiences_of(user)
        # What an amendment has taken from these readers, earlier versions don't tell them either.
        taken = ActivityTerms.objects.in_force().exclude(audience__in=audiences)
        return self.filter(version__in=versions, audience__in=audiences).exclude(activity__in=taken.values("activity"))

    def in_force(self) -> Self:
        return self.filter(version__state=PlanVersion.State.IN_FORCE)

    def in_order(self) -> Self:
        return self.order_by("result__objective__position", "result__position", "position", "pk")


class ActivityTerms(models.Model):
    """What one version of a plan says about an activity: what, by whom, where, when, with what money."""

    version = models.ForeignKey(PlanVersion, models.CASCADE, related_name="terms", verbose_name=_("version"))
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="terms", verbose_name=_("activity"))
    result = models.ForeignKey(ExpectedResult, models.PROTECT, related_name="terms", verbose_name=_("expected result"))
    position = models.PositiveSmallIntegerField(_("number"))
    text = models.TextField(_("activity"), max_length=1000)
    lead = models.ForeignKey(
        Organisation, models.PROTECT, related_name="led_terms", verbose_name=_("lead organisation")
    )
    partners = models.ManyToManyField(Organisation, related_name="partner_terms", blank=True, verbose_name=_("with"))
    countries = models.ManyToManyField(
        Country, related_name="activity_terms", blank=True, verbose_name=_("countries"),
        help_text=_("None: the whole region."),
    )  # fmt: skip
    first_quarter = models.PositiveSmallIntegerField(_("from quarter"))
    last_quarter = models.PositiveSmallIntegerField(_("to quarter"))
    deliverable = models.TextField(_("deliverable"), max_length=1000, blank=True)
    budget = models.DecimalField(_("budget"), **AMOUNT, null=True, blank=True, validators=[MinValueValidator(0)])
    currency = models.CharField(
        _("currency"), max_length=3, blank=True, default="USD", validators=[validate_currency],
        help_text=_("Three letters, such as USD."),
    )  # fmt: skip
    origin = models.ForeignKey(
        Decision, models.PROTECT, null=True, blank=True, related_name="activity_terms",
        verbose_name=_("decision it comes from"),
    )  # fmt: skip
    audience = models.CharField(_("who may read it"), max_length=12, choices=Audience, default=Audience.PUBLIC)

    objects = ActivityTermsQuerySet.as_manager()

    class Meta:
        ordering = ["version", "pk"]
        verbose_name = _("activity of a version")
        verbose_name_plural = _("activities of versions")
        constraints = [
            models.UniqueConstraint(fields=["version", "activity"], name="terms_once_a_version"),
            models.UniqueConstraint(
                fields=["result", "position"],
                name="terms_number_once",
                violation_error_message=_("Another activity under this result has that number."),
            ),
            models.CheckConstraint(
                condition=Q(first_quarter__range=(1, 8), last_quarter__range=(1, 8)),
                name="terms_within_the_biennium",
                violation_error_message=_("The quarter lies outside the two years of the plan."),
            ),
            models.CheckConstraint(
                condition=Q(last_quarter__gte=F("first_quarter")),
                name="terms_end_after_they_begin",
                violation_error_message=_("The last quarter can't lie before the first."),
            ),
            models.CheckConstraint(
                condition=Q(budget__isnull=True) | Q(budget__gte=0, currency__gt=""),
                name="terms_budget_has_a_currency",
                violation_error_message=_("Say in which currency the budget is."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.activity.code} {self.text[:80]}"

    @property
    def shown_text(self) -> Worded:
        return languages.of_row(self, "text")

    @property
    def shown_deliverable(self) -> Worded:
        return languages.of_row(self, "deliverable")

    @property
    def shown_budget(self) -> str:
        """With its currency; empty where none is set."""
        return "" if self.budget is None else currencies.shown(self.budget, self.currency)

    def clean(self) -> None:
        super().clean()
        if self.lead_id and self.version_id and self.version.is_in_the_making and self.lead.has_left:
            sentence = _("%(name)s has left the network: name another organisation to lead this activity.")
            raise ValidationError({"lead": ValidationError(sentence, params={"name": self.lead.short_name})})
        if self.result_id and self.version_id and self.result.objective.version_id != self.version_id:
            raise ValidationError({"result": _("That result belongs to another version of the plan.")})


class ActivityMarker(Marker):
    """The marker of an activity, in one version of the plan."""

    terms = models.ForeignKey(ActivityTerms, models.CASCADE, related_name="markers", verbose_name=_("activity"))

    class Meta(Marker.Meta):
        verbose_name = _("marker of an activity")
        verbose_name_plural = _("markers of activities")
        constraints = [
            *Marker.Meta.constraints,
            models.UniqueConstraint(fields=["terms", "kind"], name="activity_marker_once"),
        ]
