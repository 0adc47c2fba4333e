"""
How good the suggestions are: against the descriptors and keywords of real records.

    uv run python -m tests.evaluation.topics ../shared/data

Truth: each keyword or descriptor of a record that is, word for word after stemming, a name or entry term of one of our
topics means that topic; all others are left out, and so are records left without one. The suggester is never shown
the keywords. One line per set: records, precision@5 (right among the first five offered), recall@5, how many wanted.
What is offered beyond the author's few keywords counts as wrong here, though it may well be true. Countries and types
are those a careful person read off the documents (`expected_metadata.csv`); a treaty counts as the law it is there,
and a JATS file has no title page whose type could be guessed.
"""

import argparse
import csv
import io
import json
import os
import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import parse

from tests.bench.scratch import postgresql, say, throwaway

DEPTH = 5
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
STUDIED = {"tb": "tuberculosis", "ltbi": "tuberculosis", "hiv": "HIV", "inf_dis": "infectious diseases"}
"""Codes of the refugee infection review, as words."""
SAME_TYPE = {"treaty": "law", "bulletin": "report"}
"""Types of ours that the truth's list does not have, and what it calls them."""
FIELD = re.compile(r"^([A-Z][A-Z0-9])  - ?(.*)$")


@dataclass
class Described:
    """A record: what the suggester is shown, and the words its makers chose."""

    titles: dict[str, str] = field(default_factory=dict)
    abstracts: dict[str, str] = field(default_factory=dict)
    pages: list[tuple[int, str]] = field(default_factory=list)
    language: str = "en"
    keywords: list[tuple[str, str]] = field(default_factory=list)  # (language, keyword)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("--wrong", action="store_true", help="tell each record that is not wholly right")
    asked = parser.parse_args()
    with throwaway(postgresql(os.environ.get("DATABASE_URL", ""))):
        from django.core.management import call_command

        call_command("load_vocabulary", stdout=io.StringIO())
        for name, records in sets(asked.folder):
            score_topics(name, records, tell=asked.wrong)
        score_documents(asked.folder, tell=asked.wrong)


def sets(folder: Path) -> Iterator[tuple[str, list[Described]]]:
    biblio = folder / "biblio"
    yield "jats", [article(path) for path in sorted((folder / "jats").glob("*.xml"))]
    yield "jats, title and abstracts alone", [bare(article(path)) for path in sorted((folder / "jats").glob("*.xml"))]
    yield "eiset2017", list(reviewed(biblio / "eiset2017_refugee_infection_review.csv"))
    yield "embase", list(embase(biblio / "embase.csv"))
    yield "mesh, Spanish journals", list(medical(biblio / "spanish_medical_articles_small.json"))
    for path in sorted(biblio.glob("*.ris")):
        yield path.name, list(references(path))


# --- Records ---------------------------------------------------------------------------------------------------------


def article(path: Path) -> Described:
    root = parse(path).getroot()
    own = root.get(XML_LANG, "en")
    meta = root.find(".//article-meta")
    out = Described(language=own)
    for tag, holder in (("article-title", out.titles), ("trans-title", out.titles)):
        for title in meta.findall(f".//title-group//{tag}"):
            holder.setdefault(title.get(XML_LANG) or _group_language(meta, title) or own, words(title))
    for abstract in [*meta.findall("abstract"), *meta.findall("trans-abstract")]:
        out.abstracts.setdefault(abstract.get(XML_LANG, own), words(abstract))
    for group in meta.iter("kwd-group"):
        language = group.get(XML_LANG, own)
        for keyword in group.iter("kwd"):
            out.keywords += [(language, part) for part in words(keyword).split(";")]
    body = root.find("body")
    text = "\n".join(words(part) for part in body.iter("p")) if body is not None else ""
    out.pages = [(number + 1, text[start : start + 3000]) for number, start in enumerate(range(0, len(text), 3000))]
    return out


def _group_language(meta: Element, title: Element) -> str:
    for group in meta.iter("trans-title-group"):
        if title in list(group):
            return group.get(XML_LANG, "")
    return ""


def bare(record: Described) -> Described:
    record.pages = []
    return record


def words(node: Element) -> str:
    return " ".join(" ".join(node.itertext()).split())


