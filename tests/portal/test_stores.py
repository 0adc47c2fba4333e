"""Where files are stored: the library sweeps its own folders of what it does not know, and nobody else lives there."""

import re

from django.apps import apps
from django.db import models

from resources import tidying
from resources.models import File


def test_only_the_library_stores_where_it_sweeps() -> None:
    swept = re.compile(rf"({'|'.join([*tidying.FOLDERS, tidying.WAITING])})/")
    others = [
        (model, field)
        for model in apps.get_models()
        if model is not File
        for field in model._meta.get_fields()
        if isinstance(field, models.FileField)
    ]
    assert others
    for model, field in others:
        assert not swept.match(field.generate_filename(model(), "x.pdf")), (model, field)
