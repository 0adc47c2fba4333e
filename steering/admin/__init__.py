from steering.admin import bodies  # noqa: F401 (registers its pages)