def reviewed(path: Path) -> Iterator[Described]:
    """127 studies of infection in refugees: aim and results in a line each, and the diseases as codes."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
        for row in csv.DictReader(lines):
            codes = {code.strip() for n in range(1, 7) for code in row[f"dis.{n}"].split(";")}
            named = [re.sub(r"(?<=[a-z])(?=[A-Z])", " ", STUDIED.get(code, code)) for code in codes if code]
            yield Described(
                {"en": row["aim"]}, {"en": row["results"]}, keywords=[("en", name.replace("_", " ")) for name in named]
            )


def embase(path: Path) -> Iterator[Described]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines):
            terms = ",".join([row["Emtree Medical Index Terms (Major Focus)"], row["keywords"]])
            terms = re.sub(r"\([^)]{0,200}\)", "", terms).split(",")
            yield Described({"en": row["Title"]}, {"en": row["Abstract"]}, keywords=[("en", term) for term in terms])


def medical(path: Path) -> Iterator[Described]:
    for row in json.loads(path.read_text("utf-8-sig"))["articles"]:
        terms = [term["descriptor"]["name"] for term in row["mesh_terms"]]
        yield Described(
            {"en": row["title"]}, {"en": row["abstract"]["full_text"]}, keywords=[("en", term) for term in terms]
        )


def references(path: Path) -> Iterator[Described]:
    record = Described()
    for line in path.read_text("utf-8-sig", errors="replace").splitlines():
        if not (found := FIELD.match(line)):
            continue
        tag, value = found[1], found[2].strip()
        if tag in ("TI", "T1"):
            record.titles.setdefault("en", value)
        elif tag in ("AB", "N2"):
            record.abstracts.setdefault("en", value)
        elif tag == "KW":
            record.keywords.append(("en", value.lstrip("*")))
        elif tag == "ER":
            yield record
            record = Described()


# --- Scores ----------------------------------------------------------------------------------------------------------


def score_topics(name: str, records: list[Described], *, tell: bool) -> None:
    from resources.models import Topic
    from resources.suggestions import Gazetteer, Vocabulary, suggest

    vocabulary, gazetteer = Vocabulary.current(), Gazetteer.current()
    named = dict(Topic.objects.values_list("pk", "slug"))
    precisions, recalls, wanted = [], [], 0
    for record in records:
        if not (truth := meant(record.keywords, vocabulary)):
            continue
        found = suggest(
            record.titles, record.abstracts, record.pages, record.language, vocabulary=vocabulary, gazetteer=gazetteer
        )
        offered = [topic.topic for topic in found.topics[:DEPTH]]
        right = len(truth.intersection(offered))
        wanted += len(truth)
        recalls.append(right / len(truth))
        precisions += [right / len(offered)] if offered else []
        if tell and (right < len(truth) or right < len(offered)):
            say(f"  {next(iter(record.titles.values()), '')[:60]}: wanted {[named[t] for t in truth]}")
            say(f"    offered {[(named[t.topic], t.score) for t in found.topics[:DEPTH]]}")
    if not recalls:
        print(f"{name}: none of {len(records)} records has a keyword that is a topic of ours", flush=True)
        return
    print(
        f"{name}: precision@{DEPTH} {mean(precisions or [0]):.3f}, recall@{DEPTH} {mean(recalls):.3f} "
        f"({len(recalls)} of {len(records)} records, {wanted} topics wanted)",
        flush=True,
    )


def meant(keywords: Iterable[tuple[str, str]], vocabulary: object) -> set[int]:
    """The topics of which a keyword is, whole, a name or entry term."""
    from resources.suggestions.reading import Passage, Place

    out = set()
    for language, keyword in keywords:
        text = keyword.split("/")[0].strip()
        passage = Passage(text, Place.KEYWORDS, language if language in ("es", "en") else "")
        out |= {term.topic for term, start, end in vocabulary.hits(passage) if (start, end) == (0, len(text))}
    return out


def score_documents(folder: Path, *, tell: bool) -> None:
    """Countries and types of the real files, and how long the suggesting took."""
    from resources.suggestions import Gazetteer, Vocabulary, suggest

    vocabulary, gazetteer = Vocabulary.current(), Gazetteer.current()
    rows = list(csv.DictReader((folder / "expected_metadata.csv").open(encoding="utf-8-sig", newline="")))
    tally: dict[str, list[int]] = {"countries": [0, 0, 0], "type": [0, 0, 0]}  # right, wrong, left out
    slowest, seconds = "", 0.0
    for row in rows:
        record = shown(folder / row["path"], row)
        if record is None:
            continue
        began = time.perf_counter()
        found = suggest(
            record.titles, record.abstracts, record.pages, record.language, vocabulary=vocabulary, gazetteer=gazetteer
        )
        if (took := time.perf_counter() - began) > seconds:
            slowest, seconds = f"{row['path']} ({len(record.pages)} pages)", took
        doubtful = set(row["doubtful"].split("|"))
        truth, given = set(filter(None, row["countries"].split("|"))), {country.code for country in found.countries}
        kind = found.type.type if found.type else ""
        types = {row["type"], *row["type_alternatives"].split("|")} - {""}
        if "countries" not in doubtful:
            count(tally["countries"], len(truth & given), len(given - truth), len(truth - given))
        fits = kind in types or SAME_TYPE.get(kind) in types
        if "type" not in doubtful and not row["path"].endswith(".xml"):
            count(tally["type"], int(fits), int(bool(kind) and not fits), int(not kind))
        if tell and (truth != given or not fits):
            say(f"  {row['path'][-60:]}: {truth or '{}'} {given or '{}'}; {types} {kind or '-'}")
    for name, (right, wrong, missing) in tally.items():
        precision, recall = right / max(1, right + wrong), right / max(1, right + missing + wrong * (name == "type"))
        print(
            f"{name}: {right} right, {wrong} wrong, {missing} missing; precision {precision:.3f}, recall {recall:.3f}"
        )
    print(f"slowest: {slowest} in {seconds:.2f} s")


def count(tally: list[int], *more: int) -> None:
    tally[:] = [old + new for old, new in zip(tally, more, strict=True)]


def shown(path: Path, row: dict[str, str]) -> Described | None:
    """The document as the suggester sees it; None for one without text. The title is the one a person confirmed."""
    from resources.intake import kinds, reading

    if path.suffix == ".xml":
        return article(path)
    with path.open("rb") as file:
        kind = kinds.identify(file, path.name)
    found = reading.read(path, kind, thumbnail=False)
    if not any(page.strip() for page in found.pages):
        return None
    language = row["language"] or "es"
    return Described({language: row["title"]} if row["title"] else {}, {}, list(enumerate(found.pages, 1)), language)


if __name__ == "__main__":
    main()
