"""The sketches the library holds, and the works whose sketch is near to one."""

from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q

from resources.duplicates import sketches
from resources.duplicates.sketches import BINS, Sketch
from resources.models import Page, Resource
from resources.models.likeness import Likeness
from resources.models.resource import Reader

Of = Likeness.Of
MOST_FOUND = 60
LEAST_TEXT, LEAST_FIGURES = 0.1, 0.25
"""Shares of a sketch below which two works have nothing to do with each other."""
LEAST_TITLE = 0.4
LEAST_BINS = {Of.TEXT: 24, Of.FIGURES: 10}
"""A sketch with fewer numbers is of too short a text to say anything."""

UNCERTAIN = (0.1, 0.6)
"""Shares of the text between which the texts themselves are compared."""
MOST_READ = 6

Shares = dict[int, dict[str, float]]
"""{work: {what: share of the sketch in common}}"""


def sketch_of(resource: Resource) -> Sketch:
    """The sketch of a work as it stands, from the pages read of its files; one query."""
    return Sketch.of(resource.titles.values(), _texts(resource.pk))


def _texts(work: int) -> list[list[str]]:
    """The pages of each file of a work, as far as the limits go."""
    by_file: dict[int, list[str]] = defaultdict(list)
    pages = Page.objects.filter(file__resource=work, number__lte=sketches.MOST_PAGES).order_by("file", "number")
    for file, text in pages.values_list("file_id", "text").iterator():
        by_file[file].append(text)
    return [list(sketches.bounded(pages)) for pages in by_file.values()]


def remember(resource: Resource) -> None:
    """Write the sketch of a work anew. To be called after its titles or the text of its files changed."""
    sketch = sketch_of(resource)
    parts = [(Of.TEXT, sketch.text), (Of.FIGURES, sketch.figures), (Of.TITLE, frozenset().union(*sketch.titles))]
    rows = [Likeness(key=key, resource=resource, of=of) for of, keys in parts for key in sorted(keys)]
    with transaction.atomic():
        Likeness.objects.filter(resource=resource).delete()
        Likeness.objects.bulk_create(rows, ignore_conflicts=True)


def remember_all() -> int:
    """Write the sketch of each work that has none; returns how many were looked at. May be stopped at any time."""
    without = Resource.objects.exclude(Exists(Likeness.objects.filter(resource=OuterRef("pk"))))
    pks = list(without.order_by("pk").values_list("pk", flat=True))
    for pk in pks:
        if work := Resource.objects.filter(pk=pk).first():  # it may be gone by now
            remember(work)
    return len(pks)


def nearest(sketch: Sketch, user: Reader, *, but: int | None) -> Shares:
    """The works this reader may open whose sketch has enough in common, in two queries by index."""
    keys = {*sketch.text, *sketch.figures, *(key for title in sketch.titles for key in title)}
    if not keys:
        return {}
    visible = Exists(Resource.objects.visible_to(user).filter(pk=OuterRef("resource")))  # IN is planned from its end
    rows = Likeness.objects.filter(visible, key__in=keys)
    rows = rows.exclude(resource=but).values_list("resource", "of")
    counted = rows.annotate(common=Count("key")).filter(_enough(sketch)).order_by("-common", "-resource")[:MOST_FOUND]
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for pk, of, common in counted:
        found[pk][of] = common
    sizes = _sizes(found)
    shares = {pk: _shares(common, sketch, sizes[pk]) for pk, common in found.items()}
    _look_again(shares, sketch)
    return shares


def _enough(sketch: Sketch) -> Q:
    """How many numbers a work must have in common to be looked at, by what they are of."""
    shortest = min(map(len, filter(None, sketch.titles)), default=0)
    least_title = max(1, round(LEAST_TITLE * shortest))
    return (
        Q(of=Of.TEXT, common__gte=max(4, LEAST_TEXT * len(sketch.text)))
        | Q(of=Of.FIGURES, common__gte=max(4, LEAST_FIGURES * len(sketch.figures)))
        | Q(of=Of.TITLE, common__gte=least_title)
    )


def _look_again(shares: Shares, sketch: Sketch) -> None:
    """Put the true similarity of the texts for the estimated one, where that one is neither high nor low."""
    low, high = UNCERTAIN
    open_ = [pk for pk, share in shares.items() if low <= share.get(Of.TEXT, 0) < high]
    for pk in sorted(open_, key=lambda pk: -shares[pk][Of.TEXT])[:MOST_READ]:
        shares[pk][Of.TEXT] = sketches.similarity(sketch.runs, map(sketches.runs, _texts(pk)))


def _sizes(works: Iterable[int]) -> dict[int, dict[str, int]]:
    """How many numbers each of these works has, by what they are of."""
    out: dict[int, dict[str, int]] = defaultdict(dict)
    rows = Likeness.objects.filter(resource__in=list(works), of__in=LEAST_BINS).values_list("resource", "of")
    for pk, of, number in rows.annotate(Count("key")):
        out[pk][of] = number
    return out


def _shares(common: dict[str, int], sketch: Sketch, sizes: dict[str, int]) -> dict[str, float]:
    """The similarity by text and by figures: 0 where both could be compared and differ, absent where one could not."""
    out = {}
    for of, mine in ((Of.TEXT, len(sketch.text)), (Of.FIGURES, len(sketch.figures))):
        theirs = sizes.get(of, 0)
        if min(mine, theirs) >= LEAST_BINS[of]:
            out[of] = min(1.0, common.get(of, 0) / min(BINS, max(mine, theirs)))
    return out
