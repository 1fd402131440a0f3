from django.urls import path

from ats_project.urls import (  # noqa: F401
    handler400,
    handler403,
    handler404,
    handler500,
)
from ats_project.urls import (
    urlpatterns as _urlpatterns,
)

from . import floors

urlpatterns = [
    path("floor/candidates", floors.candidates),
    path("floor/candidate/<uuid:pk>", floors.candidate),
    path("floor/interviews/<uuid:candidate>", floors.interviews),
    path("floor/apply", floors.apply),
    path("floor/count", floors.count),
    path("floor/search", floors.search),
    *_urlpatterns,
]
