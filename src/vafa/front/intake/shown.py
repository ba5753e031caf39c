"""The contexts of the import pages."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vafa.data.business.queries import get_business, get_style
from vafa.data.intake.queries import Import, get_preview, is_uploaded
from vafa.data.intake.types import Plan
from vafa.data.log.queries import list_source_names
from vafa.front.date_field import write_day
from vafa.front.intake.answer_words import build_answer_questions
from vafa.front.intake.asked import Asked, print_columns
from vafa.front.intake.cells import build_shown_preview
from vafa.front.intake.labels import KIND_NAMES, STATE_NAMES, STATE_TONES
from vafa.front.intake.mapping_page import (
    build_date_question,
    build_field_rows,
    build_interval_question,
    build_notes,
    build_open_points,
    build_permission_question,
    build_reading_choices,
    build_statuses,
    build_unit_question,
    is_name_only,
)
from vafa.front.intake.words import build_summary_lines, build_undone_lines
from vafa.front.navigation import find_url
from vafa.kit.locale.formats import Style, format_number
from vafa.kit.worker import is_worker_alive
from vafa.warehouse.queries import open_snapshot

COUNTS = ("read", "new", "changed", "same", "rejected")
# How long after its last sign of life an import counts as cut off.
PATIENCE = timedelta(seconds=30)
POLLED_STATES = ("queued", "running", "undoing")
# What an import shows itself as whose rows are in the records but not yet in the figures.
FOLLOWED_AS = {"done": "running", "undone": "undoing"}


def build_list_rows(imports: list[Import]) -> list[dict[str, Any]]:
    """Past imports, the newest first."""
    return [
        {
            "imported": imported,
            "kind": KIND_NAMES.get(imported.kind, imported.kind),
            "state": STATE_NAMES.get(imported.state, imported.state),
            "tone": STATE_TONES.get(imported.state, ""),
            "counts": {name: imported.counts.get(name) for name in COUNTS},
        }
        for imported in imports
    ]


def build_mapping_context(
    imported: Import, plan: Plan, asked: Asked, language: str, *, tried: bool
) -> dict[str, Any]:
    """The mapping page. `tried`: the person has asked to start, and something is still open."""
    business = get_business()
    style, zone = get_style(language, business), ZoneInfo(business.zone)
    preview = build_shown_preview(get_preview_of(imported, plan), plan, style, zone)
    through = plan.options.complete_through
    calendar: Any = business.calendar
    return {
        "imported": imported,
        "kind_name": KIND_NAMES[imported.kind],
        "plan": plan,
        "columns_print": print_columns(plan),
        "fields": build_field_rows(plan),
        "notes": build_notes(plan, style),
        "dates": build_date_question(plan),
        "unit": build_unit_question(plan, asked, business.currency, style),
        "reading": build_reading_choices(plan),
        "statuses": build_statuses(plan, style),
        "answers": build_answer_questions(plan, style),
        "others": [
            {"name": column, "kept": column in plan.kept_columns}
            for column in plan.columns
            if column in plan.kept_columns or column in plan.left_out_columns
        ],
        "interval": build_interval_question(plan, style),
        "permission": build_permission_question(plan, asked, calendar),
        "asks_last_day": "ended_at" in plan.mapping,
        "name_only": is_name_only(plan),
        "sources": list_source_names(),
        "complete_through": asked.typed.get("complete_through")
        or (write_day(through, calendar) if through else ""),
        "errors": asked.errors,
        "open_points": build_open_points(plan, style),
        "tried": tried,
        "preview": preview,
        "preview_bad": _tell_bad(preview.bad, preview.looked_at, style),
    }


def get_preview_of(imported: Import, plan: Plan) -> Any:
    """The first rows of an uploaded file."""
    return get_preview(Path(imported.file_path), plan, imported.file_name)


def _tell_bad(bad: int, looked_at: int, style: Style) -> str:
    numbers = {"bad": format_number(bad, style), "all": format_number(looked_at, style)}
    if not bad:
        return _("All of the first %(all)s rows can be read.") % numbers
    text = ngettext(
        "%(bad)s of the first %(all)s rows can't be read.",
        "%(bad)s of the first %(all)s rows can't be read.",
        bad,
    )
    return text % numbers


def build_import_context(imported: Import, language: str, now: datetime) -> dict[str, Any]:
    """One import: how far it is, or what it did."""
    style = get_style(language, get_business())
    undone = imported.summary.get("undone")
    done = bool(imported.summary.get("found")) and imported.state in ("done", "undone", "undoing")
    waits = imported.state == "queued" or (imported.state == "undoing" and imported.lease_until is None)
    state = FOLLOWED_AS[imported.state] if _is_followed(imported, now) else imported.state
    is_stalled = imported.lease_until is not None and imported.lease_until < now - PATIENCE
    # A command that was cut off is given again by a person; no worker goes on with it.
    is_cut_off = is_stalled and state == "running" and not is_uploaded(imported)
    return {
        "imported": imported,
        "kind_name": KIND_NAMES[imported.kind],
        "is_cut_off": is_cut_off,
        "state": STATE_NAMES[state],
        "tone": STATE_TONES.get(state, ""),
        "polls": state in POLLED_STATES and not is_cut_off,
        "counts": {name: imported.counts.get(name) for name in COUNTS} if imported.counts else None,
        "percent": int(imported.progress * 100),
        "is_stalled": is_stalled,
        "waits_for_worker": waits and not is_worker_alive(now),
        "waits": waits,
        "lines": build_summary_lines(imported.kind, imported.summary, style) if done else [],
        "undone_lines": build_undone_lines(undone, style) if undone else [],
        "left_rows": _list_left(undone)[:50] if undone else [],
        "can_undo": (imported.state in ("done", "failed") or is_cut_off) and imported.first_seq is not None,
        "can_retry": imported.state == "failed" and is_uploaded(imported),
        "can_discard": imported.state == "failed" and imported.first_seq is None,
        "overview_url": find_url("overview"),
    }


def _is_followed(imported: Import, now: datetime) -> bool:
    """Whether the worker is still bringing the figures up to what this import has done: until then they are old."""
    if imported.state not in FOLLOWED_AS or imported.last_seq is None:
        return False
    return imported.last_seq > open_snapshot().seq and is_worker_alive(now)


def _list_left(undone: dict[str, Any]) -> list[dict[str, Any]]:
    """Rows that undoing left alone: what they are, their number, and the import that has changed them since."""
    return [
        *({"what": _("Row"), **row} for row in undone["facts"]["left"]),
        *({"what": _("Customer"), **row} for row in undone["customers"]["left"]),
    ]
