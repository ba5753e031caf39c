"""`vafa campaigns`: list them, and show one with how far its runs are."""

from datetime import datetime
from typing import Annotated, Any

import typer
from django.utils.translation import gettext as _

from vafa.act.campaigns.queries import (
    Campaign,
    Run,
    find_campaign,
    find_next_day,
    get_content,
    get_stage,
    list_campaigns,
    list_hindrances,
    list_runs,
)
from vafa.act.campaigns.types import Asked, Stage
from vafa.act.messaging.queries import count_states, get_progress
from vafa.front.campaigns.words import STAGES, describe_hindrance, name_stage
from vafa.front.figures.printing import iso, write_rows
from vafa.kit import clock
from vafa.kit.errors import AskedWrongly
from vafa.kit.permissions import Permission
from vafa.kit.terminal import JsonOption, answer, needs


def register(app: typer.Typer) -> None:
    """Add `vafa campaigns ...`."""
    campaigns = typer.Typer(help="Campaigns: what was sent to whom, and how far it is.")
    campaigns.command("list", help="List the campaigns.")(list_all)
    campaigns.command("show", help="Show one campaign with its runs.")(show)
    app.add_typer(campaigns, name="campaigns")


@needs(Permission.EDIT_MESSAGES)
def list_all(
    stage: Annotated[str, typer.Option("--state", help="Only those that stand so: draft, sending ...")] = "",
    archived: Annotated[bool, typer.Option("--archived", help="The archived ones.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List the campaigns, the newest first."""
    if stage and stage not in STAGES:
        raise AskedWrongly(
            _("There is no such state: %(state)s.") % {"state": stage},
            _("There are %(names)s.") % {"names": ", ".join(STAGES)},
        )
    now = clock.now()
    asked = next((one for one in STAGES if one == stage), None)
    found = list_campaigns(Asked(stage=asked, archived=archived), now)
    documents = [_build_document(campaign, stands, now) for campaign, stands in found]

    def write() -> str:
        header = [_("Id"), _("Name"), _("State"), _("To whom"), _("Sent")]
        return write_rows(
            header,
            [
                [
                    str(one["id"]),
                    one["name"],
                    name_stage(one["state"]),
                    one["segment"] or "",
                    f"{one['sent']:,}",
                ]
                for one in documents
            ],
        )

    answer({"campaigns": documents}, as_json, write)


@needs(Permission.EDIT_MESSAGES)
def show(
    campaign_id: Annotated[int, typer.Argument(metavar="ID", help="The campaign's id.")],
    as_json: JsonOption = False,
) -> None:
    """Show one campaign: what hinders it from starting, or how far each of its runs is."""
    now = clock.now()
    campaign = find_campaign(campaign_id)
    if campaign is None:
        raise AskedWrongly(
            _("There is no campaign with the id %(id)s.") % {"id": campaign_id},
            _("vafa campaigns list tells which there are."),
        )
    stage = get_stage(campaign, now)
    hindrances = list_hindrances(campaign, now) if stage in ("draft", "held") else ()
    document = _build_document(campaign, stage, now) | {
        "languages": [code for code, _text in get_content(campaign).texts],
        "template": campaign.template.name if campaign.template else None,
        "account": campaign.account.name if campaign.account else None,
        "horizon_days": campaign.horizon_days,
        "once_each": campaign.once_each,
        "hindrances": list(hindrances),
        "runs": [_build_run(run) for run in list_runs(campaign)],
    }

    def write() -> str:
        lines = [f"{campaign.name}: {name_stage(stage)}", *(describe_hindrance(one) for one in hindrances)]
        header = [_("Run"), _("State"), _("Why"), _("Customers")]
        rows = [
            [str(run["number"]), one["state"], one["why"], f"{one['count']:,}"]
            for run in document["runs"]
            for one in run["reasons"]
        ]
        return "\n".join([*lines, *([write_rows(header, rows)] if rows else [])])

    answer(document, as_json, write)


def _build_document(campaign: Campaign, stage: Stage, now: datetime) -> dict[str, Any]:
    messages = [run.message_id for run in list_runs(campaign) if run.message_id]
    return {
        "id": campaign.pk,
        "name": campaign.name,
        "state": stage,
        "channel": campaign.channel,
        "purpose": campaign.purpose,
        "segment": campaign.segment.slug if campaign.segment else None,
        "holdout": campaign.holdout,
        "starts_at": campaign.starts_at,
        "every": campaign.every or None,
        "next_on": iso(find_next_day(campaign, now)) if campaign.every else None,
        "started_at": campaign.started_at,
        "sent": sum(states.get("accepted", 0) for states in count_states(messages).values()),
        "archived": campaign.archived_at is not None,
    }


def _build_run(run: Run) -> dict[str, Any]:
    known = get_progress(run.message_id) if run.message_id else None
    return {
        "number": run.number,
        "state": run.state,
        "problem": run.problem or None,
        "due_at": run.due_at,
        "started_at": run.handed_at,
        "audience": run.total,
        "controls": run.controls,
        "trial": run.trial or None,
        "states": dict(known.states) if known else {},
        "reasons": [
            {"state": state, "why": why, "count": count}
            for (state, why), count in (known.whys if known else {}).items()
        ],
    }
