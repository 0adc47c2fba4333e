from django.urls import path
from django.utils.translation import gettext_lazy as _

from network.accounts import views as accounts

app_name = "network"

urlpatterns = [
    path(_("account/"), accounts.account, name="account"),
    path(_("account/sessions/<int:pk>/end/"), accounts.session_end, name="session_end"),
    path(_("account/invitation/<str:token>/"), accounts.invitation, name="invitation"),
]
