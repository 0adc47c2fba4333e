"""To the mailbox and back: unseen letters, oldest first; each is marked as seen once everything of it is done."""

import imaplib
import logging
import re
import ssl
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import unquote, urlsplit

from portal.core import locks
from resources.mailbox import reading, taking
from resources.mailbox.taking import Outcome

log = logging.getLogger(__name__)
SECONDS = 60
MOST_AT_ONCE = 50
MOST_BYTES = 40 * 1024 * 1024
SIZE = re.compile(rb"RFC822\.SIZE (\d{1,15})")


class NotReached(Exception):
    """The mailbox did not answer, or not as a mailbox does; a sentence without the password."""


class Busy(Exception):
    """Somebody else is fetching just now."""


def fetch(url: str) -> Counter[Outcome]:
    """
    Take what is unseen in the mailbox at `imaps://user:password@host:993/INBOX`; gives how many of each outcome.

    Raises `NotReached` and `Busy`.
    """
    done: Counter[Outcome] = Counter()
    try:
        with locks.held("mailbox"), _opened(url) as box:
            for uid in _unseen(box)[:MOST_AT_ONCE]:
                done[_take(box, uid)] += 1
    except locks.Held as held:
        raise Busy from held
    except (OSError, imaplib.IMAP4.error) as problem:
        raise NotReached(f"{type(problem).__name__}: {problem}") from problem
    return done


@contextmanager
def _opened(url: str) -> Iterator[imaplib.IMAP4]:
    """Signed in, with the folder open. Certificates are verified: `imaplib` itself would take any."""
    at = urlsplit(url)
    if at.scheme == "imaps":
        context = ssl.create_default_context()
        box = imaplib.IMAP4_SSL(at.hostname, at.port or 993, ssl_context=context, timeout=SECONDS)
    else:
        box = imaplib.IMAP4(at.hostname, at.port or 143, timeout=SECONDS)
    with box:
        name, password = unquote(at.username or ""), unquote(at.password or "")
        if (name + password).isascii():
            box.login(name, password)
        else:
            box.authenticate("PLAIN", lambda _challenge: f"\0{name}\0{password}".encode())
        folder = unquote(at.path.lstrip("/")) or "INBOX"
        _asked(box.select('"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'))
        yield box


def _asked(answer: tuple[str, list]) -> list:
    status, data = answer
    if status != "OK":
        raise imaplib.IMAP4.error(str(data[0] if data else status)[:200])
    return data


def _unseen(box: imaplib.IMAP4) -> list[str]:
    found = _asked(box.uid("SEARCH", "UNSEEN"))
    return sorted((found[0] or b"").decode().split(), key=int)


def _take(box: imaplib.IMAP4, uid: str) -> Outcome:
    """One letter, whatever is wrong with it; a fault of the mailbox ends the run."""
    size = SIZE.search(b" ".join(_items(_asked(box.uid("FETCH", uid, "(RFC822.SIZE)")))))
    is_too_large = size is not None and int(size[1]) > MOST_BYTES
    raw = _bytes(_asked(box.uid("FETCH", uid, "(BODY.PEEK[HEADER])" if is_too_large else "(BODY.PEEK[])")))
    try:
        outcome = taking.take(reading.read(raw), is_too_large=is_too_large)
    except reading.Unreadable:
        log.warning("A letter that no program could read was left out", exc_info=True)
        outcome = Outcome.FAILED
    except Exception:  # the next letter may be sound; this one is tried again, some times
        log.exception("A letter could not be taken in")
        return Outcome.FAILED
    _asked(box.uid("STORE", uid, "+FLAGS.SILENT", r"(\Seen)"))
    return outcome


def _items(data: list) -> Iterator[bytes]:
    for item in data:
        yield from (part for part in (item if isinstance(item, tuple) else [item]) if part)


def _bytes(data: list) -> bytes:
    """The literal of the answer; what a server says unasked stands beside it."""
    return next((item[1] for item in data if isinstance(item, tuple)), b"")
