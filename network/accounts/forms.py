"""allauth's forms with our words, and the few places where we ask for more."""

from allauth.account import forms as account
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import get_adapter as get_second_factor_adapter
from allauth.mfa.base import forms as codes
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as apps
from allauth.mfa.webauthn import forms as passkeys
from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from network.accounts import tasks
from network.models import User

LABELS = {
    "login": _("E-mail address"),
    "email": _("E-mail address"),
    "password": _("Password"),
    "oldpassword": _("Current password"),
    "password1": _("New password"),
    "password2": _("The same password again"),
    "code": _("Code"),
    "name": _("Name, to tell it from others"),
}
ADVICE = {"password1": _("At least 10 characters. Several words in a row are easy to keep in mind and hard to guess.")}


class OurWords(forms.Form):
    """Labels stand above their field, never in it, and are the same everywhere."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = LABELS.get(name, field.label)
            field.help_text = ADVICE.get(name, "")
            field.widget.attrs.pop("placeholder", None)


class SignInForm(OurWords, account.LoginForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocomplete"] = "username"

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        """Who has just typed the password is not asked for it again by the next page."""
        answer = super().login(request, redirect_url)
        if request.user.is_authenticated:
            record_authentication(request, request.user, "password", reauthenticated=True)
        return answer


class PasswordResetForm(OurWords, account.ResetPasswordForm):
    """The account is looked for by the worker, so a stranger's address takes neither another answer nor longer."""

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()

    def save(self, request: HttpRequest, **kwargs: object) -> str:
        email = self.cleaned_data["email"]
        tasks.send_password_reset.enqueue(email, get_language())
        return email


class NewPasswordForm(OurWords, account.ResetPasswordKeyForm): ...


class PasswordChangeForm(OurWords, account.ChangePasswordForm): ...


class PasswordSetForm(OurWords, account.SetPasswordForm): ...


class AddressChangeForm(OurWords, account.AddEmailForm): ...


class AddressCodeForm(OurWords, account.ConfirmEmailVerificationCodeForm): ...


class PasswordAgainForm(OurWords, account.ReauthenticateForm): ...


class OnceOnly(OurWords):
    """A code that somebody read over a shoulder has been used up. allauth forgets a code while it is still good."""

    def clean_code(self) -> str:
        code = super().clean_code()
        if self.authenticator.type == Authenticator.Type.TOTP:
            good_for = settings.MFA_TOTP_TOLERANCE * 2 + 1
            if not cache.add(f"code-used:{self.user.pk}:{code}", True, timeout=30 * good_for):
                raise get_second_factor_adapter().validation_error("incorrect_code")
        return code


class CodeForm(OnceOnly, codes.AuthenticateForm): ...


class CodeAgainForm(OnceOnly, codes.ReauthenticateForm): ...


class FirstCodeForm(OurWords, apps.ActivateTOTPForm): ...


class PasskeyForm(OurWords, passkeys.AddWebAuthnForm):
    """Every passkey may also open the door alone; whether it can is the device's to say."""

    passwordless = None


class PasskeyNameForm(OurWords, passkeys.EditWebAuthnForm): ...


class AccountForm(forms.ModelForm):
    """What a person says of themselves."""

    class Meta:
        model = User
        fields = ["name", "language"]
        labels = {"language": _("Language of the letters you get")}
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name"})}


class FirstPasswordForm(AccountForm):
    """What an invited person fills in; the new account takes the name and language of the invitation along."""

    password1 = forms.CharField(
        label=LABELS["password1"],
        help_text=ADVICE["password1"],
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password2 = forms.CharField(
        label=LABELS["password2"], strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def clean(self) -> dict[str, object]:
        given = super().clean()
        password = given.get("password1")
        if password and given.get("password2") and password != given["password2"]:
            self.add_error("password2", _("The two passwords are not the same."))
        elif password:
            self._check(password)
        return given

    def _check(self, password: str) -> None:
        self.instance.name = self.cleaned_data.get("name", "")
        try:
            password_validation.validate_password(password, self.instance)
        except forms.ValidationError as problem:
            self.add_error("password1", problem)
