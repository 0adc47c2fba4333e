"""
Gender and human rights markers: their scales, and how something is coded on them.

Documents are coded here. Other rooms have markers of their own kinds and code them by the same `code_on`.
"""

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from network.models import User
from portal.core import audit
from portal.core.languages import Worded
from portal.core.refused import Refused
from resources.models import MarkerKind, MarkerLevel, MarkerScale, Resource, ResourceMarker
from resources.models.marker import Marker
from resources.record import Verb

SOURCE = "OECD-DAC"
SCALES = {
    MarkerKind.GENDER: {
        "slug": "gender-0-2",
        "name_es": "Igualdad de género, de 0 a 2",
        "name_en": "Gender equality, 0 to 2",
        "levels": [
            ("No es un objetivo", "Not an objective",
             "Se examinó y la igualdad de género no está entre lo que persigue.",
             "Looked at, and gender equality is not among what it aims for."),
            ("Objetivo significativo", "Significant objective",
             "La igualdad de género es un objetivo importante y deliberado, pero no la razón principal.",
             "Gender equality is an important and deliberate objective, but not the main reason for it."),
            ("Objetivo principal", "Principal objective",
             "La igualdad de género es la razón principal: sin ella no se haría.",
             "Gender equality is the main reason for it: it would not be done otherwise."),
        ],
    },
    MarkerKind.HUMAN_RIGHTS: {
        "slug": "human-rights-0-2",
        "name_es": "Derechos humanos, de 0 a 2",
        "name_en": "Human rights, 0 to 2",
        "levels": [
            ("No es un objetivo", "Not an objective",
             "Se examinó y los derechos humanos no están entre lo que persigue.",
             "Looked at, and human rights are not among what it aims for."),
            ("Objetivo significativo", "Significant objective",
             "Que las personas migrantes ejerzan sus derechos es un objetivo importante y deliberado, pero no la razón "
             "principal.",
             "That migrants can exercise their rights is an important and deliberate objective, but not the main "
             "reason for it."),
            ("Objetivo principal", "Principal objective",
             "Que las personas migrantes ejerzan sus derechos es la razón principal: sin ella no se haría.",
             "That migrants can exercise their rights is the main reason for it: it would not be done otherwise."),
        ],
    },
}  # fmt: skip
"""
The scales the portal starts from, with 0, 1 and 2 as OECD-DAC's gender marker has them, in our own words. DAC has no
marker for human rights: the same three steps serve.
"""


# --- Scales ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def ensure_scales() -> None:
    """Write the scales the portal starts from. Safe to repeat: what somebody has edited stays."""
    for kind, words in SCALES.items():
        given = {name: words[name] for name in ("name_es", "name_en")}
        given |= {"kind": kind, "source": SOURCE if kind == MarkerKind.GENDER else ""}
        given["is_default"] = not MarkerScale.objects.filter(kind=kind, is_default=True).exists()
        scale, made = MarkerScale.objects.get_or_create(slug=words["slug"], defaults=given)
        if made:
            names = ("label_es", "label_en", "meaning_es", "meaning_en")
            MarkerLevel.objects.bulk_create(
                MarkerLevel(scale=scale, code=code, **dict(zip(names, level, strict=True)))
                for code, level in enumerate(words["levels"])
            )


def default_scales() -> dict[str, MarkerScale]:
    """By kind of marker the scale new markers are coded on, with its levels; in two queries."""
    found = _default_scales()
    if len(found) < len(MarkerKind):
        ensure_scales()
        found = _default_scales()
    return found


def _default_scales() -> dict[str, MarkerScale]:
    return {one.kind: one for one in MarkerScale.objects.filter(is_default=True).prefetch_related("levels")}


@transaction.atomic
def keep_scale(scale: MarkerScale, *, by: User | None) -> MarkerScale:
    """Write a scale. One that something is coded on stays a scale for the same kind of marker. Raises `Refused`."""
    stood = MarkerScale.objects.select_for_update().filter(pk=scale.pk).first()
    if stood and stood.kind != scale.kind and uses(stood):
        raise Refused(_("Something is coded on this scale: it stays one for the same marker."))
    scale.save()
    audit.record(Verb.SCALE_KEPT, scale, by=by)
    return scale


