from network.models.application import Application, Attachment, Conflict, Remark
from network.models.duty import Duty, Rota
from network.models.invitation import Invitation
from network.models.membership import Membership
from network.models.organisation import Organisation, Sector
from network.models.person import Absence, Affiliation, Person
from network.models.place import Country
from network.models.user import Role, User

__all__ = [
    "Absence",
    "Affiliation",
    "Application",
    "Attachment",
    "Conflict",
    "Country",
    "Duty",
    "Invitation",
    "Membership",
    "Organisation",
    "Person",
    "Remark",
    "Role",
    "Rota",
    "Sector",
    "User",
]
