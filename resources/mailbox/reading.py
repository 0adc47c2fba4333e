"""A letter taken apart: who sent it, what it says, which of its parts are documents, and why the others are not."""

import hashlib
import mimetypes
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from email.utils import getaddresses, parseaddr

from django.utils.html import strip_tags
from django.utils.translation import gettext_noop

from resources.intake import kinds

MOST_PARTS = 300
MOST_DOCUMENTS = 50
MOST_TEXT = 20_000
"""Characters of the text that are looked at."""

SEALS = {"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature", "text/calendar"}
"""Parts a mail program adds by itself; nobody misses them in the answer."""
ARCHIVES = (".zip", ".rar", ".7z", ".tar", ".gz", ".tgz")
ARCHIVE_TYPES = {"application/zip", "application/x-zip-compressed", "application/x-rar-compressed", "application/gzip"}
ENDINGS = {kind.media_type: kind.extensions[0] for kind in kinds.KINDS}

PICTURE = gettext_noop("A picture inside the text of the letter, such as a logo. To hand it in, attach it as a file.")
LETTER_INSIDE = gettext_noop("A letter inside the letter. Please attach the documents themselves.")
WINMAIL = gettext_noop(
    "Outlook packed the attachments so that only Outlook can open them. Please send the letter as HTML or plain text."
)
ARCHIVE = gettext_noop("A packed folder. Please attach the documents themselves, or hand them in on the site.")
ENCRYPTED = gettext_noop("The letter is encrypted. Please send it in the open, or hand the documents in on the site.")
TOO_MANY = gettext_noop("A letter may bring 50 documents. Please send the rest in another one.")
BROKEN_PART = gettext_noop("This part of the letter arrived damaged. Please send it again.")


class Unreadable(Exception):
    """No letter can be made out of these bytes."""


@dataclass
class Part:
    """A document of a letter, or why it is none."""

    name: str
    content: bytes = b""
    reason: str = ""


@dataclass
class Incoming:
    """What a letter holds. `sender` is an address in small letters, empty where there is not exactly one."""

    digest: str
    message_id: str
    sender: str
    to: list[str]
    subject: str
    text: str = ""
    by_machine: str = ""
    parts: list[Part] = field(default_factory=list)


def read(raw: bytes) -> Incoming:
    """Take a letter apart. Whatever is wrong with a part costs that part. Raises `Unreadable`."""
    try:
        message = message_from_bytes(raw, policy=policy.default)
        letter = _envelope(message, raw)
        _open(message, letter)
    except Exception as error:  # the parser fails in many ways, the depth of its own recursion among them
        raise Unreadable from error
    return letter


def _envelope(message: EmailMessage, raw: bytes) -> Incoming:
    senders = getaddresses([_header(message, "From")])
    everybody = [_header(message, name) for name in ("To", "Cc", "Delivered-To", "X-Original-To") if name in message]
    return Incoming(
        digest=_digest(message, raw),
        message_id=_header(message, "Message-ID")[:300],
        sender=senders[0][1].strip().lower() if len(senders) == 1 else "",
        to=[address.lower() for _name, address in getaddresses(everybody) if address],
        subject=" ".join(_header(message, "Subject").split())[:300],
        by_machine=_by_machine(message),
    )


def _header(message: Message, name: str) -> str:
    """The decoded header; of a broken one nothing."""
    try:
        return "".join(c for c in str(message.get(name) or "") if c.isprintable() or c.isspace())
    except Exception:  # the parsers of headers fail in as many ways
        return ""


def _digest(message: EmailMessage, raw: bytes) -> str:
    """Of what stays the same when a letter is delivered twice: its sender's headers and everything below them."""
    names = ("Message-ID", "From", "Date", "Subject")
    below = re.split(rb"\r?\n\r?\n", raw, maxsplit=1)[-1]
    return hashlib.sha256("\n".join(_header(message, name) for name in names).encode() + b"\n\n" + below).hexdigest()


def _by_machine(message: EmailMessage) -> str:
    """The header that shows that no person wrote this (RFC 3834, RFC 2919, RFC 3464); empty for a person's letter."""
    if _header(message, "Auto-Submitted").strip().lower() not in ("", "no"):
        return "Auto-Submitted"
    if _header(message, "Precedence").strip().lower() in ("bulk", "list", "junk", "auto_reply"):
        return "Precedence"
    if message.get_content_type() == "multipart/report":
        return "Content-Type"
    if "Return-Path" in message and not parseaddr(_header(message, "Return-Path"))[1]:
        return "Return-Path"
    return next((name for name in ("List-Id", "X-Autoreply", "X-Autorespond") if name in message), "")


def _open(message: EmailMessage, letter: Incoming) -> None:
    """Put its parts and its text into the letter."""
    documents = 0
    for number, leaf in enumerate(_leaves(message), 1):
        if number > MOST_PARTS:
            letter.parts.append(Part("…", reason=TOO_MANY))
            return
        try:
            part = _part(leaf, number, letter)
        except Exception:  # a part that can't be decoded: the next may be sound
            part = Part(f"{number}", reason=BROKEN_PART)
        if part is None:
            continue
        documents += not part.reason
        letter.parts.append(part if documents <= MOST_DOCUMENTS or part.reason else Part(part.name, reason=TOO_MANY))


def _leaves(message: Message) -> Iterator[Message]:
    """Parts that hold something, in order; a letter inside the letter is one, whatever it holds."""
    if message.is_multipart() and message.get_content_maintype() == "multipart":
        for part in message.get_payload():
            yield from _leaves(part)
    else:
        yield message


def _part(leaf: Message, number: int, letter: Incoming) -> Part | None:
    """A document, a part that is none with its reason, or nothing: text, signatures, what machines add."""
    kind, placed = leaf.get_content_type(), leaf.get_content_disposition()
    name = kinds.clean_name(leaf.get_filename() or "") if leaf.get_filename() else ""
    if kind in SEALS:
        return None
    if kind in ("text/plain", "text/html") and placed != "attachment" and not name:
        letter.text = letter.text or _text(leaf, kind)
        return None
    name = name or f"document-{number}{ENDINGS.get(kind) or mimetypes.guess_extension(kind) or ''}"
    if reason := _no_document(leaf, kind, placed, name):
        return Part(name, reason=reason)
    return Part(name, content=leaf.get_payload(decode=True) or b"")


def _no_document(leaf: Message, kind: str, placed: str | None, name: str) -> str:
    ending = name.lower()
    if leaf.get_content_maintype() == "message":
        return LETTER_INSIDE
    if kind == "application/ms-tnef" or ending == "winmail.dat":
        return WINMAIL
    if kind in ("application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted"):
        return ENCRYPTED
    if kind in ARCHIVE_TYPES or ending.endswith(ARCHIVES):
        return ARCHIVE
    if kind.startswith("image/") and "Content-ID" in leaf and placed != "attachment":
        return PICTURE
    return ""


def _text(leaf: Message, kind: str) -> str:
    try:
        text = leaf.get_content(errors="replace")[: 4 * MOST_TEXT]
    except (LookupError, ValueError):  # in no character set there is; only the documents matter
        return ""
    return (strip_tags(text) if kind == "text/html" else text)[:MOST_TEXT]
