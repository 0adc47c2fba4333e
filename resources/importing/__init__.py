"""
References and spreadsheets in: a preview of every change, nothing written before a yes, and an exact way back.

What stands here is all there is to it. The site and the commands call the same functions.
"""

from resources.importing.previewing import cancel, look, preview, preview_pasted, read_staged, stage
from resources.importing.taking import NotNow, accept, confirm, drafts, held_back, reject, to_undo, undo, waiting

__all__ = [
    "NotNow",
    "accept",
    "cancel",
    "confirm",
    "drafts",
    "held_back",
    "look",
    "preview",
    "preview_pasted",
    "read_staged",
    "reject",
    "stage",
    "to_undo",
    "undo",
    "waiting",
]
