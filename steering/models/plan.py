from datetime import date, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.core import audit, languages
from portal.core.languages import Worded
from resources.models.resource import Reader
from steering.models.body import Body
from steering.models.decision import Decision
from steering.models.meeting import AgendaItem

QUARTERS = range(1, 9)
"""Of a biennium, counted from its first January."""


class PlanQuerySet(models.QuerySet["Plan"]):
    def visible_to(self, user: Reader) -> Self:
        """Plans in force or once in force for everybody; the committee sees those in the making as well."""
        if user.is_authenticated and user.is_committee_member:
            return self.all()
        return self.filter(state__in=[Plan.State.IN_FORCE, Plan.State.CLOSED])

    def in_force(self) -> Self:
        return self.filter(state=Plan.State.IN_FORCE)


class Plan(models.Model):
    """What the Initiative has set out to do in two calendar years. What exactly, its version in force says."""

    @audit.register_states
    class State(models.TextChoices):
        DRAFT = "draft", _("In preparation")
        BEFORE_COMMITTEE = "before_committee", _("Before the committee")
        IN_FORCE = "in_force", _("In force")
        CLOSED = "closed", _("Closed")

    body = models.ForeignKey(Body, models.PROTECT, related_name="plans", verbose_name=_("body"))
    first_year = models.PositiveSmallIntegerField(_("first year"), help_text=_("The plan lasts for this and the next."))
    title = models.CharField(_("title"), max_length=200)
    introduction = models.TextField(_("introduction"), max_length=5000, blank=True)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.DRAFT, editable=False)
    closed_on = models.DateField(_("closed on"), null=True, editable=False)
    closing_words = models.TextField(
        _("words of the closing report"), max_length=10_000, blank=True, editable=False,
    )  # fmt: skip

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["-first_year"]
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        constraints = [
            models.UniqueConstraint(
                fields=["body", "first_year"],
                name="plan_once_in_a_biennium",
                violation_error_message=_("There is a plan for these two years already."),
            ),
            models.CheckConstraint(
                condition=Q(first_year__range=(2000, 2100)),
                name="plan_year_plausible",
                violation_error_message=_("The year must lie between 2000 and 2100."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.period})"

    def get_absolute_url(self) -> str:
        return reverse("steering:plan", kwargs={"first_year": self.first_year})

    @property
    def period(self) -> str:
        """`2026–2027`."""
        return f"{self.first_year}–{self.first_year + 1}"

    @property
    def shown_title(self) -> Worded:
        return languages.of_row(self, "title")

    @property
    def shown_introduction(self) -> Worded:
        return languages.of_row(self, "introduction")

    @property
    def shown_closing_words(self) -> Worded:
        return languages.of_row(self, "closing_words")

    @property
    def first_day(self) -> date:
        return date(self.first_year, 1, 1)

    @property
    def last_day(self) -> date:
        return date(self.first_year + 1, 12, 31)

    def quarter_of(self, number: int) -> tuple[int, int]:
        """The year and its quarter (1 to 4) of one of the plan's eight quarters."""
        return self.first_year + (number - 1) // 4, (number - 1) % 4 + 1

    def quarter_name(self, number: int) -> str:
        """`2026-T2`, in English `2026-Q2`."""
        year, quarter = self.quarter_of(number)
        return _("%(year)d-Q%(quarter)d") % {"year": year, "quarter": quarter}

    def quarter_days(self, number: int) -> tuple[date, date]:
        """First and last day of one of the plan's quarters."""
        year, quarter = self.quarter_of(number)
        following = date(year + 1, 1, 1) if quarter == 4 else date(year, 3 * quarter + 1, 1)
        return date(year, 3 * quarter - 2, 1), following - timedelta(days=1)


class PlanVersionQuerySet(models.QuerySet["PlanVersion"]):
    def in_force(self) -> Self:
        """What plans say now, also those that are closed."""
        return self.filter(state=PlanVersion.State.IN_FORCE)

    def in_the_making(self) -> Self:
        return self.filter(state__in=[PlanVersion.State.DRAFT, PlanVersion.State.BEFORE_COMMITTEE])

    def visible_to(self, user: Reader) -> Self:
        """Versions in force or once in force; the committee sees those in the making as well."""
        if user.is_authenticated and user.is_committee_member:
            return self.all()
        return self.filter(state__in=[PlanVersion.State.IN_FORCE, PlanVersion.State.SUPERSEDED])


class PlanVersion(models.Model):
    """
    One wording of a plan: its objectives, results, activities and indicators. In force only by a decision, and then
    never changed: an amendment is the next version, with a decision of its own.
    """

    @audit.register_states
    class State(models.TextChoices):
        DRAFT = "draft", _("In preparation")
        BEFORE_COMMITTEE = "before_committee", _("Before the committee")
        IN_FORCE = "in_force", _("In force")
        SUPERSEDED = "superseded", _("Superseded")

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="versions", verbose_name=_("plan"))
    number = models.PositiveSmallIntegerField(_("version"), default=1, editable=False)
    reason = models.TextField(_("why it was amended"), max_length=2000, blank=True)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.DRAFT, editable=False)
    item = models.ForeignKey(
        AgendaItem, models.PROTECT, null=True, blank=True, editable=False, related_name="plan_versions",
        verbose_name=_("agenda item"),
    )  # fmt: skip
    decision = models.ForeignKey(
        Decision, models.PROTECT, null=True, editable=False, related_name="plan_versions", verbose_name=_("decision")
    )
    in_force_since = models.DateField(_("in force since"), null=True, editable=False)

    objects = PlanVersionQuerySet.as_manager()

    class Meta:
        ordering = ["plan", "-number"]
        verbose_name = _("version of a plan")
        verbose_name_plural = _("versions of plans")
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="plan_version_once"),
            models.UniqueConstraint(
                fields=["decision"],
                name="plan_version_decision_once",
                violation_error_message=_("Another version of a plan rests on this decision."),
            ),
            models.UniqueConstraint(
                fields=["plan"], condition=Q(state="in_force"), name="plan_version_one_in_force"
            ),
            models.UniqueConstraint(
                fields=["plan"],
                condition=Q(state__in=["draft", "before_committee"]),
                name="plan_version_one_in_the_making",
                violation_error_message=_("Another version of this plan is in the making already."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "before_committee"])
                | Q(decision__isnull=False, in_force_since__isnull=False),
                name="plan_version_in_force_by_decision",
            ),
            models.CheckConstraint(
                condition=Q(number=1) | Q(reason__gt=""),
                name="plan_version_amended_for_a_reason",
                violation_error_message=_("Say why the plan is amended."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return _("%(plan)s, version %(number)d") % {"plan": self.plan, "number": self.number}

    def get_absolute_url(self) -> str:
        return reverse("steering:plan", kwargs=self.in_addresses)

    @property
    def in_addresses(self) -> dict[str, int]:
        """Those of the version in force do without its number, so that a link keeps leading to what holds."""
        year = {"first_year": self.plan.first_year}
        return year if self.state == self.State.IN_FORCE else year | {"number": self.number}

    @property
    def is_in_the_making(self) -> bool:
        return self.state in (self.State.DRAFT, self.State.BEFORE_COMMITTEE)


class Objective(models.Model):
    """One of the strategic objectives of a version of the plan."""

    version = models.ForeignKey(PlanVersion, models.CASCADE, related_name="objectives", verbose_name=_("version"))
    position = models.PositiveSmallIntegerField(_("number"))
    text = models.TextField(_("objective"), max_length=1000)
    short = models.CharField(_("in a few words"), max_length=80)

    class Meta:
        ordering = ["version", "position"]
        verbose_name = _("objective")
        verbose_name_plural = _("objectives")
        constraints = [
            models.UniqueConstraint(
                fields=["version", "position"],
                name="objective_number_once",
                violation_error_message=_("Another objective of this plan has that number."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}. {self.short}"

    @property
    def code(self) -> str:
        return str(self.position)

    @property
    def shown_text(self) -> Worded:
        return languages.of_row(self, "text")

    @property
    def shown_short(self) -> Worded:
        return languages.of_row(self, "short")


class ExpectedResult(models.Model):
    """What is to be different when the activities under it are done (IATI's result types)."""

    class Kind(models.TextChoices):
        OUTPUT = "output", _("Output")
        OUTCOME = "outcome", _("Outcome")
        IMPACT = "impact", _("Impact")

    objective = models.ForeignKey(Objective, models.CASCADE, related_name="results", verbose_name=_("objective"))
    position = models.PositiveSmallIntegerField(_("number"))
    text = models.TextField(_("expected result"), max_length=1000)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.OUTCOME)

    class Meta:
        ordering = ["objective__position", "position"]
        verbose_name = _("expected result")
        verbose_name_plural = _("expected results")
        constraints = [
            models.UniqueConstraint(
                fields=["objective", "position"],
                name="result_number_once",
                violation_error_message=_("Another result of this objective has that number."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.text[:80]}"

    @property
    def code(self) -> str:
        return f"{self.objective.position}.{self.position}"

    @property
    def shown_text(self) -> Worded:
        return languages.of_row(self, "text")
