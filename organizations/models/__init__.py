from .indexes import asked_by, owned_by
from .organizations import Organization
from .ownership import Derived, Folded, Moment, Owned, OwnedQuerySet, fold
from .people import Employee, Grants, Person, Role, Session, User
from .saved_filters import SavedFilter
from .search import RowOf, SearchedQuerySet, SearchRow
from .search_index import SearchIndex, SearchPart
from .tallied_values import DayOf, DaysBetween, Joined
from .tallies import Tallied, Tallies, Tally, tallied
from .words import Words

__all__ = [
    "DayOf",
    "DaysBetween",
    "Derived",
    "Employee",
    "Folded",
    "Grants",
    "Joined",
    "Moment",
    "Organization",
    "Owned",
    "OwnedQuerySet",
    "Person",
    "Role",
    "RowOf",
    "SavedFilter",
    "SearchIndex",
    "SearchPart",
    "SearchRow",
    "SearchedQuerySet",
    "Session",
    "Tallied",
    "Tallies",
    "Tally",
    "User",
    "Words",
    "asked_by",
    "fold",
    "owned_by",
    "tallied",
]
