"""Files of an application on their way in. What a file is, the room that reads documents knows; it lends its check."""

from collections.abc import Callable
from typing import BinaryIO

from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from network import joining
from network.models import Application, Attachment

MAX_BYTES = 10 * 1024 * 1024

Check = Callable[[BinaryIO, str], str]
_checks: list[Check] = []


class Refused(Exception):
    """A file that is not taken, with one sentence for whoever sent it."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(message)
        self.message = message


def checked_by(check: Check) -> Check:
    """Register what looks at every file: it gives the name to keep it under, or raises `Refused`."""
    _checks.append(check)
    return check


def take(application: Application, upload: UploadedFile) -> Attachment:
    """Look at a file and add it. Raises `Refused`, or what `joining.attach` raises."""
    if upload.size > MAX_BYTES:
        raise Refused(_("The file is larger than 10 MB: add a smaller copy, for example with compressed images."))
    name = upload.name
    for check in _checks:
        name = check(upload.file, name)
    row = Attachment(name=name, size=upload.size)
    upload.file.seek(0)
    row.content.save(name, upload, save=False)
    try:
        return joining.attach(application, row)
    except BaseException:
        row.content.storage.delete(row.content.name)
        raise
