from django.urls import path
from django.utils.translation import gettext_lazy as _

from steering import views

app_name = "steering"

urlpatterns = [
    path(_("committee/"), views.committee, name="committee"),
    path(_("committee/minutes/<str:code>/<int:revision>/"), views.minutes, name="minutes"),
]
