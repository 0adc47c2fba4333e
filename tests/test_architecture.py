"""Lower rooms never import higher ones, not even inside a function."""

import ast
from pathlib import Path

import pytest
from django.conf import settings

ORDER = ["portal.core", "network", "resources", "steering", "portal"]


def room_of(module: str) -> int | None:
    for room in sorted(ORDER, key=len, reverse=True):
        if module == room or module.startswith(room + "."):
            return ORDER.index(room)
    return None


def imports_of(path: Path) -> list[str]:
    names = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    return names


@pytest.mark.parametrize("room", ORDER[:-1])
def test_a_room_imports_only_what_lies_below(room: str) -> None:
    folder = Path(settings.BASE_DIR, *room.split("."))
    upward = [
        f"{path.relative_to(settings.BASE_DIR)} imports {name}"
        for path in folder.rglob("*.py")
        for name in imports_of(path)
        if (target := room_of(name)) is not None and target > ORDER.index(room)
    ]
    assert not upward


def test_nothing_outside_the_search_knows_its_insides() -> None:
    inside = Path(settings.BASE_DIR, "resources", "search")
    allowed = {Path(settings.BASE_DIR, "resources", "models", "__init__.py")}  # registers its tables with Django
    for room in ("network", "resources", "steering", "portal"):
        for path in Path(settings.BASE_DIR, room).rglob("*.py"):
            if inside in path.parents or path in allowed or "migrations" in path.parts:
                continue
            modules = {f"resources.search.{module.stem}" for module in inside.glob("*.py")}
            assert not [name for name in imports_of(path) if ".".join(name.split(".")[:3]) in modules], path
