from django.conf import settings
from django.contrib.auth import forms as auth
from django.utils.translation import gettext_lazy as _


class SignInForm(auth.AuthenticationForm):
    """E-mail and password; capitals in the address do not matter."""

    error_messages = {
        **auth.AuthenticationForm.error_messages,
        "invalid_login": _("This e-mail address and password do not go together. Please check both."),
    }

    def clean_username(self) -> str:
        return self.cleaned_data["username"].strip().lower()


class PasswordResetForm(auth.PasswordResetForm):
    """The link in the mail leads to the configured site, whatever Host header the request carried."""

    def save(self, **options: object) -> None:
        scheme, host = settings.SITE_URL.split("://", 1)
        super().save(**{**options, "domain_override": host, "use_https": scheme == "https"})
