"""What a person finds in their mailbox."""

import re

from django.core import mail


def link_in(text: str) -> str:
    """The path of the first link of the portal in a letter."""
    return re.search(r"http://localhost:8000(/\S+)", text)[1]


def newest(to: str) -> mail.EmailMessage:
    return next(letter for letter in reversed(mail.outbox) if letter.to == [to])
