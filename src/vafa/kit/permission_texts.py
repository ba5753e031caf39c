"""What each permission means, for the people who give it."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from vafa.kit.permissions import Permission

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

PERMISSION_TEXTS: "dict[Permission, tuple[StrOrPromise, StrOrPromise]]" = {
    Permission.SEE_FIGURES: (_("See figures"), _("Overview, metrics, reports and explore.")),
    Permission.SEE_CUSTOMERS: (
        _("See customers"),
        _("The list, the segments and the file of each customer."),
    ),
    Permission.EXPORT: (_("Take lists as files"), _("Customers, orders and segments leave as CSV or XLSX.")),
    Permission.IMPORT: (_("Import files"), _("Add and correct customers, orders and more from files.")),
    Permission.UNDO_IMPORT: (_("Undo imports"), _("Take away again what a file brought in.")),
    Permission.EDIT_CUSTOMERS: (_("Change customers"), _("Edit the file, tag, merge.")),
    Permission.WRITE_NOTES: (
        _("Write things down"),
        _("Notes, calls, promises and remarks on the customer file; change one's own."),
    ),
    Permission.EDIT_ALL_NOTES: (
        _("Change what others wrote"),
        _("Correct and take away anybody's notes on the customer file."),
    ),
    Permission.ASSIGN_CUSTOMERS: (
        _("Give customers to staff"),
        _("Say who looks after a customer."),
    ),
    Permission.WORK_TASKS: (_("Work on tasks"), _("The page of the day, tasks and reminders.")),
    Permission.ASSIGN_TASKS: (
        _("Give tasks to others"),
        _("Assign tasks, share them out among the staff, undo them."),
    ),
    Permission.EDIT_RULES: (
        _("Make rules of contact"),
        _("Let tasks be made by how long ago the last contact was."),
    ),
    Permission.EDIT_REPORTS: (
        _("Make reports"),
        _("Make dashboards of one's own, share them, send them by mail."),
    ),
    Permission.EDIT_SHARED_REPORTS: (
        _("Change shared reports"),
        _("Change dashboards that others made and share."),
    ),
    Permission.SET_TARGETS: (_("Set targets"), _("Targets, watched figures and marks on the charts.")),
    Permission.MANAGE_MODELS: (
        _("See to the predictions"),
        _("Say how far ahead is predicted, and which model predicts."),
    ),
    Permission.EDIT_SEGMENTS: (_("Make segments"), _("Make, change and archive segments and lists.")),
    Permission.EDIT_CONSENT: (
        _("Write down consent"),
        _("Permission to contact, who has died, numbers that are not theirs."),
    ),
    Permission.EDIT_MESSAGES: (
        _("Write messages"),
        _("Write templates, and drafts of campaigns and automations."),
    ),
    Permission.SEND_MESSAGES: (
        _("Send messages"),
        _("Start, pause and stop campaigns and automations."),
    ),
    Permission.EXPORT_PERSON: (
        _("Hand out a person's data"),
        _("Take all that is held of one customer as a file."),
    ),
    Permission.ERASE_CUSTOMERS: (
        _("Erase customers"),
        _("Remove a person from every table and file, for good."),
    ),
    Permission.CHANGE_SETTINGS: (
        _("Change the settings"),
        _("The business, money, rules, mail and the API."),
    ),
    Permission.MANAGE_SENDING: (
        _("See to the sending"),
        _("Sending accounts, and how often a customer is contacted at most."),
    ),
    Permission.MANAGE_STAFF: (
        _("Manage staff"),
        _("Let people in and shut them out, make roles, read the audit trail."),
    ),
}


def describe_permission(permission: Permission) -> "tuple[StrOrPromise, StrOrPromise]":
    """A permission's name, and what whoever has it may do."""
    return PERMISSION_TEXTS.get(permission, (permission.value, ""))
