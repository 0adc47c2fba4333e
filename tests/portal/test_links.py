"""Signed links: for one purpose, one row, and a time."""

from datetime import timedelta

import pytest

from portal.core import links

DAY = timedelta(days=1)


def test_a_link_is_read_as_it_was_written() -> None:
    assert links.read("invitation", links.token("invitation", 7, "2"), valid=DAY) == ["7", "2"]


def test_a_link_opens_nothing_of_another_purpose() -> None:
    with pytest.raises(links.BrokenLink):
        links.read("decision", links.token("invitation", 7), valid=DAY)


def test_an_old_link_is_told_from_a_broken_one() -> None:
    with pytest.raises(links.OldLink):
        links.read("invitation", links.token("invitation", 7), valid=timedelta(seconds=-1))


@pytest.mark.parametrize("token", ["", ":", "abc", "a:b:c", "ñ:ü", "\x00", "eyJ9:1:x" * 500])
def test_anything_else_is_broken(token: str) -> None:
    with pytest.raises(links.BrokenLink):
        links.read("invitation", token, valid=DAY)


def test_a_changed_letter_is_noticed() -> None:
    good = links.token("invitation", 7)
    with pytest.raises(links.BrokenLink):
        links.read("invitation", good[:-1] + ("A" if good[-1] != "A" else "B"), valid=DAY)
