from .indexes import asked_by, owned_by
from .organizations import Organization
from .ownership import Folded, Moment, Owned, OwnedQuerySet, fold
from .people import Employee, Grants, Person, Role, Session, User
from .tallies import Tallied, Tallies, Tally, tallied

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
    "Tallied",
    "Tallies",
    "Tally",
    "User",
    "asked_by",
    "fold",
    "owned_by",
    "tallied",
]
