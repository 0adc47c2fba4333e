from steering.admin import bodies, decisions, meetings  # noqa: F401 (register their pages)
