"""What the tests of joining stand on: an applicant, filled-in forms, and the links of the letters."""

import re
import time

from django.core import mail
from django.test import Client
from django.utils.crypto import get_random_string

from network import joining
from network.models import Application, Sector
from portal.core import links
from tests import factories

JOIN = {"es": "/es/red/unirse/", "en": "/en/network/join/"}
EMAIL = "rosa@casa-migrante.example"


def answers(**changed: object) -> dict[str, object]:
    """A whole form, as a browser sends it."""
    sector, _ = Sector.objects.get_or_create(slug="civil-society", defaults={"name_es": "Sociedad civil"})
    given = {
        "name_es": "Casa de la Persona Migrante",
        "acronym": "CPM",
        "sector": sector.pk,
        "country": factories.country("HN", "Honduras").pk,
        "countries": [factories.country("HN", "Honduras").pk],
        "website": "casa-migrante.example",
        "description_es": "Albergue y atención primaria en la frontera.",
        "category": "allied",
        "motivation": "Queremos compartir nuestros protocolos.",
        "contact_name": "Rosa Pérez",
    }
    return given | changed


def beginning(**changed: object) -> dict[str, object]:
    given_out = links.token("join-form", int(time.time()) - 20, get_random_string(12))
    given = {
        "name": "Casa de la Persona Migrante",
        "contact_name": "Rosa Pérez",
        "contact_email": EMAIL,
        "given_out": given_out,
    }
    return given | changed


def draft(language: str = "es", **fields: object) -> Application:
    given = {"name": "Casa de la Persona Migrante", "contact_name": "Rosa Pérez", "contact_email": EMAIL, **fields}
    return joining.begin(language=language, **given)


def filled(language: str = "es", **fields: object) -> Application:
    application = draft(language)
    values = {name: value for name, value in answers().items() if name not in ("sector", "country", "countries")}
    values |= {"sector": Sector.objects.get(slug="civil-society"), "country": factories.country("HN")}
    values |= {"website": "https://casa-migrante.example", **fields}
    joining.save(application, values, countries=[factories.country("HN")])
    joining.confirm_email(application)
    return application


def handed_in(language: str = "es", **fields: object) -> Application:
    application = filled(language, **fields)
    joining.hand_in(application)
    return application


def before_committee(by: object, **fields: object) -> Application:
    application = handed_in(**fields)
    joining.screen(application, by=by)
    joining.bring_before_committee(application, by=by)
    return application


def mailed_link(number: int = -1) -> str:
    """The path in a letter to the applicant, the last one by default."""
    letters = [letter for letter in mail.outbox if "/join/" in letter.body or "/unirse/" in letter.body]
    return re.search(r"https?://[^/\s]+(/\S+)", letters[number].body)[1]


def begun(client: Client, language: str = "es", **changed: object) -> str:
    """Begin at the public form; gives the address the browser is led to."""
    answer = client.post(JOIN[language], beginning(**changed))
    assert answer.status_code == 302, answer.text
    return answer.url
