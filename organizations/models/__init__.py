from .organizations import Organization
from .ownership import Folded, Owned, OwnedQuerySet, fold
from .people import Employee, Grants, Person, Role, Session, User

__all__ = [
    "Employee",
    "Folded",
    "Grants",
    "Organization",
    "Owned",
    "OwnedQuerySet",
    "Person",
    "Role",
    "Session",
    "User",
    "fold",
]
