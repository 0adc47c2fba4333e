"""What a role allows in the admin, worked out from the roles in force instead of copied into groups."""

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import Permission
from django.db.models import Q

from network.models import User

COORDINATED = {"network", "resources", "steering", "taggit"}
"""The apps whose every model a coordinator looks after; committee members may read them."""

PERSONAL = {f"network.{name}" for name in ("user", "role", "invitation", "person", "affiliation", "absence")}
"""What holds contacts and what people may do: not for everybody who reads along."""

OF_THE_SECRETARIAT = {"network.person", "network.affiliation"}
"""Who is to be invited and written to: the secretariat keeps it, beside all of steering."""


class RoleBackend(AuthenticationBackend):
    """Signs in by e-mail and grants permissions by role, so that a role that has ended grants nothing the next day."""

    def get_all_permissions(self, user: User, obj: object | None = None) -> set[str]:
        granted = super().get_all_permissions(user, obj)
        if not user.is_active or user.is_anonymous or obj is not None or user.is_superuser:
            return granted
        if not hasattr(user, "_role_permissions"):
            user._role_permissions = _granted_by_role(user)
        return granted | user._role_permissions


def _granted_by_role(user: User) -> set[str]:
    if not user.is_staff:
        return set()
    permissions = Permission.objects.filter(content_type__app_label__in=COORDINATED)
    if not user.is_coordinator:
        allowed = Q(codename__startswith="view_") & ~_of(PERSONAL)
        if user.is_secretariat:
            allowed |= Q(content_type__app_label="steering") | _of(OF_THE_SECRETARIAT)
        permissions = permissions.filter(allowed)
    return {f"{app}.{code}" for app, code in permissions.values_list("content_type__app_label", "codename")}


def _of(models: set[str]) -> Q:
    """Permissions on these models."""
    pairs = [label.split(".") for label in sorted(models)]
    return Q.create([Q(content_type__app_label=app, content_type__model=model) for app, model in pairs], connector=Q.OR)
