"""How allauth behaves here: nobody signs up, letters go through the worker, and the words are ours."""

import base64
import hashlib
import logging
import secrets

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from network.models import User
from portal.core import mail

log = logging.getLogger(__name__)

NOTICES = {
    "account/email/password_changed": _("The password was changed."),
    "account/email/password_set": _("A password was set."),
    "account/email/password_reset": _("A new password was chosen with a link from a letter."),
    "account/email/email_changed": _("The e-mail address was changed. From now on letters go to the new one."),
    "mfa/email/totp_activated": _("An app with codes was set up as second factor."),
    "mfa/email/totp_deactivated": _("The app with codes was removed."),
    "mfa/email/webauthn_added": _("A passkey was added."),
    "mfa/email/webauthn_removed": _("A passkey was removed."),
    "mfa/email/recovery_codes_generated": _("New recovery codes were made; the old ones no longer work."),
}
"""What somebody is told by letter, so that they notice when it was not them."""


WAYS = {
    "reauthenticate": _("With the password"),
    "mfa_reauthenticate": _("With a code"),
    "mfa_reauthenticate:webauthn": _("With a passkey"),
}
"""How somebody shows once more who they are."""


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is closed."),
        "duplicate_email": _("This is already the address of your account."),
        "email_password_mismatch": _("This e-mail address and password do not go together. Please check both."),
        "email_taken": _("This address can't be used. Nothing has changed."),
        "enter_current_password": _("This is not your current password."),
        "incorrect_code": _("This code is not right, or no longer. Please type the newest one."),
        "incorrect_password": _("This is not your password."),
        "rate_limited": _("Too many tries. Please wait a few minutes and try again."),
        "too_many_login_attempts": _("Too many tries. Please wait a few minutes and try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, object]) -> None:
        letter = template_prefix.removesuffix("_signup")  # the same code in the same words
        mail.send(letter, to=email, language=get_language(), context=context)

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, object] | None = None, email: str | None = None
    ) -> None:
        """One letter for every change of an account; a change of address is told to the old one."""
        told = {
            "user": user,
            "what": NOTICES[template_prefix],
            "at": timezone.now(),
            "ip": self.get_client_ip(self.request),
        }
        mail.send("account/email/notice", to=email or user.email, language=user.language, context=told)

    def get_reauthentication_methods(self, user: User) -> list[dict[str, object]]:
        return [{**way, "description": WAYS[way["id"]]} for way in super().get_reauthentication_methods(user)]

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("network:account")

    def get_email_verification_redirect_url(self, email_address: object) -> str:
        return reverse("network:account")


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_generate_recovery_codes": _("Recovery codes come with a second factor; set one up first."),
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
        "unverified_email": _("First confirm the e-mail address of your account."),
    }

    def encrypt(self, text: str) -> str:
        """Seeds of codes are unreadable in the database and its backups without the portal's secret key."""
        return _safe().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """After the secret key was lost, no code fits any more: an administrator takes the second factor away."""
        try:
            return _safe().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            log.error("A second factor can't be read: SECRET_KEY is another one than when it was set up.")
            return base64.b32encode(secrets.token_bytes(20)).decode()

    def build_totp_svg(self, url: str) -> SafeString:
        """The QR code as one path, in a drawing that the content security policy has nothing against."""
        code = qrcode.QRCode(border=4)
        code.add_data(url)
        rows = code.get_matrix()
        dots = "".join(f"M{x},{y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
        drawing = '<svg class="qr" viewBox="0 0 {0} {0}" role="img" aria-label="{1}"><path d="{2}"/></svg>'
        return format_html(drawing, len(rows), gettext("QR code with the key written below it"), dots)

    def generate_authenticator_name(self, user: User, type: str) -> str:
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return gettext("Passkey %(number)d") % {"number": number}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": settings.MFA_TOTP_ISSUER}


def _safe() -> MultiFernet:
    """Locks with today's secret key, and opens with the ones before it too."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = (hashlib.sha256(f"second factor:{key}".encode()).digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
