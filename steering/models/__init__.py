from steering.models.activity import Activity, ActivityMarker, ActivityTerms
from steering.models.attendance import Attendance, Invitation
from steering.models.body import Body, Counter
from steering.models.contribution import Contribution, Movement
from steering.models.decision import ActionItem, Decision
from steering.models.indicator import Indicator, IndicatorTarget, IndicatorTerms
from steering.models.kept import MinutesFile, MinutesTemplate
from steering.models.letter import Letter, Question
from steering.models.meeting import AgendaItem, Meeting, Paper
from steering.models.minutes import Line, Minutes, Observation, Section
from steering.models.note import Note, Receipt
from steering.models.office import Office
from steering.models.outcome import Evidence, Origin, PolicyOutcome
from steering.models.plan import ExpectedResult, Objective, Plan, PlanVersion
from steering.models.progress import Period, ProgressReport
from steering.models.seat import Designation, Seat, SeatTerm
from steering.models.settlement import Settlement

__all__ = [
    "ActionItem",
    "Activity",
    "ActivityMarker",
    "ActivityTerms",
    "AgendaItem",
    "Attendance",
    "Body",
    "Contribution",
    "Counter",
    "Decision",
    "Designation",
    "Evidence",
    "ExpectedResult",
    "Indicator",
    "IndicatorTarget",
    "IndicatorTerms",
    "Invitation",
    "Letter",
    "Line",
    "Meeting",
    "Minutes",
    "MinutesFile",
    "MinutesTemplate",
    "Movement",
    "Note",
    "Objective",
    "Observation",
    "Office",
    "Origin",
    "Paper",
    "Period",
    "Plan",
    "PlanVersion",
    "PolicyOutcome",
    "ProgressReport",
    "Question",
    "Receipt",
    "Seat",
    "SeatTerm",
    "Section",
    "Settlement",
]
