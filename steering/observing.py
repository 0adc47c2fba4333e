"""Reading minutes that go round by the link of a letter, and objecting to them in the name of one's organisation."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from network.models import Organisation
from portal.core import links
from portal.core.refused import Refused
from steering import called, minutes, rounds
from steering.minutes_content import Content, readable
from steering.models import AgendaItem, Invitation, Letter, Minutes, Observation

State = Minutes.State
MOST_OPEN = 20
"""So many observations of one organisation may wait for an answer; no reading of minutes has more."""


@dataclass(frozen=True)
class Opened:
    """What a link opens: minutes, as this person may read them, for as long as this is the text that goes round."""

    letter: Letter
    record: Minutes
    invitation: Invitation

    @property
    def is_replaced(self) -> bool:
        """Taken back to be written again, or sent round anew since."""
        return self.record.state == State.DRAFT or not rounds.is_last(self.letter)

    @property
    def takes_observations(self) -> bool:
        going = self.record.state == State.CIRCULATED and not self.is_replaced
        return going and not self.record.objections_closed() and self.organisation is not None

    @property
    def organisation(self) -> Organisation | None:
        return called.organisation_of(self.invitation)

    @property
    def content(self) -> Content:
        return readable(self.record.content, called.audiences_for(self.invitation))


def opened(token: str) -> Opened:
    """Raises `links.OldLink` or `links.BrokenLink`."""
    letter = called.letter_behind(rounds.PURPOSE, token)
    if letter.kind != Letter.Kind.ROUND:
        raise links.BrokenLink
    record = rounds.minutes_of(letter)
    found = (row for row in rounds.called_to(record.meeting) if row.person_id == letter.person_id)
    invitation = next(found, None)
    if invitation is None:
        raise links.OldLink
    return Opened(letter, record, invitation)


def items_of(by: Opened) -> QuerySet[AgendaItem]:
    """What an observation may be about: the items this person may read."""
    seen = [item["position"] for item in by.content["items"] if not item.get("reserved")]
    return by.record.meeting.items.filter(position__in=seen)


def said_by(by: Opened) -> list[Observation]:
    """What this organisation has objected to so far, with what became of it."""
    rows = (
        by.record.observations.filter(organisation=by.organisation) if by.organisation else Observation.objects.none()
    )
    return list(rows.select_related("item"))


def observe(by: Opened, *, text: str, item: AgendaItem | None) -> None:
    """Object in the name of one's organisation. The same words twice are one observation. Raises `Refused`."""
    with transaction.atomic():
        held = Minutes.objects.select_for_update(of=("self",)).get(pk=by.record.pk)
        if held.objections_closed():
            raise Refused(_("The days for observations are over."))
        if not by.takes_observations:
            raise Refused(_("Observations are made while minutes go round."))
        own = Observation.objects.open().filter(minutes=held, organisation=by.organisation)
        if own.filter(text=text, item=item).exists():
            return
        if own.count() >= MOST_OPEN:
            raise Refused(_("Many observations wait for an answer already. Please write to the secretariat."))
        observation = Observation(minutes=held, organisation=by.organisation, item=item, text=text)
        minutes.observe(observation, by=None, via=by.letter.name)
