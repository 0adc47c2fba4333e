from datetime import date
from typing import Self
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from network.models import Country, Organisation, User
from portal.core import audit, languages
from portal.core.languages import Worded
from resources.models import Resource
from resources.models.resource import Reader
from steering.models.activity import Activity
from steering.models.decision import Decision

ARCHIVES = ("web.archive.org", "archive.org", "archive.ph", "archive.today", "perma.cc", "webcitation.org")
"""Where copies of pages are kept for good."""


class PolicyOutcomeQuerySet(models.QuerySet["PolicyOutcome"]):
    def published(self) -> Self:
        return self.filter(state=PolicyOutcome.State.PUBLISHED)

    def visible_to(self, user: Reader) -> Self:
        """What is published; the committee, whoever reported it and whoever is to verify it see the rest as well."""
        if not user.is_authenticated:
            return self.published()
        if user.is_committee_member:
            return self.all()
        own = user.own_organisation_ids
        asked = Evidence.objects.filter(asked__in=own, outcome__state__in=PolicyOutcome.OPEN).values("outcome")
        return self.filter(Q(state=PolicyOutcome.State.PUBLISHED) | Q(reported_by__in=own) | Q(pk__in=asked))

    def editable_by(self, user: User) -> Self:
        """What an organisation has reported and nobody has reviewed yet; the secretariat works in the admin."""
        return self.filter(state=PolicyOutcome.State.REPORTED, reported_by__in=user.organisation_ids)

    def of_the_desk_of(self, user: User) -> list["PolicyOutcome"]:
        """What this person's organisations have reported, the newest first."""
        own = user.own_organisation_ids
        found = self.filter(reported_by__in=own).select_related("country").order_by("-reported_at", "-pk")
        return list(found[:10]) if own else []

    def to_verify(self, user: User) -> list["PolicyOutcome"]:
        """Where this person's organisations were asked whether the evidence shows the change, and have not said."""
        asked = Evidence.objects.open().filter(asked__in=user.organisation_ids)
        return list(self.filter(pk__in=asked.values("outcome"), state__in=PolicyOutcome.OPEN)[:10])

    def waiting(self) -> Self:
        """Where the secretariat has the next step, the longest wait first."""
        states = [PolicyOutcome.State.REPORTED, PolicyOutcome.State.REVIEWED, PolicyOutcome.State.SUBSTANTIATED]
        return self.filter(state__in=states).order_by("reported_at", "pk")


