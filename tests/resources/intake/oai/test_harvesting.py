"""Harvests from a source that is honest, forgetful, busy, broken or hostile."""

import gzip
import time
from datetime import UTC, date, datetime

import pytest
from oaipmh_scythe import exceptions

from resources.intake import oai
from resources.intake.oai import Stopped, harvesting, pages
from tests.answering import Asked, serving
from tests.resources.intake.oai.harvested import QUICK, harvest, harvest_of, ids
from tests.resources.intake.oai.provider import Provider, answer, dc, error, record, records

TEN = [(f"oai:x:{n}", f"2026-01-{n + 1:02}T00:00:00Z") for n in range(10)]


# --- A list, page after page -----------------------------------------------------------------------------------------


def test_all_pages_are_asked_for_and_nothing_twice() -> None:
    provider = Provider(TEN)
    with serving(provider) as url:
        batches = list(oai.harvest(url, prefix="oai_dc", set="salud", pause=0, limits=QUICK))
    assert [len(batch.records) for batch in batches] == [3, 3, 3, 1]
    assert [batch.token for batch in batches] == ["|3", "|6", "|9", ""]
    assert {batch.size for batch in batches} == {10}
    assert provider.asked[0] == {"verb": "ListRecords", "metadataPrefix": "oai_dc", "set": "salud"}
    assert provider.asked[1] == {"verb": "ListRecords", "resumptionToken": "|3"}


@pytest.mark.parametrize("killed_after", range(5))
def test_a_harvest_killed_in_the_middle_continues_without_loss_or_twin(killed_after: int) -> None:
    kept, token, since = [], "", ""
    with serving(Provider(TEN)) as url:
        running = oai.harvest(url, prefix="oai_dc", pause=0, limits=QUICK)
        for batch, _number in zip(running, range(killed_after), strict=False):
            kept, token, since = kept + batch.records, batch.token, batch.since
        running.close()
        if token or not killed_after:
            kept += harvest(url, token=token, since=since)[0]
    assert ids(kept) == [name for name, _stamp in TEN]


@pytest.mark.parametrize(
    ("since", "until", "asked"),
    [
        (None, None, {}),
        (date(2026, 1, 2), None, {"from": "2026-01-02"}),
        (datetime(2026, 1, 2, 3, 4, 5, 678, UTC), None, {"from": "2026-01-02T03:04:05Z"}),
        (date(2026, 1, 2), datetime(2026, 2, 3, 4, tzinfo=UTC), {"from": "2026-01-02", "until": "2026-02-03"}),
        ("2026-01-02T00:00:00Z", date(2026, 2, 3), {"from": "2026-01-02", "until": "2026-02-03"}),
    ],
)
def test_both_ends_of_a_span_are_equally_exact(since, until, asked: dict) -> None:
    provider = Provider(TEN)
    with serving(provider) as url:
        harvest(url, since=since, until=until)
    assert provider.asked[0] == {"verb": "ListRecords", "metadataPrefix": "oai_dc"} | asked


def test_nothing_new_is_simply_nothing() -> None:
    with serving(Provider(TEN)) as url:
        assert harvest(url, since=date(2027, 1, 1)) == ([], "")


def test_arguments_of_the_address_itself_are_kept_and_those_of_the_protocol_are_not() -> None:
    provider = Provider(TEN[:1])
    with serving(provider) as url:
        harvest(f"{url}/index.php?page=oai&verb=Identify")
    assert provider.asked == [{"page": "oai", "verb": "ListRecords", "metadataPrefix": "oai_dc"}]


# --- A forgetful source ----------------------------------------------------------------------------------------------


def forgetting(times: int, *tokens: str):
    """Forgets these tokens, so many times in all."""
    left = [times]

    def forgets(token: str) -> bool:
        if (token in tokens or not tokens) and left[0]:
            left[0] -= 1
            return True
        return False

    return forgets


