from network.models.invitation import Invitation
from network.models.organisation import Organisation, Sector
from network.models.place import Country
from network.models.user import Role, User

__all__ = ["Country", "Invitation", "Organisation", "Role", "Sector", "User"]
