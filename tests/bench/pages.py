"""The whole results page over HTTP, against an empty view of the same server."""

import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from django.utils.http import urlencode

from tests.bench.library import Request

EMPTY = "/health/live"
SERVER = (
    "--worker-class=gthread --workers=1 --threads=4 --timeout=120 "
    "--limit-request-line=0 --access-logfile=/dev/null --no-control-socket"
)
"""The image's options but for the number of workers and the log."""
PATIENCE = 60


@dataclass(frozen=True)
class Pages:
    """Seconds per request of the page and of the empty view, and the page's queries."""

    page: list[float]
    empty: list[float]
    queries: list[int]
    hostile: dict[str, float]


def measured(requests: list[Request], *, times: int) -> Pages:
    addresses = [address(request) for request in requests]
    call_command("collectstatic", interactive=False, verbosity=0)
    with served() as port:
        server = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        fetched(server, addresses[0])
        page, empty = [], []
        for each in addresses:
            both = [(fetched(server, each), fetched(server, EMPTY)) for _ in range(times)]
            page.append(median(first for first, _ in both))
            empty.append(median(second for _, second in both))
        hostile = {
            name: median(fetched(server, query) for _ in range(times)) for name, query in hostile_addresses().items()
        }
        server.close()
    queries(addresses[0])  # the first page of a process reads what all later ones know
    return Pages(page, empty, [queries(each) for each in addresses], hostile)


def hostile_addresses() -> dict[str, str]:
    """{what it tries: address} of pages nobody asks for in good faith."""
    common = "salud migrantes mujeres derechos acceso atencion servicios politica "
    asked = {
        "operators": {"q": 'a AND (b OR c) NEAR/3 "d NOT e* ^f & | ! <-> :* \\'},
        "regular expression": {"q": "(a+)+$ .* [^x]{1,9999} (?=.*)" * 5},
        "10,000 characters": {"q": (common * 200)[:10_000]},
        "a word of 10,000 letters": {"q": "a" * 10_000},
        "400 words nobody wrote": {"q": " ".join(f"xq{number}zk" for number in range(400))},
        "the commonest words": {"q": common},
        "three slips": {"q": "migrasionn vacunasionn refugeeees"},
        "forty phrases": {"q": '"salud mental" ' * 40},
        "everything but": {"q": '-salud -migrantes -mujeres -derechos -"salud mental"'},
        "only stop words": {"q": "de la que el en y a los the of and to in a"},
        "only signs": {"q": "!?¿¡\"'()[]{}*&^%$#@~`|\\<>"},
        "right to left, emoji, NUL": {"q": "مرحبا 🦠\u202e\x00 salud"},
        "page 10^30": {"q": "salud", "page": str(10**30)},
        "400 values of a facet": {"q": "salud", "topic": [str(number) for number in range(400)]},
        "400 unknown values": {"q": "salud", "tag": [f"zz{number}" for number in range(400)]},
        "by title": {"sort": "title", "page": "2500"},
    }
    with translation.override("es"):
        return {name: reverse("resources:list") + "?" + urlencode(query, doseq=True) for name, query in asked.items()}


def address(request: Request) -> str:
    """The page of this request; of single years the page knows only from and until."""
    filters = {name: values for name, values in request.filters.items() if name != "year"}
    years = request.filters.get("year", [])
    span = {"year_from": min(years), "year_to": max(years)} if years else {}
    with translation.override(request.language):
        return reverse("resources:list") + "?" + urlencode({"q": request.text, **filters, **span}, doseq=True)


def fetched(server: http.client.HTTPConnection, path: str) -> float:
    """Seconds until the last byte of a page that answers well."""
    start = time.perf_counter()
    server.request("GET", path)
    answer = server.getresponse()
    answer.read()
    if answer.status != 200:
        sys.exit(f"{path} answered {answer.status}")
    return time.perf_counter() - start


def queries(path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        Client(headers={"host": "127.0.0.1"}).get(path)
    return len(captured)


@contextmanager
def served() -> Iterator[int]:
    """A web server of one worker on a free port of this machine, with this process's settings."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "portal.wsgi", f"--bind=127.0.0.1:{port}", *SERVER.split()]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, cwd=Path(__file__).parents[2], stdout=log, stderr=log, env=os.environ)
        try:
            _wait(process, port)
            yield port
        finally:
            process.terminate()
            process.wait(PATIENCE)


def _wait(process: subprocess.Popen, port: int) -> None:
    """Until the server takes connections."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    sys.exit("The web server did not start.")
