"""Files on their way in."""

from django.conf import settings
from django.core.files.uploadhandler import TemporaryFileUploadHandler


class BoundedFileUploadHandler(TemporaryFileUploadHandler):
    """
    Streams to disk, but never more than the portal would take.

    What comes after the limit is counted and thrown away, so that the form can still say how large the file was,
    and nobody can fill the disk with what is going to be refused.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start < settings.UPLOAD_MAX_BYTES:
            self.file.write(raw_data)