@transaction.atomic
def use_for_new(scale: MarkerScale, *, by: User | None) -> None:
    """From now on new markers of this kind are coded on this scale; those that are there keep theirs."""
    if not scale.levels.exists():
        raise Refused(_("This scale has no levels yet."))
    MarkerScale.objects.filter(kind=scale.kind, is_default=True).exclude(pk=scale.pk).update(is_default=False)
    MarkerScale.objects.filter(pk=scale.pk).update(is_default=True)
    audit.record(Verb.SCALE_USED, scale, by=by)


def uses(scale: MarkerScale, code: int | None = None) -> int:
    """How many markers, of any room, are coded on this scale; with a code, at that level."""
    asked = {"scale": scale} | ({} if code is None else {"code": code})
    return sum(kind.objects.screened().filter(**asked).count() for kind in Marker.__subclasses__())


# --- Coding ----------------------------------------------------------------------------------------------------------


def code_on(marker: Marker, code: int | None, justification: str, *, scale: MarkerScale, by: User | None) -> bool:
    """
    Give a marker this code and justification; None is "not screened". True if that is something new.

    What is coded anew is on `scale`, and has to be reviewed anew. Raises `Refused` for a code the scale does not have,
    and for one above 0 without a justification.
    """
    justification = justification.strip()
    if marker.pk and (marker.code, marker.justification) == (code, justification):
        return False
    if not marker.pk and code is None and not justification:
        return False
    marker.scale, marker.code, marker.justification = scale, code, justification
    marker.coded_by, marker.coded_at = (by, timezone.now()) if code is not None else (None, None)
    marker.reviewed_by = None
    try:
        marker.full_clean()
    except ValidationError as problem:
        raise Refused(problem.messages) from problem
    marker.save()
    return True


def sign(marker: Marker, *, by: User) -> None:
    """Somebody else than who coded it has looked at it as well. Raises `Refused`."""
    if marker.code is None:
        raise Refused(_("Nobody has screened this yet."))
    if marker.coded_by_id == by.pk:
        raise Refused(_("Somebody else than who coded it reviews a marker."))
    type(marker).objects.filter(pk=marker.pk).update(reviewed_by=by)


# --- Markers of documents --------------------------------------------------------------------------------------------


@transaction.atomic
def mark(resource: Resource, kind: str, code: int | None, justification: str, *, by: User | None) -> ResourceMarker:
    """Code one marker of a document. Whoever may edit the document may. Raises `Refused`."""
    Resource.objects.select_for_update().get(pk=resource.pk)
    marker = resource.markers.filter(kind=kind).first() or ResourceMarker(resource=resource, kind=kind)
    if code_on(marker, code, justification, scale=default_scales()[kind], by=by):
        audit.record(Verb.MARKED, resource, by=by, reason=_line(marker))
    return marker


@transaction.atomic
def review(marker: ResourceMarker, *, by: User) -> None:
    """Somebody else than who coded it agrees. Raises `Refused`."""
    held = ResourceMarker.objects.select_for_update(of=("self",)).select_related("resource").get(pk=marker.pk)
    sign(held, by=by)
    audit.record(Verb.MARKER_REVIEWED, held.resource, by=by, reason=_line(held))


def _line(marker: Marker) -> str:
    return f"{marker.kind}: {'–' if marker.code is None else marker.code}"


# --- Shown -----------------------------------------------------------------------------------------------------------


def screened_of(row: models.Model) -> list[Marker]:
    """The markers of something that are coded, each with `level`; in at most three queries."""
    found = row.markers.screened().select_related("scale").prefetch_related("scale__levels").order_by("kind")
    markers = list(found)
    for marker in markers:
        marker.level = level_of(marker)
    return markers


def level_of(marker: Marker) -> MarkerLevel | None:
    return next((level for level in marker.scale.levels.all() if level.code == marker.code), None)


def label_of(marker: Marker) -> Worded:
    return level_of(marker).shown_label
