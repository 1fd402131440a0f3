from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InterviewsConfig(AppConfig):
    name = "interviews"
    verbose_name = _("Interviews")

    def ready(self) -> None:
        from candidates.timeline import add_to_timeline

        from . import timeline

        add_to_timeline(timeline.interviews)
        add_to_timeline(timeline.feedback)
