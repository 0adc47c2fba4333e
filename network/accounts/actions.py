"""What is done to somebody's account from outside it."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction

from network.models import User
from portal.core import mail


@transaction.atomic
def take_second_factor_away(user: User) -> None:
    """Password alone opens the account again, nobody is signed in to it any more, and a letter says so. Twice: once."""
    deleted, _ = Authenticator.objects.filter(user=user).delete()
    for session in UserSession.objects.filter(user=user):
        session.end()
    if deleted:
        mail.send("account/email/second_factor_gone", to=user.email, language=user.language, context={"user": user})
