"""Documents gathered for an organisation: whom we asked whether to publish them, and what was answered."""

import uuid
from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.models import Organisation
from resources.models.resource import Reader, Resource

REMINDED_AFTER = timedelta(days=10)
KEPT_AFTER = timedelta(days=30)
"""How long a request that ended without an answer can be sent again, to addresses that are then forgotten."""


class AskingQuerySet(models.QuerySet["Asking"]):
    def visible_to(self, user: Reader) -> Self:
        """Requests hold addresses: they are for coordinators alone."""
        return self.all() if user.is_authenticated and user.is_coordinator else self.none()

    def open(self) -> Self:
        """Requests that may be answered today."""
        return self.filter(withdrawn_at__isnull=True, expires_at__gt=timezone.now())

    def to_remind(self) -> Self:
        """Requests nobody has answered in full for ten days, and that were not recalled to anybody's mind so far."""
        waiting = Consent.objects.waiting().filter(asking=OuterRef("pk"))
        return self.open().filter(
            Exists(waiting), reminded_at__isnull=True, sent_at__lte=timezone.now() - REMINDED_AFTER
        )

    def over(self) -> Self:
        """Requests for which no letter goes out any more: withdrawn, nothing left to answer, or ended a month ago."""
        waiting = Consent.objects.waiting().filter(asking=OuterRef("pk"))
        ended = Q(expires_at__lte=timezone.now() - KEPT_AFTER)
        return self.filter(Q(withdrawn_at__isnull=False) | ended | ~Exists(waiting))

    def with_all(self) -> Self:
        """Everything their pages print, in a fixed number of queries."""
        consents = Consent.objects.select_related("resource", "by").prefetch_related("resource__files")
        return self.select_related("organisation", "by").prefetch_related(
            "people", models.Prefetch("consents", queryset=consents)
        )


class Asking(models.Model):
    """One request to an organisation about some of its drafts. It ends by itself."""

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)  # one for each form: two clicks ask once
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="askings", verbose_name=_("organisation")
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, verbose_name=_("by"))
    created_at = models.DateTimeField(_("begun"), auto_now_add=True)
    sent_at = models.DateTimeField(_("sent"))
    expires_at = models.DateTimeField(_("ends"))
    reminded_at = models.DateTimeField(_("reminded"), null=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True)

    objects = AskingQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("request for consent")
        verbose_name_plural = _("requests for consent")

    def __str__(self) -> str:
        return f"{self.organisation} · {self.created_at:%Y-%m-%d}"

    @property
    def is_open(self) -> bool:
        return self.withdrawn_at is None and self.expires_at > timezone.now()

    @property
    def waiting(self) -> list["Consent"]:
        """What can still be answered. Uses the prefetched consents."""
        return [consent for consent in self.consents.all() if consent.state == Consent.State.WAITING]

    @property
    def unanswered(self) -> list["Consent"]:
        """What nobody has answered and could be asked for again."""
        open_states = (Consent.State.WAITING, Consent.State.EXPIRED)
        return [consent for consent in self.consents.all() if consent.state in open_states]

    @property
    def can_be_sent_again(self) -> bool:
        """Is there something to ask, and somebody to write to? Uses the prefetched people too."""
        reachable = any(asked.email for asked in self.people.all())
        return bool(reachable and self.unanswered and not self.withdrawn_at)


class AskedQuerySet(models.QuerySet["Asked"]):
    def reachable(self) -> Self:
        """Those whose address is still known."""
        return self.exclude(email="")


class Asked(models.Model):
    """
    Somebody a request was sent to: with an account or not. The address is shown to coordinators alone.

    It is forgotten when the request is over; the name stays with what this person answered.
    """

    asking = models.ForeignKey(Asking, models.PROTECT, related_name="people", verbose_name=_("request for consent"))
    name = models.CharField(_("name"), max_length=150)
    email = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="es")

    objects = AskedQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("person asked")
        verbose_name_plural = _("persons asked")
        constraints = [
            models.UniqueConstraint(fields=["asking", "email"], condition=~Q(email=""), name="asked_once"),
        ]

    def __str__(self) -> str:
        return self.name


class ConsentQuerySet(models.QuerySet["Consent"]):
    def waiting(self) -> Self:
        """Not answered, and about what is still a draft of the organisation that was asked."""
        return self.filter(
            answer=Consent.Answer.NONE,
            resource__status=Resource.Status.DRAFT,
            resource__organisation=models.F("asking__organisation"),
        )

    def with_works(self) -> Self:
        """What the page of a member prints, in a fixed number of queries."""
        works = ["files", "authors", "countries", "topics", "tags", "origins"]
        rows = self.select_related("asking__organisation", "asking__by", "resource__organisation", "by")
        return rows.prefetch_related(*(f"resource__{name}" for name in works))


class Consent(models.Model):
    """
    One document of a request, and what was answered. An answer is never changed, by any path.

    It outlives the document: the row names it without holding on to it.
    """

    class Answer(models.TextChoices):
        NONE = "none", _("No answer")
        PUBLISH = "publish", _("Correct, published")
        NOT_OURS = "not_ours", _("Not ours")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits for an answer")
        PUBLISHED = "publish", _("Correct, published")
        NOT_OURS = "not_ours", _("Not ours")
        MOVED = "moved", _("Moved on otherwise")
        WITHDRAWN = "withdrawn", _("Request withdrawn")
        EXPIRED = "expired", _("No answer in time")

    asking = models.ForeignKey(Asking, models.PROTECT, related_name="consents", verbose_name=_("request for consent"))
    resource = models.ForeignKey(
        Resource,
        models.DO_NOTHING,
        null=True,
        db_constraint=False,
        related_name="consents",
        verbose_name=_("document"),
    )
    title = models.CharField(_("title"), max_length=500)
    answer = models.CharField(_("answer"), max_length=10, choices=Answer, default=Answer.NONE)
    by = models.ForeignKey(Asked, models.PROTECT, null=True, related_name="consents", verbose_name=_("answered by"))
    at = models.DateTimeField(_("at"), null=True)
    link = models.CharField(_("by the link to"), max_length=5, blank=True, help_text=_("“one” document or “all”."))
    seen = models.CharField(_("digest of what was shown"), max_length=64, blank=True)
    reason = models.TextField(_("reason"), blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [
            models.UniqueConstraint(fields=["asking", "resource"], name="work_asked_for_once"),
            models.CheckConstraint(
                condition=Q(answer="none", by__isnull=True, at__isnull=True)
                | (~Q(answer="none") & Q(by__isnull=False, at__isnull=False)),
                name="answer_has_its_person_and_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} · {self.get_answer_display()}"

    @property
    def state(self) -> "Consent.State":
        """What can be said of it today. Uses the request and the document."""
        if self.answer != self.Answer.NONE:
            return self.State(self.answer)
        if self.asking.withdrawn_at:
            return self.State.WITHDRAWN
        work = self.resource
        if work is None or work.status != Resource.Status.DRAFT or work.organisation_id != self.asking.organisation_id:
            return self.State.MOVED
        return self.State.WAITING if self.asking.is_open else self.State.EXPIRED
