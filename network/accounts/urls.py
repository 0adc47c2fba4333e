"""The addresses of accounts, in both languages. The names are allauth's, which looks its own pages up by them."""

from allauth.account import views as account
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as apps
from allauth.mfa.webauthn import views as passkeys
from allauth.usersessions import views as sessions
from django.urls import path
from django.utils.translation import gettext_lazy as _

from network.accounts import views

urlpatterns = [
    path(_("sign-in/"), account.login, name="account_login"),
    path(_("sign-in/passkey/"), passkeys.login_webauthn, name="mfa_login_webauthn"),
    path(_("sign-in/second-factor/"), second_factor.authenticate, name="mfa_authenticate"),
    path(_("sign-out/"), account.logout, name="account_logout"),
    path(_("closed/"), account.account_inactive, name="account_inactive"),
    path(_("confirm/"), account.reauthenticate, name="account_reauthenticate"),
    path(_("confirm/code/"), second_factor.reauthenticate, name="mfa_reauthenticate"),
    path(_("confirm/passkey/"), passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path(_("password/"), account.password_reset, name="account_reset_password"),
    path(_("password/sent/"), account.password_reset_done, name="account_reset_password_done"),
    path(
        _("password/new/<str:uidb36>/<str:key>/"),
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(_("password/changed/"), account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path(_("password/change/"), account.password_change, name="account_change_password"),
    path(_("password/set/"), account.password_set, name="account_set_password"),
    path(_("address/"), account.email, name="account_email"),
    path(_("address/code/"), account.email_verification_sent, name="account_email_verification_sent"),
    path(_("second-factor/"), second_factor.index, name="mfa_index"),
    path(_("second-factor/app/"), views.ActivateApp.as_view(), name="mfa_activate_totp"),
    path(_("second-factor/app/remove/"), apps.deactivate_totp, name="mfa_deactivate_totp"),
    path(_("second-factor/passkeys/"), passkeys.list_webauthn, name="mfa_list_webauthn"),
    path(_("second-factor/passkeys/add/"), views.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path(_("second-factor/passkeys/<int:pk>/"), passkeys.edit_webauthn, name="mfa_edit_webauthn"),
    path(_("second-factor/passkeys/<int:pk>/remove/"), passkeys.remove_webauthn, name="mfa_remove_webauthn"),
    path(_("second-factor/recovery-codes/"), recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        _("second-factor/recovery-codes/new/"),
        recovery_codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(_("sessions/"), sessions.list_usersessions, name="usersessions_list"),
]
