from resources.models.consent import Asked, Asking, Consent
from resources.models.file import File, Page
from resources.models.gathering import FieldOrigin, Gathered, Gathering, Source
from resources.models.history import FieldChange
from resources.models.letter import Letter
from resources.models.likeness import Likeness
from resources.models.marker import MarkerKind, MarkerLevel, MarkerScale, ResourceMarker
from resources.models.offered import Offered, OfferedIn
from resources.models.pairing import Pairing
from resources.models.resource import Author, Resource, StateChange
from resources.models.sought import Sought
from resources.models.topic import EntryTerm, Topic
from resources.models.use import Use
from resources.search.models import Block, Indexed, Posting

__all__ = [
    "Asked",
    "Asking",
    "Author",
    "Block",
    "Consent",
    "EntryTerm",
    "FieldChange",
    "FieldOrigin",
    "File",
    "Gathered",
    "Gathering",
    "Indexed",
    "Letter",
    "Likeness",
    "MarkerKind",
    "MarkerLevel",
    "MarkerScale",
    "Offered",
    "OfferedIn",
    "Page",
    "Pairing",
    "Posting",
    "Resource",
    "ResourceMarker",
    "Sought",
    "Source",
    "StateChange",
    "Topic",
    "Use",
]
