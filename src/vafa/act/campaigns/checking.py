"""What hinders a campaign from starting, by name."""

from datetime import datetime

from django.utils.translation import gettext as _

from vafa.act.campaigns.content import get_content
from vafa.act.campaigns.models import Campaign
from vafa.act.campaigns.timetable import find_next_day
from vafa.act.campaigns.types import Hindrance
from vafa.act.messaging.queries import (
    FORBIDS,
    KNOWN,
    build_made_up_values,
    build_sms,
    check_content,
    find_account,
    find_sms_account,
    has_links,
    list_accounts,
    list_open_accounts,
    look_at_sms,
)
from vafa.act.messaging.types import TemplateContent
from vafa.data.business.queries import get_business
from vafa.data.consent.types import Channel, Purpose
from vafa.kit.errors import VafaError
from vafa.kit.permissions import Permission, may
from vafa.kit.public_address import NoPublicAddress, PublicAddressSilent, require_public_address
from vafa.measure.metrics.queries import get_owner_id
from vafa.measure.segments.queries import find_saved


def list_hindrances(campaign: Campaign, now: datetime) -> tuple[Hindrance, ...]:
    """All that hinders a campaign from being started, in the order in which it is mended."""
    found: list[Hindrance] = []
    if not campaign.name.strip():
        found.append("no_name")
    found += _check_audience(campaign)
    found += _check_text(campaign, now)
    found += _check_way(campaign)
    if not campaign.every and campaign.starts_at is not None and campaign.starts_at < now:
        found.append("time_past")
    if campaign.every and find_next_day(campaign, now) is None:
        found.append("time_past")
    return tuple(dict.fromkeys(found))


def list_run_hindrances(campaign: Campaign, now: datetime) -> tuple[Hindrance, ...]:
    """What hinders a run that has come due: the same but for its times, and whoever started it may send no more."""
    found: list[Hindrance] = []
    if campaign.started_by is not None and not can_send(campaign.started_by):
        found.append("starter_gone")
    found += [*_check_audience(campaign), *_check_text(campaign, now), *_check_way(campaign)]
    return tuple(dict.fromkeys(found))


def can_send(staff: object) -> bool:
    """Whether somebody may send to everybody: with the permission, and not limited to own customers."""
    return may(staff, Permission.SEND_MESSAGES) and get_owner_id(staff, get_business()) is None


def _check_audience(campaign: Campaign) -> list[Hindrance]:
    saved = find_saved(campaign.segment.slug) if campaign.segment is not None else None
    if saved is None:
        return ["no_audience"]
    if saved.archived:
        return ["audience_archived"]
    if saved.count is None:
        return ["audience_not_built"]
    # A recurring one may wait for its first member.
    return [] if saved.count or campaign.every else ["audience_empty"]


def _check_text(campaign: Campaign, now: datetime) -> list[Hindrance]:
    content = get_content(campaign)
    if not content.texts:
        return ["no_text"]
    if any(problem.grave for problem in check_content(content, KNOWN)):
        return ["text_broken"]
    if campaign.channel == Channel.SMS and _is_forbidden(campaign, content, now):
        return ["text_forbidden"]
    # Every marketing mail has a link, by which one unsubscribes.
    if campaign.purpose != Purpose.SERVICE and (campaign.channel == Channel.EMAIL or has_links(content)):
        return _check_address(now)
    return []


def _is_forbidden(campaign: Campaign, content: TemplateContent, now: datetime) -> bool:
    """Whether the text in one of its languages breaks a rule of the line, country or provider."""
    account = find_sms_account(campaign.purpose, campaign.account_id)
    if account is None:
        return False
    for code, text in content.texts:
        if text.is_empty:
            continue
        try:
            short = build_sms(content, build_made_up_values(code, now).values, code)
        except VafaError:
            return True
        if FORBIDS.intersection(look_at_sms(short, campaign.purpose, code, account).problems):
            return True
    return False


def _check_address(now: datetime) -> list[Hindrance]:
    try:
        require_public_address(now)
    except NoPublicAddress:
        return ["address_unknown"]
    except PublicAddressSilent:
        return ["address_silent"]
    return []


def _check_way(campaign: Campaign) -> list[Hindrance]:
    if campaign.account_id is not None:
        account = find_account(campaign.account_id)
        if account is None or account.channel != campaign.channel or campaign.purpose not in account.purposes:
            return ["account_unfit"]
        return ["account_paused"] if account.paused_at is not None else []
    if list_open_accounts(campaign.channel, campaign.purpose):
        return []
    fit = [
        one for one in list_accounts() if one.channel == campaign.channel and campaign.purpose in one.purposes
    ]
    return ["account_paused"] if fit else ["no_account"]


def describe_hindrances(hindrances: tuple[Hindrance, ...], campaign: Campaign) -> str:
    """That a campaign can't start, for those who have no page to say why."""
    return _("The campaign “%(name)s” can't start: %(reasons)s.") % {
        "name": campaign.name,
        "reasons": ", ".join(hindrances),
    }
