from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.models.organisation import Organisation
from network.models.user import User


def holding(on: date | None = None) -> Q:
    """Rows with `since` and `until` that hold on that day, today by default."""
    day = on or timezone.localdate()
    return Q(Q(since__isnull=True) | Q(since__lte=day), Q(until__isnull=True) | Q(until__gte=day))


class PersonQuerySet(models.QuerySet["Person"]):
    def active(self) -> Self:
        return self.filter(archived_at__isnull=True)

    def consenting(self) -> Self:
        """Those whose contacts may be shown to everybody. The only place that decides it."""
        return self.active().filter(consent_public__isnull=False).exclude(email="", phone="")


class Person(models.Model):
    """
    Somebody of the network, with or without an account. Contacts are private unless the person has consented.

    Who is named in a record is archived, never deleted.
    """

    name = models.CharField(_("name"), max_length=150)
    title = models.CharField(
        _("form of address"), max_length=50, blank=True, help_text=_("Dr., Lic., Ing.; empty is fine.")
    )
    language = models.CharField(_("preferred language"), max_length=2, choices=settings.LANGUAGES, default="es")
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    consent_public = models.DateField(
        _("contacts public since"),
        null=True,
        blank=True,
        help_text=_("The day on which the person agreed to have e-mail and telephone shown publicly; empty: private."),
    )
    user = models.OneToOneField(
        User, models.SET_NULL, null=True, blank=True, related_name="person", verbose_name=_("account")
    )
    archived_at = models.DateTimeField(_("archived"), null=True, editable=False)

    objects = PersonQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return f"{self.title} {self.name}".strip()

    @property
    def contacts_are_public(self) -> bool:
        return self.consent_public is not None and self.archived_at is None

    @property
    def is_emptied(self) -> bool:
        """Has the person asked to be forgotten, and has it been done?"""
        return self.archived_at is not None and not (self.email or self.phone)


class AffiliationQuerySet(models.QuerySet["Affiliation"]):
    def current(self, on: date | None = None) -> Self:
        return self.filter(holding(on), person__archived_at__isnull=True)


class Affiliation(models.Model):
    """Whom somebody works for, as what, from when to when."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="affiliations", verbose_name=_("person"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="affiliations", verbose_name=_("organisation")
    )
    job_title = models.CharField(_("position held"), max_length=150, blank=True)
    since = models.DateField(_("since"), null=True, blank=True, default=timezone.localdate)
    until = models.DateField(_("until"), null=True, blank=True, help_text=_("Last day; empty while it is open."))
    is_focal_point = models.BooleanField(
        _("focal point"), default=False, help_text=_("Whom the Initiative writes to first.")
    )

    objects = AffiliationQuerySet.as_manager()

    class Meta:
        ordering = ["-is_focal_point", "person__name"]
        verbose_name = _("affiliation")
        verbose_name_plural = _("affiliations")
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(since__isnull=True) | Q(until__gte=F("since")),
                name="affiliation_ends_after_it_begins",
                violation_error_message=_("The last day can't lie before the first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.organisation.short_name}"


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def on(self, day: date | None = None) -> Self:
        return self.filter(holding(day))

    def to_come(self) -> Self:
        """Not over yet."""
        return self.filter(until__gte=timezone.localdate()).order_by("since")


class Absence(models.Model):
    """Days on which somebody is away, so that others may cover."""

    user = models.ForeignKey(User, models.CASCADE, related_name="absences", verbose_name=_("user"))
    since = models.DateField(_("from"))
    until = models.DateField(_("to"))

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        ordering = ["-since"]
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gte=F("since")),
                name="absence_ends_after_it_begins",
                violation_error_message=_("The last day can't lie before the first."),
            ),
            models.UniqueConstraint(
                fields=["user", "since", "until"],
                name="absence_once",
                violation_error_message=_("You have noted these days already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.since} – {self.until}"
