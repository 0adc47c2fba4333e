"""What a harvester asks: its arguments read by the letter of the protocol, and where a list goes on."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from django.core import signing
from django.utils import timezone

MOST = 1_000
"""Letters of an argument; the longest honest one is a token of ours."""
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
SECOND = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
UNRESERVED = r"[A-Za-z0-9\-_.!~*'()]+"
ALLOWED = {
    "identifier": re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[!#$%&'()*+,\-./0-9:;=?@A-Z_a-z~]+"),
    "metadataPrefix": re.compile(UNRESERVED),
    "set": re.compile(f"{UNRESERVED}(:{UNRESERVED})*"),
    "from": re.compile(f"{DAY.pattern}|{SECOND.pattern}"),
    "until": re.compile(f"{DAY.pattern}|{SECOND.pattern}"),
}
"""How each is written, so that it may stand in an answer too."""
VERBS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "Identify": ((), ()),
    "ListMetadataFormats": ((), ("identifier",)),
    "ListSets": ((), ("resumptionToken",)),
    "GetRecord": (("identifier", "metadataPrefix"), ()),
    "ListIdentifiers": (("metadataPrefix",), ("from", "until", "set", "resumptionToken")),
    "ListRecords": (("metadataPrefix",), ("from", "until", "set", "resumptionToken")),
}
"""Required and further arguments of each; a token stands alone."""
SALT = "resources.exchange.oai"
LASTS = timedelta(hours=48)


class Refused(Exception):
    """An error of the protocol (section 3.6): its code and a sentence for whoever runs the harvester."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code, self.words = code, words


@dataclass(frozen=True)
class Place:
    """Where a list goes on: behind which record, how many came before, how many there were at its beginning."""

    stamp: datetime
    number: int
    cursor: int
    size: int


@dataclass(frozen=True)
class Question:
    """
    A sound request.

    `given` are its arguments as they came, to be told back; `asked` those of the request that began the list.
    """

    verb: str
    given: dict[str, str]
    asked: dict[str, str]
    since: datetime | None = None
    until: datetime | None = None
    place: Place | None = None

    @property
    def identifier(self) -> str:
        return self.asked.get("identifier", "")

    @property
    def prefix(self) -> str:
        return self.asked.get("metadataPrefix", "")

    @property
    def set(self) -> str:
        return self.asked.get("set", "")

    def token(self, place: Place) -> str:
        """Leads to what follows. It holds all there is to know, signed: nothing is kept here."""
        behind = [int(place.stamp.timestamp()), place.number, place.cursor, place.size]
        return signing.dumps([self.verb, self.asked, behind], salt=SALT)


def read(arguments: Iterable[tuple[str, list[str]]]) -> Question:
    """The question in these arguments, each with all its values. Raises Refused."""
    values = dict(arguments)
    verbs = values.pop("verb", [])
    if len(verbs) != 1 or verbs[0] not in VERBS:
        raise Refused("badVerb", f"Ask with exactly one verb out of {', '.join(VERBS)}.")
    [verb] = verbs
    required, further = VERBS[verb]
    for name, texts in values.items():
        if name not in (*required, *further):
            raise Refused("badArgument", f"{verb} takes no such argument; it takes {_listed(*required, *further)}.")
        if len(texts) != 1:
            raise Refused("badArgument", f"The argument {name} is repeated.")
    given = {name: texts[0] for name, texts in values.items()}
    if "resumptionToken" in given:
        return _resumed(verb, given)
    if missing := [name for name in required if not given.get(name)]:
        raise Refused("badArgument", f"{verb} needs {_listed(*missing)}.")
    return _begun(verb, given)


def _listed(*names: str) -> str:
    return ", ".join(names) or "none"


def _begun(verb: str, given: dict[str, str]) -> Question:
    for name, text in given.items():
        if len(text) > MOST or not ALLOWED[name].fullmatch(text):
            raise Refused("badArgument", f"The argument {name} is not written as the protocol has it.")
    since, until = given.get("from", ""), given.get("until", "")
    if since and until and len(since) != len(until):
        raise Refused("badArgument", "Both from and until have to be days, or both have to be seconds.")
    begin, end = _moment(since, time.min), _moment(until, time.max)
    if begin and end and begin > end:
        raise Refused("badArgument", "The argument from lies behind until.")
    return Question(verb, given, given, begin, end)


def _moment(text: str, of_day: time) -> datetime | None:
    """A moment as written; of a day, its beginning or its end."""
    try:
        if DAY.fullmatch(text):
            return datetime.combine(date.fromisoformat(text), of_day, UTC)
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        raise Refused("badArgument", "There is no such day or hour in the calendar.") from None


def _resumed(verb: str, given: dict[str, str]) -> Question:
    if len(given) > 1:
        raise Refused("badArgument", "A resumptionToken stands alone.")
    text = given["resumptionToken"]
    try:
        if len(text) > MOST:
            raise signing.BadSignature
        of, asked, (seconds, number, cursor, size) = signing.loads(text, salt=SALT, max_age=LASTS)
        if of != verb:
            raise signing.BadSignature
    except signing.BadSignature:
        raise Refused("badResumptionToken", "This token is none of ours for this verb, or its time is over.") from None
    place = Place(datetime.fromtimestamp(seconds, UTC), number, cursor, size)
    return replace(_begun(verb, asked), given=given, place=place)


def expires() -> datetime:
    return timezone.now() + LASTS
