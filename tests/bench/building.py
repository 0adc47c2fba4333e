"""What is built once and kept between runs: the corpus, the library with its index, the peer's index."""

import hashlib
import importlib
import json
import shutil
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from typing import Any

from tests.bench import library, scratch
from tests.bench.library import Shared
from tests.bench.scratch import say

ENGINE = Path(__file__).parents[2] / "resources" / "search"


@dataclass(frozen=True)
class Built:
    """How the portal's index came about: by which code, and how fast."""

    code: str
    per_second: float
    per_cpu_second: float
    megabytes: int


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for path in sorted(ENGINE.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


CODE = _fingerprint()
"""Of the engine as this process loaded it."""


def portal(shared: Shared, documents: int, cache: Path, server: str, *, keep: bool = False) -> Built:
    """Django set up on a library of so many documents, indexed by the engine as it is now; `keep`: or as it was."""
    name = f"salud_bench_{documents}"
    source = library.corpus_file(shared.corpus, documents, cache)
    scratch.start(scratch.kept(server, name, cache), cache)
    library.fill(shared.corpus, source, documents)
    return _indexed(documents, cache / f"{name}_{'postgresql' if server else 'sqlite'}.json", keep=keep)


def _indexed(documents: int, note: Path, *, keep: bool) -> Built:
    """What the note says, if this engine wrote the index; else the index anew."""
    from resources import search

    if note.exists():
        built = Built(**json.loads(note.read_text()))
        if (keep or built.code == CODE) and search.search(search.Query()).total == documents:
            return built
    wall, cpu = time.perf_counter(), time.process_time()
    search.rebuild(_telling())
    rates = documents / (time.perf_counter() - wall), documents / (time.process_time() - cpu)
    _settle()
    built = Built(CODE, *rates, getrusage(RUSAGE_SELF).ru_maxrss // 1024)
    note.write_text(json.dumps(asdict(built)))
    return built


def _telling() -> Any:
    def tell(done: int, total: int) -> None:
        if done and done % 10_000 == 0:
            say(f"{done} of {total} documents indexed")

    return tell


def _settle() -> None:
    """What the database does by itself sooner or later."""
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            cursor.execute("SET statement_timeout = 0")
            cursor.execute("VACUUM ANALYZE")


def size_of_index() -> int:
    """Bytes of the index's tables with their own indexes."""
    from django.db import connection

    tables = [f"resources_{name}" for name in ("posting", "block", "indexed", "neighbours", "fresh")]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            wanted = "SELECT name FROM sqlite_master WHERE tbl_name IN (%s, %s, %s, %s, %s)"
            cursor.execute(f"SELECT sum(pgsize) FROM dbstat WHERE name IN ({wanted})", tables)
        else:
            cursor.execute(
                "SELECT sum(pg_total_relation_size(name::regclass)) FROM unnest(%s::text[]) AS name", [tables]
            )
        return int(cursor.fetchone()[0])


def peer(shared: Shared, documents: int, cache: Path) -> Any:
    """Tantivy over the same documents."""
    engine = importlib.import_module("tantivy_engine")
    path = cache / f"tantivy-{documents}"
    if not path.exists():
        say(f"Building tantivy's index of {documents} documents")
        source = library.corpus_file(shared.corpus, documents, cache)
        part = path.with_suffix(".part")
        shutil.rmtree(part, ignore_errors=True)
        engine.build(shared.corpus.read(source, documents), str(part))
        part.rename(path)
    return engine.Engine(str(path))