def test_a_dead_token_begins_again_at_the_last_stamp() -> None:
    provider = Provider(TEN, forgets=forgetting(1, "|6"))
    with serving(provider) as url:
        found, stopped = harvest(url)
    assert (ids(found), stopped) == ([name for name, _stamp in TEN], "")
    assert [query.get("from") for query in provider.asked if "metadataPrefix" in query] == [None, TEN[5][1]]


def test_a_dead_token_of_a_list_without_order_begins_at_the_beginning() -> None:
    jumbled = [TEN[n] for n in (9, 2, 5, 0, 7, 1, 3, 8, 4, 6)]
    provider = Provider(jumbled, forgets=forgetting(1, "|6"))
    with serving(provider) as url:
        found, stopped = harvest(url)
    assert (ids(found), stopped) == ([name for name, _stamp in jumbled], "")


def test_a_token_that_died_between_two_runs_begins_where_the_batch_says() -> None:
    provider = Provider(TEN, forgets=forgetting(1))
    with serving(provider) as url:
        first = next(oai.harvest(url, prefix="oai_dc", pause=0, limits=QUICK))
        found, stopped = harvest(url, token=first.token, since=first.since)
    assert first.since == TEN[2][1]
    assert (ids(found), stopped) == ([name for name, _stamp in TEN[2:]], "")


def test_a_source_that_forgets_everything_is_left() -> None:
    provider = Provider(TEN, to_a_page=1, forgets=lambda token: True)
    with serving(provider) as url:
        found, stopped = harvest(url)
    assert (ids(found), stopped) == (["oai:x:0"], "token_refused")
    assert len(provider.asked) < 10


# --- A broken source -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [200, 400, 422])
@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("cannotDisseminateFormat", "no_format"),
        ("noSetHierarchy", "no_sets"),
        ("badArgument", "refused"),
        ("foo", "refused"),
        ("", "refused"),
    ],
)
def test_errors_of_the_protocol_are_told(status: int, code: str, reason: str) -> None:
    with serving(lambda asked: asked.reply(error(code, "the words of the source"), status)) as url:
        assert harvest(url) == ([], reason)


@pytest.mark.parametrize("code", ["__class__", "__builtins__", "__delattr__", "__setattr__", "&#95;_init__", "a.b"])
def test_a_code_that_is_no_word_reaches_no_name_of_the_library(code: str) -> None:
    before = dict(vars(exceptions))
    with serving(lambda asked: asked.reply(error(code, "NoRecordsMatch"))) as url:
        assert harvest(url) == ([], "not_oai")
    assert vars(exceptions) == before


@pytest.mark.parametrize("status", [200, 422])
def test_no_records_match_is_nothing_new_whatever_the_status(status: int) -> None:
    with serving(lambda asked: asked.reply(error("noRecordsMatch"), status)) as url:
        assert harvest(url) == ([], "")


LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<!DOCTYPE html><html><title>Welcome</title><p>Our new site", "not_oai"),
        (b"broken xml", "not_oai"),
        (b"", "not_oai"),
        (b"\x00\x01\x02", "not_oai"),
        (b"<OAI-PMH/>", "not_oai"),
        (b"<rss version='2.0'><channel/></rss>", "not_oai"),
        ((LAUGHS + "]>").encode() + records(record("oai:x:1", metadata="&i;")).partition(b"\n")[2], "not_oai"),
        (answer("<ListRecords>" + "<r/>" * 200_000 + "</ListRecords>"), ""),
        (answer("<x>" * 5000), "broken_xml"),
    ],
)
def test_what_is_no_answer_is_told_and_costs_nothing(body: bytes, reason: str) -> None:
    begun = time.monotonic()
    assert harvest_of(body) == ([], reason)
    assert time.monotonic() - begun < 3


def test_endless_tags_are_refused_before_they_are_read(monkeypatch) -> None:
    monkeypatch.setattr(pages, "MAX_TAGS", 1000)
    assert harvest_of(answer("<r/>" * 2000)) == ([], "too_much")


def test_a_reference_to_a_file_is_not_followed() -> None:
    body = records(record("oai:x:1")).replace(
        b"\n", b'\n<!DOCTYPE OAI-PMH [<!ENTITY e SYSTEM "file:///etc/passwd">]>', 1
    )
    assert harvest_of(body) == ([], "not_oai")


