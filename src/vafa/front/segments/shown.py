"""A segment as its card and its page show it."""

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from vafa.data.business.queries import get_customer_word
from vafa.front.overview.texts import Change
from vafa.front.overview.views import Page
from vafa.kit.locale.formats import format_day, format_moment, format_number, format_percent
from vafa.measure.segments.queries import get_segment_members
from vafa.measure.segments.types import SavedSegment, SegmentNotBuilt


@dataclass(frozen=True)
class Card:
    """A segment in a list. `change` is how its count moved by the last build; None where it didn't."""

    slug: str
    name: str
    description: str
    colour: str
    kind: str
    is_preset: bool
    count: str
    share: str
    percent: int
    change: Change | None
    state: str
    tone: str
    as_of: str


def build_card(segment: SavedSegment, page: Page) -> Card:
    """A segment ready to print; its count is of those whom the asker may see."""
    style = page.style
    count = find_count(segment, page)
    whole = page.asker.snapshot.everyone()
    total = len(whole if page.asker.visible is None else whole & page.asker.visible)
    share = None if count is None or not total else count / total
    state, tone = describe_state(segment)
    return Card(
        slug=segment.slug,
        name=segment.name,
        description=segment.description,
        colour=segment.colour or "grey",
        kind=name_kind(segment),
        is_preset=segment.kind == "preset",
        count="" if count is None else format_number(count, style),
        share=format_percent(share, style) if share is not None else "",
        percent=round(100 * share) if share is not None else 0,
        change=_build_change(segment, page),
        state=state,
        tone=tone,
        as_of=write_last_day(segment.as_of, page),
    )


def find_count(segment: SavedSegment, page: Page) -> int | None:
    """How many of those whom the asker may see are in a segment; None where it has no members yet."""
    if page.asker.visible is None:
        return segment.count
    try:
        return len(get_segment_members(segment.slug, page.asker.snapshot) & page.asker.visible)
    except SegmentNotBuilt:
        return None


def _build_change(segment: SavedSegment, page: Page) -> Change | None:
    # How many came and went among everybody is nothing for who may see own customers alone.
    if segment.count is None or segment.previous_count is None or page.asker.owner_id is not None:
        return None
    difference = segment.count - segment.previous_count
    if difference == 0:
        return None
    words = {"difference": format_number(abs(difference), page.style)}
    if difference > 0:
        return Change("up", _("%(difference)s more than before") % words, None)
    return Change("down", _("%(difference)s fewer than before") % words, None)


def describe_state(segment: SavedSegment) -> tuple[str, str]:
    """How a segment stands, and the tone of it."""
    if segment.error:
        return _("The last build failed"), "error"
    if segment.is_waiting:
        return _("Is being built"), "info"
    return "", ""


def name_kind(segment: SavedSegment) -> str:
    """What sort of segment it is."""
    return {
        "preset": _("Ready segment"),
        "rule": _("By conditions"),
        "list": _("List by hand"),
    }[segment.kind]


def name_colour(colour: str) -> str:
    """A colour, in words."""
    return {
        "grey": _("Grey"),
        "blue": _("Blue"),
        "green": _("Green"),
        "orange": _("Orange"),
        "red": _("Red"),
        "teal": _("Teal"),
        "indigo": _("Indigo"),
        "pink": _("Pink"),
    }[colour]


def describe_build(segment: SavedSegment, page: Page) -> str:
    """When a segment was built last, and as of which day."""
    if segment.built_at is None or segment.as_of is None:
        return ""
    zone = ZoneInfo(page.business.zone)
    told = {
        "moment": format_moment(segment.built_at, zone, page.style, "short"),
        "day": write_last_day(segment.as_of, page),
    }
    if segment.kind == "list":
        return _("Changed %(moment)s") % told
    return _("Built %(moment)s, with data up to %(day)s") % told


def write_last_day(as_of: date | None, page: Page) -> str:
    """The last day that counts where something is told as of a day; "" where that isn't known."""
    return format_day(as_of - timedelta(days=1), page.style, "short") if as_of else ""


def count_people(count: int, page: Page) -> str:
    """So many customers, as this business calls them."""
    return get_customer_word(page.business).counted(count, format_number(count, page.style))
