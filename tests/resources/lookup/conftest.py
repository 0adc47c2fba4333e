"""The web on this machine, and the register of DOIs in it."""

from collections.abc import Iterator

import pytest

from resources.importing import lookups
from resources.intake.lookup import addresses, register
from tests.answering import serving
from tests.resources.lookup.web import Web

PATIENCE = {"seconds": 2, "read_seconds": 1, "retries": 1, "longest_wait": 1, "back_off": 0.01}


@pytest.fixture
def web(settings, monkeypatch) -> Iterator[Web]:
    settings.OUTGOING_ALLOW_LOOPBACK = True
    for module in (addresses, register):
        quick = type(module.LIMITS)(**{**PATIENCE, "size": 1_000_000})
        monkeypatch.setattr(module, "LIMITS", quick)
    monkeypatch.setattr(lookups, "PAUSE", 0)
    found = Web()
    with serving(found) as found.url:
        settings.DOI_REGISTER = f"{found.url}/doi/"
        yield found
