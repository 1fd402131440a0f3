from .candidates import Candidate, Source, StatusChange
from .edits import Edit
from .imports import Import, ImportedRow
from .profile import Document, Education, Experience, Skill

__all__ = [
    "Candidate",
    "Document",
    "Edit",
    "Education",
    "Experience",
    "Import",
    "ImportedRow",
    "Skill",
    "Source",
    "StatusChange",
]
