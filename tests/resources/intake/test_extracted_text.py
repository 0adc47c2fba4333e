"""Extracted text is fit to keep."""

import pytest

from resources.intake.child.text import clean


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("a\x00b\x07c\x1bd", "abcd"),
        ("uno\r\ndos\rtres", "uno\ndos\ntres"),
        ("lone \ud800 surrogate", "lone surrogate"),
        ("glifo \ue000\uf0b7 \ufffd", "glifo"),
        ("a\u202eb\u200bc\ufeff", "abc"),
        ("mi\u00adgra\u00adción", "migración"),
        ("mi\u00ad\ngración", "migración"),
        ("migra-\nción", "migración"),
        ("migra\ufffeción", "migración"),
        ("migra\x02ción", "migración"),
        ("COVID\ufffe19", "COVID-19"),
        ("COVID-\n19", "COVID-19"),
        ("Lat-\nAm", "Lat-Am"),
        ("oﬁcina", "oficina"),
        ("an\u0303o", "año"),
        ("C O M I S I Ó N  N A C I O N A L", "COMISIÓN NACIONAL"),
        ("a b c d e f", "a b c d e f"),
        ("  uno \t dos  \n\n\n\n tres ", "uno dos\n\ntres"),
        ("العربية 中文", "العربية 中文"),
    ],
)
def test_clean(raw: str, kept: str) -> None:
    assert clean(raw) == kept
