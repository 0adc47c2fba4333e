"""
Which works of the library a draft may be the same as, and why. A person decides; nothing is merged here.

What stands here is all there is to it.
"""

from dataclasses import dataclass, replace

from django.db.models import Q

from resources.duplicates import identity, memory
from resources.duplicates.drafts import Draft, names_in
from resources.duplicates.memory import remember, remember_all
from resources.duplicates.weighing import Kind, Pair, reasons
from resources.models import Resource
from resources.models.resource import Reader
from resources.suggestions.topics import Vocabulary

__all__ = ["Alike", "Draft", "Kind", "find", "remember", "remember_all"]

MOST = 10
MOST_CANDIDATES = 60
"""Works of each source of candidates that are compared in full."""
LEAST_CERTAINTY = 0.35


@dataclass(frozen=True)
class Alike:
    """A work the draft may be the same as: why, in sentences for the reader, and how sure (0 to 1)."""

    resource: Resource
    reasons: tuple[str, ...]
    certainty: float
    kind: Kind


def find(draft: Draft, user: Reader, *, vocabulary: Vocabulary | None = None, most: int = MOST) -> list[Alike]:
    """
    The works this reader may open that the draft may be the same as, the surest first.

    Some twenty queries at most, whatever the number of works. For many drafts pass `Vocabulary.current()`.
    """
    shares = memory.nearest(draft.sketch, user, but=draft.pk)
    works = _candidates(draft, user, set(shares))
    vocabulary = vocabulary or Vocabulary.current()
    named = names_in(pk for pk, work in works.items() if _in_another_language(draft, work))
    out = []
    for pk, work in works.items():
        theirs = replace(Draft.described(work), names=named.get(pk, frozenset()))
        if alike := _weighed(Pair(draft, theirs, shares.get(pk, {}), vocabulary), work):
            out.append(alike)
    return sorted(out, key=lambda alike: (-alike.certainty, alike.resource.pk))[:most]


def _weighed(pair: Pair, work: Resource) -> Alike | None:
    """All reasons in one; two independent ones make surer than the better alone."""
    found = reasons(pair)
    if not found or found[0].certainty < LEAST_CERTAINTY:
        return None
    doubt = 1.0
    for reason in {reason.kind: reason for reason in reversed(found)}.values():
        doubt *= 1 - reason.certainty
    certainty = found[0].certainty if found[0].certainty == 1 else min(0.99, 1 - doubt)
    return Alike(work, tuple(reason.sentence for reason in found), round(certainty, 2), found[0].kind)


def _candidates(draft: Draft, user: Reader, near: set[int]) -> dict[int, Resource]:
    """The works to compare: near by sketch, by an identifier or the very file, and those that may be translations."""
    visible = Resource.objects.visible_to(user).exclude(pk=draft.pk)
    sources = [visible.filter(pk__in=near)]
    if (same := identity.matching(draft.doi, draft.isbn, draft.source_url)) is not None:
        sources.append(visible.filter(same))
    if draft.sha256s:
        sources.append(visible.filter(files__sha256__in=draft.sha256s))
    if draft.year and draft.page_counts and draft.languages:
        low, high = min(draft.page_counts), max(draft.page_counts)
        close = Q(year=draft.year, files__pages__range=(low - 1, high + 1))
        sources.append(visible.filter(close).exclude(original_language__in=draft.languages).distinct())
    found: dict[int, Resource] = {}
    for source in sources:
        found |= {work.pk: work for work in source.order_by("-pk").prefetch_related("files")[:MOST_CANDIDATES]}
    return found


def _in_another_language(draft: Draft, work: Resource) -> bool:
    return work.original_language not in draft.languages
