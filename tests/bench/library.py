"""The shared corpus as a library of the portal: through its own models, into a database that is kept."""

import hashlib
import importlib
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import batched
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.bench.scratch import say

FREE = 16
"""Primary keys left free below the first document, so that one can be added to a full block."""
WORDS_PER_PAGE = 400
TYPES = {
    "guide": "guideline",
    "manual": "tool",
    "video": "campaign",
    "infographic": "factsheet",
}
"""Types of the corpus that are called otherwise here."""
FACETS = ("country", "topic", "type", "language", "year", "organisation")
Document = dict[str, Any]


@dataclass(frozen=True)
class Request:
    """One of the shared requests, in the portal's words."""

    text: str
    language: str
    filters: dict[str, list[str]]
    shared: dict[str, Any]

    @property
    def is_quoted(self) -> bool:
        return self.text.startswith('"')


@dataclass(frozen=True)
class Shared:
    """What lies in the shared folder: the corpus as a module, and the requests."""

    corpus: ModuleType
    requests: list[Request]


def shared(folder: Path) -> Shared:
    """Import the corpus by its path, and read the requests."""
    missing = [name for name in ("corpus.py", "queries.json", "engines") if not (folder / name).exists()]
    if missing:
        sys.exit(
            f"The shared benchmark is not in {folder} ({', '.join(missing)} missing): name its folder by --corpus."
        )
    sys.path[:0] = [str(folder), str(folder / "engines")]
    asked = json.loads((folder / "queries.json").read_text("utf-8"))
    return Shared(importlib.import_module("corpus"), [_request(each) for each in asked])


def _request(asked: dict[str, Any]) -> Request:
    filters = {name: [_value(name, value) for value in values] for name, values in asked["filters"].items()}
    return Request(asked["q"], asked["ui"], filters, asked)


def _value(facet: str, value: str) -> str:
    return TYPES.get(value, value) if facet == "type" else value


def facets(corpus: ModuleType, document: Document) -> list[tuple[str, str]]:
    """[(facet, value)] of a document as the portal is to know them."""
    return [(name, _value(name, value)) for name, value in corpus.facets(document)]


def corpus_file(corpus: ModuleType, documents: int, cache: Path) -> Path:
    """The corpus of so many documents or more, written if it is not there."""
    for path in cache.glob("corpus-*.sqlite"):
        if int(path.stem.split("-")[1]) >= documents:
            return path
    path = cache / f"corpus-{documents}.sqlite"
    say(f"Writing the corpus of {documents} documents")
    corpus.write(documents, path.with_suffix(".part"))
    return path.with_suffix(".part").rename(path)


def fill(corpus: ModuleType, source: Path, documents: int) -> None:
    """Make the library hold exactly the first documents of the corpus; nothing is done where it does already."""
    from django.core.management import call_command

    from resources.models import File, Page, Resource

    own = Resource.objects.filter(pk__gt=FREE, pk__lte=FREE + documents)
    if Resource.objects.count() == own.count() == documents:
        return
    for model in (Page, File, Resource):
        model.objects.all().delete()
    call_command("load_vocabulary", stdout=sys.stderr)
    _describe(corpus)
    for number, some in enumerate(batched(corpus.read(source, documents), 1_000, strict=False), 1):
        store(some)
        if number % 10 == 0:
            say(f"{number * 1_000} of {documents} documents in the library")


def _describe(corpus: ModuleType) -> None:
    """The topics and organisations of the corpus under names that no request holds."""
    from network.models import Country, Organisation, Sector
    from resources.models import Topic

    numbers = range(1, corpus.TOPIC_COUNT + 1)
    topics = [Topic(slug=str(n), name_es=f"zqt{n}", name_en=f"zqt{n}") for n in numbers]
    Topic.objects.bulk_create(topics, ignore_conflicts=True)
    sector, country = Sector.objects.first(), Country.objects.first()
    bodies = [
        Organisation(slug=str(n), name_es=f"zqo{n}", name_en=f"zqo{n}", sector=sector, country=country)
        for n in range(1, corpus.ORG_COUNT + 1)
    ]
    if not Organisation.objects.exists():
        Organisation.objects.bulk_create(bodies)


def store(documents: tuple[Document, ...] | list[Document], *, first_key: int | None = None) -> list[int]:
    """Keep these documents in one transaction; their primary keys are theirs in the corpus plus FREE, if not given."""
    from django.db import transaction

    from network.models import Organisation
    from resources.models import File, Page, Resource, Topic

    topics = dict(Topic.objects.values_list("slug", "pk"))
    bodies = dict(Organisation.objects.values_list("slug", "pk"))
    first = documents[0]["id"] + FREE if first_key is None else first_key
    keyed = list(enumerate(documents, first))
    rows = {
        Resource: [_resource(pk, document, bodies) for pk, document in keyed],
        Resource.countries.through: [
            Resource.countries.through(resource_id=pk, country_id=code)
            for pk, document in keyed
            for code in document["country"]
        ],
        Resource.topics.through: [
            Resource.topics.through(resource_id=pk, topic_id=topics[str(number)])
            for pk, document in keyed
            for number in document["topic"]
        ],
        File: [_file(pk, document) for pk, document in keyed],
        Page: [
            Page(file_id=pk, number=number, text=text)
            for pk, document in keyed
            for number, text in enumerate(pages(document), 1)
        ],
    }
    with transaction.atomic():
        for model, some in rows.items():
            model.objects.bulk_create(some, batch_size=1_000)
    return [pk for pk, _ in keyed]


def _resource(pk: int, document: Document, bodies: dict[str, int]) -> "Resource":  # noqa: F821
    from resources.models import Resource

    language = document["language"]
    work = Resource(
        pk=pk,
        original_language=language,
        type=_value("type", document["type"]),
        year=document["year"],
        organisation_id=bodies[str(document["organisation"])],
        status="published",
        published_at=datetime(2015, 1, 1, tzinfo=UTC) + timedelta(hours=pk),
    )
    described = language in ("es", "en")
    setattr(work, f"title_{language}" if described else "original_title", document["title"])
    if described:
        setattr(work, f"abstract_{language}", document["abstract"])
    return work


def _file(pk: int, document: Document) -> "File":  # noqa: F821
    from resources.models import File

    return File(
        pk=pk,
        resource_id=pk,
        language=document["language"],
        name=f"documento-{pk}.pdf",
        kind="pdf",
        size=len(document["body"]),
        sha256=hashlib.sha256(str(pk).encode()).hexdigest(),
        pages=sum(1 for _ in pages(document)),
        state="read",
    )


def pages(document: Document) -> Iterator[str]:
    """The text by page; an abstract that is neither Spanish nor English has no field of its own and leads the text."""
    text = document["body"] if document["language"] in ("es", "en") else f"{document['abstract']} {document['body']}"
    for some in batched(text.split(" "), WORDS_PER_PAGE, strict=False):
        yield " ".join(some)
