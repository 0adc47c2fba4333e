from django.urls import path
from django.utils.translation import gettext_lazy as _

from steering.views import by_letter, committee, minutes, record, reporting

app_name = "steering"

urlpatterns = [
    path(_("committee/"), committee.committee, name="committee"),
    path(_("committee/record/"), record.record, name="record"),
    path(_("committee/decisions/<str:meeting>/<str:number>/"), record.decision, name="decision"),
    path(_("committee/verify/"), minutes.verify, name="verify"),
    path(_("committee/files/<int:pk>/<str:name>"), minutes.minutes_file, name="minutes_file"),
    path(_("committee/minutes/<str:code>/<int:revision>/"), minutes.minutes, name="minutes"),
    path(_("committee/invitation/<str:token>/"), by_letter.invitation, name="invitation"),
    path(_("committee/action-item/<str:token>/"), by_letter.action, name="action"),
    path(_("committee/minutes-to-read/<str:token>/"), by_letter.round, name="round"),
    path(_("plan/report/<str:token>/"), reporting.report_by_letter, name="report_by_letter"),
    path(_("my-desk/plan/<int:pk>/<slug:slug>/"), reporting.report, name="report"),
]
