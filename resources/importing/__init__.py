"""
References and spreadsheets in: a preview of every change, nothing written before a yes, and an exact way back.

What stands here is all there is to it. The site and the commands call the same functions.
"""

from resources.importing.lookups import again, asked_again, failed, with_files
from resources.importing.lookups import go_on as look_up
from resources.importing.previewing import cancel, look, preview, preview_pasted, read_staged, stage
from resources.importing.taking import NotNow, accept, confirm, drafts, held_back, reject, to_undo, undo, waiting

__all__ = [
    "NotNow",
    "accept",
    "again",
    "asked_again",
    "cancel",
    "confirm",
    "drafts",
    "failed",
    "held_back",
    "look",
    "look_up",
    "preview",
    "preview_pasted",
    "read_staged",
    "reject",
    "stage",
    "to_undo",
    "undo",
    "waiting",
    "with_files",
]
