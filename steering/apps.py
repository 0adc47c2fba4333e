from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SteeringConfig(AppConfig):
    """Deciding: the Steering Committee, its meetings and its plan."""

    name = "steering"
    verbose_name = _("Steering Committee")

    def ready(self) -> None:
        from steering import following, held, lent, mesa, uses  # noqa: F401 (what it holds, does and gives to do)
        from steering.plan import mesa as plan_mesa  # noqa: F401 (what reports on the plan give to do)
