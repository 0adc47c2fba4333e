"""
What a plan of 300 activities costs: its pages and its files, against an empty view.

    uv run python -m tests.bench.plan [--activities 300] [--server postgres://user@host:port/name]

A made-up plan with partners, countries, markers, three approved reports and a contribution each, and twelve indicators,
in a throwaway database. One line per page: milliseconds of CPU of this process, the same as a multiple of an empty view
asked in turn, queries, kilobytes. Files that are kept are set anew each time; `again` is the second reader.
"""

import argparse
import sys
import time
from statistics import median

from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from tests.bench.pages import EMPTY
from tests.bench.scratch import postgresql, say, throwaway

TIMES = 3
PAGES = {
    "plan": "",
    "matrix": "matriz/",
    "timeline": "cronograma/",
    "progress": "avance/",
    "contributions": "aportes/",
}
FILES = ["json", "xlsx", "docx", "pdf"]
Measured = tuple[float, float]
"""Seconds of the page and of the empty view."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--activities", type=int, default=300)
    parser.add_argument("--server", type=postgresql, default="", help="a PostgreSQL server; SQLite without")
    options = parser.parse_args()
    with throwaway(options.server):
        run(options.activities)


def run(activities: int) -> None:
    from tests.steering import whole_plan

    call_command("collectstatic", interactive=False, verbosity=0)
    version = whole_plan.large(activities)
    whole_plan.gifts(version, activities)
    say(f"{activities} activities")
    base = f"/es/plan/{version.plan.first_year}/"
    for name, ending in PAGES.items():
        told(name, base + ending)
    with translation.override("es"):
        told("activity", version.terms.first().activity.get_absolute_url())
    for ending in FILES:
        told(ending, f"{base}plan.{ending}", fresh=True)
    told("pdf again", f"{base}plan.pdf")


def told(name: str, address: str, *, fresh: bool = False) -> None:
    fetched(address)  # the first of a process reads what all later ones know
    both = [measured(address, fresh=fresh) for _ in range(TIMES)]
    page, ratio = median(page for page, _ in both), median(page / empty for page, empty in both)
    if fresh:
        cache.clear()
    with CaptureQueriesContext(connection) as captured:
        size = fetched(address)
    line = f"{name:14} {page * 1000:8.0f} ms {ratio:8.1f} x {len(captured):4} queries {size / 1000:8.0f} kB"
    print(line, flush=True)


def measured(address: str, *, fresh: bool) -> Measured:
    if fresh:
        cache.clear()
    start = time.process_time()
    fetched(address)
    middle = time.process_time()
    for _ in range(10):
        fetched(EMPTY)
    return middle - start, (time.process_time() - middle) / 10


def fetched(address: str) -> int:
    """How many bytes it is."""
    answer = Client(headers={"host": "127.0.0.1"}).get(address)
    if answer.status_code != 200:
        sys.exit(f"{address} answered {answer.status_code}")
    return len(answer.getvalue())


if __name__ == "__main__":
    main()
