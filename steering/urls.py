from django.urls import path
from django.utils.translation import gettext_lazy as _

from steering import by_letter, views, views_record

app_name = "steering"

urlpatterns = [
    path(_("committee/"), views.committee, name="committee"),
    path(_("committee/record/"), views_record.record, name="record"),
    path(_("committee/decisions/<str:meeting>/<str:number>/"), views_record.decision, name="decision"),
    path(_("committee/verify/"), views.verify, name="verify"),
    path(_("committee/files/<int:pk>/<str:name>"), views.minutes_file, name="minutes_file"),
    path(_("committee/minutes/<str:code>/<int:revision>/"), views.minutes, name="minutes"),
    path(_("committee/invitation/<str:token>/"), by_letter.invitation, name="invitation"),
    path(_("committee/action-item/<str:token>/"), by_letter.action, name="action"),
    path(_("committee/minutes-to-read/<str:token>/"), by_letter.round, name="round"),
]
