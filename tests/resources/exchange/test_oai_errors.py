"""Bad questions: the error that the protocol has for each, and never anything else."""

import pytest
from django.db import OperationalError
from django.test import Client
from lxml import etree

from resources.exchange.oai import answering
from resources.models import Resource
from tests import factories
from tests.resources.exchange.harvester import NS, identifier

pytestmark = pytest.mark.django_db


LONG = "x" * 10_000
RECORDS = {"verb": "ListRecords", "metadataPrefix": "oai_dc"}
GET = {"verb": "GetRecord", "metadataPrefix": "oai_dc"}
OURS = "oai:portal.example.org"


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, "badVerb"),
        ({"verb": ""}, "badVerb"),
        ({"verb": "junk"}, "badVerb"),
        ({"verb": "identify"}, "badVerb"),
        ({"verb": "\0"}, "badVerb"),
        ({"verb": LONG}, "badVerb"),
        ({"verb": "Identify", "x": "1"}, "badArgument"),
        ({"verb": "Identify", "metadataPrefix": "oai_dc"}, "badArgument"),
        ({"verb": "GetRecord"}, "badArgument"),
        ({"verb": "GetRecord", "metadataPrefix": "oai_dc"}, "badArgument"),
        ({"verb": "GetRecord", "identifier": "oai:portal.example.org:1"}, "badArgument"),
        (GET | {"identifier": 'invalid"id'}, "badArgument"),
        (GET | {"identifier": "oai:x:\0"}, "badArgument"),
        (GET | {"identifier": f"oai:x:{LONG}"}, "badArgument"),
        (GET | {"identifier": "oai:x:1"}, "idDoesNotExist"),
        (
            GET | {"identifier": f"{OURS}:01"},
            "idDoesNotExist",
        ),
        (
            GET | {"identifier": f"{OURS}:{10**40}"},
            "idDoesNotExist",
        ),
        (
            GET | {"identifier": f"{OURS}:-1"},
            "idDoesNotExist",
        ),
        (
            {"verb": "GetRecord", "metadataPrefix": "marc", "identifier": "oai:portal.example.org:1"},
            "cannotDisseminateFormat",
        ),
        ({"verb": "ListMetadataFormats", "identifier": "oai:portal.example.org:999"}, "idDoesNotExist"),
        ({"verb": "ListRecords"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "marc"}, "cannotDisseminateFormat"),
        ({"verb": "ListRecords", "metadataPrefix": "á é"}, "badArgument"),
        (RECORDS | {"from": "junk"}, "badArgument"),
        (RECORDS | {"until": "junk"}, "badArgument"),
        (RECORDS | {"from": ""}, "badArgument"),
        (RECORDS | {"from": "2002-02-30"}, "badArgument"),
        (RECORDS | {"from": "0000-01-01"}, "badArgument"),
        (RECORDS | {"from": "2002-02-05T25:00:00Z"}, "badArgument"),
        (RECORDS | {"from": "2002-02-05T10:00:00"}, "badArgument"),
        (RECORDS | {"from": "2002-02-05T10:00:00+01:00"}, "badArgument"),
        (RECORDS | {"from": "2002-02-05T10:00:00.5Z"}, "badArgument"),
        (RECORDS | {"from": "٢٠٠٢-02-05"}, "badArgument"),
        (RECORDS | {"from": "2002-02-05", "until": "2002-02-06T05:35:00Z"}, "badArgument"),
        (RECORDS | {"from": "2003-01-01", "until": "2002-01-01"}, "badArgument"),
        (RECORDS | {"until": "1969-01-01"}, "noRecordsMatch"),
        (RECORDS | {"from": "2999-01-01"}, "noRecordsMatch"),
        (RECORDS | {"set": "no:such:set"}, "noRecordsMatch"),
        (RECORDS | {"set": "a b"}, "badArgument"),
        (RECORDS | {"set": ":"}, "badArgument"),
        (RECORDS | {"set": LONG}, "badArgument"),
        (RECORDS | {"set": "x\0"}, "badArgument"),
        ({"verb": "ListRecords", "resumptionToken": "junk"}, "badResumptionToken"),
        ({"verb": "ListRecords", "resumptionToken": ""}, "badResumptionToken"),
        ({"verb": "ListRecords", "resumptionToken": "\0"}, "badResumptionToken"),
        ({"verb": "ListRecords", "resumptionToken": LONG}, "badResumptionToken"),
        ({"verb": "ListRecords", "resumptionToken": "ñ:ñ:ñ"}, "badResumptionToken"),
        (RECORDS | {"resumptionToken": "junk"}, "badArgument"),
        ({"verb": "ListSets", "resumptionToken": "junk"}, "badResumptionToken"),
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_bad_questions_get_the_error_the_protocol_has_for_them(
    oim, asked: dict[str, str], expected: str, method
) -> None:
    factories.resource(oim)
    answer = getattr(Client(), method)("/oai", asked)
    assert answer.status_code == 200
    root = etree.fromstring(answer.content)
    [error] = root.findall("o:error", NS)
    assert error.get("code") == expected
    request = root.find("o:request", NS)
    if expected in ("badVerb", "badArgument"):
        assert not request.attrib
    elif expected != "badResumptionToken":
        assert dict(request.attrib) == asked


@pytest.mark.parametrize(
    "query", ["verb=Identify&verb=Identify", "verb=ListRecords&metadataPrefix=oai_dc&metadataPrefix=oai_dc"]
)
def test_a_repeated_argument(query: str) -> None:
    root = etree.fromstring(Client().get(f"/oai?{query}").content)
    assert root.find("o:error", NS).get("code") in ("badVerb", "badArgument")


def test_thousands_of_arguments() -> None:
    query = "&".join(f"a{number}=1" for number in range(5_000))
    for answer in (Client().get(f"/oai?{query}"), Client().post("/oai", query, "application/x-www-form-urlencoded")):
        assert answer.status_code == 200
        assert b'code="bad' in answer.content


@pytest.mark.parametrize("raw", ["%ff%fe", "%ed%a0%80", "%00", "%0b", "%ef%bf%be"])
def test_bytes_that_are_no_text(raw: str) -> None:
    for name in ("verb", "x", "verb=ListRecords&resumptionToken"):
        answer = Client().get(f"/oai?{name}={raw}")
        assert answer.status_code == 200
        etree.fromstring(answer.content)


def test_post_answers_what_get_answers(rich: Resource) -> None:
    asked = {"verb": "GetRecord", "identifier": identifier(rich), "metadataPrefix": "oai_dc"}
    got, posted = (
        etree.fromstring(ask("/oai", asked).content) for ask in (Client().get, Client(enforce_csrf_checks=True).post)
    )
    for root in (got, posted):
        root.find("o:responseDate", NS).text = ""
    assert etree.tostring(got) == etree.tostring(posted)
    assert Client().put("/oai").status_code == 405


def test_a_database_that_is_away_makes_harvesters_wait(monkeypatch) -> None:
    def away(*_arguments: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(answering, "read", away)
    answer = Client().get("/oai?verb=Identify")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
