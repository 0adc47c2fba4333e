from steering.admin import (  # noqa: F401 (register their pages)
    bodies,
    closing,
    contributions,
    decisions,
    meetings,
    minutes,
    outcomes,
    plan_lines,
    plans,
    progress,
    templates,
)
