from resources.models.file import File, Page
from resources.models.resource import Author, Resource, StateChange
from resources.models.sought import Sought
from resources.models.topic import EntryTerm, Topic
from resources.search.models import Block, Indexed, Posting

__all__ = [
    "Author",
    "Block",
    "EntryTerm",
    "File",
    "Indexed",
    "Page",
    "Posting",
    "Resource",
    "Sought",
    "StateChange",
    "Topic",
]
