"""
How fast the search is, beside tantivy, on the shared bilingual corpus and its 200 requests.

    uv run --with tantivy python -m tests.bench.search --documents 100000

On SQLite, or on the PostgreSQL server of DATABASE_URL in databases named salud_bench_*. What is built (corpus, library,
both indexes) is kept in the cache folder; the portal's index is built anew when its code has changed. A request is what
a page needs: match, filters, exact total, first 20, counts of six facets. Everything runs in one warm process, the two
engines in turn, request by request; a request's time is its median. The machine may be busy: trust ratios.
"""

import argparse
import importlib.util
import multiprocessing
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from tests.bench import building, library
from tests.bench.building import Built
from tests.bench.library import FREE, Document, Request, Shared
from tests.bench.scratch import postgresql, say

SHARED = Path(__file__).parents[3] / "shared" / "bench"
SIZE = 20
LONG = 3_000
"""Words of the document that is added."""
ADDED = 7
"""How often it is added."""


@dataclass(frozen=True)
class Run:
    """Seconds per request, ours and the peer's."""

    ours: list[float]
    peer: list[float]

    @property
    def ratio(self) -> float:
        return median(self.ours) / median(self.peer)


def main() -> None:
    asked = arguments()
    if not importlib.util.find_spec("tantivy"):
        sys.exit("The peer is missing: uv run --with tantivy python -m tests.bench.search")
    asked.cache.mkdir(parents=True, exist_ok=True)
    shared = library.shared(asked.corpus)
    server = postgresql(os.environ.get("DATABASE_URL", ""))
    built = building.portal(shared, asked.documents, asked.cache, server, keep=asked.keep_index)
    print(f"{asked.documents} documents, {len(shared.requests)} requests, {'PostgreSQL' if server else 'SQLite'}")
    tell_building(built)
    peer = building.peer(shared, asked.documents, asked.cache)
    tell_runs([compared(shared.requests, peer, times=asked.times) for _ in range(asked.runs)])
    if asked.growth and asked.growth < asked.documents:
        tell_growth(asked.growth, *grown(asked, shared, server))
    if asked.check:
        tell_truth(shared, asked)
    tell_adding(shared, asked.documents)
    if asked.page:
        tell_pages(shared.requests, asked.times)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=100_000, metavar="N")
    parser.add_argument("--corpus", type=Path, default=SHARED, metavar="FOLDER", help=f"default {SHARED}")
    cache = Path(tempfile.gettempdir()) / "salud-bench"
    parser.add_argument("--cache", type=Path, default=cache, metavar="FOLDER", help=f"default {cache}")
    parser.add_argument("--times", type=int, default=5, metavar="K", help="per request, of which the median counts")
    parser.add_argument("--runs", type=int, default=3, metavar="K", help="over all requests; the middle one counts")
    parser.add_argument("--growth", type=int, metavar="N", help="a smaller library, too (default a tenth, 0: none)")
    parser.add_argument("--no-check", dest="check", action="store_false", help="no comparison with a brute-force scan")
    parser.add_argument("--keep-index", action="store_true", help="no new index where only reading it has changed")
    parser.add_argument("--page", action="store_true", help="the whole results page over HTTP, too")
    asked = parser.parse_args()
    asked.growth = asked.documents // 10 if asked.growth is None else asked.growth
    return asked


