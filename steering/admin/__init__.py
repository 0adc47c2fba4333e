from steering.admin import bodies, decisions, meetings, minutes  # noqa: F401 (register their pages)
