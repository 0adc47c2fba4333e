"""What is over and holds addresses of people doesn't lie about for ever."""

from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from django_ox.models import OxTask

from network.models import User
from portal.core import mail, tasks
from tests import factories


def test_letters_of_last_week_and_sessions_that_ran_out_are_forgotten(settings, transactional_db) -> None:
    user: User = factories.user("ana@example.org")
    for _ in range(2):
        Client().post("/es/cuenta/entrar/", {"login": user.email, "password": "una-clave-larga"})
    Session.objects.filter(pk=UserSession.objects.first().session_key).update(expire_date=timezone.now())
    settings.TASKS = {"default": {"BACKEND": "django_ox.backend.OxBackend"}}
    for days in (8, 1):
        mail.send("account/email/second_factor_gone", to=user.email, language="es", context={"user": user})
        sent = timezone.now() - timedelta(days=days)
        OxTask.objects.filter(finished_at=None).update(status="SUCCESSFUL", finished_at=sent)
    tasks.forget.func()
    assert OxTask.objects.count() == 1
    assert Session.objects.count() == UserSession.objects.count() == 1
