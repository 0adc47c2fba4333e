"""
What a long list of references costs: preview, taking in, one in ten of them changed by another list, the way back.

    uv run python -m tests.bench.importing [--records 50000] [--server postgres://user@host:port/name]

A made-up RIS file, read by the portal into a throwaway database. One line per step: seconds of CPU, records a second of
one core, and the most memory so far. The steps end where they began: with an empty library.
"""

import argparse
import os
import random
import resource
import sys
from collections.abc import Callable

from tests.bench.scratch import postgresql, say, throwaway

SYLLABLES = ["mi", "gra", "sa", "lud", "ru", "ta", "al", "ber", "gue", "men", "tal", "ni", "ñez", "fron", "te", "ra"]
KEYWORDS = 40
CHANGED = 10
"""One in so many is changed by the second list."""
ABSTRACT = 140
"""Words: about 1,200 bytes a record, as the exports of the shared data have."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--records", type=int, default=50_000)
    parser.add_argument("--server", type=postgresql, default="", help="a PostgreSQL server; SQLite without")
    options = parser.parse_args()
    with throwaway(options.server):
        run(options.records)


def run(records: int) -> None:
    from resources import importing
    from resources.models import Resource
    from tests import factories

    organisation = factories.organisation("oim")
    someone = factories.user("ana@example.org", "coordinator")
    about = {"organisation": organisation, "by": someone}
    data = ris(records, "Editorial Uno")
    say(f"{records} records, {len(data) / 1e6:.0f} MB")
    first = measured("preview", records, lambda: importing.preview(data, "lista.ris", **about))
    measured("taking in", records, lambda: importing.confirm(first, by=someone))
    if Resource.objects.count() != records:
        sys.exit("Not all of them came in.")
    fewer = max(1, records // CHANGED)
    changed = ris(fewer, "Editorial Dos")
    second = measured("preview of changes", fewer, lambda: importing.preview(changed, "lista.ris", **about))
    measured("taking changes", fewer, lambda: importing.confirm(second, by=someone))
    if Resource.objects.filter(publisher="Editorial Dos").count() != fewer:
        sys.exit("Not all of them were changed.")
    measured("undoing changes", fewer, lambda: importing.undo(second, by=someone))
    measured("undo", records, lambda: importing.undo(first, by=someone))
    if Resource.objects.exists():
        sys.exit("Not all of them went.")


def ris(records: int, publisher: str) -> bytes:
    """So many of a row of records that is always the same, but for the publisher."""
    chance = random.Random(1)
    words = ["".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))) for _ in range(4_000)]

    def some(number: int) -> str:
        return " ".join(words[int(len(words) * chance.random() ** 3)] for _ in range(number))

    return "\n".join(
        f"TY  - JOUR\nID  - {number}\nTI  - {some(9).capitalize()} {number}\n"
        + "".join(f"AU  - {some(1).title()}, {some(1).title()}\n" for _ in range(3))
        + f"PY  - {chance.randint(1990, 2025)}\nAB  - {some(ABSTRACT)}\nPB  - {publisher}\nLA  - es\n"
        + "".join(f"KW  - {words[chance.randrange(KEYWORDS)]}\n" for _ in range(4))
        + f"DO  - 10.1234/x.{number}\nER  - \n"
        for number in range(records)
    ).encode()


def measured[Given](name: str, records: int, step: Callable[[], Given]) -> Given:
    before = cpu()
    given = step()
    seconds = cpu() - before
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{name:20} {seconds:7.1f} s of CPU {records / seconds:8.0f} records/s {memory:6.0f} MB", flush=True)
    return given


def cpu() -> float:
    """Seconds of this process and its children."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


if __name__ == "__main__":
    main()
