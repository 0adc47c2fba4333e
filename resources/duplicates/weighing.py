"""Why two works may be the same, each reason with how sure it makes us."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from resources.duplicates import identity, titles
from resources.duplicates.drafts import Draft
from resources.models import Resource
from resources.models.likeness import Likeness
from resources.suggestions.topics import Vocabulary

Of = Likeness.Of
CHAPTER = Resource.Type.CHAPTER
SAME_TEXT = 0.25
OTHER_TEXT = 0.08
"""Similarity below which two texts in one language are different ones, whatever their titles."""
SAME_FIGURES = 0.3
SAME_NAMES = 0.4
SAME_MEANING = 0.6
LEAST_TRANSLATION = 0.5


class Kind(StrEnum):
    SAME_FILE = "same_file"
    SAME_IDENTIFIER = "same_identifier"
    SAME_TITLE = "same_title"
    SAME_TEXT = "same_text"
    OTHER_LANGUAGE = "other_language"
    OTHER_EDITION = "other_edition"


@dataclass(frozen=True)
class Reason:
    kind: Kind
    certainty: float
    sentence: str


@dataclass(frozen=True)
class Pair:
    """A draft, a work of the library, and how much their sketches have in common (absent: could not be compared)."""

    draft: Draft
    work: Draft
    shares: dict[str, float]
    vocabulary: Vocabulary

    @property
    def similar_text(self) -> float | None:
        return self.shares.get(Of.TEXT)

    @property
    def same_title(self) -> bool:
        return any(titles.same(one, other) for one in self.draft.titles.values() for other in self.work.titles.values())

    @property
    def other_languages(self) -> bool:
        """No file of the one is in the language of one of the other."""
        mine, theirs = self.draft.languages, self.work.languages
        return bool(mine and theirs) and mine.isdisjoint(theirs)

    @property
    def other_length(self) -> bool:
        """Is every file of the one more than twice as long as the other's?"""
        mine, theirs = self.draft.page_counts, self.work.page_counts
        if not mine or not theirs:
            return False
        return min(mine) > 2 * max(theirs) or min(theirs) > 2 * max(mine)

    @property
    def other_years(self) -> bool:
        return bool(self.draft.year and self.work.year) and self.draft.year != self.work.year

    @property
    def other_edition(self) -> bool:
        """Do the years differ, or does one title alone name an edition?"""
        named = [any(map(titles.names_edition, side.titles.values())) for side in (self.draft, self.work)]
        return self.other_years or named[0] != named[1]


def reasons(pair: Pair) -> list[Reason]:
    """Every reason there is, the surest first; none for two chapters of one book."""
    if pair.draft.sha256s & pair.work.sha256s:
        return [Reason(Kind.SAME_FILE, 1.0, _("It is the very same file."))]
    same_title = pair.same_title
    found = [*_identifiers(pair, same_title), *_text(pair), *_title(pair, same_title)]
    if pair.other_languages and (translation := _translation(pair, found)):
        found.append(translation)
    return sorted(found, key=lambda reason: -reason.certainty)


def _identifiers(pair: Pair, same_title: bool) -> list[Reason]:
    """A DOI or ISBN of a book stands in each of its chapters: there the title has to be the same, too."""
    draft, work = pair.draft, pair.work
    same = []
    if draft.doi and identity.clean_doi(draft.doi) == identity.clean_doi(work.doi):
        same.append(_("Both have the DOI {value}.").format(value=identity.clean_doi(draft.doi)))
    if (isbn := identity.isbn13(draft.isbn)) and isbn == identity.isbn13(work.isbn):
        same.append(_("Both have the ISBN {value}.").format(value=isbn))
    if draft.source_url and identity.address(draft.source_url) == identity.address(work.source_url):
        same.append(_("Both come from the same address: {value}").format(value=work.source_url))
    if not same:
        return []
    certainty = 0.97
    if not same_title and _any_titles(pair):
        alike = pair.similar_text is not None and pair.similar_text >= SAME_TEXT
        if not alike and (CHAPTER in (draft.type, work.type) or pair.other_length):
            return []
        if not alike:
            certainty = 0.45
            doubt = _("{reason} But their titles differ: they may be parts of one work.")
            same = [doubt.format(reason=sentence) for sentence in same]
    return [Reason(Kind.SAME_IDENTIFIER, certainty, sentence) for sentence in same]


