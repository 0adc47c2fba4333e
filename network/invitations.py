"""Inviting somebody to a role, and what becomes of it. The admin and the organisations' pages call these."""

from datetime import date, timedelta

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import TextChoices
from django.tasks import task
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network import people, roles
from network.models import Invitation, Organisation, Role, User
from network.models.invitation import VALID_FOR
from portal.core import audit, mail

PAUSE = timedelta(minutes=1)
"""Within this time a second click sends no second letter."""


@audit.register
class Verb(TextChoices):
    INVITED = "invited", _("Invitation sent")
    REVOKED = "invitation-revoked", _("Invitation withdrawn")


class NotOpen(Exception):
    """The invitation was accepted or withdrawn, or it ran out."""


def invite(
    *,
    by: User,
    email: str,
    name: str,
    kind: str,
    organisation: Organisation | None,
    language: str = "es",
    until: date | None = None,
) -> Invitation:
    """
    Offer this role by letter. Who is already invited to it gets the invitation renewed, not a second one.

    Whether the address has an account makes no difference here: whoever invites does not learn it. Raises
    PermissionDenied, and ValidationError for a role that could not be given (no organisation, an end in the past).
    """
    if not roles.may_decide(kind, organisation, by):
        raise PermissionDenied
    Role(kind=kind, organisation=organisation, until=until).full_clean(exclude=["user"])
    same = {"email": email.strip().lower(), "kind": kind, "organisation": organisation}
    offer = {"name": name, "language": language, "until": until, "invited_by": by}
    invitation = Invitation(**same, **offer, expires=timezone.now() + VALID_FOR)
    invitation.clean_fields(exclude=["accepted_at", "accepted_by", "revoked_at"])
    try:
        with transaction.atomic():
            invitation.save()
            audit.record(Verb.INVITED, invitation, by=by, after=kind)
            send_invitation.enqueue(invitation.pk)
    except IntegrityError:  # there is one already, made a moment or a month ago
        Invitation.objects.unanswered().filter(**same).update(**offer)
        invitation = Invitation.objects.unanswered().get(**same)
        resend_invitation(invitation, by=by)
    return invitation


def resend_invitation(invitation: Invitation, *, by: User) -> bool:
    """Send the letter again, good for another two weeks; returns whether one was sent. Raises NotOpen when answered."""
    _allowed(invitation, by)
    now = timezone.now()
    waiting = Invitation.objects.unanswered().filter(pk=invitation.pk)
    with transaction.atomic():
        if waiting.filter(sent_at__lt=now - PAUSE).update(sent_at=now, expires=now + VALID_FOR):
            send_invitation.enqueue(invitation.pk)
            return True
    if not waiting.exists():
        raise NotOpen(invitation)
    return False


def revoke_invitation(invitation: Invitation, *, by: User) -> None:
    """Withdraw it: its link tells so from now on. Raises NotOpen when it was accepted; twice is harmless."""
    _allowed(invitation, by)
    if Invitation.objects.unanswered().filter(pk=invitation.pk).update(revoked_at=timezone.now()):
        audit.record(Verb.REVOKED, invitation, by=by, before=invitation.kind)
    if Invitation.objects.filter(pk=invitation.pk, revoked_at=None).exists():
        raise NotOpen(invitation)


@transaction.atomic
def accept_invitation(
    invitation: Invitation, *, by: User | None = None, name: str = "", language: str = "", password: str = ""
) -> User:
    """
    Give the role to the account of this address, which begins now if there is none yet; returns it.

    An account that is there accepts by itself (`by`), after signing in. Raises NotOpen, and PermissionDenied for
    somebody else's invitation or for an address that has an account which did not sign in.
    """
    if not Invitation.objects.open().filter(pk=invitation.pk).update(accepted_at=timezone.now()):
        raise NotOpen(invitation)
    known = User.objects.filter(email=invitation.email).first()
    if known != by:
        raise PermissionDenied
    user = by or User.objects.create_user(invitation.email, password, name=name, language=language)
    _give_role(user, invitation)
    people.link(user)
    Invitation.objects.filter(pk=invitation.pk).update(accepted_by=user)
    return user


def _give_role(user: User, invitation: Invitation) -> None:
    """The role as offered, if whoever offered it still may; of one that holds already only the end is put off."""
    by, until = invitation.invited_by, invitation.until
    same = user.roles.in_force().filter(kind=invitation.kind, organisation=invitation.organisation).first()
    try:
        if same is None:
            roles.give(user, invitation.kind, organisation=invitation.organisation, until=until, by=by)
        elif same.until and (until is None or until > same.until):
            roles.change_dates(same, since=same.since, until=until, by=by)
    except roles.Refused as problem:
        raise NotOpen(invitation) from problem


def _allowed(invitation: Invitation, by: User) -> None:
    if not roles.may_decide(invitation.kind, invitation.organisation, by):
        raise PermissionDenied


@task
def send_invitation(pk: int) -> str:
    """Write the letter, whose link is made only here; returns whether it was sent."""
    invitation = Invitation.objects.open().select_related("organisation", "invited_by").filter(pk=pk).first()
    if invitation is None:
        return "no longer open"
    context = {"invitation": invitation, "link": invitation.link}
    mail.send_now("network/mail/invitation", to=invitation.email, language=invitation.language, context=context)
    return "sent"
