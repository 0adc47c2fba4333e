from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.models import Organisation, Person
from steering.models.attendance import Invitation
from steering.models.decision import ActionItem
from steering.models.minutes import Minutes

UNSURE_AFTER = timedelta(minutes=15)
"""A letter that was begun so long ago and not finished: whoever sent it was stopped midway."""


class LetterQuerySet(models.QuerySet["Letter"]):
    def to_post(self) -> Self:
        """What the worker should send now, the oldest first."""
        return self.filter(state=Letter.State.WAITING, again_at__lte=timezone.now()).order_by("pk")

    def stuck(self) -> Self:
        """Given up, or broken off so that nobody knows whether it left: for a person to decide."""
        broken_off = Q(state=Letter.State.SENDING, begun_at__lt=timezone.now() - UNSURE_AFTER)
        return self.filter(broken_off | Q(state=Letter.State.FAILED))

    def alive(self) -> Self:
        """All but those that were never to leave."""
        return self.exclude(state=Letter.State.DROPPED)


class Letter(models.Model):
    """
    One letter to one address, that leaves once.

    The row is written in the transaction of what the letter tells of; the worker takes it by a conditional update
    before it speaks to the mail server. So a task that runs twice sends once, and one that is killed loses no letter:
    it waits still, or it is known to have been broken off. The address stands as it was; a link made for another one
    than the person's is dead.
    """

    class Kind(models.TextChoices):
        REQUEST = "request", _("Invitation")
        CANCEL = "cancel", _("Cancellation")
        STAND_IN = "stand_in", _("Asked to stand in")
        ROUND = "round", _("Minutes that go round")
        REMINDER = "reminder", _("Reminder of an action item")
        REPORT = "report", _("Request for a progress report")

    class State(models.TextChoices):
        WAITING = "waiting", _("To be sent")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        DROPPED = "dropped", _("Not needed any more")
        FAILED = "failed", _("Could not be sent")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    invitation = models.ForeignKey(Invitation, models.PROTECT, null=True, related_name="letters")
    minutes = models.ForeignKey(Minutes, models.PROTECT, null=True, related_name="letters")
    action = models.ForeignKey(ActionItem, models.PROTECT, null=True, related_name="letters")
    period = models.ForeignKey("steering.Period", models.PROTECT, null=True, related_name="letters")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    """Requests for reports: the organisation that is to report."""
    report = models.ForeignKey("steering.ProgressReport", models.PROTECT, null=True, related_name="letters")
    """The report that came back with a note; none for a request for all that is owed."""
    round = models.IntegerField()
    """
    Invitations: the meeting's sequence. Minutes: how often they went round. Reminders: days past the due date.
    Requests for reports: 0 the first, then the day of the quarter, from 1, on which they were asked again. A report
    that was returned: how often.
    """
    due = models.DateField(null=True)
    """Reminders: the due date they are about; another one is reminded of anew."""
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("person"))
    name = models.CharField(_("name"), max_length=200)
    email = models.EmailField(_("e-mail"))
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="es")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    again_at = models.DateTimeField(default=timezone.now)
    begun_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(_("sent"), null=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("outgoing letter")
        verbose_name_plural = _("outgoing letters")
        indexes = [models.Index(fields=["again_at"], condition=Q(state="waiting"), name="letter_to_post")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["request", "cancel", "stand_in"], invitation__isnull=False, minutes__isnull=True,
                            action__isnull=True, period__isnull=True)
                | Q(kind="round", invitation__isnull=True, minutes__isnull=False, action__isnull=True,
                    period__isnull=True)
                | Q(kind="reminder", invitation__isnull=True, minutes__isnull=True, action__isnull=False,
                    due__isnull=False, period__isnull=True)
                | Q(kind="report", invitation__isnull=True, minutes__isnull=True, action__isnull=True,
                    period__isnull=False, organisation__isnull=False),
                name="letter_about_one_thing",
            ),
            models.UniqueConstraint(fields=["invitation", "kind", "round", "email"], name="letter_invitation_once"),
            models.UniqueConstraint(fields=["minutes", "round", "email"], name="letter_minutes_once"),
            models.UniqueConstraint(fields=["action", "due", "round", "email"], name="letter_reminder_once"),
            models.UniqueConstraint(
                fields=["period", "organisation", "round", "email"], condition=Q(report__isnull=True),
                name="letter_report_once",
            ),
            models.UniqueConstraint(fields=["report", "round", "email"], name="letter_returned_once"),
            models.CheckConstraint(
                condition=Q(report__isnull=True) | Q(kind="report"), name="letter_returned_is_about_a_report"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.name}"

    @property
    def is_broken_off(self) -> bool:
        return self.state == self.State.SENDING and self.begun_at < timezone.now() - UNSURE_AFTER


class Question(models.Model):
    """What somebody who is to do something asks the secretariat, by the link of a reminder."""

    action = models.ForeignKey(ActionItem, models.PROTECT, related_name="questions", verbose_name=_("action item"))
    letter = models.ForeignKey(Letter, models.PROTECT, related_name="+")
    text = models.TextField(_("question"), max_length=2000)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("question about an action item")
        verbose_name_plural = _("questions about action items")

    def __str__(self) -> str:
        return f"{self.letter.name}: {self.text[:60]}"
