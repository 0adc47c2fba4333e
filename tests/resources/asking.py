"""Somebody of the coordination asks, and somebody opens the links of the letter."""

import re

from django.core import mail
from django.test import Client
from django.urls import reverse

from network.models import Organisation, User
from resources import description
from resources.models import Asking, Resource
from tests import factories
from tests.conftest import signed_in

LINK = re.compile(r"https?://[^/\s]+(/\S*(?:por-confirmar|to-confirm)/\S+)")


def draft(organisation: Organisation, **fields: object) -> Resource:
    work = factories.resource(organisation, published=False, **{"year": 2020, **fields})
    description.note(work, ["title_es", "original_language"], origin="text", certainty=85, detail="1")
    return work


def form(client: Client, organisation: Organisation, works, **more: object) -> dict[str, object]:
    """What a browser sends from the page on which a coordinator chooses."""
    page = client.get(reverse("resources:ask", args=[organisation.slug]))
    key = page.context["form"]["key"].value()
    return {"key": str(key), "works": [work.pk for work in works], "language": "es", **more}


def ask(coordinator: User, organisation: Organisation, works, *people: User, **more: object) -> Asking:
    client = signed_in(coordinator)
    data = form(client, organisation, works, people=[person.pk for person in people], **more)
    client.post(reverse("resources:ask", args=[organisation.slug]), {**data, "send": ""})
    return Asking.objects.latest("pk")


def links_of(letter: mail.EmailMessage) -> list[str]:
    """Addresses without the host: first the one for all, then one for each document."""
    return LINK.findall(letter.body)


def answer(client: Client, address: str, button: str, one: object = "all", **more: object):
    """Press a button as the page at this address shows it."""
    page = client.get(address)
    rows = page.context["rows"]
    seen = {f"seen-{row.consent.pk}": row.seen for row in rows if row.is_waiting}
    return client.post(address, {"one": getattr(one, "pk", one), button: "", **seen, **more})
