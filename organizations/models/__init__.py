from .organizations import Organization
from .ownership import Folded, Moment, Owned, OwnedQuerySet, fold
from .people import Employee, Grants, Person, Role, Session, User

__all__ = [
    "Employee",
    "Folded",
    "Grants",
    "Moment",
    "Organization",
    "Owned",
    "OwnedQuerySet",
    "Person",
    "Role",
    "Session",
    "User",
    "fold",
]