def seconds(action: Callable[[], Any]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def ours(request: Request) -> Callable[[], Any]:
    from resources import search

    query = search.Query(text=request.text, filters=request.filters, language=request.language)
    return lambda: search.search(query, size=SIZE)


def theirs(peer: Any, request: Request) -> Callable[[], Any]:
    words = request.shared["q"], request.shared["ui"], request.shared["filters"]
    return lambda: peer.search(*words, want=SIZE)


def compared(requests: list[Request], peer: Any, *, times: int) -> Run:
    """Both engines in turn, request by request."""
    run = Run([], [])
    for request in requests:
        pairs = [(seconds(ours(request)), seconds(theirs(peer, request))) for _ in range(times)]
        run.ours.append(median(one for one, _ in pairs))
        run.peer.append(median(other for _, other in pairs))
    return run


def grown(asked: argparse.Namespace, shared: Shared, server: str) -> tuple[list[float], list[float]]:
    """Seconds per request in the smaller library, which a process of its own holds, and in this one, in turn."""
    here, there = multiprocessing.get_context("spawn").Pipe()
    process = multiprocessing.get_context("spawn").Process(target=smaller, args=(there, asked, server))
    process.start()
    there.close()
    here.recv()
    small, large = [], []
    for number, request in enumerate(shared.requests):
        pairs = [(_asked(here, number), seconds(ours(request))) for _ in range(asked.times)]
        small.append(median(one for one, _ in pairs))
        large.append(median(other for _, other in pairs))
    here.close()
    process.join()
    return small, large


def _asked(there: Connection, number: int) -> float:
    there.send(number)
    return there.recv()


def smaller(parent: Connection, asked: argparse.Namespace, server: str) -> None:
    """Answer with the seconds of each request asked for, until the parent closes the line."""
    shared = library.shared(asked.corpus)
    building.portal(shared, asked.growth, asked.cache, server, keep=asked.keep_index)
    parent.send(0.0)
    while True:
        try:
            number = parent.recv()
        except EOFError:
            return
        parent.send(seconds(ours(shared.requests[number])))


def p95(values: list[float]) -> float:
    return quantiles(values, n=20)[-1]


def row(name: str, values: list[float]) -> None:
    print(f"  {name:34} median {1e3 * median(values):8.2f} ms   p95 {1e3 * p95(values):8.2f} ms")


def tell_building(built: Built) -> None:
    bytes_ = building.size_of_index()
    print(f"index: {bytes_ / 1e6:.0f} MB, built at {built.per_second:.0f} documents a second", end=" ")
    print(f"({built.per_cpu_second:.0f} per second of one core), {built.megabytes} MB of memory at most")


def tell_runs(runs: list[Run]) -> None:
    run = sorted(runs, key=lambda run: run.ratio)[len(runs) // 2]
    print("search: match, filters, total, first 20, facets")
    row("portal", run.ours)
    row("tantivy", run.peer)
    each = median(one / other for one, other in zip(run.ours, run.peer, strict=True))
    print(
        f"  portal / tantivy: median {run.ratio:.2f}, p95 {p95(run.ours) / p95(run.peer):.2f}, per request {each:.2f}"
    )
    print(f"  medians of all runs: {', '.join(f'{each.ratio:.2f}' for each in runs)}")


def tell_growth(small_size: int, small: list[float], large: list[float]) -> None:
    print(f"growth from {small_size} documents")
    row("smaller library", small)
    row("this library", large)
    print(f"  this / smaller: median {median(large) / median(small):.2f}, p95 {p95(large) / p95(small):.2f}")


def tell_truth(shared: Shared, asked: argparse.Namespace) -> None:
    """Totals, first works and six facets of every request against a scan over all documents."""
    from tests.bench import oracle

    source = library.corpus_file(shared.corpus, asked.documents, asked.cache)
    questions = oracle.asked(shared.requests)
    memo = asked.cache / f"truth-{asked.documents}-{building.CODE}.pickle"
    truth = oracle.read(shared, questions, source, asked.documents, memo)
    wrong = {False: 0, True: 0}
    for each in questions:
        if found := oracle.differences(each, truth, ours(each.request)()):
            wrong[each.request.is_quoted] += 1
            say(f"{each.request.text!r} {each.request.filters}: {', '.join(found)}")
    quoted = sum(each.request.is_quoted for each in questions)
    print(f"compared with a scan over all {asked.documents} documents (total, first works, six facets):")
    print(f"  {wrong[False]} of {len(questions) - quoted} requests differ; {wrong[True]} of {quoted} quoted phrases")


def tell_adding(shared: Shared, documents: int) -> None:
    print(f"adding one document of {LONG} words, and taking it out again ({ADDED} times)")
    for name, first in (("newest block", documents + FREE + 1), ("first block", 1)):
        pairs = [added(document, first) for document in long_documents(shared)]
        row(f"{name}: added", [one for one, _ in pairs])
        row(f"{name}: taken out", [other for _, other in pairs])


def long_documents(shared: Shared) -> list[Document]:
    """New documents of exactly LONG words."""
    corpus, rng = shared.corpus.Corpus(), random.Random("long")
    out = []
    for _ in range(ADDED):
        first = corpus.doc(rng.randrange(10**7, 10**8))
        words: list[str] = []
        while len(words) < LONG:
            other = corpus.doc(rng.randrange(10**7, 10**8))
            words += other["body"].split() if other["language"] == first["language"] else []
        out.append(first | {"body": " ".join(words[:LONG])})
    return out


def added(document: Document, key: int) -> tuple[float, float]:
    """Seconds to index it, and to take it out of the index."""
    from resources import search
    from resources.models import Resource

    before = search.search(search.Query()).total
    library.store([document], first_key=key)
    try:
        adding = seconds(lambda: search.index([key]))
        if search.search(search.Query()).total != before + 1:
            sys.exit("The document that was added is not found.")
    finally:
        Resource.objects.filter(pk=key).delete()
        removing = seconds(lambda: search.index([key]))
    return adding, removing


def tell_pages(requests: list[Request], times: int) -> None:
    from tests.bench import pages

    found = pages.measured(requests, times=times)
    print("the whole results page over HTTP, one worker")
    row("page", found.page)
    row("empty view", found.empty)
    print(f"  page / empty view: median {median(found.page) / median(found.empty):.1f}", end=", ")
    print(f"p95 of the page / median of the empty view {p95(found.page) / median(found.empty):.1f}")
    print(f"  queries per page: median {median(found.queries):.0f}, most {max(found.queries)}")
    print("hostile requests, each ÷ the page's median")
    for name, took in sorted(found.hostile.items(), key=lambda item: -item[1]):
        print(f"  {name:34} {took / median(found.page):8.1f}   {1e3 * took:8.0f} ms")


if __name__ == "__main__":
    main()
