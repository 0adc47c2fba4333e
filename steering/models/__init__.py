from steering.models.body import Body, Counter
from steering.models.office import Office
from steering.models.seat import Designation, Seat, SeatTerm

__all__ = ["Body", "Counter", "Designation", "Office", "Seat", "SeatTerm"]
