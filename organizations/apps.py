from django.apps import AppConfig
from django.contrib.admin import autodiscover
from django.contrib.admin.apps import SimpleAdminConfig
from django.utils.translation import gettext_lazy as _


class OrganizationsConfig(AppConfig):
    default = True
    name = "organizations"
    verbose_name = _("Organizations")


class BackOfficeConfig(SimpleAdminConfig):
    """Django's admin, with our site."""

    default_site = "organizations.site.BackOffice"

    def ready(self) -> None:
        super().ready()
        autodiscover()
