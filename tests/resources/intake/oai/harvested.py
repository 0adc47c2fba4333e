"""Harvests for the tests: quick to give up, everything at once."""

from portal.core.outgoing import Limits
from resources.intake import oai
from resources.intake.oai import Harvested, Stopped
from tests.answering import serving

QUICK = Limits(size=1_000_000, seconds=2, read_seconds=1, retries=2, longest_wait=1, back_off=0.01)


def harvest(url: str, **arguments) -> tuple[list[Harvested], str]:
    """Every record that came, and the code of the reason why the harvest stopped short, if it did."""
    found, reason = [], ""
    try:
        for batch in oai.harvest(url, **{"prefix": "oai_dc", "pause": 0, "limits": QUICK, **arguments}):
            found += batch.records
    except Stopped as stopped:
        reason = stopped.code if str(stopped.message) else "without a sentence"
    return found, reason


def harvest_of(*bodies: bytes, **arguments) -> tuple[list[Harvested], str]:
    """A harvest of these answers, one after the other, the last one for ever."""
    left = list(bodies)
    with serving(lambda asked: asked.reply(left.pop(0) if len(left) > 1 else left[0])) as url:
        return harvest(url, **arguments)


def ids(found: list[Harvested]) -> list[str]:
    return [each.identifier for each in found]
