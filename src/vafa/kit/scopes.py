"""What a token of the API may read, each with the permission that whoever made the token must have for it."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from vafa.kit.permissions import Permission


class Scope(StrEnum):
    """One thing that a token may read."""

    READ_METRICS = "read:metrics"
    READ_SEGMENTS = "read:segments"
    READ_CUSTOMERS = "read:customers"


SCOPE_NAMES = {
    Scope.READ_METRICS: _("Metrics and cohorts"),
    Scope.READ_SEGMENTS: _("Segments and how many are in them"),
    Scope.READ_CUSTOMERS: _("Who is in a segment, by name"),
}

SCOPE_NEEDS = {
    Scope.READ_METRICS: Permission.SEE_FIGURES,
    Scope.READ_SEGMENTS: Permission.SEE_FIGURES,
    Scope.READ_CUSTOMERS: Permission.SEE_CUSTOMERS,
}
