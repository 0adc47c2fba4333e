from steering.admin import bodies, decisions, meetings, minutes, progress, templates  # noqa: F401 (register their pages)
