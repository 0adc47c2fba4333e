from steering.admin import (  # noqa: F401 (register their pages)
    bodies,
    decisions,
    meetings,
    minutes,
    outcomes,
    templates,
)
