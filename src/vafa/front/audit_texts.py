"""The audit trail in words."""

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from vafa.data.staff.queries import find_role

if TYPE_CHECKING:
    from vafa.kit.models import AuditEntry


def describe_entry(entry: "AuditEntry") -> dict[str, Any]:
    """One entry as a row: when, who, what, on what, from where."""
    return {
        "at": entry.at,
        "who": str(entry.staff) if entry.staff else _("The command line"),
        "what": _get_text(entry.action),
        "subject": entry.subject,
        "url": _find_url(entry.subject),
        "details": _describe_details(entry.details),
        "address": entry.address or "",
        "device": entry.device,
    }


def _find_url(subject: str) -> str | None:
    kind, _colon, number = subject.partition(":")
    return reverse("customer", args=[int(number)]) if kind == "customer" and number.isdecimal() else None


def list_actions() -> list[tuple[str, str]]:
    """All that is noted, in words and in their order."""
    return sorted(_get_texts().items(), key=lambda found: found[1].casefold())


def _get_text(action: str) -> str:
    return _get_texts().get(action, action)


def _get_texts() -> dict[str, str]:
    return {
        "business.changed": _("Changed the settings"),
        "rate.set": _("Set a currency rate"),
        "rate.removed": _("Removed a currency rate"),
        "margin.set": _("Set a margin"),
        "margin.removed": _("Removed a margin"),
        "spend.added": _("Added marketing spend"),
        "spend.removed": _("Removed marketing spend"),
        "price_month.set": _("Set a month of the price index"),
        "price_month.removed": _("Removed a month of the price index"),
        "price_index.removed": _("Removed the price index"),
        "cost.put_back": _("Put back what was removed"),
        "period.added": _("Added an own period"),
        "period.removed": _("Removed an own period"),
        "customers.exclusions_applied": _("Changed who is left out"),
        "customers.owner_assigned": _("Gave customers to a member of staff"),
        "customer.merged": _("Merged two customers"),
        "customer.unmerged": _("Separated two customers"),
        "sale.joined": _("Took two orders for one sale"),
        "sale.parted": _("Parted two orders that were taken for one sale"),
        "sale.kept_apart": _("Remembered that two orders are two sales"),
        "customer.kept_apart": _("Remembered that two customers are two persons"),
        "customer.reopened": _("Took back that two customers are two persons"),
        "customer.erased": _("Erased a customer's data"),
        "customer.changed": _("Changed a customer"),
        "customer.change_undone": _("Undid a change of a customer"),
        "customers.change_undone": _("Undid a change of many customers"),
        "customer.photo_set": _("Set a customer's photo"),
        "customer.photo_removed": _("Removed a customer's photo"),
        "customers.tagged": _("Tagged many customers"),
        "customers.assigned": _("Gave customers to a member of staff"),
        "customers.listed": _("Added customers to a list"),
        "field.defined": _("Defined a field of customers"),
        "field.archived": _("Archived a field of customers"),
        "field.restored": _("Put an archived field back"),
        "field.moved": _("Changed the order of the fields"),
        "interaction.written": _("Wrote something down about a customer"),
        "interaction.changed": _("Changed what was written"),
        "interaction.removed": _("Took away what was written"),
        "interaction.restored": _("Put back what was written"),
        "promise.settled": _("Said whether a promise was kept"),
        "attachment.taken": _("Took a file of a note"),
        "topic.added": _("Added a theme or cause"),
        "topic.archived": _("Archived a theme or cause"),
        "customer.erasure_asked": _("Asked for a customer's data to be erased"),
        "customer.allowed_again": _("Let somebody who was erased be a customer again"),
        "customer.person_exported": _("Took all that is held of a customer as a file"),
        "customer.stopped": _("Stopped contact with a customer or a number"),
        "customer.stop_ended": _("Took back that contact was stopped"),
        "consent.set": _("Wrote down a permission or a refusal"),
        "consent.link_made": _("Made a customer's link to their own page"),
        "suppression.added": _("Put an address or number on the do-not-send list"),
        "suppression.imported": _("Imported the do-not-send list"),
        "suppression.exported": _("Took the do-not-send list as a file"),
        "suppression.removed": _("Took an address or number off the do-not-send list"),
        "retention.set": _("Set how long data are kept"),
        "retention.by_itself_set": _(
            "Set whether customers of whom nothing is heard are erased by themselves"
        ),
        "retention.applied": _("Removed data that had been kept long enough"),
        "segment.created": _("Made a segment"),
        "segment.changed": _("Changed a segment"),
        "segment.archived": _("Archived a segment"),
        "segment.restored": _("Brought an archived segment back"),
        "segment.members_changed": _("Changed the members of a list"),
        "feed.completeness_set": _("Set through which day a source is complete"),
        "feed.closed": _("Closed a source"),
        "feed.reopened": _("Opened a source again"),
        "mail.set_up": _("Set up the mail server"),
        "mail.forgotten": _("Forgot the mail server"),
        "mail.sent_again": _("Sent a mail to staff again"),
        "dashboard.created": _("Made a dashboard"),
        "dashboard.changed": _("Changed a dashboard"),
        "dashboard.deleted": _("Deleted a dashboard"),
        "dashboard.restored": _("Took a deleted dashboard back"),
        "dashboard.exported": _("Took a dashboard as a file"),
        "dashboard.shared": _("Made a link to a dashboard"),
        "dashboard.link_revoked": _("Revoked a link to a dashboard"),
        "report.scheduled": _("Scheduled a report"),
        "report.changed": _("Changed a scheduled report"),
        "report.paused": _("Paused a scheduled report"),
        "report.resumed": _("Let a scheduled report go on"),
        "report.unscheduled": _("Removed a scheduled report"),
        "report.sent_now": _("Sent a report by hand"),
        "task.made": _("Made a task"),
        "trial.decided": _("Wrote down a decision about a trial"),
        "task.changed": _("Changed a task"),
        "task.finished": _("Finished tasks"),
        "task.cancelled": _("Cancelled tasks"),
        "task.snoozed": _("Put tasks off"),
        "task.assigned": _("Gave tasks to somebody"),
        "task.reopened": _("Opened tasks again"),
        "task.put_back": _("Took back what was done with tasks"),
        "model.promoted": _("Chose the model that predicts"),
        "predictions.set": _("Changed how predictions are made"),
        "case.opened": _("Took on customers at risk"),
        "case.moved": _("Moved cases of customers at risk"),
        "case.closed": _("A case of a customer at risk was closed by the facts"),
        "case.assigned": _("Gave cases of customers at risk to somebody"),
        "case.planned": _("Noted the next step of a case"),
        "cases.exported": _("Took cases of customers at risk as a file"),
        "case.put_back": _("Took back what was done with cases"),
        "case.taken_back": _("Took back that customers at risk were taken on"),
        "tasks.shared_out": _("Made tasks for many customers"),
        "tasks.batch_undone": _("Took tasks for many customers back"),
        "customer.birthday_calendar_set": _("Set the calendar of a birthday"),
        "calendar.address_made": _("Made a secret address of their calendar"),
        "calendar.address_revoked": _("Revoked the secret address of their calendar"),
        "subscription.entered": _("Entered a renewal by hand"),
        "subscription.taken_back": _("Took back a renewal that was entered by hand"),
        "order.entered": _("Entered a payment by hand"),
        "order.taken_back": _("Took back a payment that was entered by hand"),
        "rule.made": _("Made a rule of contact"),
        "rule.changed": _("Changed a rule of contact"),
        "rule.moved": _("Changed the order of the rules of contact"),
        "rule.switched_on": _("Switched a rule of contact on"),
        "rule.switched_off": _("Switched a rule of contact off"),
        "rule.removed": _("Removed a rule of contact"),
        "rule.put_back": _("Put a rule of contact back"),
        "rule.made_tasks": _("A rule of contact made tasks"),
        "tasks.exported": _("Took tasks as a file"),
        "target.set": _("Set a target"),
        "target.removed": _("Removed a target"),
        "figure.watched": _("Began to watch a figure"),
        "figure.unwatched": _("Stopped watching a figure"),
        "alert.settled": _("Saw to an alert"),
        "alert.reopened": _("Opened an alert again"),
        "mark.added": _("Added a mark to the charts"),
        "mark.removed": _("Removed a mark from the charts"),
        "customer.seen": _("Opened a customer's page"),
        "customers.list_seen": _("Looked at the list of customers"),
        "customers.searched": _("Searched for customers"),
        "audit.exported": _("Took the audit trail as a file"),
        "audit.forgotten": _("Forgot old rows of the audit trail"),
        "customers.exported": _("Took customers as a file"),
        "import.finished": _("Imported a file"),
        "import.undone": _("Undid an import"),
        "backup.made": _("Made a backup"),
        "backup.restored": _("Restored a backup"),
        "backup.upgraded": _("Brought the tables to a new version"),
        "data.exported": _("Took all data as files"),
        "token.made": _("Made a token of the API"),
        "token.revoked": _("Revoked a token of the API"),
        "shop.connected": _("Connected a shop"),
        "shop.key_changed": _("Gave a connected shop new keys"),
        "shop.switched": _("Stopped or went on with a connected shop"),
        "shop.loaded_again": _("Read a shop's history again"),
        "shop.removed": _("Disconnected a shop"),
        "shop.hooks_registered": _("Asked a shop to tell of what happens"),
        "timed.added": _("Added a folder or address to be looked at"),
        "timed.switched": _("Stopped or went on with looking at a folder or address"),
        "timed.looked_now": _("Had a folder or address looked at at once"),
        "timed.removed": _("Removed a folder or address to be looked at"),
        "hook.added": _("Added a webhook"),
        "hook.changed": _("Changed a webhook"),
        "hook.switched": _("Switched a webhook on or off"),
        "hook.rotated": _("Gave a webhook a new secret"),
        "hook.removed": _("Removed a webhook"),
        "hook.sent_again": _("Sent a webhook's message again"),
        "api.rows_read": _("Read rows by the API"),
        "api.customers_read": _("Read who is in a segment by the API"),
        "campaign.created": _("Made a campaign"),
        "campaign.changed": _("Changed a campaign"),
        "campaign.copied": _("Copied a campaign"),
        "campaign.archived": _("Archived a campaign"),
        "campaign.restored": _("Brought an archived campaign back"),
        "campaign.started": _("Started a campaign"),
        "campaign.scheduled": _("Scheduled a campaign"),
        "campaign.unscheduled": _("Made a draft of a scheduled campaign"),
        "campaign.paused": _("Paused a campaign"),
        "campaign.resumed": _("Let a campaign go on"),
        "campaign.stopped": _("Stopped a campaign"),
        "campaign.tested": _("Sent a campaign to themselves"),
        "campaign.run_started": _("Let the messages of a campaign go out"),
        "campaign.run_refused": _("Could not begin a campaign"),
        "staff.owner_created": _("Became the owner"),
        "staff.added": _("Let somebody in"),
        "staff.invited": _("Made an invitation"),
        "staff.invitation_accepted": _("Accepted an invitation"),
        "staff.role_changed": _("Changed somebody's role"),
        "role.made": _("Made a role"),
        "role.changed": _("Changed a role"),
        "role.removed": _("Removed a role"),
        "staff.invitation_revoked": _("Revoked an invitation"),
        "staff.reset_asked": _("Asked for a link to set a new password"),
        "staff.second_step_required": _("Changed which roles need a second step"),
        "staff.second_step_added": _("Set up a second step"),
        "staff.second_step_removed": _("Removed a second step of their own"),
        "staff.second_step_taken": _("Took a lost second step away"),
        "staff.second_step_failed": _("Gave a wrong code"),
        "staff.recovery_codes_made": _("Made new recovery codes"),
        "staff.signed_out_elsewhere": _("Signed browsers out"),
        "staff.lock_lifted": _("Lifted a lock-out"),
        "staff.deactivated": _("Shut somebody out"),
        "staff.reactivated": _("Let somebody in again"),
        "staff.details_changed": _("Changed their own name or language"),
        "staff.password_set": _("Set a password"),
        "staff.signed_in": _("Signed in"),
        "staff.locked_out": _("Was locked out after wrong passwords"),
    }


def _describe_details(details: dict[str, Any]) -> str:
    """Ids, field names and codes as they are; roles by their names."""
    parts = []
    for name, value in details.items():
        if name in ("role", "before", "after") and (role := find_role(str(value))) is not None:
            parts.append(role.name)
        elif isinstance(value, list):
            parts.append(", ".join(str(one) for one in value))
        elif isinstance(value, dict):
            parts.append(", ".join(f"{key}: {one}" for key, one in value.items()))
        elif value not in (None, ""):
            parts.append(f"{name}: {value}")
    return " · ".join(parts)
