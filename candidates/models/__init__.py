from .candidates import Candidate, Source, StatusChange
from .profile import Document, Education, Experience, Skill

__all__ = ["Candidate", "Document", "Education", "Experience", "Skill", "Source", "StatusChange"]
