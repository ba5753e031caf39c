"""No table may hold people without the erasure knowing: each belongs to a room's holder, or is named here as one that
holds nobody, with the reason."""

from typing import Any

import pytest
from django.apps import apps

from vafa.kit.erasing import Holder, list_holders

# Libraries' tables know staff and jobs, never customers; a job's arguments are ids.
LIBRARIES = {
    "account", "admin", "auth", "axes", "contenttypes", "django_tasks_database", "mfa", "sessions", "staff",
    "usersessions",
}  # fmt: skip

HOLDS_NOBODY = {
    "kit.AuditDoor": "no columns of its own",
    "kit.AuditEntry": "ids and names of fields only",
    "kit.MailSetup": "the business's own mail server",
    "kit.PublicAddress": "the address of our own pages",
    "kit.RateWindow": "counts by address or digest, gone within hours",
    "business.Business": "the business's own settings",
    "business.CurrencyRate": "rates",
    "business.NamedPeriod": "days",
    "log.Source": "names of sources",
    "log.Feed": "days",
    "log.Sequence": "a counter",
    "log.Removal": "ids",
    "log.Happening": "ids and names of fields only",
    "customers.SearchState": "a sequence number",
    "customers.DoubleSearch": "a sequence number",
    "customers.FieldDefinition": "names of fields",
    "consent.Keeping": "days",
    "consent.Fingerprint": "digests that say nothing without their key",
    "consent.Suppression": "digests that say nothing without their key",
    "interactions.Topic": "names of themes and causes",
    "catalogue.ProductLine": "what is sold",
    "catalogue.Location": "where it is sold",
    "catalogue.Product": "what is sold",
    "trials.Expense": "what a trial cost",
    "trials.Look": "counts and differences",
    "trials.Result": "counts and differences",
    "trials.Decision": "what was decided about a trial, and why",
    "trials.Gone": "sums over those who were erased",
    "costs.Margin": "shares",
    "costs.MarketingSpend": "money by channel",
    "costs.PriceMonth": "an index",
    "segments.Segment": "a definition; values that people were chosen by are no one's",
    "segments.Change": "ids that nobody has any more, and counts",
    "automations.Automation": "what is to happen, to nobody in particular",
    "automations.Version": "what is to happen, to nobody in particular",
    "automations.Pool": "names of codes",
    "reports.Dashboard": "chosen metrics",
    "reports.DashboardItem": "chosen metrics",
    "reports.Schedule": "when a report goes out",
    "reports.Recipient": "staff",
    "reports.Run": "when a report went out",
    "reports.SharedLink": "a digest",
    "quality.Found": "counts",
    "history.State": "numbers",
    "history.FigureSeen": "figures",
    "history.SetSeen": "ids that nobody has any more",
    "history.ChangeSeen": "ids and names of fields only",
    "history.Part": "figures",
    "watching.Target": "figures",
    "watching.Watch": "staff",
    "watching.Judged": "days",
    "watching.Alert": "figures",
    "predict_models.Setting": "numbers",
    "predict_models.Card": "numbers, and values that at least ten customers share",
    "scores.Issue": "days and counts",
    "scores.Outcome": "counts",
    "scores.Standing": "a day",
    "messaging.Account": "the business's own accounts with providers",
    "messaging.Bucket": "counts",
    "messaging.Listening": "how far an account was asked",
    "messaging.Budget": "the business's own settings",
    "messaging.Template": "texts before they are filled in",
    "messaging.TemplateVersion": "texts before they are filled in",
    "messaging.Message": "texts before they are filled in",
    "messaging.Trial": "names and shares",
    "messaging.Holdout": "shares and days",
    "campaigns.Campaign": "a text to many, a segment and shares",
    "followups.ContactRule": "days and a segment's name",
    "followups.RuleRun": "counts",
    "followups.Batch": "a title, a segment's name and counts",
    "followups.Reminding": "how staff are reminded",
    "followups.DigestSent": "days of staff",
    "shops.Shop": "the business's own shops, their keys, and numbers of orders that stayed out",
    "timed.Timed": "folders and addresses of the business",
    "webhooks.Hook": "the addresses of programs",
    "watching.Mark": "what happened in the business",
}


def list_ours() -> list[str]:
    """The labels of our own tables."""
    return [
        model._meta.label
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label not in LIBRARIES
    ]


def list_held() -> list[str]:
    return [label for holder in list_holders() for label in holder.models]


def test_every_table_is_held_by_a_room_or_holds_nobody():
    known = {*list_held(), *HOLDS_NOBODY}
    assert sorted(set(list_ours()) - known) == []


def test_no_name_is_left_of_a_table_that_is_gone():
    assert sorted({*list_held(), *HOLDS_NOBODY} - set(list_ours())) == []


def test_no_table_is_named_twice():
    named = [*list_held(), *HOLDS_NOBODY]
    assert len(named) == len(set(named))


def points_to_customers(model: Any) -> bool:
    """Whether a row may belong to a customer."""
    return any(
        (
            getattr(field.related_model, "_meta", None) is not None
            and field.related_model._meta.label == "customers.Customer"
        )
        or field.name in ("customer", "customer_id")
        for field in model._meta.local_fields
    )


def test_no_table_that_points_to_customers_claims_to_hold_nobody():
    assert [label for label in HOLDS_NOBODY if points_to_customers(apps.get_model(label))] == []


@pytest.mark.parametrize("holder", list_holders(), ids=lambda holder: holder.room)
def test_every_holder_tells_of_nobody_where_nobody_is_asked_for(holder: Holder, db: None) -> None:
    """A kind of thing is named in words, and asking for no one finds nothing."""
    found = holder.collect([])
    assert not any(found.values())
    assert set(found) <= set(holder.names)
