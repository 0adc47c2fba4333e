from datetime import date
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from network.models import Organisation, Person
from steering.models.meeting import Meeting
from steering.models.seat import Designation, SeatTerm


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def standing(self, on: date) -> Self:
        """Of guests, and of those who are still accredited for their seat on that day."""
        accredited = Designation.objects.in_force(on).order_by()
        return self.filter(Q(designation__isnull=True) | Q(designation__in=accredited))

    def coming(self) -> Self:
        return self.filter(answer=Invitation.Answer.YES)

    def sending_somebody(self, on: date) -> Self:
        """Somebody else comes for the seat, who is accredited on that day and has not said no."""
        refused = Invitation.objects.filter(
            meeting=models.OuterRef("meeting"), designation=models.OuterRef("instead"), answer=Invitation.Answer.NO
        )
        accredited = Designation.objects.in_force(on).order_by()
        return self.filter(instead__in=accredited).exclude(models.Exists(refused))


class Invitation(models.Model):
    """Somebody called to a meeting, and what they answered: what the forecast of the quorum is read from."""

    class Answer(models.TextChoices):
        NONE = "none", _("No answer yet")
        YES = "yes", _("Comes")
        MAYBE = "maybe", _("Perhaps")
        NO = "no", _("Does not come")

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="invitations", verbose_name=_("meeting"))
    designation = models.ForeignKey(
        Designation, models.PROTECT, null=True, blank=True, related_name="invitations", verbose_name=_("designation")
    )
    person = models.ForeignKey(Person, models.PROTECT, related_name="invitations", verbose_name=_("person"))
    answer = models.CharField(_("answer"), max_length=6, choices=Answer, default=Answer.NONE)
    answered_at = models.DateTimeField(_("answered"), null=True, editable=False)
    instead = models.ForeignKey(
        Designation,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="stands_in_for",
        verbose_name=_("who comes instead"),
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["meeting", "designation__term__seat__position", "designation__order", "pk"]
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations and answers")
        constraints = [
            models.UniqueConstraint(fields=["meeting", "person"], name="invitation_once"),
            models.CheckConstraint(
                condition=Q(instead__isnull=True) | Q(answer="no"), name="invitation_instead_of_coming"
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)


class AttendanceQuerySet(models.QuerySet["Attendance"]):
    def there(self) -> Self:
        """Those who were in the room or on the line."""
        return self.filter(status__in=[Attendance.Status.IN_PERSON, Attendance.Status.REMOTE])

    def for_seats(self) -> Self:
        return self.filter(capacity__in=Attendance.FOR_A_SEAT)


class Attendance(models.Model):
    """
    One line of the list of those present, excused and absent.

    Names are copied when the line is written: whoever leaves an organisation keeps their name in past minutes.
    `counted` is who speaks for the seat as the list now stands; the database holds that there is one of them at most.
    """

    class Capacity(models.TextChoices):
        TITULAR = "titular", _("Titular")
        SUPLENTE = "suplente", _("Alternate")
        OBSERVER = "observer", _("Observer")
        GUEST = "guest", _("Guest")
        SECRETARIAT = "secretariat", _("Secretariat")

    class Status(models.TextChoices):
        IN_PERSON = "in_person", _("Present")
        REMOTE = "remote", _("Present at a distance")
        EXCUSED = "excused", _("Excused")
        ABSENT = "absent", _("Absent")

    FOR_A_SEAT = (Capacity.TITULAR, Capacity.SUPLENTE)

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="attendance", verbose_name=_("meeting"))
    designation = models.ForeignKey(
        Designation, models.PROTECT, null=True, blank=True, related_name="attendance", verbose_name=_("designation")
    )
    term = models.ForeignKey(
        SeatTerm, models.PROTECT, null=True, editable=False, related_name="attendance", verbose_name=_("term in a seat")
    )
    person = models.ForeignKey(Person, models.PROTECT, related_name="attendance", verbose_name=_("person"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="attendance", verbose_name=_("organisation")
    )
    name = models.CharField(_("name"), max_length=250, editable=False)
    organisation_name = models.CharField(_("organisation"), max_length=250, editable=False)
    capacity = models.CharField(_("as"), max_length=12, choices=Capacity)
    order = models.PositiveSmallIntegerField(default=0, editable=False)
    status = models.CharField(_("state"), max_length=10, choices=Status, default=Status.ABSENT)
    arrived_at = models.DateTimeField(_("arrived"), null=True, blank=True)
    left_at = models.DateTimeField(_("left"), null=True, blank=True)
    counted = models.BooleanField(_("counts for its seat"), default=False, editable=False)

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        ordering = ["meeting", "term__seat__position", "order", "pk"]
        verbose_name = _("line of the attendance list")
        verbose_name_plural = _("attendance")
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "person"],
                name="attendance_once",
                violation_error_message=_("This person is on the list already."),
            ),
            models.UniqueConstraint(
                fields=["meeting", "term"], condition=Q(counted=True), name="attendance_one_vote_per_seat"
            ),
            models.CheckConstraint(
                condition=Q(counted=False)
                | Q(term__isnull=False, capacity__in=["titular", "suplente"], status__in=["in_person", "remote"]),
                name="attendance_counts_for_a_seat",
            ),
            models.CheckConstraint(
                condition=Q(capacity__in=["titular", "suplente"], term__isnull=False)
                | Q(capacity__in=["observer", "guest", "secretariat"], term__isnull=True),
                name="attendance_seat_and_capacity",
                violation_error_message=_("Titulars and alternates come for a seat; nobody else does."),
            ),
            models.CheckConstraint(
                condition=Q(arrived_at__isnull=True) | Q(left_at__isnull=True) | Q(left_at__gt=F("arrived_at")),
                name="attendance_leaves_after_arriving",
                violation_error_message=_("Nobody leaves before arriving."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.organisation_name})"

    @property
    def is_there(self) -> bool:
        return self.status in (self.Status.IN_PERSON, self.Status.REMOTE)

    def clean(self) -> None:
        super().clean()
        if not self.is_there and (self.arrived_at or self.left_at):
            raise ValidationError(_("Only somebody who was there arrives and leaves."))
