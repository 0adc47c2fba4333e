"""Lists: spans, sets, and page after page."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import signing
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from resources import actions
from resources.exchange.oai import answering, asking
from resources.models import Offered, Resource
from tests import factories
from tests.resources.exchange.harvester import NS, all_of, ask, at, code, listed

pytestmark = pytest.mark.django_db


# --- Spans and sets ---------------------------------------------------------------------------------------------------


@pytest.fixture
def dated(oim) -> list[Resource]:
    """Four works, told of at four moments."""
    works = [factories.resource(oim) for _ in range(4)]
    told = ["2020-01-01T00:00:00", "2020-01-01T23:59:59", "2020-01-02T00:00:00", "2020-03-01"]
    for work, text in zip(works, told, strict=True):
        at(work, datetime.fromisoformat(text).replace(tzinfo=UTC))
    return works


@pytest.mark.parametrize(
    ("span", "places"),
    [
        ({}, [0, 1, 2, 3]),
        ({"from_": "2020-01-01"}, [0, 1, 2, 3]),
        ({"from_": "2020-01-02"}, [2, 3]),
        ({"until": "2020-01-01"}, [0, 1]),
        ({"from_": "2020-01-01", "until": "2020-01-01"}, [0, 1]),
        ({"from_": "2020-01-01T23:59:59Z"}, [1, 2, 3]),
        ({"until": "2020-01-01T23:59:58Z"}, [0]),
        ({"from_": "2020-01-01T23:59:59Z", "until": "2020-01-02T00:00:00Z"}, [1, 2]),
        ({"until": "9999-12-31"}, [0, 1, 2, 3]),
        ({"from_": "0001-01-01"}, [0, 1, 2, 3]),
    ],
)
def test_spans_include_both_ends(dated: list[Resource], span: dict[str, str], places: list[int]) -> None:
    assert list(listed(**span)) == [dated[place].pk for place in places]


def test_sets_hold_what_lies_below_them(oim, insp) -> None:
    above = factories.topic("infecciones", "Infecciones", "Infections")
    below = factories.topic("vih", "VIH", "HIV", parent=above)
    one = factories.resource(oim, topics=(below,), countries=(factories.country("HN"),))
    two = factories.resource(insp, topics=(above,))
    asked = {spec: list(listed(set=spec)) for spec in ("topic", "topic:infecciones", "topic:infecciones:vih")}
    assert asked == {
        "topic": [one.pk, two.pk],
        "topic:infecciones": [one.pk, two.pk],
        "topic:infecciones:vih": [one.pk],
    }
    assert list(listed(set="organisation:insp")) == [two.pk]
    assert list(listed(set="country:HN")) == [one.pk]
    one.topics.clear()
    actions.saved(one)
    assert list(listed(set="topic")) == [two.pk]


# --- Page after page --------------------------------------------------------------------------------------------------


def test_a_long_list_comes_page_by_page(oim, monkeypatch) -> None:
    monkeypatch.setattr(answering, "PAGE", 3)
    works = [factories.resource(oim) for _ in range(7)]
    pages, asked = [], {"verb": "ListRecords", "metadataPrefix": "oai_dc"}
    for _number in range(3):
        root = ask(**asked)
        token = root.find(".//o:resumptionToken", NS)
        pages.append((len(root.findall(".//o:record", NS)), token.get("cursor"), token.get("completeListSize")))
        asked = {"verb": "ListRecords", "resumptionToken": token.text or ""}
    assert pages == [(3, "0", "7"), (3, "3", "7"), (1, "6", "7")]
    assert token.text is None
    assert token.get("expirationDate") is None
    assert list(listed()) == [work.pk for work in works]


def test_a_list_stays_whole_while_the_library_changes(oim, monkeypatch) -> None:
    monkeypatch.setattr(answering, "PAGE", 2)
    works = [factories.resource(oim) for _ in range(6)]
    for number, work in enumerate(works):
        at(work, datetime(2020, 1, 1 + number, tzinfo=UTC))
    root = ask(verb="ListIdentifiers", metadataPrefix="oai_dc")
    token = root.findtext(".//o:resumptionToken", namespaces=NS)
    first, changed, deleted = works[0].pk, works[3], works[4]
    new = factories.resource(oim)
    actions.saved(changed)
    gone = deleted.pk
    actions.delete(deleted, by=None)
    again = all_of(ask(verb="ListIdentifiers", resumptionToken=token), "o:identifier")
    assert again == all_of(ask(verb="ListIdentifiers", resumptionToken=token), "o:identifier")
    rest: list[int] = []
    while token:
        root = ask(verb="ListIdentifiers", resumptionToken=token)
        rest += [int(name.rpartition(":")[2]) for name in all_of(root, "o:identifier")]
        token = root.findtext(".//o:resumptionToken", namespaces=NS)
    assert first not in rest
    assert sorted(rest) == sorted([works[2].pk, works[5].pk, changed.pk, gone, new.pk])


def test_a_token_lasts_two_days_and_is_ours_alone(oim, monkeypatch) -> None:
    monkeypatch.setattr(answering, "PAGE", 1)
    for _ in range(3):
        factories.resource(oim)
    root = ask(verb="ListRecords", metadataPrefix="oai_dc")
    token = root.findtext(".//o:resumptionToken", namespaces=NS)
    assert root.find(".//o:resumptionToken", NS).get("expirationDate") > f"{timezone.now() + timedelta(hours=24):%Y}"
    assert code(verb="ListIdentifiers", resumptionToken=token) == "badResumptionToken"
    assert code(verb="ListRecords", resumptionToken=token[:-1]) == "badResumptionToken"
    assert (
        code(verb="ListRecords", resumptionToken=signing.dumps(["ListRecords", {}, [1, 2, 3, 4]]))
        == "badResumptionToken"
    )
    monkeypatch.setattr(asking, "LASTS", timedelta(seconds=-1))
    assert code(verb="ListRecords", resumptionToken=token) == "badResumptionToken"


def test_what_has_moved_beyond_until_ends_the_list(oim, monkeypatch) -> None:
    monkeypatch.setattr(answering, "PAGE", 1)
    works = [factories.resource(oim) for _ in range(2)]
    for work in works:
        at(work, datetime(2020, 1, 1, tzinfo=UTC))
    root = ask(verb="ListRecords", metadataPrefix="oai_dc", until="2020-01-02")
    actions.saved(works[1])
    token = root.findtext(".//o:resumptionToken", namespaces=NS)
    assert code(verb="ListRecords", resumptionToken=token) == "noRecordsMatch"


@pytest.mark.parametrize("verb", ["ListRecords", "ListIdentifiers"])
@pytest.mark.parametrize("prefix", ["oai_dc", "oai_openaire"])
def test_the_same_number_of_queries_for_one_record_and_for_ten(oim, verb: str, prefix: str) -> None:
    def queries() -> int:
        Offered.objects.tell()
        with CaptureQueriesContext(connection) as asked:
            ask(verb=verb, metadataPrefix=prefix)
        return len(asked)

    hn, topic = factories.country(), factories.topic("vih", "VIH", "HIV")
    for number in range(10):
        work = factories.resource(oim, countries=(hn,), topics=(topic,), tags=("a",), text="x")
        work.authors.create(name="Paz, Ana")
        if number == 0:
            one = queries()
    assert queries() == one <= 12


def test_a_page_of_a_list_is_found_by_the_index(oim) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL rightly reads a table of three rows whole")
    factories.resource(oim)
    rows = Offered.objects.told().between(timezone.now(), None).beyond(timezone.now(), 1)
    assert "offered_in_order" in rows[:101].explain()
