"""`manage.py ingest`: a folder of files in, every readable one found by a word inside it."""

import csv
import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from resources.models import File, Resource
from tests.conftest import SHARED
from tests.resources import documents


def ingest(*paths: Path, **options: object) -> str:
    out = StringIO()
    call_command("ingest", *map(str, paths), organisation="oim", stdout=out, **options)
    return out.getvalue()


def test_a_bad_file_costs_one_line(client, oim, tmp_path: Path) -> None:
    (tmp_path / "uno.pdf").write_bytes(documents.pdf(word="radionovela"))
    (tmp_path / "mas").mkdir()
    (tmp_path / "mas" / "dos.docx").write_bytes(documents.docx())
    (tmp_path / "mas" / "copia.docx").write_bytes(documents.docx())
    (tmp_path / "malo.pdf").write_bytes(b"not a pdf at all")
    (tmp_path / "vacio.txt").write_bytes(b"")
    report = tmp_path.parent / "informe.json"
    told = ingest(tmp_path, publish=True, json=report)
    lines = {Path(line["path"]).name: line for line in json.loads(report.read_text())["files"]}
    assert {name: line["outcome"] for name, line in lines.items()} == {
        "uno.pdf": "taken",
        "copia.docx": "taken",
        "dos.docx": "duplicate",
        "malo.pdf": "refused",
        "vacio.txt": "refused",
    }
    assert lines["dos.docx"]["id"] == lines["copia.docx"]["id"]
    assert all(lines[name]["reason"] for name in ("malo.pdf", "vacio.txt"))
    assert "2 taken" in told
    assert client.get("/es/recursos/?q=radionovela").context["listing"].results.ids == [lines["uno.pdf"]["id"]]
    assert Resource.objects.published().count() == 2


def test_a_second_run_takes_nothing_twice(oim, tmp_path: Path) -> None:
    (tmp_path / "uno.pdf").write_bytes(documents.pdf())
    ingest(tmp_path)
    assert "1 duplicate" in ingest(tmp_path)
    assert File.objects.count() == 1
    assert Resource.objects.get().status == Resource.Status.DRAFT


def test_an_unknown_organisation_or_path_is_said_before_anything_happens(oim, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is no organisation “nadie”"):
        call_command("ingest", str(tmp_path), organisation="nadie")
    with pytest.raises(CommandError, match="Not found"):
        ingest(tmp_path / "nada")


@pytest.mark.skipif(not SHARED.exists(), reason="the real documents are not on this machine")
def test_words_inside_real_documents_are_found_in_both_languages(client, oim) -> None:
    """At least 95 % of the words that stand on one inner page only, each with a marked snippet."""
    folder = SHARED / "data" / "documents" / "es"
    ingest(folder, publish=True)
    ids = dict(File.objects.values_list("name", "resource_id"))
    with (SHARED / "data" / "expected_metadata.csv").open() as source:
        rows = [row for row in csv.DictReader(source) if row["path"].startswith("documents/es/") and row["inner_word"]]
    assert len(rows) >= 15
    missed = []
    for row in rows:
        for address in ("/es/recursos/", "/en/resources/"):
            hits = client.get(address, {"q": row["inner_word"]}).context["listing"].hits
            hit = next((hit for hit in hits if hit.resource.pk == ids.get(Path(row["path"]).name)), None)
            if not (
                hit and hit.snippet and "<mark>" in hit.snippet.html and hit.snippet.page == int(row["inner_page"])
            ):
                missed.append((row["path"], row["inner_word"], address))
    assert len(missed) <= 0.05 * 2 * len(rows), missed
