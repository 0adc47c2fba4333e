from django.urls import path
from django.utils.translation import gettext_lazy as _

from network.accounts import views as accounts
from network.views import joining

app_name = "network"

urlpatterns = [
    path(_("account/"), accounts.account, name="account"),
    path(_("account/sessions/<int:pk>/end/"), accounts.session_end, name="session_end"),
    path(_("account/invitation/<str:token>/"), accounts.invitation, name="invitation"),
    path(_("network/join/"), joining.join, name="join"),
    path(_("network/join/<str:token>/"), joining.application, name="application"),
    path(_("network/join/<str:token>/save/"), joining.application_save, name="application_save"),
    path(_("network/join/<str:token>/e-mail/"), joining.application_email, name="application_email"),
    path(_("network/join/<str:token>/answer/"), joining.application_answer, name="application_answer"),
    path(_("network/join/<str:token>/withdraw/"), joining.application_withdraw, name="application_withdraw"),
    path(_("network/join/<str:token>/files/<int:pk>/"), joining.application_file, name="application_file"),
    path(_("network/join/<str:token>/new-link/"), joining.application_link, name="application_link"),
]
