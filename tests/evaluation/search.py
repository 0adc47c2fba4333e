"""
How well the search ranks: nDCG@10 on sets of questions with judged answers, through the portal's own models.

    uv run python -m tests.evaluation.search ../shared/data

The folder holds `search/NAME/queries.jsonl`, `search/NAME/qrels.tsv` and `search_corpora/NAME/corpus.jsonl` (BEIR). One
line per set on standard output, `name ndcg@10`. A set's name says its languages: `-es` both of them, `-es2en` of the
questions and of the documents; in another set each id ends with its own. As in the reference figures, the mean is that
over those of a set's first 600 questions that have an answer (`--first 0`: of all; all are asked in any case).
"""

import argparse
import json
import os
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from math import log2
from pathlib import Path
from statistics import mean

from tests.bench.scratch import postgresql, say, throwaway

DEPTH = 10
LANGUAGES = ("es", "en")
UNTITLED = "·"
"""A title without words, for documents that have none."""
PAGE = 3_000
"""Characters per page of a text."""
TELL_EVERY = 500


@dataclass(frozen=True)
class JudgedSet:
    """Documents, questions, and how well each document answers: {question: {document: grade}}."""

    name: str
    documents: list[dict[str, str]]
    questions: list[dict[str, str]]
    grades: dict[str, dict[str, int]]

    @property
    def has_titles(self) -> bool:
        """The titles of XQuAD are English whatever the text."""
        return not self.name.startswith("xquad")

    def language_of_question(self, key: str) -> str:
        return self._languages()[0] or _ending(key)

    def language_of_document(self, key: str) -> str:
        return self._languages()[1] or _ending(key)

    def _languages(self) -> tuple[str, str]:
        found = re.search(r"-(?:([a-z]{2})2)?([a-z]{2})$", self.name)
        return (found[1] or found[2], found[2]) if found else ("", "")


def _ending(key: str) -> str:
    return key[-2:] if key[-2:] in LANGUAGES else "es"


def main() -> None:
    asked = arguments()
    names = sorted(path.parent.name for path in asked.folder.glob("search/*/queries.jsonl"))
    names = [name for name in names if (asked.folder / "search_corpora" / name / "corpus.jsonl").is_file()]
    if not names:
        sys.exit(
            f"{asked.folder} holds no judged sets: search/NAME/queries.jsonl and search_corpora/NAME/corpus.jsonl."
        )
    with throwaway(postgresql(os.environ.get("DATABASE_URL", ""))):
        from django.core.management import call_command

        call_command("load_vocabulary", stdout=sys.stderr)
        for name in names:
            judged = read(asked.folder, name)
            gains = evaluated(judged)
            first = gains[: asked.first or None]
            say(f"{name}: {mean(found(gains)):.4f} over all {len(found(gains))} questions that have an answer")
            print(f"{name} {mean(found(first)):.3f}", flush=True)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("--first", type=int, default=600, metavar="N", help="questions per set that count (0: all)")
    return parser.parse_args()


def read(folder: Path, name: str) -> JudgedSet:
    grades: dict[str, dict[str, int]] = defaultdict(dict)
    lines = (folder / "search" / name / "qrels.tsv").read_text("utf-8").splitlines()
    for line in lines[1:]:
        question, document, grade = line.split("\t")
        grades[question][document] = int(float(grade))
    documents = list(records(folder / "search_corpora" / name / "corpus.jsonl"))
    return JudgedSet(name, documents, list(records(folder / "search" / name / "queries.jsonl")), grades)


def records(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def evaluated(judged: JudgedSet) -> list[float | None]:
    """nDCG@10 of every question in order, None where no document answers it."""
    from resources import search

    say(f"{judged.name}: indexing {len(judged.documents)} documents")
    keys = load(judged)
    search.rebuild()
    out: list[float | None] = []
    for number, question in enumerate(judged.questions, 1):
        language = judged.language_of_question(question["_id"])
        results = search.search(search.Query(text=question["text"], language=language), size=DEPTH)
        out.append(ndcg([keys[pk] for pk in results.ids], judged.grades.get(question["_id"], {})))
        if number % TELL_EVERY == 0:
            say(f"{judged.name}: {number} of {len(judged.questions)} questions")
    return out


def found(gains: list[float | None]) -> list[float]:
    return [gain for gain in gains if gain is not None]


def ndcg(ranked: list[str], grades: dict[str, int]) -> float | None:
    """Normalised discounted cumulative gain with exponential gains (Burges et al. 2005); None without a good answer."""

    def gain(some: list[int]) -> float:
        return sum((2 ** max(grade, 0) - 1) / log2(place + 2) for place, grade in enumerate(some[:DEPTH]))

    best = gain(sorted(grades.values(), reverse=True))
    return gain([grades.get(key, 0) for key in ranked]) / best if best else None


def load(judged: JudgedSet) -> dict[int, str]:
    """Put the set's documents in place of whatever is there: {primary key: the document's id}."""
    from django.utils import timezone

    from resources.models import File, Page, Resource

    for model in (Page, File, Resource):
        model.objects.all().delete()
    owner, now = _owner(), timezone.now()
    works, files, pages = [], [], []
    for pk, document in enumerate(judged.documents, 1):
        language = judged.language_of_document(document["_id"])
        title = _readable(document.get("title", ""))[:500] if judged.has_titles else ""
        text = _readable(document["text"])
        work = Resource(pk=pk, organisation=owner, original_language=language, status="published", published_at=now)
        setattr(work, f"title_{language}", title or UNTITLED)
        works.append(work)
        files.append(File(pk=pk, resource_id=pk, language=language, sha256=f"{pk:064x}", size=len(text), state="read"))
        pages += [Page(file_id=pk, number=number, text=part) for number, part in enumerate(paged(text), 1)]
    for model, rows in ((Resource, works), (File, files), (Page, pages)):
        model.objects.bulk_create(rows, batch_size=500)
    return {pk: document["_id"] for pk, document in enumerate(judged.documents, 1)}


def _owner() -> "Organisation":  # noqa: F821
    """A body whose name says nothing."""
    from network.models import Country, Organisation, Sector

    given = {"name_es": UNTITLED, "sector": Sector.objects.first(), "country": Country.objects.first()}
    return Organisation.objects.get_or_create(slug="owner", defaults=given)[0]


def _readable(text: str) -> str:
    return text.replace("\0", " ").strip()


def paged(text: str) -> Iterator[str]:
    """A text cut between words, as the pages of a file would be."""
    start = 0
    while len(text) - start > PAGE:
        end = text.rfind(" ", start, start + PAGE) + 1 or start + PAGE
        yield text[start:end]
        start = end
    yield text[start:]


if __name__ == "__main__":
    main()
