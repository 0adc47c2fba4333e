"""A source of the protocol for tests: honest where a test does not tell it otherwise."""

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.answering import Asked

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
DC = 'xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/"'


def answer(body: str) -> bytes:
    return f"{HEAD}<responseDate>2026-01-01T00:00:00Z</responseDate><request/>{body}</OAI-PMH>".encode()


def error(code: str, words: str = "") -> bytes:
    return answer(f'<error code="{code}">{words}</error>')


def dc(fields: str) -> str:
    return f"<oai_dc:dc {DC}>{fields}</oai_dc:dc>"


def record(identifier: str, stamp: str = "2026-01-01", metadata: str | None = None, deleted: bool = False) -> str:
    body = metadata if metadata is not None else dc(f"<dc:title>Título de {identifier}</dc:title>")
    status = ' status="deleted"' if deleted else ""
    header = f"<header{status}><identifier>{identifier}</identifier><datestamp>{stamp}</datestamp></header>"
    return f"<record>{header}{'' if deleted or body == '' else f'<metadata>{body}</metadata>'}</record>"


def records(*items: str, token: str = "", size: int | None = None) -> bytes:
    counted = f' completeListSize="{size}"' if size else ""
    end = f"<resumptionToken{counted}>{token}</resumptionToken>" if token or size else ""
    return answer("<ListRecords>\n" + "\n".join(items) + end + "</ListRecords>")


@dataclass
class Provider:
    """Holds (identifier, stamp) pairs and lists them in their order, some to a page, by tokens that name a place."""

    items: list[tuple[str, str]]
    to_a_page: int = 3
    forgets: Callable[[str], bool] = lambda token: False
    asked: list[dict[str, str]] = field(default_factory=list)

    def __call__(self, asked: Asked) -> None:
        query = asked.query
        self.asked.append(query)
        token = query.get("resumptionToken", "")
        if token and self.forgets(token):
            return asked.reply(error("badResumptionToken", "expired"), 422)
        start, begin = token.split("|") if token else (query.get("from", ""), "0")
        wanted = [(name, stamp) for name, stamp in self.items if stamp >= start]
        if not wanted:
            return asked.reply(error("noRecordsMatch"), 422)
        place = int(begin)
        page, end = wanted[place : place + self.to_a_page], place + self.to_a_page
        token = f"{start}|{end}" if end < len(wanted) else ""
        return asked.reply(records(*(record(*item) for item in page), token=token, size=len(wanted)))
