"""A source whose records a test changes and deletes, answering as an honest repository does."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from network.models import Organisation
from resources.models import Source
from tests.answering import Asked, serving
from tests.resources.intake.oai.provider import dc, error, record, records


@dataclass
class Repository:
    """Records by identifier; each change gives a record the next second as its stamp."""

    to_a_page: int = 3
    answer: Callable[[Asked], bool] = lambda asked: False  # answers itself and says so, or leaves it to us
    clock: int = 0
    held: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)

    def put(self, name: str, title: str = "", **fields: str) -> None:
        """Add or change a record; a field may hold several values parted by |."""
        fields = {"title": title or f"Título de {name}", "language": "es", **fields}
        every = (f"<dc:{key}>{each}</dc:{key}>" for key, value in fields.items() for each in value.split("|") if each)
        self.put_raw(name, dc("".join(every)))

    def put_raw(self, name: str, metadata: str | None) -> None:
        self.clock += 1
        stamp = f"2026-01-01T{self.clock // 3600:02}:{self.clock // 60 % 60:02}:{self.clock % 60:02}Z"
        self.held.pop(name, None)
        self.held[name] = (stamp, metadata)

    def delete(self, name: str) -> None:
        self.put_raw(name, None)

    def __call__(self, asked: Asked) -> None:
        self.asked.append(asked.query)
        if self.answer(asked):
            return None
        query = asked.query
        start, begin = query["resumptionToken"].split("|") if "resumptionToken" in query else (query.get("from", ""), 0)
        until = query.get("until", "9")
        wanted = [(name, *rest) for name, rest in self.held.items() if start <= rest[0] and rest[0][:10] <= until]
        if not wanted:
            return asked.reply(error("noRecordsMatch"), 422)
        end = int(begin) + self.to_a_page
        page = [record(f"oai:x:{name}", stamp, body, body is None) for name, stamp, body in wanted[int(begin) : end]]
        token = f"{start}|{end}" if end < len(wanted) else ""
        return asked.reply(records(*page, token=token, size=len(wanted)))


@contextmanager
def served(repository: Repository, organisation: Organisation, **fields: object) -> Iterator[Source]:
    """A source of the library whose repository answers while the block lasts."""
    with serving(repository) as url:
        given = {"name": "Repositorio X", "slug": "x", "url": url, "organisation": organisation, **fields}
        yield Source.objects.update_or_create(slug=given["slug"], defaults=given)[0]
