"""What the demo consists of, written through the same actions that people's clicks call."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from django.core.files.base import File as DjangoFile
from django.core.files.storage import default_storage
from django.db import transaction

from network import roles
from network import vocabulary as network_vocabulary
from network.models import Organisation, Role, Sector, User
from portal.core.models import Mark
from portal.demo import joining
from portal.demo.committee import write_committee
from portal.demo.meetings import write_meetings
from portal.demo.plan import write_plan
from portal.demo.printing import print_document
from resources import actions, deposits
from resources import vocabulary as topic_vocabulary
from resources.models import Author, Resource, Topic

HERE = Path(__file__).parent
PASSWORD = "salud-y-migracion"  # noqa: S105 - known to everybody on purpose: the demo runs only in development
MARK = "demo"


@dataclass(frozen=True)
class Person:
    """A made-up person of the demo; the addresses can't exist (RFC 2606)."""

    email: str
    name: str
    what: str
    kind: str
    organisation: str = ""


PEOPLE = [
    Person("contribuye@demo.example", "Cuenta de contribución", "contributor", Role.Kind.CONTRIBUTOR, "oim"),
    Person("gestiona@demo.example", "Cuenta de gestión", "organisation manager", Role.Kind.MANAGER, "ops"),
    Person("coordina@demo.example", "Cuenta de coordinación", "coordinator", Role.Kind.COORDINATOR, "oim"),
    Person("comite@demo.example", "Cuenta del Comité", "committee member", Role.Kind.COMMITTEE, "se-comisca"),
    Person("secretaria@demo.example", "Cuenta de la Secretaría", "secretariat", Role.Kind.SECRETARIAT, "ops"),
    Person("administra@demo.example", "Cuenta de administración", "administrator", Role.Kind.ADMINISTRATOR),
]


@dataclass(frozen=True)
class Step:
    """A part of the demo that is either there whole or not at all."""

    name: str
    label: str
    write: Callable[[], None]

    def run(self) -> None:
        with transaction.atomic():
            self.write()
            Mark.objects.update_or_create(name=f"{MARK}:{self.name}")


def missing_steps() -> list[Step]:
    """What has still to be written, in order."""
    done = set(Mark.objects.filter(name__startswith=f"{MARK}:").values_list("name", flat=True))
    return [step for step in STEPS if f"{MARK}:{step.name}" not in done]


def is_foreign() -> bool:
    """Does this database hold people or documents without having been made by the demo?"""
    if Mark.objects.filter(name__startswith=f"{MARK}:").exists():
        return False
    return any(model.objects.exists() for model in (User, Organisation, Resource))


def discard_files() -> None:
    """Empty the store that belonged to the demo."""
    folders, _ = default_storage.listdir("") if default_storage.exists("") else ([], [])
    for folder in folders:
        for name in default_storage.listdir(folder)[1]:
            default_storage.delete(f"{folder}/{name}")


def _rows(name: str) -> list[dict]:
    return json.loads((HERE / f"{name}.json").read_text())


# --- Steps -----------------------------------------------------------------------------------------------------------


def write_vocabularies() -> None:
    network_vocabulary.load()
    topic_vocabulary.load()


def write_organisations() -> None:
    sectors = {sector.slug: sector for sector in Sector.objects.all()}
    fields = ["slug", "name_es", "name_en", "acronym", "website", "description_es", "description_en"]
    for row in _rows("organisations"):
        organisation = Organisation.objects.create(
            sector=sectors[row["sector"]], country_id=row["country"], **{field: row[field] for field in fields}
        )
        organisation.countries.set(row["countries"])


def write_people() -> None:
    organisations = {organisation.slug: organisation for organisation in Organisation.objects.all()}
    for person in PEOPLE:
        user = User.objects.create_user(person.email, PASSWORD, name=person.name)
        roles.give(user, person.kind, organisation=organisations.get(person.organisation), by=None)


def write_records() -> None:
    """Bibliographic records of real public documents, which stay with whoever published them."""
    for row in _rows("resources"):
        resource = Resource.objects.create(organisation=_organisation(row["organisation"]), **_description(row))
        _relate(resource, row)
        actions.publish(resource, by=None)


def write_documents() -> None:
    """Documents of our own, printed into files and taken in as anybody's would be."""
    for row in _rows("documents"):
        resource = Resource.objects.create(organisation=_organisation(row["organisation"]), **_description(row))
        _relate(resource, row)
        for file in row["files"]:
            source = (HERE / "documents" / f"{row['key']}.{file['language']}.md").read_text()
            content = BytesIO(print_document(source, file["format"], file["language"]))
            name = f"{row['key']}-{file['language']}.{file['format']}"
            given = {"name": name, "language": file["language"], "by": None, "whole": True}
            deposits.attach(resource, DjangoFile(content, name=name), **given)
        actions.publish(resource, by=None, looked=True)


STEPS = [
    Step("vocabularies", "Countries, sectors and topics", write_vocabularies),
    Step("organisations", "Organisations", write_organisations),
    Step("memberships", "Memberships", joining.write_memberships),
    Step("people", "Sign-ins", write_people),
    Step("committee", "Steering Committee", write_committee),
    Step("records", "Records of public documents", write_records),
    Step("documents", "Documents with their files", write_documents),
    Step("applications", "Applications to join", joining.write_applications),
    Step("meetings", "Meetings and minutes", write_meetings),
    Step("plan", "Action plan", write_plan),
]


def _organisation(slug: str) -> Organisation:
    return Organisation.objects.get(slug=slug)


def _description(row: dict) -> dict:
    fields = [
        "title_es", "title_en", "original_language", "type", "year", "month", "day", "publisher", "doi", "isbn",
        "source_url", "licence", "abstract_es", "abstract_en", "audience",
    ]  # fmt: skip
    return {field: row[field] for field in fields if row.get(field) not in (None, "")}


def _relate(resource: Resource, row: dict) -> None:
    Author.objects.bulk_create(
        Author(resource=resource, position=place, name=author["name"], kind=author["kind"])
        for place, author in enumerate(row["authors"])
    )
    resource.countries.set(row["countries"])
    resource.topics.set(Topic.objects.filter(slug__in=row["topics"]))
    resource.tags.set(row["tags"])
