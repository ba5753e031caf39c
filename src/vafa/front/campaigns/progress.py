"""How far a run of a campaign is, for its page and for the fragment that asks again."""

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from vafa.act.campaigns.queries import Campaign, Run
from vafa.act.messaging.queries import get_progress
from vafa.act.messaging.types import Progress
from vafa.data.business.queries import get_business, get_customer_word
from vafa.front.campaigns.whys import describe_why, get_state_tone, name_state
from vafa.front.campaigns.words import describe_hindrance
from vafa.kit import clock
from vafa.kit.locale.formats import Style, format_moment, format_number
from vafa.kit.worker import is_worker_alive

_MOVING = ("waiting", "preparing")
_ORDER = ("pending", "claimed", "accepted", "unknown", "failed", "suppressed")


@dataclass(frozen=True)
class Stat:
    """One number of a card."""

    label: str
    value: str
    url: str = ""
    hint: str = ""
    note: str = ""


@dataclass(frozen=True)
class Reason:
    """How many stand in a state for a reason, with the list of them."""

    state: str
    tone: str
    why: str
    count: str
    url: str


@dataclass(frozen=True)
class Shown:
    """How far a run is, ready to print; `polls` while it moves."""

    url: str
    title: str
    began: str
    label: str
    done: int
    total: int
    text: str
    people: str
    polls: bool
    waits_for_worker: bool
    unknown: int
    problem: str = ""
    stats: list[Stat] = field(default_factory=list)
    reasons: list[Reason] = field(default_factory=list)
    downloads: list[tuple[str, str]] = field(default_factory=list)


def show_progress(campaign: Campaign, run: Run, style: Style, *, names: bool, exports: bool) -> Shown:
    """A run ready to print; with lists of `names` behind the numbers where they may be seen."""
    known = get_progress(run.message_id) if run.message_id else Progress({}, {})
    is_preparing = run.state in _MOVING
    waiting = known.states.get("pending", 0) + known.states.get("claimed", 0)
    done = run.done if is_preparing else known.total - waiting
    total = run.total if is_preparing else known.total
    polls = campaign.state == "on" and (is_preparing or waiting > 0)
    words = {"done": format_number(done, style), "total": format_number(total, style)}
    return Shown(
        url=reverse("campaign_progress", args=[campaign.pk]) + f"?run={run.number}",
        title=_name_run(campaign, run, style),
        began=_describe_begin(run, style),
        label=_("Is being prepared") if is_preparing else _("Done with"),
        done=done,
        total=total,
        text=_("%(done)s of %(total)s") % words,
        people=get_customer_word(get_business()).heading,
        polls=polls,
        waits_for_worker=polls and not is_worker_alive(clock.now()),
        unknown=known.states.get("unknown", 0),
        problem=describe_hindrance(run.problem) if run.problem else "",  # type: ignore[arg-type]
        stats=_list_stats(campaign, run, known, style, names=names),
        reasons=_list_reasons(campaign, run, known, style, names=names),
        downloads=_list_downloads(campaign, run) if exports and run.message_id else [],
    )


def _name_run(campaign: Campaign, run: Run, style: Style) -> str:
    if not campaign.every:
        return _("How far it is")
    return _("Run %(number)s") % {"number": format_number(run.number, style)}


def _describe_begin(run: Run, style: Style) -> str:
    zone = ZoneInfo(get_business().zone)
    if run.handed_at:
        return _("Started %(moment)s") % {"moment": format_moment(run.handed_at, zone, style)}
    return _("Due %(moment)s") % {"moment": format_moment(run.due_at, zone, style)}


def _list_stats(campaign: Campaign, run: Run, known: Progress, style: Style, *, names: bool) -> list[Stat]:
    if run.message_id is None:
        return []
    waiting = known.states.get("pending", 0) + known.states.get("claimed", 0)
    held_out = known.whys.get(("suppressed", "holdout"), 0)
    kept_back = known.states.get("suppressed", 0) - held_out

    def link(**asked: str) -> str:
        return build_list_url(campaign, run, **asked) if names else ""

    taken = _("Taken by the mail server or provider. Whether it was read is not counted.")
    control = _("These receive nothing, so that we can see the difference.")
    counted = [
        (_("In the audience"), known.total, link(), ""),
        (pgettext("messages", "Sent"), known.states.get("accepted", 0), link(state="accepted"), taken),
        (_("Waiting"), waiting, link(state="pending"), ""),
        (_("Control group"), held_out, link(state="suppressed", why="holdout"), control),
        (_("Held back"), kept_back, link(state="suppressed"), ""),
        (_("Failed"), known.states.get("failed", 0), link(state="failed"), ""),
        (_("Unknown"), known.states.get("unknown", 0), link(state="unknown"), ""),
    ]  # fmt: skip
    return [
        Stat(label, format_number(count, style), url if count else "", hint)
        for label, count, url, hint in counted
    ]


def _list_reasons(
    campaign: Campaign, run: Run, known: Progress, style: Style, *, names: bool
) -> list[Reason]:
    found = sorted(known.whys.items(), key=lambda one: (_ORDER.index(one[0][0]), -one[1]))
    return [
        Reason(
            state=name_state(state),
            tone=get_state_tone(state),
            why=describe_why(why or (known.why if state == "pending" else ""), state),
            count=format_number(count, style),
            url=build_list_url(campaign, run, state=state, why=why) if names else "",
        )
        for (state, why), count in found
    ]


def build_list_url(campaign: Campaign, run: Run, **asked: str) -> str:
    """The list of those of a run who stand in a state for a reason."""
    from urllib.parse import urlencode

    query = urlencode({name: value for name, value in asked.items() if value})
    return reverse("campaign_people", args=[campaign.pk, run.number]) + (f"?{query}" if query else "")


def _list_downloads(campaign: Campaign, run: Run) -> list[tuple[str, str]]:
    return [(one, reverse("export_campaign", args=[campaign.pk, run.number, one])) for one in ("csv", "xlsx")]
