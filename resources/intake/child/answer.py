"""The answer of the child: one JSON object per line, written as the reading goes, so that a sudden end loses little."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .metadata import Metadata

if TYPE_CHECKING:
    from PIL.Image import Image

FILE_NAME = "answer.jsonl"
THUMBNAIL_NAME = "thumbnail.webp"
THUMBNAIL_BYTES = 40_000
DISK_FULL = 75  # exit code, EX_TEMPFAIL: the fault is ours, not the document's


class Answer:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = (folder / FILE_NAME).open("w", encoding="utf-8", errors="replace")

    def write(self, **item: Any) -> None:
        self.file.write(json.dumps(item, ensure_ascii=False) + "\n")
        self.file.flush()

    def page(self, text: str) -> None:
        self.write(page=text)

    def page_count(self, count: int | None) -> None:
        self.write(page_count=count)

    def metadata(self, metadata: Metadata) -> None:
        self.write(metadata=asdict(metadata))

    def state(self, state: str, detail: str = "") -> None:
        self.write(state=state, detail=detail[:500])

    def thumbnail(self, image: "Image") -> None:
        """At most THUMBNAIL_BYTES of WebP, drawn anew: nothing of the original file goes along."""
        for quality in (75, 60, 45, 30):
            path = self.folder / THUMBNAIL_NAME
            image.save(path, "WEBP", quality=quality, method=4)
            if path.stat().st_size <= THUMBNAIL_BYTES:
                return
