"""Correcting the text of one interaction by its row, whether somebody wrote it down by hand or a source told it."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from vafa.data.interactions.models import Interaction, Written
from vafa.data.interactions.types import Entry, EntryEmpty, EntryGone
from vafa.data.interactions.writing import change_entry
from vafa.data.log.actions import add_happening, get_hand_source, take_numbers
from vafa.kit.audit import record


@transaction.atomic
def correct_text(row: int, text: str, *, by: Any, now: datetime) -> None:
    """Write the text of an interaction anew. What its source tells of it later replaces that again. Raises EntryGone,
    EntryEmpty, and EntryNotYours for what somebody else wrote down by hand."""
    fact = Interaction.objects.select_for_update(of=("self",)).filter(pk=row).first()
    if fact is None:
        raise EntryGone(_("It is not there any more."), _("Open the customer file again."))
    text = text.replace("\r\n", "\n").replace("\0", "").strip()
    if not text:
        raise EntryEmpty(_("Nothing is written yet."), _("Write a few words."), field="text")
    if text == fact.text:
        return
    by_hand = fact.source_id == get_hand_source("interactions").pk
    written = Written.objects.filter(key=fact.key).first() if by_hand else None
    if written is not None:
        change_entry(written.key, replace(_read_entry(fact, written), text=text), by=by, now=now)
        return
    Interaction.objects.filter(pk=row).update(text=text, seq=take_numbers(1))
    subject = fact.customer_id
    record("interaction.changed", by=by, now=now, subject=f"customer:{subject}", fields=["text"], row=row)
    add_happening("interaction_changed", at=now, now=now, live=True, subject=subject, row=row)


def _read_entry(fact: Interaction, written: Written) -> Entry:
    return Entry(
        kind=written.kind,
        day=fact.day,
        at=fact.at,
        text=fact.text,
        outcome=fact.outcome,
        minutes=fact.minutes,
        topic=written.topic,
        due_on=written.due_on,
    )
