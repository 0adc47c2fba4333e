import uuid
from datetime import date
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from network.models import Country, Organisation, Person, Sector
from portal.core import languages
from portal.core.languages import Worded
from steering.models.body import Body


def letter_name(instance: "Designation", filename: str) -> str:
    """A random name without ending, in a folder of its own: the library sweeps its folders of what it does not know."""
    return f"letters/{uuid.uuid4().hex}"


class SeatQuerySet(models.QuerySet["Seat"]):
    def there(self, on: date) -> Self:
        """Seats that exist on that day, filled or not."""
        return self.filter(Q(since__lte=on), Q(until__isnull=True) | Q(until__gte=on))


class Seat(models.Model):
    """A place in a body: of one organisation by right, or of a sector, perhaps in one country, that chooses one."""

    body = models.ForeignKey(Body, models.PROTECT, related_name="seats", verbose_name=_("body"))
    label = models.CharField(_("name of the seat"), max_length=150)
    position = models.PositiveSmallIntegerField(_("position in lists"), default=0)
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("reserved for"),
        help_text=_("Only where one organisation holds the seat by right."),
    )
    sector = models.ForeignKey(
        Sector, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("sector it stands for")
    )
    country = models.ForeignKey(
        Country, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("country it stands for")
    )
    voting = models.BooleanField(_("has a vote"), default=True)
    requirement = models.TextField(_("what its holder must fulfil"), blank=True)
    rotation = models.PositiveSmallIntegerField(
        _("place in the rotation of the presidency"), null=True, blank=True, help_text=_("Empty: takes no part in it.")
    )
    since = models.DateField(_("since"), default=timezone.localdate)
    until = models.DateField(_("until"), null=True, blank=True, help_text=_("Last day; empty while it is open."))

    objects = SeatQuerySet.as_manager()

    class Meta:
        ordering = ["body", "position", "pk"]
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="seat_ends_after_it_begins",
                violation_error_message=_("The last day can't lie before the first."),
            ),
            models.CheckConstraint(
                condition=Q(organisation__isnull=True) | Q(sector__isnull=True, country__isnull=True),
                name="seat_of_one_or_of_a_sector",
                violation_error_message=_("A seat is either reserved for an organisation or stands for a sector."),
            ),
            models.UniqueConstraint(
                fields=["body", "rotation"],
                name="seat_rotation_once",
                violation_error_message=_("Another seat has this place in the rotation."),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def shown_label(self) -> Worded:
        return languages.of_row(self, "label")

    def refusal_of(self, organisation: Organisation) -> str:
        """Why this organisation can't hold the seat; empty if it can."""
        if self.organisation_id and self.organisation_id != organisation.pk:
            return gettext("This seat is reserved for %(name)s.") % {"name": self.organisation}
        if self.sector_id and self.sector_id != organisation.sector_id:
            words = {"name": organisation, "sector": self.sector}
            return gettext("This seat stands for the sector %(sector)s, to which %(name)s does not belong.") % words
        if self.country_id and not self._is_active_here(organisation):
            words = {"name": organisation, "country": self.country}
            return gettext("This seat stands for %(country)s, where %(name)s neither has its seat nor works.") % words
        return ""

    def _is_active_here(self, organisation: Organisation) -> bool:
        return organisation.country_id == self.country_id or organisation.countries.filter(pk=self.country_id).exists()


class SeatTermQuerySet(models.QuerySet["SeatTerm"]):
    def with_last_day(self) -> Self:
        """Rows with `last`: the day it really ended, else the last day of the term, if it has one."""
        return self.annotate(last=Coalesce("ended_on", "until"))

    def overlapping(self, other: "SeatTerm") -> Self:
        """Terms of the same seat that share a day with this one."""
        rows = self.with_last_day().filter(Q(last__isnull=True) | Q(last__gte=other.since), seat=other.seat_id)
        if other.last_day:
            rows = rows.filter(since__lte=other.last_day)
        return rows.exclude(pk=other.pk)


class SeatTerm(models.Model):
    """
    That an organisation holds a seat. After its last day it goes on, "carried over", until another one begins or
    somebody ends it (`ended_on`), so that a seat never falls silent because nobody looked at the calendar.
    """

    seat = models.ForeignKey(Seat, models.PROTECT, related_name="terms", verbose_name=_("seat"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="seat_terms", verbose_name=_("organisation")
    )
    since = models.DateField(_("since"), default=timezone.localdate)
    until = models.DateField(
        _("until"), null=True, blank=True, help_text=_("Last day of the term; empty for a seat held without end.")
    )
    basis = models.CharField(
        _("rests on"), max_length=200, blank=True, help_text=_("Number of the decision, or what else it rests on.")
    )
    ended_on = models.DateField(_("ended on"), null=True, editable=False)

    objects = SeatTermQuerySet.as_manager()

    class Meta:
        ordering = ["seat", "-since"]
        verbose_name = _("term in a seat")
        verbose_name_plural = _("terms in seats")
        constraints = [
            models.CheckConstraint(
                condition=(Q(until__isnull=True) | Q(until__gte=F("since")))
                & (Q(ended_on__isnull=True) | Q(ended_on__gte=F("since"))),
                name="term_ends_after_it_begins",
                violation_error_message=_("The last day can't lie before the first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation.short_name} · {self.seat}"

    def clean(self) -> None:
        super().clean()
        if not (self.seat_id and self.organisation_id and self.since):
            return
        if refusal := self.seat.refusal_of(self.organisation):
            raise ValidationError({"organisation": refusal})
        if self.since < self.seat.since or (self.seat.until and self.since > self.seat.until):
            raise ValidationError({"since": _("The seat itself does not exist on that day.")})
        if other := SeatTerm.objects.overlapping(self).select_related("organisation").first():
            words = {"name": other.organisation}
            raise ValidationError(_("%(name)s holds this seat at that time. End that term first.") % words)

    @property
    def last_day(self) -> date | None:
        return self.ended_on or self.until

    def is_carried_over(self, on: date) -> bool:
        """Past its last day, and nobody has ended it. Whether another one has begun is for the composition to say."""
        return self.ended_on is None and self.until is not None and self.until < on

    def runs_to(self, on: date) -> date | None:
        """The last day somebody may be named for, as seen on that day; None without a bound."""
        return None if self.is_carried_over(on) else self.last_day


class DesignationQuerySet(models.QuerySet["Designation"]):
    def in_force(self, on: date) -> Self:
        """Accredited people who may speak for their seat on that day, titulars first."""
        rows = self.filter(Q(since__lte=on), Q(until__isnull=True) | Q(until__gte=on), accredited_on__isnull=False)
        return rows.order_by("order", "pk")


class Designation(models.Model):
    """Whom an organisation names for its seat: one titular, and alternates in their order."""

    TITULAR = 0

    term = models.ForeignKey(SeatTerm, models.PROTECT, related_name="designations", verbose_name=_("term in a seat"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="designations", verbose_name=_("person"))
    order = models.PositiveSmallIntegerField(
        _("order"), default=TITULAR, help_text=_("0: the titular. 1, 2, …: alternates in the order they stand in.")
    )
    since = models.DateField(_("since"), default=timezone.localdate)
    until = models.DateField(_("until"), null=True, blank=True, help_text=_("Empty: as long as the term lasts."))
    letter = models.FileField(_("letter of accreditation"), upload_to=letter_name, blank=True)
    letter_file = models.CharField(max_length=150, blank=True, editable=False)
    accredited_on = models.DateField(_("accredited on"), null=True, editable=False)

    objects = DesignationQuerySet.as_manager()

    class Meta:
        ordering = ["term", "order", "-since"]
        verbose_name = _("designation")
        verbose_name_plural = _("designations")
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="designation_ends_after_it_begins",
                violation_error_message=_("The last day can't lie before the first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.term.organisation.short_name}"

    @property
    def is_titular(self) -> bool:
        return self.order == self.TITULAR

    @property
    def capacity(self) -> str:
        return gettext("Titular") if self.is_titular else gettext("Alternate %(n)d") % {"n": self.order}

    def clean(self) -> None:
        super().clean()
        if not (self.term_id and self.since):
            return
        last = self.term.runs_to(timezone.localdate())
        ends_late = last and (self.since > last or (self.until and self.until > last))
        outlasts = self.term.ended_on is not None and self.until is None
        if self.since < self.term.since or ends_late or outlasts:
            raise ValidationError(_("A designation lies within the term of its seat."))
        if self.person_id and not self.person.affiliations.filter(organisation=self.term.organisation_id).exists():
            words = {"person": self.person, "name": self.term.organisation}
            sentence = gettext(
                "As far as the portal knows, %(person)s does not work for %(name)s: add it to the person."
            )
            raise ValidationError({"person": sentence % words})
        if not self.is_titular and not self.term.seat.body.alternates_allowed:
            raise ValidationError({"order": _("This body has no alternates.")})
        if Designation.objects.filter(self._same_days(), term=self.term_id, order=self.order).exclude(pk=self.pk):
            raise ValidationError({"order": _("Somebody else is named for this place at that time.")})
        if Designation.objects.filter(self._same_days(), term=self.term_id, person=self.person_id).exclude(pk=self.pk):
            raise ValidationError({"person": _("This person is named for this seat already.")})

    def _same_days(self) -> Q:
        begun = Q(since__lte=self.until) if self.until else Q()
        return begun & (Q(until__isnull=True) | Q(until__gte=self.since))
