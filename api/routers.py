from __future__ import annotations

from collections.abc import Iterator

from rest_framework.routers import SimpleRouter

from .viewsets import BaseViewSet, NestedViewSet

#: How the basename of a further name of a resource begins.
ALIAS = "alias-"


class Router(SimpleRouter):
    """Routes with and without a trailing slash: a redirected POST would lose its body.

    A resource may have further names (`candidate-skills` for `candidate-skill`)."""

    def __init__(self) -> None:
        super().__init__()
        self.trailing_slash = "/?"

    def resource(self, viewset: type[BaseViewSet], prefix: str, *aliases: str) -> None:
        self.register(prefix, viewset, basename=prefix)
        for name in aliases:
            self.register(name, viewset, basename=ALIAS + name)

    def parts(self, viewset: type[NestedViewSet], prefix: str, name: str) -> None:
        """The parts of one row: `/prefix/{pk}/name`."""
        self.register(rf"{prefix}/(?P<pk>[^/]+)/{name}", viewset, basename=f"{name}-of-{prefix}")

    def get_urls(self):
        for viewset in self.viewsets():
            viewset.bind()
        return super().get_urls()

    def viewsets(self) -> Iterator[type[BaseViewSet]]:
        for _, viewset, basename in self.registry:
            if not basename.startswith(ALIAS):
                yield viewset
