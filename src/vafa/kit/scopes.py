"""What a token of the API may do, each with the permission that whoever made the token must have for it."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from vafa.kit.permissions import Permission


class Scope(StrEnum):
    """One thing that a token may do."""

    READ_METRICS = "read:metrics"
    READ_SEGMENTS = "read:segments"
    READ_CUSTOMERS = "read:customers"
    READ_ORDERS = "read:orders"
    READ_SUBSCRIPTIONS = "read:subscriptions"
    READ_EVENTS = "read:events"
    READ_NOTES = "read:notes"
    READ_TASKS = "read:tasks"
    WRITE_CUSTOMERS = "write:customers"
    WRITE_ORDERS = "write:orders"
    WRITE_SUBSCRIPTIONS = "write:subscriptions"
    WRITE_EVENTS = "write:events"
    WRITE_NOTES = "write:notes"
    WRITE_TASKS = "write:tasks"


SCOPE_NAMES = {
    Scope.READ_METRICS: _("Metrics and cohorts"),
    Scope.READ_SEGMENTS: _("Segments and how many are in them"),
    Scope.READ_CUSTOMERS: _("Customers, and who is in a segment, by name"),
    Scope.READ_ORDERS: _("Orders and returns"),
    Scope.READ_SUBSCRIPTIONS: _("Subscriptions"),
    Scope.READ_EVENTS: _("Calls, visits, messages and other events"),
    Scope.READ_NOTES: _("Notes on customers"),
    Scope.READ_TASKS: _("Tasks of people"),
    Scope.WRITE_CUSTOMERS: _("Add and change customers"),
    Scope.WRITE_ORDERS: _("Add and change orders and returns"),
    Scope.WRITE_SUBSCRIPTIONS: _("Add and change subscriptions"),
    Scope.WRITE_EVENTS: _("Add and change events"),
    Scope.WRITE_NOTES: _("Add and change notes"),
    Scope.WRITE_TASKS: _("Make and finish tasks"),
}

_SEEING = (
    Scope.READ_CUSTOMERS, Scope.READ_ORDERS, Scope.READ_SUBSCRIPTIONS, Scope.READ_EVENTS, Scope.READ_NOTES,
)  # fmt: skip
_WRITING = (
    Scope.WRITE_CUSTOMERS, Scope.WRITE_ORDERS, Scope.WRITE_SUBSCRIPTIONS, Scope.WRITE_EVENTS, Scope.WRITE_NOTES,
)  # fmt: skip
SCOPE_NEEDS = {
    Scope.READ_METRICS: Permission.SEE_FIGURES,
    Scope.READ_SEGMENTS: Permission.SEE_FIGURES,
    **dict.fromkeys(_SEEING, Permission.SEE_CUSTOMERS),
    # What comes by the API is taken as what comes by files: nobody who is limited to own customers may bring either.
    **dict.fromkeys(_WRITING, Permission.IMPORT),
    Scope.READ_TASKS: Permission.WORK_TASKS,
    Scope.WRITE_TASKS: Permission.WORK_TASKS,
}