def _any_titles(pair: Pair) -> bool:
    """Have both a title in one language, so that titles can tell?"""
    return not set(pair.draft.titles).isdisjoint(pair.work.titles)


def _text(pair: Pair) -> list[Reason]:
    share = pair.similar_text
    if share is None or share < SAME_TEXT:
        return []
    certainty = round(min(0.97, 0.62 + 0.6 * (share - SAME_TEXT)), 2)
    if pair.other_edition:
        sentence = _("Most of the text is the same, but the year or the edition is another.")
        return [Reason(Kind.OTHER_EDITION, certainty, sentence)]
    return [Reason(Kind.SAME_TEXT, certainty, _("The text is nearly the same."))]


def _title(pair: Pair, same_title: bool) -> list[Reason]:
    """A title makes much less of a case where both texts are known and differ: a yearly report keeps its title."""
    if not same_title:
        return []
    differs = pair.similar_text is not None and pair.similar_text < OTHER_TEXT and not pair.other_languages
    if CHAPTER in (pair.draft.type, pair.work.type) and pair.draft.type != pair.work.type:
        differs = True
    if pair.other_languages:
        sentence = _("The title is the same, the language of the text is another.")
        return [Reason(Kind.OTHER_LANGUAGE, 0.8 if not pair.other_years else 0.6, sentence)]
    if pair.other_edition:
        sentence = _("The title is the same, but the year or the edition is another.")
        return [Reason(Kind.OTHER_EDITION, 0.2 if differs else 0.55, sentence)]
    sentence = (
        _("The title and the year are nearly the same.")
        if pair.draft.year and pair.work.year
        else _("The title is nearly the same.")
    )
    return [Reason(Kind.SAME_TITLE, 0.4 if differs else 0.85, sentence)]


def _translation(pair: Pair, found: list[Reason]) -> Reason | None:
    """Both editions of one work: no sign is enough alone, and all together are not as sure as the same text."""
    signs = _signs_of_translation(pair)
    certainty = sum(weight for weight, _sign in signs)
    if any(reason.kind == Kind.OTHER_LANGUAGE for reason in found) or certainty < LEAST_TRANSLATION:
        return None
    sentence = _("It seems to be the same work in another language: {signs}.")
    named = "; ".join(sign for _weight, sign in signs)
    return Reason(Kind.OTHER_LANGUAGE, min(0.8, round(certainty, 2)), sentence.format(signs=named))


def _signs_of_translation(pair: Pair) -> list[tuple[float, str]]:
    draft, work = pair.draft, pair.work
    signs = []
    if draft.doi and identity.doi_family(draft.doi) == identity.doi_family(work.doi):
        signs.append((0.45, _("the DOI is the same but for its ending")))
    mine, theirs = identity.isbn13(draft.isbn), identity.isbn13(work.isbn)
    if mine and theirs and mine[: identity.FAMILY] == theirs[: identity.FAMILY]:
        signs.append((0.2, _("the ISBN begins the same")))
    if pair.shares.get(Of.FIGURES, 0) >= SAME_FIGURES:
        signs.append((0.45, _("the same figures in the same order")))
    if titles.translated(draft.titles, work.titles, pair.vocabulary) >= SAME_MEANING:
        signs.append((0.35, _("the title means the same")))
    if draft.names and len(draft.names & work.names) >= SAME_NAMES * min(len(draft.names), len(work.names)) >= 2:
        signs.append((0.2, _("the same proper names")))
    if any(abs(a - b) <= max(1, a // 20) for a in draft.page_counts for b in work.page_counts):
        signs.append((0.1, _("as many pages")))
    if draft.year and draft.year == work.year:
        signs.append((0.1, _("the same year")))
    return signs
