"""Plain functions that make plain rows."""

from datetime import date
from itertools import count

from django.utils import timezone

from network.models import Country, Membership, Organisation, Role, Sector, User
from resources import search
from resources.models import File, Page, Resource, Topic

_numbers = count(1)


def country(code: str = "HN", name_es: str = "Honduras", name_en: str = "", position: int = 1) -> Country:
    defaults = {"name_es": name_es, "name_en": name_en or name_es, "position": position}
    return Country.objects.get_or_create(code=code, defaults=defaults)[0]


def organisation(slug: str = "", *, member: bool = True, **fields: object) -> Organisation:
    """A member of the network since 2016, unless `member` is False."""
    slug = slug or f"organisation-{next(_numbers)}"
    sector, _ = Sector.objects.get_or_create(slug="un", defaults={"name_es": "Naciones Unidas", "name_en": "UN"})
    given = {"name_es": slug, "name_en": slug, "sector": sector, "country": country("CR", "Costa Rica"), **fields}
    row = Organisation.objects.create(slug=slug, **given)
    if member:
        membership(row)
    return row


def membership(organisation: Organisation, **fields: object) -> Membership:
    given = {"since": date(2016, 5, 1), "exception": "Fundadora", **fields}
    return Membership.objects.create(organisation=organisation, **given)


def user(email: str, kind: str = "", organisation: Organisation | None = None, **fields: object) -> User:
    person = User.objects.create_user(email, "una-clave-larga", name=email.split("@")[0].title(), **fields)
    if kind:
        Role.objects.create(user=person, kind=kind, organisation=organisation)
    return person


def topic(slug: str, name_es: str, name_en: str, **fields: object) -> Topic:
    return Topic.objects.create(slug=slug, name_es=name_es, name_en=name_en, **fields)


def resource(
    organisation_: Organisation | None = None,
    *,
    published: bool = True,
    countries: tuple = (),
    topics: tuple = (),
    tags: tuple = (),
    text: str = "",
    **fields: object,
) -> Resource:
    """A work; `text` becomes the first page of a file without bytes."""
    number = next(_numbers)
    if published:
        fields = {"status": Resource.Status.PUBLISHED, "published_at": timezone.now(), **fields}
    if "title_es" not in fields and "title_en" not in fields:
        fields["title_es"] = f"Documento {number}"
    work = Resource.objects.create(organisation=organisation_ or organisation(), **fields)
    work.countries.set(countries)
    work.topics.set(topics)
    work.tags.set(tags)
    if text:
        file_of(work, text=text)
    search.index([work.pk])
    return work


def file_of(work: Resource, *, text: str = "", language: str = "es", kind: str = "pdf") -> File:
    number = next(_numbers)
    row = File.objects.create(
        resource=work,
        language=language,
        name=f"archivo-{number}.{kind}",
        kind=kind,
        size=1000,
        sha256=f"{number:064x}",
        pages=1,
        state=File.State.READ,
    )
    if text:
        Page.objects.create(file=row, number=1, text=text)
    return row
