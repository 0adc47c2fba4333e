"""Many files brought in together: each is one line that says what came of it, and a bad one costs its own line only."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from django.core.files.base import File as DjangoFile
from django.db import transaction
from django.db.models import Max, QuerySet, Subquery
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from network.models import Organisation, User
from resources import actions, checking, deposits
from resources.description import Origin
from resources.intake import kinds
from resources.models import File, Gathered, Gathering, Resource
from resources.sentences import why_not

MOST_LINES = 1_000
MOST_IN_A_TABLE = 200
"""Drafts of a list or a harvest."""


class Full(Exception):
    """This gathering holds as many files as one may."""


def begin(organisation: Organisation, *, by: User) -> Gathering:
    return Gathering.objects.create(
        organisation=organisation, by=by, kind=Gathering.Kind.FILES, state=Gathering.State.PREVIEW
    )


def take(gathering: Gathering, upload: DjangoFile, *, name: str, place: str = "", by: User) -> Gathered:
    """
    Take one file in as a draft, or keep the reason why not. `place` is its path in the folder it came from.

    Sent again after a lost answer it is still one line. Raises `Full`.
    """
    if gathering.lines.count() >= MOST_LINES:
        raise Full(_("A list holds 1,000 files at most. Please begin another one."))
    where = (place or name)[-200:]
    lines: list[Gathered] = []

    def keep(file: File) -> None:
        lines.append(_add(gathering, where, outcome=Gathered.Outcome.NEW, resource=file.resource))

    receive = partial(deposits.receive, upload, name=name, organisation=gathering.organisation, by=by)
    try:
        receive(then=keep)
    except deposits.AlreadyHere as known:
        if line := gathering.lines.filter(resource=known.file.resource_id).first():
            return line
        return _already_here(gathering, where, known.file.resource, by)
    except kinds.Refused as refused:
        said = {"code": refused.code, "words": {name: str(word) for name, word in refused.words.items()}}
        return refuse(gathering, where, str(refused.message), values=said)
    except OSError as problem:
        with translation.override(None):  # kept as the catalogues have it, shown in the language of whoever reads
            return refuse(gathering, where, why_not(problem, reader=by))
    return lines[0]


def _already_here(gathering: Gathering, where: str, work: Resource, by: User) -> Gathered:
    """Names the work that holds the file only to those who may open it."""
    if Resource.objects.visible_to(by).filter(pk=work.pk).exists():
        return refuse(gathering, where, gettext_noop("This very file is already in the library."), key=str(work.pk))
    reason = gettext_noop("This very file has already been handed in and is with the coordination.")
    return refuse(gathering, where, reason)


def refuse(gathering: Gathering, where: str, reason: str, **more: object) -> Gathered:
    """Say why a file was not taken (a message of the catalogues); one line for each, whatever the number of tries."""
    old = gathering.lines.filter(where=where, outcome=Gathered.Outcome.REFUSED).first()
    return old or _add(gathering, where, outcome=Gathered.Outcome.REFUSED, reason=reason, **more)


@transaction.atomic
def _add(gathering: Gathering, where: str, **values: object) -> Gathered:
    """The next line; the gathering is held meanwhile, so that two at once do not get one place."""
    Gathering.objects.select_for_update().get(pk=gathering.pk)
    last = gathering.lines.aggregate(Max("position"))["position__max"]
    return Gathered.objects.create(gathering=gathering, position=(last or 0) + 1, where=where, **values)


def reason(line: Gathered) -> str:
    """Why a file was not taken, in the language of whoever reads it."""
    if code := line.values.get("code"):
        return str(kinds.Refused(code, **line.values["words"]).message)
    return _(line.reason) if line.reason else ""


def lines_of(gathering: Gathering) -> QuerySet[Gathered]:
    """The lines with all a table of them prints, in a fixed number of queries."""
    works = ["resource__files", "resource__origins"]
    return gathering.lines.select_related("resource", "gathering").prefetch_related(*works)


def table_of(gathering: Gathering) -> QuerySet[Gathered]:
    """The lines its table shows: of files all; of a list or a harvest, which may be long, its first drafts."""
    if gathering.kind == Gathering.Kind.FILES:
        return lines_of(gathering)
    new = {"decision": Gathered.Decision.TAKEN, "outcome": Gathered.Outcome.NEW}
    drafts = Resource.objects.filter(status=Resource.Status.DRAFT)
    return lines_of(gathering).filter(**new, resource__in=drafts).order_by("position")[:MOST_IN_A_TABLE]


def next_line(gathering: Gathering, pk: int) -> int | None:
    """The line below this one that has a document, else this one."""
    place = gathering.lines.filter(pk=pk).values("position")
    below = gathering.lines.filter(position__gt=Subquery(place), resource__isnull=False)
    return below.order_by("position").values_list("pk", flat=True).first() or pk


def lacks(work: Resource) -> list[str]:
    """What a work needs before it can go to review, in words; uses the prefetched origins and files."""
    origins = {origin.field: origin.origin for origin in work.origins.all()}
    titles = [name for name in ("title_es", "title_en", "original_title") if getattr(work, name)]
    out = []
    if all(origins.get(name) == Origin.NAME for name in titles):
        out.append(_("title"))
    if not work.year:
        out.append(_("year"))
    if "original_language" not in origins:
        out.append(_("language"))
    return out


@dataclass
class Sent:
    """How many went on, and how many stayed: incomplete (or moved on by somebody else), or to be looked at first."""

    on: int = 0
    incomplete: int = 0
    unlooked: int = 0


def send_on(lines: Iterable[Gathered], *, by: User, publish: bool = False) -> Sent:
    """Send those that are complete to review; a coordinator may `publish` them, but for those to be looked at first."""
    sent = Sent()
    for line in lines:
        work = line.resource
        if work is None or work.status != Resource.Status.DRAFT:
            continue
        if lacks(work):
            sent.incomplete += 1
            continue
        try:
            if publish and by.is_coordinator:
                actions.publish(work, by=by)
            else:
                actions.submit(work, by=by)
        except checking.NotLooked:
            sent.unlooked += 1
            continue
        except actions.WrongState:
            sent.incomplete += 1
            continue
        Gathered.objects.filter(pk=line.pk).update(decision=Gathered.Decision.TAKEN)
        sent.on += 1
    return sent


def correct(work: Resource, values: dict[str, object], *, by: User) -> None:
    """Title, year and language as a person corrected them in the table. Raises `actions.WrongState`."""

    def save() -> None:
        for name, value in values.items():
            setattr(work, name, value)
        work.full_clean(exclude=["organisation", "created_by"])
        work.save(update_fields=[*values, "updated_at"])

    actions.describe(work, by=by, save=save)


def title_field(work: Resource) -> str:
    """The field a title in the work's own language stands in."""
    name = f"title_{work.original_language}"
    return name if work.original_language in ("es", "en") else "original_title"
