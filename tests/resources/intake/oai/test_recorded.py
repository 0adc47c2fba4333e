"""The recorded answers of real sources (Zenodo, e-periodica) and of the tests of other clients."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from portal.core.outgoing import Limits
from resources.intake import oai
from resources.intake.oai import Format, Harvested, Identity, OaiSet, Stopped
from tests.answering import Asked, serving

DATA = Path(__file__).resolve().parents[5] / "shared" / "data" / "oai"
QUICK = Limits(size=1_000_000, seconds=5, read_seconds=2, retries=0)

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the recorded answers lie beside the project and are absent")


@pytest.fixture(autouse=True)
def _loopback(settings) -> None:
    settings.OUTGOING_ALLOW_LOOPBACK = True


def answering(*names: str):
    """Answers with these recordings, one after the other, with the status in their names."""
    left = list(names)

    def answer(asked: Asked) -> None:
        name = left.pop(0)
        asked.reply((DATA / name).read_bytes(), 422 if ".http422." in name else 200, Content_Type="text/xml")

    return serving(answer)


def harvest_of(*names: str, **arguments) -> list[Harvested]:
    with answering(*names) as url:
        batches = oai.harvest(url, **{"prefix": "oai_dc", "pause": 0, "limits": QUICK, **arguments})
        return [each for batch in batches for each in batch.records]


@pytest.mark.parametrize(
    ("name", "identity"),
    [
        ("zenodo/identify-02.http200.xml", Identity("Zenodo", "YYYY-MM-DDThh:mm:ssZ", "2014-02-03T14:41:33Z", "no")),
        (
            "zenodo/identify-01.http200.xml",
            Identity("repository.prod", "YYYY-MM-DDThh:mm:ssZ", "2013-12-09T21:21:34Z", "no"),
        ),
        ("vufind/identify_response.xml", Identity("fake", "YYYY-MM-DDThh:mm:ssZ", "2000-01-01T00:00:00Z", "transient")),
    ],
)
def test_who_answers(name: str, identity: Identity) -> None:
    with answering(name) as url:
        assert oai.identify(url, limits=QUICK) == identity


def test_a_moment_as_exact_as_the_source_knows_it() -> None:
    moment = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert Identity("x", "YYYY-MM-DDThh:mm:ssZ", "", "no").stamp(moment) == moment
    assert Identity("x", "YYYY-MM-DD", "", "no").stamp(moment) == date(2026, 1, 2)


def test_a_page_for_people_is_no_source() -> None:
    with answering("zenodo/identify-00.http200.html") as url, pytest.raises(Stopped) as caught:
        oai.identify(url, limits=QUICK)
    assert caught.value.code == "not_oai"


def test_sets_page_after_page() -> None:
    with answering("zenodo/list_sets-00.http200.xml", "zenodo/list_sets-02.http200.xml") as url:
        found = oai.list_sets(url, limits=QUICK)
    assert found[-1] == OaiSet("user-gsc", "Global Science Citation")
    assert found[0] == OaiSet("user-harmonic-radar", "Harmonic Radar")
    with answering("vufind/list_sets_response.xml") as url:
        assert oai.list_sets(url, limits=QUICK)[1] == OaiSet("Audio (Non-Music)", "Audio (Non-Music)")
    with answering("sickle/listsets.xml") as url:
        assert len(oai.list_sets(url, limits=QUICK)) > 50


def test_a_dead_token_among_the_sets_is_told() -> None:
    with answering("zenodo/list_sets-01.http422.xml") as url, pytest.raises(Stopped) as caught:
        oai.list_sets(url, limits=QUICK)
    assert caught.value.code == "token_refused"


@pytest.mark.parametrize("name", ["zenodo/list_metadata_formats-00.http200.xml", "sickle/listmetadataformats.xml"])
def test_formats(name: str) -> None:
    with answering(name) as url:
        found = oai.list_formats(url, limits=QUICK)
    namespace = "http://www.openarchives.org/OAI/2.0/oai_dc/"
    assert Format("oai_dc", "http://www.openarchives.org/OAI/2.0/oai_dc.xsd", namespace) in found


def test_formats_of_a_record_that_is_not_there() -> None:
    with answering("zenodo/list_metadata_formats-02.http422.xml") as url, pytest.raises(Stopped) as caught:
        oai.list_formats(url, limits=QUICK)
    assert caught.value.code == "refused"


def test_a_list_in_dublin_core() -> None:
    found = harvest_of("zenodo/list_records-00.http200.xml", "zenodo/list_records-08.http200.xml")
    assert len(found) == 53
    assert not [each for each in found if each.faults or each.deleted or not each.identifier.startswith("oai:zenodo")]
    records = [each.record for each in found]
    filled = {
        name: sum(bool(getattr(record, name)) for record in records)
        for name in ("titles", "authors", "publisher", "year", "licence", "language", "type")
    }
    assert filled == {
        "titles": 53, "authors": 53, "publisher": 53, "year": 53, "licence": 48, "language": 15, "type": 12,
    }  # fmt: skip
    assert all(record.identifiers["doi"].startswith("10.") for record in records if "doi" in record.identifiers)
    assert sum("doi" in record.identifiers for record in records) == 53
    assert not [text for record in records for text in record.abstracts.values() if "&lt;" in text or "<p>" in text]


def test_a_list_in_datacite() -> None:
    found = harvest_of("zenodo/list_records-04.http200.xml", "zenodo/list_records-02.http422.xml", prefix="datacite")
    records = [each.record for each in found]
    assert len(records) == 50
    assert all(record.titles and record.authors and record.year and record.identifiers["doi"] for record in records)
    assert {record.type for record in records} > {"article", "dataset", "presentation"}


def test_the_same_record_in_both_formats_says_the_same() -> None:
    both = []
    for name in ("zenodo/get_record-02.http200.xml", "zenodo/get_record-01.http200.xml"):
        both += harvest_of(name)
    core, datacite = (each.record for each in both)
    for name in ("titles", "authors", "publisher", "year", "month", "day", "identifiers", "key"):
        assert getattr(core, name) == getattr(datacite, name), name
    assert core.authors[6] == "Martínez Muñoz, David"
    assert (core.year, core.month, core.day) == (2023, 12, 11)
    assert core.identifiers == {"doi": "10.5281/zenodo.10357859"}
    assert core.abstracts[""].startswith("RDMO 2.1.0 (Dec 11, 2023)\nRefactor progress bar and overview")
    assert datacite.type == "tool"


def test_four_pages_with_the_same_records_give_each_once() -> None:
    found = harvest_of(*(f"sickle/listrecords{n}.xml" for n in ("", "2", "3", "4")))
    assert [(each.identifier, each.deleted, len(each.faults)) for each in found] == [
        ("oai:test.example.com:1585310", True, 0),
        ("oai:test.example.com:1585322", False, 0),
        ("", False, 1),
    ]
    assert found[1].record.authors == ("John Doe",)
    assert list(found[1].record.abstracts) == ["en"]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("sickle/listrecordsbroken.xml", "not_oai"),
        ("vufind/arbitrary_error_response.xml", "refused"),
        ("zenodo/get_record-00.http422.xml", "refused"),
        ("zenodo/id_does_not_exist-00.http422.xml", "refused"),
    ],
)
def test_errors(name: str, code: str) -> None:
    with pytest.raises(Stopped) as caught:
        harvest_of(name)
    assert caught.value.code == code
    assert str(caught.value.message)


@pytest.mark.parametrize("name", ["zenodo/list_records-02.http422.xml", "zenodo/list_records-06.http422.xml"])
def test_nothing_new(name: str) -> None:
    assert harvest_of(name) == []


@pytest.mark.parametrize("name", ["zenodo/list_records-10.http422.xml", "vufind/token_error_response.xml"])
def test_a_dead_token_begins_the_list_again(name: str) -> None:
    found = harvest_of(name, "zenodo/list_records-08.http200.xml", token="dead")
    assert len(found) == 3


def test_a_record_in_a_foreign_format_is_named() -> None:
    found = harvest_of("vufind/list_records_token_response.xml", "zenodo/list_records-02.http422.xml")
    assert [each.faults[0].where for each in found] == ["fake:foo0"]
