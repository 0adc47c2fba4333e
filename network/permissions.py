"""What a role allows in the admin, worked out from the roles in force instead of copied into groups."""

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import Permission

from network.models import Role, User

COORDINATED = {"network", "resources", "steering", "taggit"}
"""The apps whose every model a coordinator looks after; committee members may read them."""


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
    if not user.has_role(Role.Kind.COORDINATOR, Role.Kind.COMMITTEE):
        return set()
    permissions = Permission.objects.filter(content_type__app_label__in=COORDINATED)
    if not user.is_coordinator:
        personal = ["user", "role", "invitation"]
        permissions = permissions.filter(codename__startswith="view_").exclude(content_type__model__in=personal)
    return {f"{app}.{code}" for app, code in permissions.values_list("content_type__app_label", "codename")}
