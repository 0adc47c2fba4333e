"""What the library lends to the network, which knows no documents: its eye for files."""

from typing import BinaryIO

from network import attachments
from resources.intake import kinds


@attachments.checked_by
def look_at(file: BinaryIO, name: str) -> str:
    """The name to keep an applicant's file under. Raises `attachments.Refused` for what the library would not take."""
    shown = kinds.clean_name(name)
    try:
        kinds.identify(file, shown)
    except kinds.Refused as refused:
        raise attachments.Refused(refused.message) from refused
    return shown
