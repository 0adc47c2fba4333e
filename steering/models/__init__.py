from steering.models.attendance import Attendance, Invitation
from steering.models.body import Body, Counter
from steering.models.decision import ActionItem, Decision
from steering.models.kept import MinutesFile, MinutesTemplate
from steering.models.letter import Letter, Question
from steering.models.meeting import AgendaItem, Meeting, Paper
from steering.models.minutes import Line, Minutes, Observation, Section
from steering.models.note import Note, Receipt
from steering.models.office import Office
from steering.models.seat import Designation, Seat, SeatTerm

__all__ = [
    "ActionItem",
    "AgendaItem",
    "Attendance",
    "Body",
    "Counter",
    "Decision",
    "Designation",
    "Invitation",
    "Letter",
    "Line",
    "Meeting",
    "Minutes",
    "MinutesFile",
    "MinutesTemplate",
    "Note",
    "Observation",
    "Office",
    "Paper",
    "Question",
    "Receipt",
    "Seat",
    "SeatTerm",
    "Section",
]
