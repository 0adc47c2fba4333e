from network.models.application import Application, Attachment, Conflict, Remark
from network.models.invitation import Invitation
from network.models.membership import Membership
from network.models.organisation import Organisation, Sector
from network.models.place import Country
from network.models.user import Role, User

__all__ = [
    "Application",
    "Attachment",
    "Conflict",
    "Country",
    "Invitation",
    "Membership",
    "Organisation",
    "Remark",
    "Role",
    "Sector",
    "User",
]
