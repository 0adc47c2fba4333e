"""
How well one work is told from another: every pair of the real documents, and their texts misread as a scan is.

    uv run python -m tests.evaluation.duplicates ../shared/data

Two documents are one work where a careful person gave them the same title (`expected_metadata.csv`): PDF and Word of
one text, and two deliveries of one course. All of them are put in an empty library, and each is looked up in turn with
what a record says of it ("described"), and then by its text alone. "right" are pairs found that are one work, "wrong"
pairs found that are not, "missed" the others that are. Then each text is changed in 1 letter of 20, at random, and
has to lead to a work of its own title.
"""

import argparse
import csv
import io
import json
import os
import random
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.scratch import postgresql, say, throwaway
from tests.evaluation.topics import article

if TYPE_CHECKING:
    from resources.duplicates import Draft

SURE = 0.5
NOISE = 0.05
LETTERS = "abcdefghijlmnopqrstuvz"


@dataclass(frozen=True)
class Document:
    name: str
    row: dict[str, str]
    pages: list[str]

    @property
    def work(self) -> str:
        """What makes it one work with another of them."""
        return re.sub(r"\W+", " ", self.row["title"].casefold()).strip()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("--texts", type=Path, help="JSON file that keeps the texts read, for the next run")
    asked = parser.parse_args()
    with throwaway(postgresql(os.environ.get("DATABASE_URL", ""))):
        from django.core.management import call_command

        prepare()
        call_command("load_vocabulary", stdout=io.StringIO())
        known = read(asked.folder, asked.texts)
        documents = stored(known)
        for described in (True, False):
            score_pairs(documents, described=described)
        score_noise(documents)
        score_titles(known)


def prepare() -> None:
    """The table of sketches, where no migration has made it."""
    from django.db import connection

    from resources.models.likeness import Likeness

    if Likeness._meta.db_table not in connection.introspection.table_names():
        with connection.schema_editor() as editor:
            editor.create_model(Likeness)


def read(folder: Path, kept: Path | None) -> list[Document]:
    from resources.intake import kinds, reading

    texts = json.loads(kept.read_text()) if kept and kept.exists() else {}
    out = []
    for row in csv.DictReader((folder / "expected_metadata.csv").open(encoding="utf-8-sig", newline="")):
        path = folder / row["path"]
        if row["path"] not in texts and path.suffix == ".xml":
            texts[row["path"]] = [text for _, text in article(path).pages]
        elif row["path"] not in texts:
            with path.open("rb") as file:
                texts[row["path"]] = reading.read(path, kinds.identify(file, path.name), thumbnail=False).pages
        out.append(Document(row["path"], row, texts[row["path"]]))
    if kept:
        kept.write_text(json.dumps(texts))
    return out


def stored(documents: Iterable[Document]) -> dict[int, Document]:
    """The documents as works of the library, by number."""
    from network.models import Country, Organisation, Sector
    from resources import duplicates
    from resources.models import File, Page, Resource

    country, sector = Country.objects.first(), Sector.objects.first()
    body = Organisation.objects.create(slug="x", name_es="X", name_en="X", sector=sector, country=country)
    out, began = {}, time.perf_counter()
    for number, document in enumerate(documents, 1):
        row = document.row
        language = row["language"] or "es"
        found = re.search(r"doi:([^|]+)", row["identifiers"])
        work = Resource(organisation=body, original_language=language, year=row["year"] or None)
        work.doi = found[1].lower() if found else ""
        setattr(work, f"title_{language}" if language in ("es", "en") else "original_title", row["title"] or "·")
        work.save()
        file = File.objects.create(
            resource=work,
            language=language,
            name="x",
            kind="pdf",
            size=1,
            sha256=f"{number:064x}",
            pages=len(document.pages),
        )
        Page.objects.bulk_create(
            Page(file=file, number=n, text=page.replace("\0", " ")) for n, page in enumerate(document.pages, 1) if page
        )
        duplicates.remember(work)
        out[work.pk] = document
    say(f"{len(out)} works stored and sketched in {time.perf_counter() - began:.1f} s")
    return out