def test_a_status_without_an_answer_of_the_protocol_is_told() -> None:
    with serving(lambda asked: asked.reply(b"<html>not here</html>", 404)) as url:
        assert harvest(url) == ([], "status")
    with serving(lambda asked: asked.reply(records(record("oai:x:1")), 500)) as url:
        assert harvest(url) == ([], "status")


HURTS = {
    "control": "<dc:title>Un\x0btítulo</dc:title>",
    "ampersand": "<dc:title>Salud & migración</dc:title>",
    "entity": "<dc:title>Salud&nbsp;pública</dc:title>",
    "unclosed": "<dc:title><b>Salud</dc:title>",
}


@pytest.mark.parametrize("hurt", HURTS.values(), ids=HURTS)
@pytest.mark.parametrize("line", ["\n", ""])
def test_one_damaged_record_is_named_and_the_rest_goes_on(hurt: str, line: str) -> None:
    items = [record("oai:x:1"), record("oai:x:2", metadata=dc(hurt)), record("oai:x:3")]
    first = records(*items, token="next").replace(b"\n", line.encode())
    found, stopped = harvest_of(first, records(record("oai:x:4")))
    assert (ids(found), stopped) == (["oai:x:1", "oai:x:2", "oai:x:3", "oai:x:4"], "")
    assert [[fault.where for fault in each.faults] for each in found] == [[], ["oai:x:2"], [], []]
    assert [each.record is None for each in found] == [False, True, False, False]


def test_a_token_swallowed_by_damage_is_not_taken_for_the_end_of_the_list() -> None:
    swallowed = records(record("oai:x:1"), token="next").replace(b"<resumptionToken>", b'<x a="<resumptionToken>')
    assert harvest_of(swallowed)[1] == "broken_xml"


def test_bytes_of_another_encoding_hurt_their_record_alone() -> None:
    whole = records(record("oai:x:1"), record("oai:x:2"))
    found, stopped = harvest_of(whole.replace("Título de oai:x:1".encode(), "Título".encode("latin-1")))
    assert [(each.identifier, bool(each.faults)) for each in found] == [("oai:x:1", True), ("oai:x:2", False)]
    assert stopped == ""


@pytest.mark.parametrize("spread", ["><", ">\n<"])
def test_an_answer_cut_off_keeps_what_came_and_is_asked_for_again_later(spread: str) -> None:
    cut = records(*(record(*item).replace("><", spread) for item in TEN[3:6]), token="third")
    left = [records(*(record(*item) for item in TEN[:3]), token="second"), cut[: cut.index(b"de oai:x:5") + 4]]
    with serving(lambda asked: asked.reply(left.pop(0))) as url:
        running = oai.harvest(url, prefix="oai_dc", pause=0, limits=QUICK)
        first, second = next(running), next(running)
        with pytest.raises(Stopped):
            next(running)
    assert (first.token, second.token) == ("second", "second")
    assert [each.identifier for each in second.records if each.record] == ["oai:x:3", "oai:x:4"]


def test_records_that_say_too_little_are_named() -> None:
    found, stopped = harvest_of(
        records(
            "<record/>",
            record(""),
            record("oai:x:3", metadata=""),
            record("oai:x:4", metadata="<foo/>"),
            record("oai:x:5", metadata=dc("<dc:creator>Ana</dc:creator>")),
            record("oai:x:6", "last summer"),
            record("oai:x:7", deleted=True),
        )
    )
    assert stopped == ""
    assert [[(fault.where, fault.column) for fault in each.faults] for each in found] == [
        [("#1", "")],
        [("#2", "")],
        [("oai:x:3", "")],
        [("oai:x:4", "")],
        [("oai:x:5", "title")],
        [],
        [],
    ]
    assert found[4].record.authors == ("Ana",)
    assert found[5].datestamp == ""
    assert (found[6].deleted, found[6].record) == (True, None)


# --- A hostile source ------------------------------------------------------------------------------------------------


