"""
Pasted DOIs and addresses looked up, one after the other, before the preview opens. Nothing but the log is written.

A killed run goes on where it stopped: the lines that still wait are the list of what is left to do.
"""

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.base import File as DjangoFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext_noop as _

from portal.core import locks
from resources import deposits
from resources.description import Origin
from resources.importing.describing import Described, of_file, of_said
from resources.importing.matching import editable_by, visible_to
from resources.importing.previewing import HELD, TWIN, Preview, opened, refused
from resources.intake import kinds, lookup
from resources.intake.lookup import Fetched, NotFound
from resources.models import File, Gathered, Gathering, Resource

logger = logging.getLogger(__name__)

Outcome, Decision, State, LookUp = Gathered.Outcome, Gathered.Decision, Gathering.State, Gathered.LookUp

PAUSE = 0.5
"""Seconds between two questions to one server."""
MOST_BYTES = 1024**3
"""Of the files that one list keeps until somebody says yes."""
GIVE_UP_AFTER = 3
SILENT = {"unreachable", "unknown_host", "slow", "busy", "certificate", "off"}

FILE_MISSING = _("The page was read, but the file it names could not be fetched.")
TOO_MUCH = _("The files of this list take too much room: please paste the rest as another list.")
NO_ROOM = _("The portal has no room for the file just now; nothing was kept. Please try again later.")
UNREADABLE = _("What the server answered can't be read.")
WITH_COORDINATION = _("This very file has already been handed in and is with the coordination.")


def waiting(gathering: Gathering) -> QuerySet[Gathered]:
    """Lines that are still to be looked up."""
    return gathering.lines.filter(look_up=LookUp.WAITING).order_by("position")


def failed(gathering: Gathering) -> QuerySet[Gathered]:
    """Lines of which nothing, or not the file, could be had; without those taken out of the library since."""
    lines = gathering.lines.filter(look_up=LookUp.FAILED).order_by("position")
    return lines if gathering.state == State.PREVIEW else lines.filter(resource__isnull=False)


def go_on(gathering: Gathering, *, pause: float = PAUSE) -> None:
    """Look up what waits, then open the preview. May be called again after a kill. Raises `locks.Held`."""
    with locks.held(f"look-up-{gathering.pk}"):
        run = Run(gathering, pause)
        while line := waiting(gathering).first():  # asked anew each time: somebody may cancel
            run.take(line)
        opened(gathering)


@transaction.atomic
def again(gathering: Gathering) -> bool:
    """Let what failed in a preview wait once more; False when it is no preview (any more) or nothing failed."""
    held = Gathering.objects.select_for_update().filter(pk=gathering.pk, state=State.PREVIEW).first()
    if held is None or not failed(held).update(look_up=LookUp.WAITING, reason="", decision=Decision.WAITING):
        return False
    held.state = gathering.state = State.READING
    held.save(update_fields=["state", "changed_at"])
    return True


def asked_again(gathering: Gathering) -> str:
    """What failed in a list that was taken in, to be pasted as a list of its own."""
    return "\n".join(" ".join(line.found["asked"].values()) for line in failed(gathering))


# --- One line after the other ----------------------------------------------------------------------------------------


