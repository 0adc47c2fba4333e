"""The portal at its public address, and a work of which everything is said."""

import pytest

from resources.models import Resource
from tests import factories


@pytest.fixture(autouse=True)
def _public_address(settings) -> None:
    settings.SITE_URL = "https://portal.example.org"
    settings.ADMINS = ["secretaria@example.org"]


@pytest.fixture
def rich(oim) -> Resource:
    """A work with everything there is to say."""
    work = factories.resource(
        oim,
        title_es="Salud & migración <2020>",
        title_en="Health and migration",
        abstract_es="Lo que\x01 se sabe.",
        abstract_en="What is known.",
        year=2020,
        month=3,
        publisher="OPS",
        doi="10.1234/abc",
        isbn="978-92-75-32004-4",
        source_url="https://example.org/a?b=1&c=2",
        licence="cc-by-nc-sa-igo",
        countries=(factories.country("HN", "Honduras"), factories.country("MX", "México", "Mexico")),
        topics=(factories.topic("vih", "VIH", "HIV", mesh="D015658"),),
        tags=("albergues",),
        text="x",
    )
    work.authors.create(name="Paz, Ana")
    work.authors.create(name="Ministerio de Salud", kind="body", position=1)
    factories.file_of(work, language="en", kind="docx")
    return work
