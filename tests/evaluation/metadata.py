"""
How well the portal reads a document: title, year, language, first author, bodies, type, identifiers, countries.

    uv run python -m tests.evaluation.metadata ../shared/data

The folder holds `expected_metadata.csv`, whose `path` column names files in it. Each is read as an upload is; the
answer counts by the rule of that folder's README:

- title: equal to the title or an alternative after norm(), or token F1 of at least 0.9;
- year, language, type: exact, alternatives allowed (our narrower words for types stand for theirs);
- first author: a key stands as whole words in the answer;
- bodies, identifiers, countries: every value given is among the expected; bodies by norm(), one inside the other.

Per kind and field: right, empty (nothing said though there was something to say) and wrong (a false value, or any value
where the document has none). Documents without a value, rightly left empty, count as right but not in the share.
`--strict` leaves out what the table calls doubtful; `--show` names each value that is not right.
"""

import argparse
import csv
import json
import os
import sys
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

FIELDS = ("title", "year", "language", "first_author", "bodies", "type", "identifiers", "countries")
KINDS = ("PDF with text", "scan", "office", "JATS")
WORKERS = 2
OCR_SECONDS = 60
TYPE_THERE = {"treaty": "law", "brief": "policy"}
"""Our narrower words for types, as the table has them."""

Row = dict[str, str]
Answer = dict[str, list[str]]


def main() -> None:
    asked = arguments()
    table = asked.folder / "expected_metadata.csv"
    if not table.is_file():
        sys.exit(f"{asked.folder} holds no expected_metadata.csv.")
    import django

    django.setup()
    with table.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if (asked.folder / row["path"]).is_file()]
    with ThreadPoolExecutor(WORKERS) as pool:
        answers = list(pool.map(lambda row: read(asked.folder / row["path"]), rows))
    print_table(counted(rows, answers, strict=asked.strict, show=asked.show))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("--strict", action="store_true", help="leave out what the table calls doubtful")
    parser.add_argument("--show", action="store_true", help="name each value that is not right")
    return parser.parse_args()


def read(path: Path) -> Answer:
    """What the portal says of the file, by field; nothing of a file it refuses."""
    from resources.deposits import FIRST_PAGES
    from resources.intake import reading
    from resources.intake.kinds import Refused, identify

    try:
        with path.open("rb") as file:
            kind = identify(file, path.name)
    except Refused:
        return {}
    found = reading.read(path, kind, first_pages=FIRST_PAGES, thumbnail=False, ocr_seconds=OCR_SECONDS).metadata
    identifiers = [("doi", found.doi), ("isbn", found.isbn), *(("issn", issn) for issn in found.issns)]
    return {
        "title": [found.title] if found.title else [],
        "year": [str(found.year)] if found.year else [],
        "language": [found.language] if found.language else [],
        "first_author": found.authors[:1],
        "bodies": found.bodies,
        "type": [found.type] if found.type else [],
        "identifiers": [f"{scheme}:{value}".lower() for scheme, value in identifiers if value],
        "countries": found.countries,
    }


def counted(rows: list[Row], answers: list[Answer], *, strict: bool, show: bool) -> dict[str, dict[str, Counter[str]]]:
    """{kind: {field: {"right" | "empty" | "wrong" | "none": number}}}."""
    table: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for row, answer in zip(rows, answers, strict=True):
        doubtful = row["doubtful"].split("|") if strict else []
        for field in FIELDS:
            if field in doubtful:
                continue
            outcome = judged(field, row, answer.get(field, []))
            table[kind_of(row["path"])][field][outcome] += 1
            if show and outcome in ("empty", "wrong"):
                print(
                    f"{outcome} {field} of {row['path']}: {json.dumps(answer.get(field, []), ensure_ascii=False)[:160]}"
                )
    return table


def kind_of(path: str) -> str:
    if path.endswith(".xml"):
        return "JATS"
    if "scanned" in path:
        return "scan"
    return "PDF with text" if path.endswith(".pdf") else "office"


def judged(field: str, row: Row, given: list[str]) -> str:
    wanted = expected(field, row)
    if not given:
        return "empty" if wanted else "none"
    return "right" if wanted and all(is_right(field, value, wanted) for value in given) else "wrong"


def expected(field: str, row: Row) -> list[str]:
    """Every value that counts as right; none when the document has none."""
    columns = {
        "first_author": ["first_author_key"],
        "bodies": ["bodies", "first_author", "first_author_key"],  # another name of the same body
        "title": ["title", "title_alternatives"],
        "year": ["year", "year_alternatives"],
        "language": ["language", "language_alternatives"],
        "type": ["type", "type_alternatives"],
    }
    if not row[field]:
        return []
    return [value for column in columns.get(field, [field]) for value in row.get(column, "").split("|") if value]


def is_right(field: str, value: str, wanted: list[str]) -> bool:
    from resources.intake.child.guess.words import norm, similarity

    match field:
        case "title":
            return any(norm(value) == norm(title) or similarity(value, title) >= 0.9 for title in wanted)
        case "first_author":
            return any(f" {norm(key)} " in f" {norm(value)} " for key in wanted)
        case "bodies":
            return any(holds(norm(value), norm(body)) for body in wanted)
        case "type":
            return value in wanted or TYPE_THERE.get(value) in wanted
        case _:
            return value.lower() in [other.lower() for other in wanted]


def holds(one: str, other: str) -> bool:
    return f" {one} " in f" {other} " or f" {other} " in f" {one} "


def print_table(table: dict[str, dict[str, Counter[str]]]) -> None:
    print(f"{'kind':14} {'field':13} {'right':>6} {'empty':>6} {'wrong':>6} {'none':>6}  {'right %':>8} {'wrong %':>8}")
    born_digital: dict[str, Counter[str]] = defaultdict(Counter)
    for kind in (kind for kind in KINDS if kind in table):
        for field in FIELDS:
            print_line(kind, field, table[kind][field])
            if kind != "scan":
                born_digital[field] += table[kind][field]
    for field in FIELDS:
        print_line("born digital", field, born_digital[field])


def print_line(kind: str, field: str, found: Counter[str]) -> None:
    """Shares are of the documents that have a value, or were given one."""
    right, empty, wrong = found["right"], found["empty"], found["wrong"]
    all_of_them = right + empty + wrong
    shares = (
        f"{100 * right / all_of_them:8.1f} {100 * wrong / all_of_them:8.1f}" if all_of_them else f"{'-':>8} {'-':>8}"
    )
    print(f"{kind:14} {field:13} {right:6} {empty:6} {wrong:6} {found['none']:6}  {shares}")


if __name__ == "__main__":
    main()
