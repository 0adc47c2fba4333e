from django.contrib.auth import views
from django.urls import path, reverse_lazy
from django.utils.translation import gettext_lazy as _

from network.forms import PasswordResetForm, SignInForm

app_name = "network"

urlpatterns = [
    path(
        _("account/sign-in/"),
        views.LoginView.as_view(template_name="network/sign_in.html", authentication_form=SignInForm),
        name="sign_in",
    ),
    path(_("account/sign-out/"), views.LogoutView.as_view(), name="sign_out"),
    path(
        _("account/password/"),
        views.PasswordResetView.as_view(
            form_class=PasswordResetForm,
            template_name="network/password_reset.html",
            email_template_name="network/password_reset.txt",
            subject_template_name="network/password_reset_subject.txt",
            success_url=reverse_lazy("network:password_reset_sent"),
        ),
        name="password_reset",
    ),
    path(
        _("account/password/sent/"),
        views.PasswordResetDoneView.as_view(template_name="network/password_reset_sent.html"),
        name="password_reset_sent",
    ),
    path(
        _("account/password/new/<uidb64>/<token>/"),
        views.PasswordResetConfirmView.as_view(
            template_name="network/password_new.html", success_url=reverse_lazy("network:password_changed")
        ),
        name="password_new",
    ),
    path(
        _("account/password/changed/"),
        views.PasswordResetCompleteView.as_view(template_name="network/password_changed.html"),
        name="password_changed",
    ),
]
