"""The controlled topics the library starts from."""

import json
from pathlib import Path

from django.db import transaction

from resources.models import EntryTerm, Topic

TOPICS = Path(__file__).with_name("topics.json")


@transaction.atomic
def load() -> None:
    """Write the topics and their entry terms. Safe to repeat: a topic that is there stays as somebody edited it."""
    rows = json.loads(TOPICS.read_text())
    known = {topic.slug: topic for topic in Topic.objects.all()}
    for row in sorted(rows, key=lambda row: row["parent"] is not None):
        if row["slug"] not in known:
            known[row["slug"]] = _create(row, parent=known.get(row["parent"]))


def _create(row: dict, *, parent: Topic | None) -> Topic:
    fields = ["slug", "name_es", "name_en", "note_es", "note_en", "axis", "mesh"]
    topic = Topic.objects.create(parent=parent, **{field: row[field] for field in fields})
    EntryTerm.objects.bulk_create(
        EntryTerm(topic=topic, language=language, text=text)
        for language in ("es", "en")
        for text in row[f"terms_{language}"]
    )
    return topic
