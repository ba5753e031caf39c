"""What the import pages call kinds, fields, states and choices."""

from typing import TYPE_CHECKING, cast

from django.utils.translation import gettext_lazy as _

from vafa.data.intake.types import KINDS, Kind

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

KIND_NAMES: "dict[str, StrOrPromise]" = {
    "orders": _("Orders"),
    "customers": _("Customers"),
    "subscriptions": _("Subscriptions"),
    "returns": _("Returns"),
    "interactions": _("Interactions"),
    "surveys": _("Survey answers"),
    "tickets": _("Tickets"),
    "spend": _("Marketing spend"),
    "prices": _("Price index"),
}
KIND_NOTES: "dict[str, StrOrPromise]" = {
    "orders": _("One row an order, or one row a line of it."),
    "customers": _("People and companies, with their contact details."),
    "subscriptions": _("Memberships and contracts, with start and end."),
    "returns": _("Goods sent back and cancelled sales."),
    "interactions": _("Calls, visits and notes."),
    "surveys": _("Answers to NPS, satisfaction and effort questions, and invitations."),
    "tickets": _("Requests for help, with the times of answer and solution."),
    "spend": _("What winning customers costs, by month or by day."),
    "prices": _("A month and its index a row, for figures in real terms."),
}
KIND_ICONS = {
    "orders": "shopping-cart",
    "customers": "users",
    "subscriptions": "repeat",
    "returns": "undo-2",
    "interactions": "message-circle",
    "surveys": "star",
    "tickets": "life-buoy",
    "spend": "wallet",
    "prices": "trending-up",
}

FIELD_NAMES: "dict[str, StrOrPromise]" = {
    "month": _("Month"),
    "year": _("Year"),
    "index": _("Index"),
    "spend_id": _("Number of the expense"),
    "customer": _("Customer's id"),
    "name": _("Full name"),
    "given_name": _("Given name"),
    "family_name": _("Family name"),
    "title": _("Form of address"),
    "email": _("E-mail"),
    "phone": _("Phone"),
    "birthday": _("Birthday"),
    "location": _("Location"),
    "joined_at": _("Joined on"),
    "company": _("Company"),
    "tags": _("Tags"),
    "consent_email": _("Consent to e-mail"),
    "consent_sms": _("Consent to text messages"),
    "order": _("Order number"),
    "at": _("Date"),
    "product": _("Product code"),
    "product_name": _("Product name"),
    "product_line": _("Product line"),
    "quantity": _("Quantity"),
    "price": _("Price of one"),
    "amount": _("Amount"),
    "currency": _("Currency"),
    "discount": _("Discount"),
    "tax": _("Tax"),
    "shipping": _("Shipping"),
    "status": _("Status"),
    "return": _("Return number"),
    "reason": _("Reason"),
    "subscription": _("Subscription number"),
    "plan": _("Plan"),
    "interval": _("Billing interval"),
    "started_at": _("Started on"),
    "ended_at": _("Ended on"),
    "cancel_reason": _("Reason of leaving"),
    "frozen_from": _("Frozen from"),
    "frozen_until": _("Frozen until"),
    "sessions": _("Sessions bought"),
    "sessions_used": _("Sessions used"),
    "sessions_left": _("Sessions left"),
    "last_visit": _("Last visit"),
    "interaction": _("Interaction number"),
    "kind": _("Kind"),
    "subject": _("Subject"),
    "text": _("Text"),
    "staff": _("Member of staff"),
    "outcome": _("Outcome"),
    "duration": _("Duration"),
    "answer": _("Answer number"),
    "survey": _("Survey"),
    "question": _("Kind of question"),
    "score": _("Score"),
    "scale": _("Scale"),
    "channel": _("Channel"),
    "comment": _("Comment"),
    "invited_at": _("Invited on"),
    "answered_at": _("Answered on"),
    "ticket": _("Ticket number"),
    "category": _("Category"),
    "priority": _("Priority"),
    "agent": _("Agent of the ticket"),
    "opened_at": _("Opened on"),
    "first_response_at": _("First answer on"),
    "first_response_after": _("Time to the first answer"),
    "solved_at": _("Solved on"),
    "solved_after": _("Time to the solution"),
    "closed_at": _("Closed on"),
    "reopened": _("Times reopened"),
    "satisfaction": _("Satisfaction"),
}

# Names of products are the same in every language.
SYSTEM_NAMES = {
    "shopify": "Shopify",
    "woocommerce": "WooCommerce",
    "stripe": "Stripe",
    "hubspot": "HubSpot",
    "odoo": "Odoo",
    "vtiger": "vtiger / ParsVT",
    "zendesk": "Zendesk",
    "freshdesk": "Freshdesk",
    "osticket": "osTicket",
    "surveymonkey": "SurveyMonkey",
    "delighted": "Delighted",
    "typeform": "Typeform",
    "google_forms": "Google Forms",
    "porsline": "Porsline (پرس‌لاین)",
    "wenjuanxing": "问卷星",
}

QUESTION_NAMES: "dict[str, StrOrPromise]" = {
    "nps": _("Would recommend (NPS)"),
    "csat": _("Satisfaction (CSAT)"),
    "ces": _("Effort (CES)"),
    "other": _("Another question"),
}
DIRECTION_NAMES: "dict[str, StrOrPromise]" = {
    "high": _("A high number is good."),
    "low": _("A low number is good."),
}
METHOD_NAMES: "dict[str, StrOrPromise]" = {
    "nps": _("the share of 9 and 10 minus the share of 0 to 6"),
    "top2": _("the share in the two best points"),
    "top1": _("the share in the best point"),
    "easy": _("the share on the good side of the middle"),
    "mean": _("the mean"),
}

STATE_NAMES: "dict[str, StrOrPromise]" = {
    "uploaded": _("To be looked over"),
    "queued": _("Waiting"),
    "running": _("Coming in"),
    "done": _("Done"),
    "failed": _("Stopped"),
    "undoing": _("Being undone"),
    "undone": _("Undone"),
}
STATE_TONES = {
    "uploaded": "warning",
    "queued": "info",
    "running": "info",
    "done": "success",
    "failed": "error",
    "undoing": "info",
}

INTERVALS = ("1 week", "1 month", "3 month", "6 month", "1 year")
"""How often a price is paid, to choose from."""

DATE_ORDER_NAMES: "dict[str, StrOrPromise]" = {
    "iso": _("Year, month, day"),
    "dmy": _("Day, month, year"),
    "mdy": _("Month, day, year"),
    "ymd": _("Year of two digits, month, day"),
    "jalali": _("Jalali calendar"),
    "hijri": _("Hijri calendar"),
}
ENCODING_NAMES: "dict[str, StrOrPromise]" = {
    "utf-8": _("UTF-8"),
    "utf-16": _("UTF-16"),
    "windows-1256": _("Windows-1256 (Persian, Arabic)"),
    "gb18030": _("GBK and GB18030 (Chinese)"),
    "windows-1252": _("Windows-1252 (Western)"),
}
DELIMITER_NAMES: "dict[str, StrOrPromise]" = {
    ",": _("Comma"),
    ";": _("Semicolon"),
    "tab": _("Tab"),
    "|": _("Vertical bar"),
    "blanks": _("Blanks"),
}


def list_kinds() -> tuple[Kind, ...]:
    """The kinds in the order in which the page offers them."""
    return cast("tuple[Kind, ...]", tuple(sorted(KINDS, key=list(KIND_NAMES).index)))
