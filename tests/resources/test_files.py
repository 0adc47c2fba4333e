"""Handing files out: whole, in part, and never as a page of ours."""

import pytest
from django.core.files.base import ContentFile

from resources.models import File
from tests import factories
from tests.conftest import body

BYTES = bytes(range(256)) * 10


@pytest.fixture
def file(oim) -> File:
    row = factories.file_of(factories.resource(oim, title_es="Acta"), kind="pdf")
    row.content.save("x", ContentFile(BYTES), save=False)
    row.size, row.name = len(BYTES), "informe final.pdf"
    row.save()
    return row


def test_whole(client, file: File) -> None:
    answer = client.get(file.get_absolute_url())
    assert body(answer) == BYTES
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Length"] == str(len(BYTES))
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert answer.headers["Accept-Ranges"] == "bytes"


@pytest.mark.parametrize(
    ("wanted", "part", "told"),
    [
        ("bytes=0-99", BYTES[:100], "bytes 0-99/2560"),
        ("bytes=2500-", BYTES[2500:], "bytes 2500-2559/2560"),
        ("bytes=-60", BYTES[-60:], "bytes 2500-2559/2560"),
        ("bytes=2500-999999", BYTES[2500:], "bytes 2500-2559/2560"),
        ("bytes=-999999", BYTES, "bytes 0-2559/2560"),
    ],
)
def test_a_broken_download_goes_on_where_it_stopped(client, file: File, wanted: str, part: bytes, told: str) -> None:
    answer = client.get(file.get_absolute_url(), headers={"Range": wanted})
    assert answer.status_code == 206
    assert body(answer) == part
    assert answer.headers["Content-Range"] == told
    assert answer.headers["Content-Length"] == str(len(part))


@pytest.mark.parametrize(
    "wanted", ["bytes=9-2", "bytes=-", "bytes=a-b", "bytes=0-1,5-6", "lines=1-2", "bytes=" + "9" * 40]
)
def test_a_range_nobody_understands_gives_the_whole(client, file: File, wanted: str) -> None:
    answer = client.get(file.get_absolute_url(), headers={"Range": wanted})
    assert answer.status_code == 200
    assert body(answer) == BYTES


@pytest.mark.parametrize("wanted", ["bytes=2560-", "bytes=99999999999-", "bytes=-0"])
def test_a_range_beyond_the_end(client, file: File, wanted: str) -> None:
    answer = client.get(file.get_absolute_url(), headers={"Range": wanted})
    assert answer.status_code == 416
    assert answer.headers["Content-Range"] == "bytes */2560"


def test_what_the_browser_has_is_not_sent_again(client, file: File) -> None:
    tag = f'"{file.sha256}"'
    first = client.get(file.get_absolute_url())
    body(first)
    assert first.headers["ETag"] == tag
    again = client.get(file.get_absolute_url(), headers={"If-None-Match": tag})
    assert again.status_code == 304
    assert not again.content


@pytest.mark.parametrize(
    "kind", ["docx", "xlsx", "pptx", "odt", "epub", "html", "txt", "tiff", "jpeg", "png", "webp", "pdf"]
)
def test_no_kind_of_file_can_act_as_a_page(client, file: File, kind: str) -> None:
    File.objects.filter(pk=file.pk).update(kind=kind)
    answer = client.get(file.get_absolute_url())
    body(answer)
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "script-src" not in policy
    assert ("sandbox" in policy) == (kind != "pdf")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    shown = answer.headers["Content-Disposition"].startswith("inline")
    assert shown == (kind in {"pdf", "jpeg", "png", "webp"})


@pytest.mark.parametrize("name", ["Niñez migrante 🧡.pdf", 'a"b;c.pdf', "100%.pdf", "a?b#c.pdf"])
def test_names_come_back_as_they_were(client, file: File, name: str) -> None:
    File.objects.filter(pk=file.pk).update(name=name)
    file.refresh_from_db()
    answer = client.get(file.get_absolute_url())
    assert answer.status_code == 200
    body(answer)
    assert "filename" in answer.headers["Content-Disposition"]


def test_another_name_leads_to_the_right_one(client, file: File) -> None:
    answer = client.get(f"/files/{file.pk}/otro.pdf")
    assert (answer.status_code, answer.url) == (302, file.get_absolute_url())
    assert client.post(file.get_absolute_url()).status_code == 405
