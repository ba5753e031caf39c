"""A campaign as lists and its page show it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vafa.act.campaigns.queries import Campaign, Run, can, get_content, list_runs
from vafa.act.campaigns.types import Stage
from vafa.act.messaging.queries import count_states
from vafa.act.messaging.types import RTL, Text
from vafa.data.business.queries import get_business
from vafa.data.consent.types import Purpose
from vafa.front.campaigns.words import describe_hindrance, describe_stage, describe_when, get_tone, name_stage
from vafa.front.choices import list_language_choices
from vafa.front.privacy.words import CHANNEL_NAMES, PURPOSE_NAMES
from vafa.kit.locale.formats import Style, format_days, format_moment, format_number, format_percent
from vafa.measure.segments.queries import find_saved

_EXCERPT = 200

Fact = tuple[str, str, str]
"""A title, a text and an address ("" for none)."""


@dataclass(frozen=True)
class Row:
    """A campaign in a list."""

    url: str
    name: str
    channel: str
    recurs: bool
    stage: str
    tone: str
    problem: str
    segment: str
    when: str
    sent: str


def list_rows(found: Iterable[tuple[Campaign, Stage]], style: Style, now: datetime) -> list[Row]:
    """Campaigns ready to print; a few queries however many they are."""
    listed = list(found)
    runs = {campaign.pk: list_runs(campaign) for campaign, stage in listed if stage != "draft"}
    counts = count_states([run.message_id for many in runs.values() for run in many if run.message_id])
    rows = []
    for campaign, stage in listed:
        own = runs.get(campaign.pk, [])
        sent = sum(counts.get(run.message_id or 0, {}).get("accepted", 0) for run in own)
        problem = own[0].problem if own and own[0].state in ("refused", "waiting") else ""
        rows.append(
            Row(
                url=reverse("campaign", args=[campaign.pk]),
                name=campaign.name,
                channel=str(CHANNEL_NAMES[campaign.channel]),
                recurs=bool(campaign.every),
                stage=name_stage(stage),
                tone=get_tone(stage),
                problem=describe_hindrance(problem) if problem else "",  # type: ignore[arg-type]
                segment=name_segment(campaign),
                when=_tell_when(campaign, own, style, now),
                sent=format_number(sent, style) if any(run.message_id for run in own) else "–",
            )
        )
    return rows


def _tell_when(campaign: Campaign, runs: list[Run], style: Style, now: datetime) -> str:
    """When it went out, of one that goes out once and has; else when it will."""
    if campaign.every or not runs or runs[0].handed_at is None:
        return describe_when(campaign, style, now)
    return format_moment(runs[0].handed_at, ZoneInfo(get_business().zone), style, "short")


def name_segment(campaign: Campaign) -> str:
    """What the segment of a campaign is called, in the language of the page."""
    saved = find_saved(campaign.segment.slug) if campaign.segment else None
    return saved.name if saved else ""


@dataclass(frozen=True)
class Written:
    """A text in one language, as the page of its campaign tells it."""

    code: str
    name: str
    dir: str
    subject: str
    excerpt: str


def list_written(campaign: Campaign) -> list[Written]:
    """The languages in which a campaign is written."""
    names = dict(list_language_choices())
    return [
        Written(code, names.get(code, code), "rtl" if code in RTL else "ltr", text.subject, _cut(text))
        for code, text in get_content(campaign).texts
    ]


def _cut(text: Text) -> str:
    told = text.body or " ".join(block.text for block in text.blocks if block.kind in ("heading", "text"))
    told = " ".join(told.split())
    return told if len(told) <= _EXCERPT else f"{told[:_EXCERPT]}…"


@dataclass(frozen=True)
class Shown:
    """A campaign on its own page, with what may be done with it."""

    id: int
    name: str
    stage: Stage
    stage_name: str
    stage_text: str
    tone: str
    archived: bool
    writes_own: bool
    template_name: str
    channel: str
    facts: list[Fact] = field(default_factory=list)

    @property
    def can_edit(self) -> bool:
        return can("edit", self.stage)

    @property
    def can_start(self) -> bool:
        return can("start", self.stage) and not self.archived

    @property
    def can_pause(self) -> bool:
        return can("pause", self.stage)

    @property
    def can_resume(self) -> bool:
        return can("resume", self.stage)

    @property
    def can_stop(self) -> bool:
        return can("stop", self.stage)

    @property
    def can_unschedule(self) -> bool:
        return can("unschedule", self.stage)

    @property
    def can_archive(self) -> bool:
        return can("archive", self.stage)

    @property
    def can_test(self) -> bool:
        """Whether a test of it makes sense still."""
        return self.channel in ("email", "sms") and self.stage in ("draft", "held", "scheduled", "paused")


def show_campaign(campaign: Campaign, stage: Stage, style: Style, now: datetime) -> Shown:
    """A campaign ready to print."""
    return Shown(
        id=campaign.pk,
        name=campaign.name,
        stage=stage,
        stage_name=name_stage(stage),
        stage_text=describe_stage(stage),
        tone=get_tone(stage),
        archived=campaign.archived_at is not None,
        writes_own=campaign.template_id is None,
        template_name=campaign.template.name if campaign.template else "",
        channel=campaign.channel,
        facts=_list_facts(campaign, style, now),
    )


def _list_facts(campaign: Campaign, style: Style, now: datetime) -> list[Fact]:
    segment = name_segment(campaign)
    segment_url = reverse("segment", args=[campaign.segment.slug]) if campaign.segment else ""
    facts = [
        (_("Channel"), str(CHANNEL_NAMES[campaign.channel]), ""),
        (_("Purpose"), str(PURPOSE_NAMES[campaign.purpose]), ""),
        (_("To whom"), segment or _("Not chosen yet"), segment_url),
        (_("When"), describe_when(campaign, style, now), ""),
        (_("Control group"), _describe_holdout(campaign, style), ""),
    ]
    if campaign.account:
        facts.append((_("Sending account"), campaign.account.name, ""))
    if campaign.hours_valid:
        hours = {"count": format_number(campaign.hours_valid, style)}
        told = ngettext("%(count)s hour", "%(count)s hours", campaign.hours_valid) % hours
        facts.append((_("Not sent any more after"), told, ""))
    if campaign.made_by:
        facts.append((_("Made by"), str(campaign.made_by), ""))
    return facts


def _describe_holdout(campaign: Campaign, style: Style) -> str:
    if campaign.purpose == Purpose.SERVICE:
        return _("None: service messages go to everybody")
    if campaign.holdout is None:
        return _("As suggested for the list when it starts")
    if not campaign.holdout:
        return _("None, so that nobody will know whether it helped")
    words = {
        "share": format_percent(campaign.holdout, style, 0),
        "days": format_days(campaign.horizon_days, style),
    }
    return _("%(share)s receive nothing; the result is counted over %(days)s") % words
