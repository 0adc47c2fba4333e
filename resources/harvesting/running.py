"""A harvest from beginning to end, or from where the last one was killed to the end."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from network.models import User
from portal.core import locks
from resources.harvesting.mapping import Mapping
from resources.harvesting.taking import Taker
from resources.intake import oai
from resources.intake.oai import Batch, Stopped
from resources.models import Gathering, Source

State = Gathering.State
DAY = 10  # letters of a stamp that names a day
# A token that leads nowhere is not kept: the next run begins where the source says it last came.
DEAD_ENDS = {"token_loop", "token_refused"}
PLACE = ["url", "prefix", "set"]
"""Fields that say which list is harvested: how far another list came says nothing about it."""

Progress = Callable[[int, int | None], object]


class Busy(Exception):
    """This source is being harvested already. The text is a sentence for the reader."""


@dataclass
class Harvest:
    """What a run saw: records, and the latest stamp among them."""

    seen: int = 0
    last: str = ""

    def add(self, batch: Batch) -> None:
        self.seen += len(batch.records)
        self.last = max([self.last, *(each.datestamp for each in batch.records if is_moment(each.datestamp))])


def harvest(
    source: Source,
    *,
    since: date | None = None,
    until: date | None = None,
    by: User | None = None,
    progress: Progress | None = None,
    pause: float = oai.PAUSE,
) -> Gathering:
    """
    Take in what the source has new since the last harvest, or go on where that one was killed or stopped.

    Each answer is kept in one transaction with the place it leads to. A source that can't be asked further leaves a
    gathering that is STOPPED, with the reason. With `since` or `until` that span is looked through on its own: the
    place of the ordinary harvest stays as it is. `progress` hears how many records came, of how many where that is
    known. Raises Busy.
    """
    try:
        with locks.held(f"harvest-{source.pk}"):
            source.refresh_from_db()
            if since or until:
                return _span(source, since, until, by, progress, pause)
            return _ordinary(source, by, progress, pause)
    except locks.Held:
        raise Busy(_("“{source}” is being harvested at this moment.").format(source=source)) from None


def configured(source: Source, changed: Iterable[str]) -> None:
    """Save what a person changed of a source and nothing else; another list is harvested from its beginning."""
    changed = set(changed)
    if source.pk and changed & set(PLACE):
        source.harvested_until = source.token = source.token_since = ""
        changed |= {"harvested_until", "token", "token_since"}
    source.save(update_fields=changed if source.pk else None)


def _ordinary(source: Source, by: User | None, progress: Progress | None, pause: float) -> Gathering:
    gathering = begun(source, by=by)
    since = source.token_since if source.token or source.token_since else overlapping(source.harvested_until)
    run = _run(source, gathering, progress, since=since, token=source.token, pause=pause, keeps_place=True)
    if gathering.state == State.DONE:
        source.harvested_until = reached(run.last, gathering.created_at) or source.harvested_until
        source.token = source.token_since = ""
        source.save(update_fields=["harvested_until", "token", "token_since"])
        gathering.save()
    return gathering


def _span(
    source: Source,
    since: date | None,
    until: date | None,
    by: User | None,
    progress: Progress | None,
    pause: float,
) -> Gathering:
    gathering = _begun(source, f"{source.name[:170]}, {since or ''} – {until or ''}", by)
    _run(source, gathering, progress, since=since, until=until, pause=pause)
    gathering.save()
    return gathering


def begun(source: Source, *, by: User | None) -> Gathering:
    """What an ordinary harvest of this source fills, whether it is under way or to come."""
    return _begun(source, source.name, by)


def _begun(source: Source, name: str, by: User | None) -> Gathering:
    """A new gathering; or the last one of this name, which a kill or a failing source left unfinished."""
    last = source.gatherings.filter(kind=Gathering.Kind.HARVEST, name=name[:200]).first()
    if last and last.state in (State.READING, State.STOPPED):
        last.state, last.reason, last.words = State.READING, "", {}
        last.save()
        return last
    return Gathering.objects.create(
        organisation=source.organisation,
        by=by,
        kind=Gathering.Kind.HARVEST,
        state=State.READING,
        name=name[:200],
        source=source,
    )


def _run(
    source: Source, gathering: Gathering, progress: Progress | None, *, keeps_place: bool = False, **asked: object
) -> Harvest:
    """Batch after batch until the end or the reason why there is none; the caller saves what became of it."""
    run, taker = Harvest(), _taker(source, gathering)
    batches = oai.harvest(source.url, prefix=source.prefix, set=source.set, countries=taker.mapping.countries, **asked)
    gathering.state = State.DONE
    try:
        for batch in batches:
            with transaction.atomic():
                taker.take(batch.records)
                if keeps_place:
                    source.token, source.token_since = batch.token, batch.since
                    source.save(update_fields=["token", "token_since"])
            run.add(batch)
            if progress:
                progress(run.seen, batch.size)
    except Stopped as stopped:
        gathering.state = State.STOPPED
        gathering.reason, gathering.words = stopped.msgid, stopped.words
        with transaction.atomic():
            gathering.save()
            if keeps_place and stopped.code in DEAD_ENDS:
                source.token = ""
                source.save(update_fields=["token"])
    return run


def _taker(source: Source, gathering: Gathering) -> Taker:
    position = gathering.lines.aggregate(last=Max("position"))["last"] or 0
    taker = Taker(source, gathering, Mapping.of(source), position)
    if not position:
        with transaction.atomic():
            for fault in taker.mapping.faults:
                taker.refuse(fault)
    return taker


def reached(last: str, begun: datetime) -> str:
    """How far a finished harvest came: to the latest stamp it saw, but never past its own beginning, for what changed
    meanwhile may have been passed over, and a source may write any year."""
    now = begun.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return min(last, now[: len(last)]) if len(last) <= DAY else min(last, now)


def is_moment(stamp: str) -> bool:
    try:
        return bool(stamp) and datetime.fromisoformat(stamp).year > 1
    except ValueError:  # 31 February
        return False


def overlapping(stamp: str) -> str:
    """One unit of the stamp's own exactness earlier: a day or a second may have gone on after it was harvested."""
    if not stamp:
        return ""
    moment = datetime.fromisoformat(stamp)
    if len(stamp) <= DAY:
        return (moment - timedelta(days=1)).date().isoformat()
    return (moment - timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
