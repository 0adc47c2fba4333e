from django.db import migrations


def suit_postgresql(apps, schema_editor):
    """Keys in the order of their bytes, as SQLite has them, whatever the server's language; bitmaps are compressed."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            'ALTER TABLE resources_posting ALTER COLUMN key TYPE varchar(160) COLLATE "C",'
            " ALTER COLUMN data SET STORAGE EXTERNAL"
        )


class Migration(migrations.Migration):
    dependencies = [("resources", "0001_initial")]

    operations = [migrations.RunPython(suit_postgresql, migrations.RunPython.noop)]
