"""Many e-mail addresses, as people write or paste them."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.text import Truncator, get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.widgets import UnfoldAdminTextareaWidget

from organizations.models import fold

#: Of one sending, as in the API.
MOST = 1000
LONGEST = 254
#: What is wrong is named this many times; the rest is counted.
NAMED = 5


class AddressesField(forms.CharField):
    """One or more addresses, on lines or between commas: `jane@example.com, Ali Khan <ali@example.com>`. Each once,
    ignoring case. ValidationError names those that are none."""

    def __init__(self, **options: Any) -> None:
        widget = UnfoldAdminTextareaWidget(attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false"})
        label = gettext_lazy("E-mail addresses")
        help_text = gettext_lazy("One or more: each on a line of its own, or with commas between them.")
        super().__init__(**{"label": label, "help_text": help_text, "widget": widget, **options})

    def clean(self, value: Any) -> list[str]:  # type: ignore[override]
        parts = [part.strip() for part in re.split(r"[,;\n]", super().clean(value))]
        addresses = {fold(address): address for part in parts for address in addresses_in(part)}
        if not addresses:
            raise ValidationError(self.error_messages["required"], "required")
        if len(addresses) > MOST:
            raise ValidationError(_("Write at most %(most)d addresses at once.") % {"most": MOST}, "too_many")
        wrong = [address for address in addresses.values() if not is_address(address)]
        if wrong:
            raise ValidationError(_refusal(wrong), "invalid")
        return list(addresses.values())


def addresses_in(part: str) -> list[str]:
    """`Ali Khan <ali@example.com>` → ali@example.com; words with an @ stand for themselves; other words together are
    one address, a wrong one."""
    bracketed = re.findall(r"<([^<>]*)>", part)
    if bracketed:
        return [address.strip() for address in bracketed]
    written = part.split()
    return written if all("@" in word for word in written) else [part]


def is_address(text: str) -> bool:
    try:
        EmailValidator()(text)
    except ValidationError:
        return False
    return len(text) <= LONGEST


def _refusal(wrong: list[str]) -> str:
    named = get_text_list([f"“{Truncator(address).chars(60)}”" for address in wrong[:NAMED]], _("and"))
    rest = len(wrong) - NAMED
    if rest > 0:
        return ngettext(
            "%(named)s and %(rest)d more is no e-mail address. Nothing was sent.",
            "%(named)s and %(rest)d more are no e-mail addresses. Nothing was sent.",
            rest,
        ) % {"named": named, "rest": rest}
    return ngettext(
        "%(named)s is no e-mail address. Nothing was sent.",
        "%(named)s are no e-mail addresses. Nothing was sent.",
        len(wrong),
    ) % {"named": named}
