"""Who sits in a body on a given day: read from seats, terms and designations in a fixed number of queries."""

from dataclasses import dataclass, field
from datetime import date

from network.models import Country, Organisation, Sector
from steering.models import Body, Designation, Seat, SeatTerm


@dataclass
class Place:
    """A seat on a day: the term that fills it, if any, and the people accredited for it, the titular first."""

    seat: Seat
    day: date
    term: SeatTerm | None = None
    people: list[Designation] = field(default_factory=list)

    @property
    def organisation(self) -> Organisation | None:
        return self.term.organisation if self.term else None

    @property
    def is_carried_over(self) -> bool:
        return self.term is not None and self.term.is_carried_over(self.day)

    @property
    def sector(self) -> Sector | None:
        """Whom it speaks for: the seat's own sector, else its holder's."""
        return self.seat.sector or (self.term.organisation.sector if self.term else None)

    @property
    def country(self) -> Country | None:
        """The country it speaks for: the seat's own, else its holder's where that lies in the region."""
        at_home = self.term.organisation.country if self.term else None
        return self.seat.country or (at_home if at_home and at_home.position else None)

    @property
    def titular(self) -> Designation | None:
        return next((person for person in self.people if person.is_titular), None)

    @property
    def alternates(self) -> list[Designation]:
        return [person for person in self.people if not person.is_titular]


def composition(body: Body, on: date) -> list[Place]:
    """
    Every seat of the body that exists on that day.

    It is held by the organisation whose term began last, also when its last day is past ("carried over"), unless
    somebody ended that term before the day.
    """
    seats = Seat.objects.there(on).filter(body=body).select_related("body", "sector", "country", "organisation")
    places = {seat.pk: Place(seat, on) for seat in seats}
    terms = SeatTerm.objects.filter(seat__in=places, since__lte=on).order_by("since")
    for term in terms.select_related("organisation__sector", "organisation__country"):
        ended = term.ended_on is not None and term.ended_on < on
        places[term.seat_id].term = None if ended else term
    by_term = {place.term.pk: place for place in places.values() if place.term}
    people = Designation.objects.in_force(on).filter(term__in=by_term).select_related("person")
    for designation in people:
        by_term[designation.term_id].people.append(designation)
    return list(places.values())


def voting(places: list[Place]) -> list[Place]:
    """The filled seats with a vote: what a quorum is a share of."""
    return [place for place in places if place.term and place.seat.voting]
