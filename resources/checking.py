"""What a file carries that readers should not get: found once per file, kept with it, seen before it becomes public."""

from dataclasses import asdict, dataclass
from pathlib import Path

from django.core.files.base import File as DjangoFile
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from resources import texts
from resources.intake import safety
from resources.intake.safety import Finding, Severity, What
from resources.models import File, Resource

OCR_SECONDS = 120
MOST_KEPT = 200
MOST_NAMED = 3


class NotLooked(Exception):
    """Somebody has to look at the findings (or at a file that was not checked) before the work becomes public."""


class NotCleaned(Exception):
    """No cleaned copy of this file can be made."""


def check(file: File) -> list[Finding]:
    """Look through the stored bytes, once; a file that could not be looked through says so among its findings."""
    with texts.local_copy(file.content) as path:
        found = safety.check(path, file.format, ocr_seconds=OCR_SECONDS)[:MOST_KEPT]
    File.objects.filter(pk=file.pk).update(findings=[asdict(finding) for finding in found])
    return found


def findings(file: File) -> list[Finding] | None:
    """What was found, gravest first; None while nobody has looked."""
    if file.findings is None:
        return None
    return [Finding(**{**kept, "what": What(kept["what"])}) for kept in file.findings]


def must_be_looked_at(file: File) -> bool:
    """Not checked, not checked to its end, or with what may be somebody's personal data."""
    found = findings(file)
    return found is None or any(one.severity == Severity.PERSONAL or one.what == What.UNCHECKED for one in found)


def to_look_at(work: Resource) -> list[File]:
    return [file for file in work.files.all() if must_be_looked_at(file)]


def why_look(work: Resource) -> str:
    """What keeps a work from becoming public until somebody has looked, file by file; uses the prefetched files."""
    return "; ".join(f"{file.name}: {_why_look_at(file)}" for file in to_look_at(work)[:MOST_NAMED])


def _why_look_at(file: File) -> str:
    found = findings(file)
    if found is None:
        return _("not checked yet")
    grave = [one for one in found if one.severity == Severity.PERSONAL or one.what == What.UNCHECKED]
    return ", ".join(dict.fromkeys(f"{one.what.label} ({one.where})" for one in grave[:MOST_NAMED]))


def held_back(works: QuerySet[Resource]) -> list[Resource]:
    """Those of these works that are not public yet and can't be before somebody has looked at their files."""
    waiting = works.filter(status__in=[Resource.Status.DRAFT, Resource.Status.SUBMITTED], files__isnull=False)
    return [work for work in waiting.distinct().prefetch_related("files") if to_look_at(work)]


@dataclass(frozen=True)
class Checked:
    """A file of a work, what was found in it, and what could be done about that."""

    file: File
    findings: list[Finding] | None

    @property
    def is_waiting(self) -> bool:
        return self.findings is None

    @property
    def must_be_looked_at(self) -> bool:
        return must_be_looked_at(self.file)

    @property
    def can_be_cleaned(self) -> bool:
        return any(one.can_be_cleaned for one in self.findings or [])

    @property
    def has_hidden(self) -> bool:
        """Is there something that goes only where somebody asks for it?"""
        return any(one.can_be_cleaned and one.what.goes_only_where_asked for one in self.findings or [])


@dataclass(frozen=True)
class Check:
    """All that was found in the files of a work."""

    files: list[Checked]

    @property
    def waits(self) -> bool:
        return any(one.is_waiting for one in self.files)

    @property
    def must_look(self) -> bool:
        return any(one.must_be_looked_at for one in self.files)


def checked(work: Resource) -> Check:
    return Check([Checked(file, findings(file)) for file in work.files.all()])


def refuse_unlooked(work: Resource) -> None:
    """Raises `NotLooked` with a sentence when a file of the work must be looked at first."""
    if files := to_look_at(work):
        names = ", ".join(file.name for file in files[:3])
        sentence = _("Please look first at what was found in {names}, and tick that you have.")
        raise NotLooked(sentence.format(names=names))


def looked_note(work: Resource) -> str:
    """What is kept when somebody publishes all the same."""
    if not (files := to_look_at(work)):
        return ""
    return _("Looked at before publication: {names}").format(names=", ".join(file.name for file in files[:20]))


def clean_copy(file: File, folder: str, *, drop_hidden: bool) -> DjangoFile:
    """A cleaned copy of the stored bytes, open, in this folder. Raises `NotCleaned`."""
    to = Path(folder, "copy")
    with texts.local_copy(file.content) as path:
        done = safety.cleaned(path, file.format, to, drop_hidden=drop_hidden)
    if not done:
        sentence = _("No cleaned copy of this file can be made. Please clean it in the program it was made with.")
        raise NotCleaned(sentence)
    return DjangoFile(to.open("rb"), name=file.name)
