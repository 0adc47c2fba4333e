from steering.admin import bodies, decisions, meetings, minutes, templates  # noqa: F401 (register their pages)