def test_the_same_token_for_ever_ends() -> None:
    bodies = [records(record(f"oai:x:{n}"), token="same") for n in range(3)]
    found, stopped = harvest_of(*bodies)
    assert (ids(found), stopped) == (["oai:x:0", "oai:x:1"], "token_loop")


def test_a_ring_of_tokens_ends() -> None:
    asked_for = []

    def ring(asked: Asked) -> None:
        asked_for.append(asked.path)
        asked.reply(records(record("oai:x:1"), token=f"t{len(asked_for) % 3}"))

    with serving(ring) as url:
        assert harvest(url)[1] == "token_loop"
    assert len(asked_for) < 6


def test_ever_new_tokens_without_anything_new_end(monkeypatch) -> None:
    monkeypatch.setattr(harvesting, "MAX_IDLE", 10)
    asked_for = []

    def treadmill(asked: Asked) -> None:
        asked_for.append(asked.path)
        asked.reply(records(record("oai:x:1"), token=f"t{len(asked_for)}"))

    with serving(treadmill) as url:
        assert harvest(url)[1] == "token_loop"
    assert len(asked_for) == 11


def test_one_run_takes_a_bounded_number_and_the_next_continues(monkeypatch) -> None:
    monkeypatch.setattr(harvesting, "MAX_RECORDS", 5)
    with serving(Provider(TEN)) as url:
        found, stopped = harvest(url)
        assert (len(found), stopped) == (6, "enough")
        rest, stopped = harvest(url, token="|6")
    assert ids(found + rest) == [name for name, _stamp in TEN]


def gigabytes(asked: Asked) -> None:
    asked.send_response(200)
    asked.end_headers()
    asked.wfile.write(records(record("oai:x:1"))[:-12])
    while True:
        asked.wfile.write(record("oai:x:2").encode() * 1000)


BOMB = gzip.compress(b" " * 20_000_000)


def bomb(asked: Asked) -> None:
    asked.reply(BOMB, Content_Encoding="gzip")


def drip(asked: Asked) -> None:
    asked.reply(b"", Content_Length="1000000")
    for _ in range(1000):
        asked.wfile.write(b" ")
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("hostile", "reason"),
    [
        (gigabytes, "too_large"),
        (bomb, "too_large"),
        (drip, "slow"),
        (lambda asked: asked.reply(status=302, Location="http://10.0.0.1/oai"), "private"),
        (lambda asked: asked.reply(status=302, Location="/again"), "redirects"),
        (lambda asked: asked.reply(status=503, Retry_After="86400"), "busy"),
        (lambda asked: asked.reply(error("badVerb"), status=429), "busy"),
    ],
)
def test_the_guard_of_outgoing_requests_holds_in_the_middle_of_a_harvest(hostile, reason: str) -> None:
    provider = Provider(TEN)

    def turning(asked: Asked) -> None:
        is_late = asked.query.get("resumptionToken") == "|6" or asked.path == "/again"
        hostile(asked) if is_late else provider(asked)

    with serving(turning) as url:
        found, stopped = harvest(url)
    assert (len(found), stopped) == (6, reason)


@pytest.mark.parametrize("url", ["http://10.0.0.1/oai", "file:///etc/passwd", "zenodo", "", "http://u:p@example.org/"])
def test_an_address_that_is_never_asked(url: str) -> None:
    assert harvest(url)[1] in ("private", "address", "credentials")


def test_a_busy_source_is_asked_again_and_nothing_is_lost() -> None:
    provider, requests = Provider(TEN), []

    def busy(asked: Asked) -> None:
        requests.append(asked.path)
        asked.reply(status=503, Retry_After="0") if len(requests) % 2 else provider(asked)

    with serving(busy) as url:
        found, stopped = harvest(url)
    assert (ids(found), stopped) == ([name for name, _stamp in TEN], "")


def test_the_wait_a_busy_source_asks_for_is_handed_on() -> None:
    with serving(lambda asked: asked.reply(status=503, Retry_After="3600")) as url, pytest.raises(Stopped) as caught:
        oai.identify(url, limits=QUICK)
    assert caught.value.retry_after == 3600
