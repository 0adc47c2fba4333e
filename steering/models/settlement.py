from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.models import Organisation
from portal.core import audit
from steering.models.activity import Activity


class Settlement(models.Model):
    """
    What is to become of an unfinished activity when its plan is closed: chosen beforehand, done when it is closed.
    """

    @audit.register_states
    class What(models.TextChoices):
        COMPLETE = "complete", _("It is complete")
        CARRY = "carry", _("Carry it into the next plan")
        DROP = "drop", _("Drop it")

    activity = models.OneToOneField(Activity, models.CASCADE, related_name="settlement", verbose_name=_("activity"))
    what = models.CharField(_("what becomes of it"), max_length=10, choices=What)
    words = models.TextField(_("what shows it, or why"), max_length=2000, blank=True)
    lead = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="settlements",
        verbose_name=_("lead organisation in the next plan"), help_text=_("Empty: the same one as before."),
    )  # fmt: skip
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+",
        verbose_name=_("chosen by"),
    )  # fmt: skip
    at = models.DateTimeField(_("chosen"), default=timezone.now, editable=False)

    class Meta:
        ordering = ["activity"]
        verbose_name = _("choice at close-out")
        verbose_name_plural = _("choices at close-out")
        constraints = [
            models.CheckConstraint(
                condition=Q(what="carry") | Q(words__gt=""),
                name="settlement_says_why",
                violation_error_message=_("Say what shows that it is complete, or why it is dropped."),
            ),
            models.CheckConstraint(
                condition=Q(what="carry") | Q(lead__isnull=True),
                name="settlement_lead_of_what_goes_on",
                violation_error_message=_("Only an activity that is carried over needs an organisation to lead it."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity}: {self.get_what_display()}"