@dataclass
class Run:
    """One gathering's look-ups, polite to each server, and patient with none that stays silent."""

    gathering: Gathering
    pause: float
    silent: Counter[str] = field(default_factory=Counter)
    reasons: dict[str, NotFound] = field(default_factory=dict)
    last: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.told = Preview(self.gathering.organisation, self.gathering.by, self.gathering.name)
        settled = self.gathering.lines.exclude(look_up=LookUp.WAITING).exclude(outcome=Outcome.REFUSED)
        for line in settled.order_by("position"):
            said = line.values | line.found.get("asked", {})
            self.told.delivered.twin(line.where, said, line.key, line.resource_id)

    def take(self, line: Gathered) -> None:
        """Write what came of this line, all at once; one that is gone by then was cancelled."""
        new = self._looked_up(line)
        fields = ("outcome", "decision", "reason", "column", "values", "before", "resource", "look_up", "found")
        still = Gathered.objects.filter(pk=line.pk, look_up=LookUp.WAITING)
        if not still.update(**{name: getattr(new, name) for name in fields}):
            drop_file(new)

    def _looked_up(self, line: Gathered) -> Gathered:
        """By DOI, else by address. Never raises: a page nobody thought of costs its own line."""
        asked, problem = line.found["asked"], None
        for name in ("doi", "source_url"):
            try:
                if name in asked:
                    with self._sought(name, asked[name], line.where) as (fetched, origin):
                        return self._described(line, fetched, origin)
            except NotFound as found:
                problem = problem or found
            except OSError:
                logger.exception("A look-up could not be kept")
                problem = problem or NotFound(NO_ROOM)
            except Exception:
                logger.exception("A look-up broke its reader: %s", asked)
                problem = problem or NotFound(UNREADABLE)
        return self._failed(line, problem)

    @contextmanager
    def _sought(self, name: str, asked: str, where: str) -> Iterator[tuple[Fetched, str]]:
        """What there is, and who says so. A server that stays silent is not asked for ever."""
        host = urlsplit(settings.DOI_REGISTER if name == "doi" else asked).netloc
        if self.silent[host] >= GIVE_UP_AFTER:
            raise self.reasons[host]
        time.sleep(max(0, self.last.get(host, 0) + self.pause - time.monotonic()))
        try:
            if name == "doi":
                said, origin = lookup.registered(asked, where)
                yield Fetched(said), origin
            else:
                with lookup.fetched(asked, where) as fetched:
                    yield fetched, Origin.PAGE
            self.silent[host] = 0
        except NotFound as problem:
            self.silent[host] = self.silent[host] + 1 if problem.code in SILENT else 0
            self.reasons[host] = problem
            raise
        finally:
            self.last[host] = time.monotonic()

    # --- What a line says then ----------------------------------------------------------------------------------------

    def _described(self, line: Gathered, fetched: Fetched, origin: str) -> Gathered:
        said = of_said(fetched.said, origin, self.told.words) if fetched.said else None
        if fetched.file is None:
            return self._line(line, said, missing=fetched.missing is not None)
        try:
            with deposits.handed(DjangoFile(fetched.file), fetched.name) as file:
                if other := self._same_file(line, file.sha256):
                    return self._onto(line, refused(line.where, TWIN, values={"other": other.where}))
                own = of_file(file)
                return self._line(line, said.filled(own) if said else own, file=file)
        except deposits.AlreadyHere as known:
            return self._held(line, known.file.resource)
        except kinds.Refused as problem:
            if said:
                return self._line(line, said, missing=True)
            with translation.override(None):  # as the catalogues have it, to be kept
                message = str(kinds.MESSAGES[problem.code])
            raise NotFound(message, **{name: str(word) for name, word in problem.words.items()}) from problem

    def _same_file(self, line: Gathered, sha256: str) -> Gathered | None:
        return self.gathering.lines.filter(found__file__sha256=sha256).exclude(pk=line.pk).first()

    def _line(
        self, line: Gathered, said: Described, *, file: deposits.Handed | None = None, missing: bool = False
    ) -> Gathered:
        asked = line.found["asked"]
        new = self.told.one(line.where, line.key, said.values | asked)
        self._onto(line, new)
        pasted = dict.fromkeys(asked, (Origin.REFERENCE, 100, self.gathering.name))
        new.found["origins"] = said.origins | pasted
        if file and self._wants_file(new):
            new.found["file"] = self._keep(line, file, said)
            if new.outcome == Outcome.SAME:
                new.outcome, new.decision, new.before, new.reason = Outcome.CHANGED, Decision.WAITING, {}, ""
        if missing and new.outcome != Outcome.REFUSED:
            new.look_up, new.reason = LookUp.FAILED, new.reason or FILE_MISSING
        return new

    def _wants_file(self, new: Gathered) -> bool:
        """A new work takes the file; one that is here already, where it may be changed and has none."""
        if new.outcome == Outcome.NEW:
            return True
        mine = editable_by(self.gathering.by).filter(pk=new.resource_id, organisation=self.gathering.organisation)
        is_open = mine.filter(status=Resource.Status.DRAFT, files=None).exists()
        return new.outcome != Outcome.REFUSED and is_open

    def _keep(self, line: Gathered, file: deposits.Handed, said: Described) -> dict[str, object]:
        """Keep the file until somebody says yes or no."""
        kept = self.gathering.lines.filter(found__has_key="file").values_list("found__file__size", flat=True)
        if sum(kept) + file.size > MOST_BYTES:
            raise NotFound(TOO_MUCH)
        name = f"gatherings/{self.gathering.pk}-{line.pk}"
        default_storage.delete(name)
        with file.path.open("rb") as source:
            stored = default_storage.save(name, DjangoFile(source))
        language = said.values.get("original_language", "") if "original_language" in said.origins else ""
        return {"stored": stored, "name": file.name, "size": file.size, "sha256": file.sha256, "language": language}

    def _held(self, line: Gathered, work: Resource) -> Gathered:
        """The library has this very file; which work holds it is told to those who may open that."""
        if not visible_to(self.gathering.by).filter(pk=work.pk).exists():
            return self._onto(line, refused(line.where, WITH_COORDINATION))
        new = Gathered(outcome=Outcome.SAME, decision=Decision.LEFT, reason=HELD, resource=work)
        return self._onto(line, new)

    def _failed(self, line: Gathered, problem: NotFound) -> Gathered:
        """It stays what was pasted, with the reason; it may be tried again."""
        line.look_up, line.reason = LookUp.FAILED, problem.message
        line.found = {"asked": line.found["asked"], "words": problem.words}
        return line

    def _onto(self, line: Gathered, new: Gathered) -> Gathered:
        new.look_up, new.found = LookUp.FOUND, {"asked": line.found["asked"]}
        return new


# --- Files that wait with their lines --------------------------------------------------------------------------------


def with_files(gathering: Gathering) -> QuerySet[Gathered]:
    """Lines that were taken in and whose files are still to follow."""
    taken = gathering.lines.filter(decision=Decision.TAKEN, found__has_key="file")
    return taken.filter(resource__isnull=False).order_by("position")


def drop_file(line: Gathered) -> None:
    """Let go of the file that is kept for a line, if there is one; the line is the caller's to save."""
    if file := line.found.pop("file", None):
        transaction.on_commit(partial(default_storage.delete, file["stored"]))


def attach(line: Gathered, then: Callable[[File], None]) -> str:
    """
    Add the kept file to the work of a line that was taken in, with what `then` writes, or not at all.

    Gives the reason why not, "" when it is there; the line is the caller's to save.
    """
    file, reason = line.found["file"], ""
    try:
        with default_storage.open(file["stored"]) as kept:
            given = {"name": file["name"], "language": file["language"], "by": line.gathering.by}
            deposits.attach(line.resource, kept, **given, then=then)
    except deposits.AlreadyHere:
        reason = HELD
    except (FileNotFoundError, kinds.Refused):
        reason = FILE_MISSING
    drop_file(line)
    return reason
