"""What is done to somebody's account from outside it."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy

from network.models import User
from portal.core import audit, mail


@audit.register
class Verb(TextChoices):
    SECOND_FACTOR_TAKEN = "second-factor-taken", gettext_lazy("Second factor taken away")


@transaction.atomic
def take_second_factor_away(user: User, *, by: User | None) -> None:
    """Password alone opens the account again, nobody is signed in to it any more, and a letter says so. Twice: once."""
    deleted, _ = Authenticator.objects.filter(user=user).delete()
    for session in UserSession.objects.filter(user=user):
        session.end()
    if deleted:
        audit.record(Verb.SECOND_FACTOR_TAKEN, user, by=by, whom=user)
        mail.send("account/email/second_factor_gone", to=user.email, language=user.language, context={"user": user})
