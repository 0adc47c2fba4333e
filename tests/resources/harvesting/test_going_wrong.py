"""What is wrong with a record or a source costs that alone, and is named."""

import pytest

from resources import harvesting
from resources.models import Gathered, Resource, Source
from tests.answering import Asked
from tests.resources.harvesting.harvested import Outcome, State, harvest, taken
from tests.resources.harvesting.repository import Repository
from tests.resources.intake.oai.provider import answer, error


def test_a_bad_record_is_named_and_the_rest_goes_on(source: Source, repository: Repository) -> None:
    repository.put_raw("malo", "<x:x xmlns:x='urn:x'/>")
    repository.put("dura", identifier="https://repo.example.org/a|urn:isbn:1")
    gathering = harvest(source)
    refused = gathering.lines.filter(outcome=Outcome.REFUSED)
    assert [(line.where, bool(line.reason)) for line in refused] == [("oai:x:malo", True)]
    assert Resource.objects.count() == 5
    assert not Gathered.objects.proposals().exists()


def test_a_value_the_library_cannot_hold_costs_that_value_alone(source: Source, repository: Repository) -> None:
    repository.put("raro", identifier="https://repo_interno/handle/1")
    gathering = harvest(source)
    assert taken("raro").source_url == ""
    refused = gathering.lines.get(outcome=Outcome.REFUSED)
    assert (refused.where, refused.column) == ("oai:x:raro", "source_url")


STOPS = {
    "badArgument": error("badArgument", "no"),
    "badVerb": error("badVerb", "no"),
    "cannotDisseminateFormat": error("cannotDisseminateFormat"),
    "noSetHierarchy": error("noSetHierarchy"),
    "idDoesNotExist": error("idDoesNotExist"),
    "a page for people": b"<html><body>Hola</body></html>",
    "nothing": b"",
    "broken": answer("<ListRecords><record><header><identifier>oai:x:1</identifier>")[:-30],
}


@pytest.mark.parametrize("body", STOPS.values(), ids=STOPS)
def test_a_source_that_fails_midway_keeps_what_came_and_goes_on_later(source, repository: Repository, body) -> None:
    def fails(asked: Asked) -> bool:
        if asked.query.get("resumptionToken"):
            asked.reply(body, 422)
            return True
        return False

    repository.answer = fails
    stopped = harvest(source)
    assert stopped.state == State.STOPPED
    assert stopped.reason
    assert Resource.objects.count() == 3
    repository.answer = lambda asked: False
    repository.asked.clear()
    again = harvest(source)
    assert (again.pk, again.state, again.reason) == (stopped.pk, State.DONE, "")
    assert "resumptionToken" in repository.asked[0]
    assert Resource.objects.count() == again.lines.count() == 4


def test_a_token_that_is_dead_for_good_is_not_asked_again(source: Source, repository: Repository) -> None:
    def forgets(asked: Asked) -> bool:
        if asked.query.get("resumptionToken"):
            asked.reply(error("badResumptionToken"), 422)
            return True
        return False

    repository.answer, repository.to_a_page = forgets, 1
    assert harvest(source).state == State.STOPPED
    source.refresh_from_db()
    assert (source.token, source.token_since) == ("", "2026-01-01T00:00:01Z")
    repository.answer = lambda asked: False
    assert harvest(source).state == State.DONE
    assert Resource.objects.count() == 4


def test_the_same_token_for_ever_stops(source: Source, repository: Repository) -> None:
    repository.to_a_page = 2

    def loops(asked: Asked) -> bool:
        if asked.query.get("resumptionToken"):
            asked.path = asked.path.split("?")[0] + "?verb=ListRecords&resumptionToken=|0"
        return False

    repository.answer = loops
    assert harvest(source).state == State.STOPPED
    assert Resource.objects.count() == 2


def test_another_address_or_set_begins_anew(source: Source) -> None:
    harvest(source)
    source.refresh_from_db()
    source.name, source.set = "Otro nombre", "otro"
    harvesting.configured(source, ["name"])
    source.refresh_from_db()
    assert source.harvested_until
    source.set = "otro"
    harvesting.configured(source, ["set"])
    source.refresh_from_db()
    assert (source.harvested_until, source.set) == ("", "otro")
