"""What stands around text messages, in words."""

from django.utils.translation import gettext as _


def name_alphabet(alphabet: str) -> str:
    """The alphabet in which a text message is sent."""
    return {
        "gsm7": _("Latin alphabet (GSM-7)"),
        "ucs2": _("alphabet of all scripts (UCS-2)"),
    }.get(alphabet, alphabet)
