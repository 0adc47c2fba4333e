"""What people find in their mailbox from the committee, read as a mail program and a calendar read it."""

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

from django.core import mail
from icalendar import Calendar, Event


@dataclass
class Received:
    """A letter as it came over the wire."""

    message: EmailMessage

    @property
    def to(self) -> str:
        return self.message["To"]

    @property
    def subject(self) -> str:
        return self.message["Subject"]

    @property
    def text(self) -> str:
        return self.message.get_body(("plain",)).get_content()

    @property
    def part(self) -> EmailMessage | None:
        """The calendar beside the text."""
        return next((part for part in self.message.walk() if part.get_content_type() == "text/calendar"), None)

    @property
    def raw(self) -> bytes:
        return self.part.get_payload(decode=True)

    @property
    def file(self) -> EmailMessage:
        return next(self.message.iter_attachments())

    @property
    def calendar(self) -> Calendar:
        return Calendar.from_ical(self.raw)

    @property
    def event(self) -> Event:
        (event,) = self.calendar.walk("VEVENT")
        return event

    @property
    def link(self) -> str:
        """The path of the link that answers without an account."""
        return re.search(r"http://localhost:8000(/\S+/\S{20,}/)", self.text)[1]


def received(to: str = "", subject: str = "") -> list[Received]:
    """Everything sent so far, oldest first, to this address or all, with this in its subject."""
    letters = [Received(message_from_bytes(one.message().as_bytes(policy=SMTP), policy=SMTP)) for one in mail.outbox]
    return [one for one in letters if to in one.to and subject in one.subject]


def newest(to: str = "", subject: str = "") -> Received:
    return received(to, subject)[-1]
