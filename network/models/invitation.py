from datetime import timedelta
from typing import Self

from django.conf import settings
from django.core import signing
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Lower
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from network.models.organisation import Organisation
from network.models.user import Role, User

VALID_FOR = timedelta(days=14)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def unanswered(self) -> Self:
        """Neither accepted nor withdrawn; it may have run out."""
        return self.filter(accepted_at=None, revoked_at=None)

    def open(self) -> Self:
        """Those that can still be accepted."""
        return self.unanswered().filter(expires__gt=timezone.now())

    def by_token(self, token: str) -> "Invitation | None":
        """The invitation a link was signed for, whatever became of it; None for a link that is forged or mangled."""
        try:
            pk = _signer().unsign(token)
        except signing.BadSignature:
            return None
        return self.select_related("organisation", "invited_by").filter(pk=pk).first()


class Invitation(models.Model):
    """A role offered to somebody by letter. The signed link in it is the only way in for who has no account yet."""

    email = models.EmailField(_("e-mail"))
    name = models.CharField(_("name"), max_length=150)
    language = models.CharField(_("language of the letter"), max_length=2, choices=settings.LANGUAGES, default="es")
    kind = models.CharField(_("role"), max_length=20)
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, null=True, blank=True, related_name="invitations", verbose_name=_("organisation")
    )
    until = models.DateField(
        _("until"), null=True, blank=True, help_text=_("Last day of the role; empty while it is open.")
    )
    invited_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="invitations_made", verbose_name=_("invited by")
    )
    created = models.DateTimeField(_("since"), default=timezone.now, editable=False)
    sent_at = models.DateTimeField(_("last sent"), default=timezone.now, editable=False)
    expires = models.DateTimeField(_("can be accepted until"), editable=False)
    accepted_at = models.DateTimeField(_("accepted"), null=True, editable=False)
    accepted_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="invitations_accepted", editable=False, verbose_name=_("account")
    )
    revoked_at = models.DateTimeField(_("withdrawn"), null=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created"]
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="invitation_email_in_small_letters"),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(revoked_at=None), name="invitation_has_one_ending"
            ),
            models.UniqueConstraint(
                F("email"),
                F("kind"),
                Coalesce(F("organisation"), 0),
                condition=Q(accepted_at=None, revoked_at=None),
                name="invitation_once_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} · {self.kind_label}"

    @property
    def kind_label(self) -> str:
        return str(Role.Kind(self.kind).label)

    @property
    def is_open(self) -> bool:
        return self.accepted_at is None and self.revoked_at is None and self.expires > timezone.now()

    @property
    def state(self) -> str:
        """What has become of it, in a word."""
        if self.accepted_at:
            return gettext("accepted")
        if self.revoked_at:
            return gettext("withdrawn")
        return gettext("waits for an answer") if self.is_open else gettext("ran out")

    @property
    def link(self) -> str:
        """The whole address in the letter. It is never stored; how long it is good for stands in `expires`."""
        with translation.override(self.language):
            path = reverse("network:invitation", args=[_signer().sign(str(self.pk))])
        return settings.SITE_URL + path


def _signer() -> signing.Signer:
    return signing.Signer(salt="network.invitation")
