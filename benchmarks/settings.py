"""The settings of production, with the floors beside the API and a way to count statements."""

from ats_project.settings import *  # noqa: F403
from ats_project.settings import MIDDLEWARE as _MIDDLEWARE

ROOT_URLCONF = "benchmarks.urls"
MIDDLEWARE = ["benchmarks.counting.CountingMiddleware", *_MIDDLEWARE]
# The recruiters of a large installation that is made up are refused like demo accounts.
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
