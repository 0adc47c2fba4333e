import uuid
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.models.membership import Membership
from network.models.organisation import Organisation, Sector
from network.models.place import Country
from network.models.user import User

DRAFT_KEPT = timedelta(days=30)
"""A draft nobody touches for so long expires."""
ANSWER_AWAITED = timedelta(days=60)
"""So long a question may stay without an answer."""
CONTACTS_KEPT = timedelta(days=90)
"""How long after an application came to nothing its contacts, texts and attachments are still kept."""


class ApplicationQuerySet(models.QuerySet["Application"]):
    def open(self) -> Self:
        """Those on which somebody still works, the applicant's own drafts included."""
        return self.filter(state__in=Application.OPEN)

    def with_the_coordination(self) -> Self:
        """Handed in and not decided, the longest wait first; drafts are the applicants' own."""
        waiting = [Application.State.SUBMITTED, Application.State.SCREENING, Application.State.NEEDS_INFO]
        return self.filter(state__in=[*waiting, Application.State.BEFORE_COMMITTEE]).order_by("submitted_at")

    def handed_in(self) -> Self:
        """Everything but what is still a draft or ended as one: what the coordination reads."""
        return self.filter(submitted_at__isnull=False)

    def stale(self) -> Self:
        """Drafts and questions that have waited too long for the applicant."""
        now = timezone.now()
        drafts = Q(state=Application.State.DRAFT, touched_at__lt=now - DRAFT_KEPT)
        return self.filter(drafts | Q(state=Application.State.NEEDS_INFO, touched_at__lt=now - ANSWER_AWAITED))

    def to_be_forgotten(self) -> Self:
        """Came to nothing so long ago that nobody needs the contacts any more."""
        ended = [Application.State.DECLINED, Application.State.WITHDRAWN, Application.State.EXPIRED]
        return self.filter(state__in=ended, touched_at__lt=timezone.now() - CONTACTS_KEPT, forgotten_at__isnull=True)


class Application(models.Model):
    """An organisation's wish to belong to the network, from the first line somebody types to the committee's answer."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Being filled in")
        SUBMITTED = "submitted", _("Handed in")
        SCREENING = "screening", _("With the Technical Coordination")
        NEEDS_INFO = "needs_info", _("Waits for an answer of the applicant")
        BEFORE_COMMITTEE = "before_committee", _("Before the Steering Committee")
        ADMITTED = "admitted", _("Admitted")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn by the applicant")
        EXPIRED = "expired", _("Expired")

    OPEN = [State.DRAFT, State.SUBMITTED, State.SCREENING, State.NEEDS_INFO, State.BEFORE_COMMITTEE]

    state = models.CharField(_("state"), max_length=20, choices=State, default=State.DRAFT, editable=False)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="es")

    name = models.CharField(_("name"), max_length=200, blank=True)
    acronym = models.CharField(_("acronym"), max_length=30, blank=True)
    sector = models.ForeignKey(
        Sector, models.PROTECT, null=True, blank=True, related_name="applications", verbose_name=_("sector")
    )
    country = models.ForeignKey(
        Country, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("country of its seat")
    )
    countries = models.ManyToManyField(
        Country, related_name="applications", blank=True, verbose_name=_("countries it works in")
    )
    website = models.URLField(_("website"), blank=True)
    description = models.TextField(_("what it does"), blank=True)
    category = models.CharField(_("as what"), max_length=10, choices=Membership.Category, blank=True)
    motivation = models.TextField(_("why it wants to join and what it brings"), blank=True)
    endorsers = models.TextField(_("who in the network knows it"), blank=True)

    contact_name = models.CharField(_("your name"), max_length=150, blank=True)
    contact_title = models.CharField(_("your position"), max_length=150, blank=True)
    contact_email = models.EmailField(_("your e-mail"), blank=True)
    contact_phone = models.CharField(_("telephone"), max_length=40, blank=True)

    started_at = models.DateTimeField(_("begun"), auto_now_add=True)
    touched_at = models.DateTimeField(_("last change"), default=timezone.now, editable=False)
    confirmed_email = models.EmailField(_("confirmed e-mail"), blank=True, editable=False)
    handed_in_at = models.DateTimeField(_("asked to be handed in"), null=True, editable=False)
    submitted_at = models.DateTimeField(_("handed in"), null=True, editable=False)
    decided_on = models.DateField(_("decided on"), null=True, editable=False)
    decision = models.CharField(_("decision"), max_length=60, blank=True, editable=False)
    forgotten_at = models.DateTimeField(_("contacts removed"), null=True, editable=False)
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="applications",
        verbose_name=_("organisation"),
    )

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        ordering = ["-submitted_at", "-pk"]
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="admitted")
                | (~Q(decision="") & Q(decided_on__isnull=False) & Q(organisation__isnull=False)),
                name="application_admitted_by_a_decision",
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | (~Q(decision="") & Q(decided_on__isnull=False)),
                name="application_declined_by_a_decision",
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(_("Application without a name"))

    @property
    def names(self) -> list[str]:
        return [name for name in (self.name_es, self.name_en) if name]

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def waits_for_confirmation(self) -> bool:
        """Handed in by somebody who has not yet shown that the e-mail address is theirs."""
        return self.is_draft and self.handed_in_at is not None

    @property
    def is_confirmed(self) -> bool:
        return bool(self.contact_email) and self.confirmed_email == self.contact_email

    @property
    def expires_at(self) -> datetime | None:
        """When it will expire if the applicant does nothing; nothing else expires."""
        kept = {self.State.DRAFT: DRAFT_KEPT, self.State.NEEDS_INFO: ANSWER_AWAITED}.get(self.state)
        return self.touched_at + kept if kept else None


def stored_name(instance: "Attachment", filename: str) -> str:
    """A random name: nothing an applicant types becomes a path."""
    return f"applications/{uuid.uuid4().hex}"


class Attachment(models.Model):
    """A file of an application: for the coordination and the applicant, never public."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="attachments")
    content = models.FileField(_("file"), upload_to=stored_name)
    name = models.CharField(_("file name"), max_length=150)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    added_at = models.DateTimeField(_("added"), auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")

    def __str__(self) -> str:
        return self.name


class RemarkQuerySet(models.QuerySet["Remark"]):
    def for_the_applicant(self) -> Self:
        """The conversation with the applicant, without the notes of the coordination."""
        return self.filter(kind__in=[Remark.Kind.QUESTION, Remark.Kind.ANSWER])


class Remark(models.Model):
    """What was asked and answered about an application, and what the coordination noted for itself."""

    class Kind(models.TextChoices):
        QUESTION = "question", _("Question to the applicant")
        ANSWER = "answer", _("Answer of the applicant")
        NOTE = "note", _("Confidential note")

    application = models.ForeignKey(Application, models.CASCADE, related_name="remarks")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.NOTE, editable=False)
    text = models.TextField(_("text"))
    by = models.ForeignKey(User, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), auto_now_add=True)

    objects = RemarkQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("remark")
        verbose_name_plural = _("remarks")

    def __str__(self) -> str:
        return self.get_kind_display()


class Conflict(models.Model):
    """Somebody of the network said that they are too close to an applicant to record the outcome."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="conflicts")
    user = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("who"))
    note = models.TextField(_("why"))
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("conflict of interest")
        verbose_name_plural = _("conflicts of interest")
        constraints = [models.UniqueConstraint(fields=["application", "user"], name="conflict_once")]

    def __str__(self) -> str:
        return str(self.user)