class PolicyOutcome(models.Model):
    """
    A change in what somebody does or has laid down, and our part in it (outcome harvesting, Wilson-Grau and Britt).

    It is published only once somebody independent of the organisation that reported it has substantiated it.
    """

    class Kind(models.TextChoices):
        LAW = "law", _("Law or regulation")
        POLICY = "policy", _("Policy or plan")
        BUDGET = "budget", _("Budget")
        PROTOCOL = "protocol", _("Protocol or referral mechanism")
        PRACTICE = "practice", _("Practice")

    class Level(models.TextChoices):
        LOCAL = "local", _("Local")
        NATIONAL = "national", _("National")
        REGIONAL = "regional", _("Regional")
        INTERNATIONAL = "international", _("International")

    @audit.register_states
    class State(models.TextChoices):
        REPORTED = "reported", _("Reported")
        REVIEWED = "reviewed", _("Reviewed")
        SUBSTANTIATED = "substantiated", _("Substantiated")
        PUBLISHED = "published", _("Published")
        NOT_CONFIRMED = "not_confirmed", _("Not confirmed")

    OPEN = [State.REPORTED, State.REVIEWED]
    """States in which its words and its evidence may still change."""

    FRAMEWORKS = [Kind.LAW, Kind.POLICY, Kind.PROTOCOL]
    """Kinds that lay something down, so that they belong to the legal and policy frameworks of a country."""

    country = models.ForeignKey(
        Country, models.PROTECT, null=True, blank=True, related_name="policy_outcomes", verbose_name=_("country"),
        help_text=_("Empty for a change in the whole region."),
    )  # fmt: skip
    actor = models.CharField(
        _("who changed"), max_length=300, help_text=_("The institution that acts differently now.")
    )
    change = models.TextField(_("what changed"), max_length=3000)
    kind = models.CharField(_("kind of change"), max_length=12, choices=Kind)
    level = models.CharField(_("level"), max_length=14, choices=Level, default=Level.NATIONAL)
    happened_on = models.DateField(_("when"), help_text=_("For a law or policy the day it was passed."))
    instrument = models.CharField(
        _("law, policy or protocol"), max_length=300, blank=True, help_text=_("Its name and number.")
    )
    in_force_since = models.DateField(_("in force since"), null=True, blank=True)
    covers = models.TextField(_("whom it covers"), max_length=1000, blank=True)
    significance = models.TextField(_("why it matters"), max_length=2000, blank=True)
    contribution = models.TextField(_("our contribution"), max_length=3000)
    reported_by = models.ForeignKey(
        Organisation, models.PROTECT, related_name="policy_outcomes", verbose_name=_("reported by")
    )
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+",
        verbose_name=_("person who reported"),
    )  # fmt: skip
    activities = models.ManyToManyField(
        Activity, related_name="policy_outcomes", blank=True, verbose_name=_("activities behind it")
    )
    decisions = models.ManyToManyField(
        Decision, related_name="policy_outcomes", blank=True, verbose_name=_("decisions behind it")
    )
    documents = models.ManyToManyField(
        Resource, related_name="policy_outcomes", blank=True, verbose_name=_("documents that hold it"),
        help_text=_("The text of the law, policy or protocol itself."),
    )  # fmt: skip
    state = models.CharField(_("state"), max_length=14, choices=State, default=State.REPORTED, editable=False)
    reported_at = models.DateTimeField(_("reported"), default=timezone.now, editable=False)

    objects = PolicyOutcomeQuerySet.as_manager()

    class Meta:
        ordering = ["-happened_on", "-pk"]
        verbose_name = _("policy outcome")
        verbose_name_plural = _("policy outcomes")
        indexes = [
            models.Index(fields=["state", "country", "-happened_on"]),
            models.Index(fields=["state", "kind", "-happened_on"]),
        ]

    def __str__(self) -> str:
        return self.instrument or Truncator(self.change).chars(80)

    def get_absolute_url(self) -> str:
        return reverse("steering:outcome", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """May its words and its evidence still change?"""
        return self.state in self.OPEN

    @property
    def since(self) -> date:
        """In force since, or when it happened."""
        return self.in_force_since or self.happened_on

    @property
    def shown_name(self) -> Worded:
        """Of the law, policy or protocol; of another change what it is."""
        return self.shown_instrument or self.shown_change

    @property
    def shown_change(self) -> Worded:
        return languages.of_row(self, "change")

    @property
    def shown_actor(self) -> Worded:
        return languages.of_row(self, "actor")

    @property
    def shown_contribution(self) -> Worded:
        return languages.of_row(self, "contribution")

    @property
    def shown_significance(self) -> Worded:
        return languages.of_row(self, "significance")

    @property
    def shown_covers(self) -> Worded:
        return languages.of_row(self, "covers")

    @property
    def shown_instrument(self) -> Worded:
        return languages.of_row(self, "instrument")

    def clean(self) -> None:
        super().clean()
        if self.happened_on and self.happened_on > timezone.localdate():
            raise ValidationError({"happened_on": _("A change that has not happened yet can't be reported.")})


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def open(self) -> Self:
        """Nobody has said yet whether it shows the change."""
        return self.filter(verifier__isnull=True)

    def verifiable_by(self, user: User) -> Self:
        """Evidence on which this person's organisation was asked, and may still say."""
        return self.open().filter(asked__in=user.organisation_ids, outcome__state__in=PolicyOutcome.OPEN)


class Evidence(models.Model):
    """What shows a policy outcome: a document of the library or an archived address, and who stands behind it."""

    outcome = models.ForeignKey(
        PolicyOutcome, models.PROTECT, related_name="evidence", verbose_name=_("policy outcome")
    )
    document = models.ForeignKey(
        Resource, models.PROTECT, null=True, blank=True, related_name="evidence_of", verbose_name=_("document")
    )
    url = models.URLField(
        _("archived address"), max_length=500, blank=True,
        help_text=_("A copy in a web archive, so that it still opens in ten years."),
    )  # fmt: skip
    excerpt = models.TextField(_("the passage that says so"), max_length=2000, blank=True)
    asked = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, editable=False, related_name="evidence_to_verify",
        verbose_name=_("organisation asked to verify it"),
    )  # fmt: skip
    verifier = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="verified_evidence",
        verbose_name=_("organisation that verified it"),
    )  # fmt: skip
    verifier_name = models.CharField(_("person who verified it"), max_length=200, blank=True)
    verified_on = models.DateField(_("verified on"), null=True, blank=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["outcome", "pk"]
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        constraints = [
            models.CheckConstraint(
                condition=Q(document__isnull=False) | Q(url__gt=""),
                name="evidence_is_somewhere",
                violation_error_message=_("Name a document of the library or an archived address."),
            ),
            models.CheckConstraint(
                condition=Q(verifier__isnull=True, verified_on__isnull=True)
                | Q(verifier__isnull=False, verified_on__isnull=False),
                name="evidence_verified_by_somebody",
                violation_error_message=_("Who verified it and when belong together."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.document) if self.document_id else self.url

    @property
    def is_archived(self) -> bool:
        """Is its address a copy that a web archive keeps?"""
        try:
            host = (urlsplit(self.url).hostname or "").removeprefix("www.")
        except ValueError:
            return False
        return host in ARCHIVES


class Origin(models.Model):
    """A document of the library that came out of an activity or a decision."""

    resource = models.ForeignKey(Resource, models.PROTECT, related_name="produced_by", verbose_name=_("resource"))
    activity = models.ForeignKey(
        Activity, models.PROTECT, null=True, blank=True, related_name="outputs", verbose_name=_("activity")
    )
    decision = models.ForeignKey(
        Decision, models.PROTECT, null=True, blank=True, related_name="outputs", verbose_name=_("decision")
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = _("origin of a document")
        verbose_name_plural = _("origins of documents")
        constraints = [
            models.CheckConstraint(
                condition=Q(activity__isnull=False, decision__isnull=True)
                | Q(activity__isnull=True, decision__isnull=False),
                name="origin_is_one_thing",
                violation_error_message=_("Name one activity or one decision."),
            ),
            models.UniqueConstraint(fields=["resource", "activity"], name="origin_activity_once"),
            models.UniqueConstraint(fields=["resource", "decision"], name="origin_decision_once"),
        ]

    def __str__(self) -> str:
        return f"{self.activity or self.decision} → {self.resource}"
