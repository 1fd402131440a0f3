from .candidates import Candidate, Source, StatusChange
from .edits import Edit
from .profile import Document, Education, Experience, Skill

__all__ = ["Candidate", "Document", "Edit", "Education", "Experience", "Skill", "Source", "StatusChange"]
