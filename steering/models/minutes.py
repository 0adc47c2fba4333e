from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.models import Organisation
from portal.core import audit, languages
from portal.core.languages import Worded
from resources.models.resource import Audience, Reader, audiences_of
from steering.models.meeting import AgendaItem, Meeting


class MinutesQuerySet(models.QuerySet["Minutes"]):
    def approved(self) -> Self:
        return self.filter(state=Minutes.State.APPROVED)

    def visible_to(self, user: Reader) -> Self:
        """Approved minutes for this reader; to the committee also those that are going round."""
        seen = Q(state=Minutes.State.APPROVED, visibility__in=audiences_of(user))
        if user.is_authenticated and user.is_committee_member:
            seen |= Q(state=Minutes.State.CIRCULATED)
        return self.filter(seen)

    def in_force(self) -> Self:
        """The last approved revision of each meeting's minutes."""
        later = Minutes.objects.approved().filter(
            meeting=models.OuterRef("meeting"), revision__gt=models.OuterRef("revision")
        )
        return self.approved().filter(~models.Exists(later))


class Minutes(models.Model):
    """
    The record of a meeting. What goes round is frozen in `content`; once approved the row can't be changed or deleted
    by any path, and a correction is a new revision that says why.
    """

    @audit.register_states
    class State(models.TextChoices):
        DRAFT = "draft", _("Being written")
        CIRCULATED = "circulated", _("Going round for observations")
        APPROVED = "approved", _("Approved")

    class Approval(models.TextChoices):
        MEETING = "meeting", _("By a later meeting")
        NO_OBJECTION = "no_objection", _("Without objection")

    meeting = models.ForeignKey(
        Meeting, models.PROTECT, editable=False, related_name="minutes", verbose_name=_("meeting")
    )
    revision = models.PositiveSmallIntegerField(_("revision"), default=1, editable=False)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.DRAFT, editable=False)
    visibility = models.CharField(_("who may read it"), max_length=12, choices=Audience, default=Audience.COMMITTEE)
    reason = models.TextField(_("why there is a new revision"), blank=True, editable=False)
    content = models.JSONField(_("content"), null=True, editable=False)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True, editable=False)
    circulated_at = models.DateTimeField(_("sent round"), null=True, editable=False)
    objections_until = models.DateField(_("observations until"), null=True, editable=False)
    approved_at = models.DateTimeField(_("approved"), null=True, editable=False)
    approved_how = models.CharField(_("approved how"), max_length=12, choices=Approval, blank=True, editable=False)
    approved_in = models.ForeignKey(
        Meeting,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="minutes_approved",
        verbose_name=_("approved in"),
    )

    objects = MinutesQuerySet.as_manager()

    class Meta:
        ordering = ["-meeting__starts_at", "-revision"]
        verbose_name = _("record of a meeting")
        verbose_name_plural = _("records of meetings")
        constraints = [
            models.UniqueConstraint(fields=["meeting", "revision"], name="minutes_revision_once"),
            models.UniqueConstraint(
                fields=["meeting"], condition=~Q(state="approved"), name="minutes_one_in_the_making"
            ),
            models.CheckConstraint(
                condition=~Q(state="approved")
                | Q(approved_at__isnull=False, content__isnull=False) & ~Q(approved_how="") & ~Q(sha256=""),
                name="minutes_approved_how",
            ),
            models.CheckConstraint(
                condition=~Q(approved_how="meeting")
                | Q(approved_in__isnull=False) & ~Q(approved_in=models.F("meeting")),
                name="minutes_approved_by_another_meeting",
            ),
            models.CheckConstraint(condition=Q(revision=1) | ~Q(reason=""), name="minutes_revised_for_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.meeting.code} · {self.revision}" if self.revision > 1 else self.meeting.code

    def get_absolute_url(self) -> str:
        return reverse("steering:minutes", args=[self.meeting.code, self.revision])

    def objections_closed(self, on: date | None = None) -> bool:
        return self.objections_until is not None and self.objections_until < (on or timezone.localdate())


class Section(models.Model):
    """What the minutes say about one item of the agenda, while they are being written."""

    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="sections", verbose_name=_("record of a meeting"))
    item = models.ForeignKey(
        AgendaItem, models.PROTECT, editable=False, related_name="+", verbose_name=_("agenda item")
    )
    position = models.PositiveSmallIntegerField(_("position"), editable=False)
    text = models.TextField(_("what was said"), blank=True, max_length=20_000)

    class Meta:
        ordering = ["minutes", "position"]
        verbose_name = _("text about an item")
        verbose_name_plural = _("texts by item")
        constraints = [models.UniqueConstraint(fields=["minutes", "item"], name="section_once")]

    def __str__(self) -> str:
        return str(self.item)


class Line(models.Model):
    """One item of approved minutes, for the search of the committee's pages."""

    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="lines", verbose_name=_("record of a meeting"))
    position = models.PositiveSmallIntegerField(_("position"))
    title_es = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300, blank=True)
    visibility = models.CharField(_("who may read it"), max_length=12, choices=Audience)
    words = models.TextField(blank=True)

    class Meta:
        ordering = ["minutes", "position"]
        verbose_name = _("line of minutes")
        verbose_name_plural = _("lines of minutes")

    def __str__(self) -> str:
        return f"{self.position}. {self.title_es}"

    def get_absolute_url(self) -> str:
        return f"{self.minutes.get_absolute_url()}#item-{self.position}"

    @property
    def shown_title(self) -> Worded:
        return languages.of_row(self, "title")


class ObservationQuerySet(models.QuerySet["Observation"]):
    def open(self) -> Self:
        return self.filter(state=Observation.State.OPEN)


class Observation(models.Model):
    """What an organisation objects to in minutes that go round, and what became of it."""

    @audit.register_states
    class State(models.TextChoices):
        OPEN = "open", _("Waits for an answer")
        ACCEPTED = "accepted", _("Accepted")
        REJECTED = "rejected", _("Not accepted")

    minutes = models.ForeignKey(
        Minutes, models.PROTECT, related_name="observations", verbose_name=_("record of a meeting")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="observations", verbose_name=_("organisation")
    )
    item = models.ForeignKey(
        AgendaItem, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("agenda item")
    )
    text = models.TextField(_("observation"), max_length=4000)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN, editable=False)
    response = models.TextField(_("answer"), blank=True, editable=False)
    made_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)

    objects = ObservationQuerySet.as_manager()

    class Meta:
        ordering = ["made_at", "pk"]
        verbose_name = _("observation")
        verbose_name_plural = _("observations")

    def __str__(self) -> str:
        return f"{self.organisation.short_name} · {self.minutes}"
