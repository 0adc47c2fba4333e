import uuid
from datetime import datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.core import audit, languages
from portal.core.languages import Worded
from resources.models import Resource
from resources.models.resource import Audience
from steering.models.body import Body, validate_timezone

WIDEST_FIRST = [Audience.PUBLIC, Audience.MEMBERS, Audience.COMMITTEE]


def new_uid() -> str:
    """A name for calendars (RFC 5545, UID) that stays with the meeting whatever becomes of it."""
    return f"{uuid.uuid4()}@{settings.SITE_URL.split('://')[1].split(':')[0]}"


def is_wider(one: str, than: str) -> bool:
    """May more people read `one` than the other?"""
    return WIDEST_FIRST.index(one) < WIDEST_FIRST.index(than)


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def upcoming(self) -> Self:
        """Convened and not over yet, the next one first."""
        return self.filter(state=Meeting.State.CONVENED, ends_at__gte=timezone.now()).order_by("starts_at")

    def took_place(self) -> Self:
        return self.filter(state__in=[Meeting.State.HELD, Meeting.State.CLOSED])


class Meeting(models.Model):
    """One meeting of a body, from the draft nobody has been told about to the approval of its minutes."""

    @audit.register_states
    class State(models.TextChoices):
        DRAFT = "draft", _("In preparation")
        CONVENED = "convened", _("Convened")
        HELD = "held", _("Held")
        CLOSED = "closed", _("Closed: its minutes are approved")
        CANCELLED = "cancelled", _("Cancelled")

    class Mode(models.TextChoices):
        IN_PERSON = "in_person", _("In person")
        ONLINE = "online", _("Online")
        HYBRID = "hybrid", _("In person and online")
        CORRESPONDENCE = "correspondence", _("By correspondence")

    body = models.ForeignKey(Body, models.PROTECT, related_name="meetings", verbose_name=_("body"))
    year = models.PositiveSmallIntegerField(_("year"), null=True, editable=False)
    number = models.PositiveSmallIntegerField(_("number"), null=True, editable=False)
    title = models.CharField(_("title"), max_length=200)
    mode = models.CharField(_("how it is held"), max_length=20, choices=Mode, default=Mode.ONLINE)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    timezone = models.CharField(_("time zone"), max_length=60, validators=[validate_timezone])
    place = models.CharField(_("place"), max_length=200, blank=True)
    url = models.URLField(
        _("address of the video meeting"), blank=True, help_text=_("Only those invited see it; it is never public.")
    )
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.DRAFT, editable=False)
    uid = models.CharField(max_length=120, unique=True, default=new_uid, editable=False)
    sequence = models.PositiveIntegerField(_("times changed"), default=0, editable=False)

    list_closed_at = models.DateTimeField(_("attendance list closed"), null=True, editable=False)
    quorum_snapshot = models.JSONField(_("quorum"), null=True, editable=False)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at"]
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        constraints = [
            models.UniqueConstraint(fields=["body", "year", "number"], name="meeting_number_once"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "cancelled"]) | Q(number__isnull=False),
                name="meeting_convened_has_number",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=models.F("starts_at")),
                name="meeting_ends_after_it_begins",
                violation_error_message=_("The meeting ends before it begins."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} · {self.title}" if self.number else f"{self.title} ({self.get_state_display()})"

    @property
    def code(self) -> str:
        """Its number as people quote it: 2026-03, with the prefix of a body that has one."""
        if self.number is None:
            return ""
        return "-".join(part for part in (self.body.prefix, str(self.year), f"{self.number:02}") if part)

    @property
    def shown_title(self) -> Worded:
        return languages.of_row(self, "title")

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def local_start(self) -> datetime:
        """By the clocks of its own zone, and without it: templates would turn it into the portal's."""
        return self.starts_at.astimezone(self.zone).replace(tzinfo=None)

    @property
    def local_end(self) -> datetime:
        return self.ends_at.astimezone(self.zone).replace(tzinfo=None)

    @property
    def length(self) -> timedelta:
        return self.ends_at - self.starts_at

    @property
    def is_open(self) -> bool:
        """May its agenda still change?"""
        return self.state in (self.State.DRAFT, self.State.CONVENED)

    def clean(self) -> None:
        super().clean()
        if self.mode in (self.Mode.IN_PERSON, self.Mode.HYBRID) and not self.place:
            raise ValidationError({"place": _("Say where people meet.")})


