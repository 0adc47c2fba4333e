from collections.abc import Iterator

import pytest

from tests.resources.mailbox.imap import Mailbox, mailbox


@pytest.fixture
def box(settings) -> Iterator[Mailbox]:
    with mailbox() as server:
        settings.MAIL_IN_URL = server.url
        yield server
