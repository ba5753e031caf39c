"""Doubles in words: why two customers may be one person, and how likely it is."""

from django.utils.translation import gettext as _

AGAINST = frozenset({"other_name", "other_birthday"})


def name_evidence(code: str) -> str:
    """One thing that agrees or contradicts."""
    return {
        "email": _("Same e-mail address"),
        "phone": _("Same phone number"),
        "near_phone": _("Phone numbers differ by one digit"),
        "name": _("Same name"),
        "similar_name": _("Similar name"),
        "birthday": _("Same birthday"),
        "company": _("Same company"),
        "location": _("Same location"),
        "other_name": _("Different name"),
        "other_birthday": _("Different birthday"),
    }.get(code, code)


def name_level(level: str) -> str:
    """How likely it is."""
    return {"certain": _("Almost certain"), "likely": _("Likely"), "possible": _("Possible")}.get(level, "")


TONES = {"certain": "success", "likely": "info", "possible": ""}


def name_field(name: str) -> str:
    """A field of which one value is chosen."""
    return {
        "name": _("Name"),
        "company": _("Company"),
        "birthday": _("Birthday"),
        "location": _("Location"),
        "joined_on": _("Joined on"),
        "owner": _("Looked after by"),
    }.get(name, name.removeprefix("custom."))