class AgendaItemQuerySet(models.QuerySet["AgendaItem"]):
    def left_over(self, body: Body) -> Self:
        """Deferred items of a body that no later agenda has taken up."""
        waiting = self.filter(meeting__body=body, state=AgendaItem.State.DEFERRED, carried_to__isnull=True)
        return waiting.order_by("meeting__starts_at", "position", "pk")


class AgendaItem(models.Model):
    """One point of an agenda."""

    class Kind(models.TextChoices):
        INFORMATION = "information", _("For information")
        DISCUSSION = "discussion", _("For discussion")
        DECISION = "decision", _("For decision")
        APPROVE_MINUTES = "approve_minutes", _("Approval of minutes")
        ADMIT_MEMBER = "admit_member", _("Admission of a member")
        FOLLOW_UP = "follow_up", _("Follow-up")

    @audit.register_states
    class State(models.TextChoices):
        PLANNED = "planned", _("On the agenda")
        TREATED = "treated", _("Treated")
        DEFERRED = "deferred", _("Deferred to the next meeting")

    NEEDS_DECISION = (Kind.DECISION, Kind.ADMIT_MEMBER)

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="items", verbose_name=_("meeting"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.DISCUSSION)
    title = models.CharField(_("title"), max_length=300)
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), default=15, validators=[MinValueValidator(1), MaxValueValidator(600)]
    )
    presenter = models.CharField(_("presented by"), max_length=200, blank=True)
    visibility = models.CharField(_("who may read it"), max_length=12, choices=Audience, default=Audience.COMMITTEE)
    papers = models.ManyToManyField(
        Resource, through="Paper", related_name="agenda_items", blank=True, verbose_name=_("papers")
    )
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.PLANNED, editable=False)
    about = models.ForeignKey(
        Meeting,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="approval_items",
        verbose_name=_("minutes of"),
    )
    carried_from = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="carried_to",
        verbose_name=_("carried over from"),
    )
    times_carried = models.PositiveSmallIntegerField(_("times carried over"), default=0, editable=False)

    objects = AgendaItemQuerySet.as_manager()

    class Meta:
        ordering = ["meeting", "position", "pk"]
        verbose_name = _("agenda item")
        verbose_name_plural = _("agenda")
        constraints = [
            models.UniqueConstraint(fields=["meeting", "about"], name="item_approves_minutes_once"),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.title}"

    @property
    def shown_title(self) -> Worded:
        return languages.of_row(self, "title")

    @property
    def by_itself(self) -> bool:
        """Did the portal put it there?"""
        return self.kind in (self.Kind.APPROVE_MINUTES, self.Kind.FOLLOW_UP)


class Paper(models.Model):
    """A document of the library that an agenda item is about. The library keeps what an agenda cites."""

    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="paper_rows", verbose_name=_("agenda item"))
    resource = models.ForeignKey(Resource, models.PROTECT, related_name="+", verbose_name=_("document"))

    class Meta:
        ordering = ["pk"]
        verbose_name = _("paper")
        verbose_name_plural = _("papers")
        constraints = [models.UniqueConstraint(fields=["item", "resource"], name="paper_once")]

    def __str__(self) -> str:
        return str(self.resource)

    def clean(self) -> None:
        """A reader of the item must be able to open its papers: none for fewer people than the item is for."""
        super().clean()
        if self.resource_id and not self.resource.is_published:
            raise ValidationError({"resource": gettext("This document is not published yet.")})
        if self.resource_id and self.item_id and is_wider(self.item.visibility, self.resource.audience):
            sentence = gettext("This document is for fewer readers than the item: not all could open it.")
            raise ValidationError({"resource": sentence})
