import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ats_project.settings")

application = get_wsgi_application()
# Reads every declaration now, so that a wrong name stops the start and not the first request.
get_resolver().url_patterns  # noqa: B018
