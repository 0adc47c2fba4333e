from steering.admin import bodies, decisions, meetings, minutes, plan_lines, plans, templates  # noqa: F401 (register their pages)
