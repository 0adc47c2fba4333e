"""What an applicant and the coordination are told by e-mail about an application."""

from django.conf import settings
from django.urls import reverse

from network import application_links
from network.models import Application, Role, User
from portal.core import mail


def to_applicant(application: Application, step: str, *, text: str = "") -> None:
    """One letter for each step, in the applicant's language; `text` is a question or a reason. Nobody left: none."""
    if not application.contact_email:
        return
    context = {
        "step": step,
        "application": application,
        "text": text,
        "link": application_links.address(application),
    }
    mail.send("network/letters/applicant", to=application.contact_email, language=application.language, context=context)


def to_coordination(application: Application, step: str) -> None:
    """Every coordinator hears, in their own language, that an application has come in or was answered."""
    link = settings.SITE_URL + reverse("admin:network_application_change", args=[application.pk])
    in_force = Role.objects.in_force().filter(kind=Role.Kind.COORDINATOR, user__is_active=True)
    for coordinator in User.objects.filter(pk__in=in_force.values("user")):
        context = {"step": step, "application": application, "link": link, "reader": coordinator}
        mail.send("network/letters/coordination", to=coordinator.email, language=coordinator.language, context=context)
