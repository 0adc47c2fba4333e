"""`manage.py demo`: everything there after one command, nothing changed by a second, nobody else's data touched."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from http.cookiejar import CookieJar
from io import StringIO
from urllib.error import URLError

import pytest
from django.conf import settings
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from network.models import Application, Organisation, Sector, User
from portal.demo import content
from resources.models import File, Resource, Topic
from tests import factories
from tests.resources import documents


@pytest.fixture(autouse=True)
def _development(settings) -> None:
    settings.DEBUG = True


def demo(**options: object) -> str:
    out = StringIO()
    call_command("demo", no_serve=True, stdout=out, **options)
    return out.getvalue()


def test_the_demo_is_there_after_one_command_and_the_same_after_two(client, transactional_db) -> None:
    told = demo()
    assert all(person.email in told for person in content.PEOPLE)
    assert "no second factor" in told
    assert Organisation.objects.filter(slug="oim").exists()
    assert Organisation.objects.count() >= 25
    assert Sector.objects.filter(organisations__isnull=False).distinct().count() == 6
    assert Resource.objects.published().count() >= 60
    assert Topic.objects.count() >= 40
    files = File.objects.all()
    assert files.count() >= 12
    assert {file.state for file in files} == {"read"}
    assert {"es", "en"} <= {file.language for file in files}
    assert set(Organisation.objects.members()) == set(Organisation.objects.all())
    assert set(Application.objects.values_list("state", flat=True)) == {"submitted", "needs_info", "before_committee"}
    assert not mail.outbox
    rows = (Resource.objects.count(), File.objects.count(), User.objects.count(), Topic.objects.count())
    assert "…" not in demo()  # no step was left to do
    assert rows == (Resource.objects.count(), File.objects.count(), User.objects.count(), Topic.objects.count())
    assert client.login(username="coordina@demo.example", password=content.PASSWORD)
    assert client.get("/admin/").status_code == 200
    hits = client.get("/es/recursos/?q=tejedoras").context["listing"].hits
    assert hits[0].snippet.page > 1
    client.logout()
    figures = client.get("/es/plan/").context["figures"]
    assert figures.everything.total == 12
    assert not any(profile.rows[-1].number for profile in figures.profile if profile.rows[-1].code is None)
    assert any(indicator.actual is not None for indicator in figures.indicators)
    assert client.get("/es/plan/cambios/").text.count("<h3") >= 1


def test_a_database_with_somebody_in_it_is_left_alone(transactional_db) -> None:
    factories.user("alguien@example.org")
    with pytest.raises(CommandError, match="not the demo"):
        demo()
    with pytest.raises(CommandError, match="not the demo"):
        demo(reset=True)
    assert User.objects.count() == 1
    assert not Organisation.objects.exists()


def test_the_demo_is_for_development(settings, db) -> None:
    settings.DEBUG = False
    with pytest.raises(CommandError, match="known passwords"):
        demo()


class Visitor:
    """Somebody at the door of a real server, with cookies and nothing else."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def get(self, path: str) -> str:
        with self.opener.open(self.base + path, timeout=30) as answer:
            return answer.read().decode()

    def send(self, path: str, **fields: object) -> str:
        """Fill in the form at this address, with what it already holds."""
        form = self.get(path)
        held = dict(re.findall(r'name="(csrfmiddlewaretoken|organisation)" value="([^"]+)"', form))
        data = encode_multipart(BOUNDARY, held | fields)
        request = urllib.request.Request(self.base + path, data, {"Content-Type": MULTIPART_CONTENT})
        with self.opener.open(request, timeout=30) as answer:
            return answer.url

    def wait_for(self, path: str, seconds: float) -> None:
        end = time.monotonic() + seconds
        while True:
            try:
                self.get(path)
                return
            except URLError:
                assert time.monotonic() < end, f"no answer within {seconds} s"
                time.sleep(0.2)


def test_the_demo_serves_and_its_worker_reads_what_is_handed_in(tmp_path) -> None:
    """The command as a newcomer types it: server, worker, sign-in, an upload over HTTP, and a clean end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {"DATABASE_URL": f"sqlite:///{tmp_path}/demo.sqlite3", "STORAGE_URL": f"{tmp_path}/files"}
    command = [sys.executable, "manage.py", "demo", "--port", str(port)]
    server = subprocess.Popen(command, cwd=settings.BASE_DIR, env=os.environ | own, stdout=subprocess.DEVNULL)
    try:
        member = Visitor(f"http://127.0.0.1:{port}")
        member.wait_for("/health/ready", seconds=120)
        signed_in = member.send("/es/cuenta/entrar/", login="contribuye@demo.example", password=content.PASSWORD)
        assert signed_in.endswith("/es/mi-mesa/")
        file = SimpleUploadedFile("ruta.pdf", documents.pdf(word="zopilote"))
        form = member.send("/es/mi-mesa/entregar/", file=file)
        assert re.search(r"/es/mi-mesa/\d+/$", form)
        end = time.monotonic() + 60
        while "En lectura" in (desk := member.get("/es/mi-mesa/")):
            assert time.monotonic() < end, "the worker has not read the file"
            time.sleep(0.3)
        assert "Salud en la ruta migratoria" in desk
    finally:
        server.send_signal(signal.SIGTERM)
        assert server.wait(40) == 0
