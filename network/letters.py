"""What an applicant and the coordination are told by e-mail about an application."""

from django.conf import settings
from django.tasks import task
from django.urls import reverse

from network import application_links
from network.models import Application, Role, User
from portal.core import mail


def to_applicant(application: Application, step: str, *, text: str = "") -> None:
    """One letter for each step, in the applicant's language; `text` is a question or a reason. Nobody left: none."""
    if application.contact_email:
        write_to_applicant.enqueue(application.pk, step, text)


@task
def write_to_applicant(pk: int, step: str, text: str) -> str:
    """The link is made only here, so that it lies in no table; returns whether there was somebody to write to."""
    application = Application.objects.exclude(contact_email="").filter(pk=pk).first()
    if application is None:
        return "nobody"
    link = application_links.address(application)
    context = {"step": step, "application": application, "text": text, "link": link}
    to, language = application.contact_email, application.language
    mail.send_now("network/letters/applicant", to=to, language=language, context=context)
    return "sent"


def to_coordination(application: Application, step: str) -> None:
    """Every coordinator hears, in their own language, that an application has come in or was answered."""
    link = settings.SITE_URL + reverse("admin:network_application_change", args=[application.pk])
    in_force = Role.objects.in_force().filter(kind=Role.Kind.COORDINATOR, user__is_active=True)
    for coordinator in User.objects.filter(pk__in=in_force.values("user")):
        context = {"step": step, "application": application, "link": link}
        to, language = coordinator.email, coordinator.language
        mail.send("network/letters/coordination", to=to, language=language, context=context)
