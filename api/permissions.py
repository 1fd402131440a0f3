from __future__ import annotations

from rest_framework.permissions import BasePermission

#: HTTP method → what it does to rows.
ACTIONS = {
    "GET": "view",
    "HEAD": "view",
    "OPTIONS": "view",
    "POST": "add",
    "PUT": "change",
    "PATCH": "change",
    "DELETE": "delete",
}


class ModelPermission(BasePermission):
    """At the door: does any organization of the caller grant this on these rows? Which rows, the scope says.

    An extra action names its permission in the viewset's `permissions`; without, the method decides."""

    def has_permission(self, request, view):
        if not request.user.is_authenticated:
            return False
        # Without an action the method is none of the resource's: that is a 405 and not a matter of rights.
        if request.user.is_superuser or view.action is None:
            return True
        named = view.permissions.get(view.action)
        if named:
            return request.user.may(named)
        return view.model.reachable(request.user, ACTIONS[request.method])
