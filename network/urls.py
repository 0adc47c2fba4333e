from django.urls import path
from django.utils.translation import gettext_lazy as _

from network.accounts import views as accounts
from network.views import colleagues, joining, people, record, shared_desk

app_name = "network"

urlpatterns = [
    path(_("my-desk/my-data/"), people.my_data, name="my_data"),
    path(_("my-desk/my-data/download/"), people.my_data_download, name="my_data_download"),
    path(_("my-desk/my-data/close/"), people.erase_me, name="erase_me"),
    path(_("my-desk/roles/<int:pk>/end/"), colleagues.role_end, name="role_end"),
    path(_("my-desk/organisation/<slug:slug>/invite/"), colleagues.colleague_invite, name="colleague_invite"),
    path(_("my-desk/invitations/<int:pk>/send-again/"), colleagues.invitation_resend, name="invitation_resend"),
    path(_("my-desk/invitations/<int:pk>/withdraw/"), colleagues.invitation_revoke, name="invitation_revoke"),
    path(_("my-desk/organisation/<slug:slug>/person/"), colleagues.person_add, name="person_add"),
    path(_("my-desk/organisation/people/<int:pk>/leaves/"), colleagues.person_leaves, name="person_leaves"),
    path(_("my-desk/coordination/"), shared_desk.shared_desk, name="shared_desk"),
    path(_("my-desk/coordination/<int:pk>/take/"), shared_desk.duty_take, name="duty_take"),
    path(_("my-desk/coordination/<int:pk>/put-back/"), shared_desk.duty_put_back, name="duty_put_back"),
    path(_("my-desk/coordination/<int:pk>/hand-over/"), shared_desk.duty_hand_over, name="duty_hand_over"),
    path(_("my-desk/coordination/<int:pk>/done/"), shared_desk.duty_finish, name="duty_finish"),
    path(_("my-desk/coordination/away/"), shared_desk.absence_add, name="absence_add"),
    path(_("my-desk/coordination/away/<int:pk>/remove/"), shared_desk.absence_remove, name="absence_remove"),
    path(_("my-desk/record/"), record.record, name="record"),
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
