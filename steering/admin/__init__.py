from steering.admin import bodies, meetings  # noqa: F401 (register their pages)
