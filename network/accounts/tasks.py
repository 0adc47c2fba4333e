"""Letters whose links must not lie about in the database: the worker makes each link while it writes the letter."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.tasks import task
from django.urls import reverse
from django.utils import translation

from network.models import User
from portal.core import mail


@task
def send_password_reset(email: str, language: str) -> str:
    """Send a link for a new password to this address if it is somebody's; returns whether it was."""
    user = User.objects.filter(email=email, is_active=True).first()
    if user is None:
        return "nobody"
    key = default_token_generator.make_token(user)
    with translation.override(language):
        path = reverse("account_reset_password_from_key", args=[user_pk_to_url_str(user), key])
    context = {"user": user, "link": settings.SITE_URL + path}
    mail.send_now("account/email/password_reset", to=email, language=language, context=context)
    return "sent"