def coordinator() -> object:
    from network.models import Role, User

    user = User.objects.filter(email="evaluation@example.org").first()
    if user is None:
        user = User.objects.create_user("evaluation@example.org", "una-clave-larga")
        Role.objects.create(user=user, kind=Role.Kind.COORDINATOR)
    return user


def draft_of(pk: int, *, described: bool) -> "Draft":
    from resources.duplicates import Draft
    from resources.models import Resource

    draft = Draft.of(Resource.objects.get(pk=pk))
    if described:
        return draft
    return replace(draft, titles={}, doi="", year=None, sketch=replace(draft.sketch, titles=()))


def score_pairs(documents: dict[int, Document], *, described: bool) -> None:
    from resources import duplicates
    from resources.suggestions import Vocabulary

    vocabulary, user = Vocabulary.current(), coordinator()
    found: dict[frozenset[int], tuple[float, str]] = {}
    began = time.perf_counter()
    for pk in documents:
        for alike in duplicates.find(draft_of(pk, described=described), user, vocabulary=vocabulary):
            pair = frozenset([pk, alike.resource.pk])
            found[pair] = max(found.get(pair, (0, "")), (alike.certainty, alike.kind))
    seconds = (time.perf_counter() - began) / len(documents)
    pairs = [frozenset(pair) for pair in combinations(documents, 2)]
    one = {pair for pair in pairs if len({documents[pk].work for pk in pair}) == 1}
    sure = {pair for pair, (certainty, _) in found.items() if certainty >= SURE}
    for pair in (sure | set(found)) - one | (one - sure):
        names = " / ".join(sorted(documents[pk].name.split("/", 1)[1][:45] for pk in pair))
        say(f"  {'wrong' if pair not in one else 'missed'} {found.get(pair, '')}: {names}")
    name = "described" if described else "text alone"
    print(
        f"{name}: {len(sure & one)} right, {len(sure - one)} wrong, {len(one - sure)} missed of {len(pairs)} pairs; "
        f"{seconds * 1000:.0f} ms each",
        flush=True,
    )


def score_noise(documents: dict[int, Document]) -> None:
    """Each text misread, by text alone."""
    from resources import duplicates
    from resources.duplicates import Draft
    from resources.duplicates.sketches import Sketch
    from resources.suggestions import Vocabulary

    vocabulary, user, chance = Vocabulary.current(), coordinator(), random.Random(5)
    right = wrong = missed = 0
    for document in documents.values():
        if sum(map(len, document.pages)) < 1500:
            continue
        draft = Draft(titles={}, sketch=Sketch.of([], [[misread(page, chance) for page in document.pages]]))
        found = [alike for alike in duplicates.find(draft, user, vocabulary=vocabulary) if alike.certainty >= SURE]
        works = {documents[alike.resource.pk].work for alike in found}
        right += document.work in works
        wrong += len(works - {document.work})
        missed += document.work not in works
    print(f"misread, 1 letter in {round(1 / NOISE)}: {right} right, {wrong} wrong, {missed} missed", flush=True)


def misread(text: str, chance: random.Random) -> str:
    """Every twentieth character another one, gone or doubled."""
    out = []
    for sign in text:
        if chance.random() < NOISE:
            sign = chance.choice([chance.choice(LETTERS), chance.choice(LETTERS), "", sign * 2])
        out.append(sign)
    return "".join(out)


def score_titles(documents: list[Document]) -> None:
    """Titles alone, every pair of different ones: none is the same, those that share all words but one least of all."""
    from resources.duplicates import titles

    every = sorted({document.row["title"] for document in documents if document.row["title"]})
    pairs = list(combinations(every, 2))
    wrong = [pair for pair in pairs if titles.same(*pair)]
    print(f"titles: {len(wrong)} wrong of {len(pairs)} pairs of different ones", *wrong, sep="\n  ", flush=True)


if __name__ == "__main__":
    main()
