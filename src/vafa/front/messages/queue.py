"""The queue: what waits and why, paused accounts, what failed or is unknown, and sending chosen ones once more."""

from collections.abc import Iterator, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from vafa.act.messaging import queries
from vafa.act.messaging.actions import resend_unknown, resume_account
from vafa.act.messaging.queries import QUEUE_STATES, QueueAsked, Sending
from vafa.data.business.queries import get_business, get_style
from vafa.data.consent.types import Channel
from vafa.data.customers.queries import list_customer_rows
from vafa.front.campaigns.whys import describe_why, get_state_tone, name_state
from vafa.front.customers.files import build_file
from vafa.front.customers.rows import name_customer
from vafa.front.messages.queue_words import explain_pause, find_why, name_messages
from vafa.front.overview.exports import FORMATS
from vafa.front.overview.viewer import get_owner_id
from vafa.front.privacy.words import CHANNEL_NAMES
from vafa.front.same_page import build_address
from vafa.kit import clock
from vafa.kit.ids import read_id
from vafa.kit.locale.formats import Style, format_moment, format_number
from vafa.kit.permissions import Permission, may, requires
from vafa.kit.worker import is_worker_alive

PAGE_SIZE = 50
_KEPT = ("state", "why", "channel", "message")
COLUMNS = (
    "number", "customer_id", "name", "message", "channel", "purpose", "state", "why", "waits_until", "ended_at",
    "account", "attempts", "answer", "message_id",
)  # fmt: skip


@requires(Permission.SEE_CUSTOMERS)
@require_safe
def queue(request: HttpRequest) -> HttpResponseBase:
    """`/queue/?state=&why=&channel=&message=&before=&after=`: what waits, failed, was held back or is unknown. Pages
    begin below (`before`) or end above (`after`) the number of a row."""
    asked, style, zone = _read(request), _get_style(), ZoneInfo(get_business().zone)
    rows, newer, older = _cut(request, asked)
    limited = asked.owner_id is not None
    names = name_messages({one.message for one in rows}, links=_may_open(request, asked))
    whys = queries.count_queue(asked)
    context: dict[str, Any] = {
        "rows": _list_rows(rows, names, style, zone),
        "asked": asked,
        "states": _list_states(asked, style),
        "whys": [
            (why, f"{describe_why(why)} ({format_number(count, style)})")
            for why, count in sorted(whys.items(), key=lambda one: -one[1])
            if why
        ],
        "channels": [(str(one), CHANNEL_NAMES[one]) for one in Channel],
        "message_name": _name_asked(request, asked),
        "is_narrowed": bool(asked.why or asked.channel or asked.message_id),
        "clear_url": "?" + f"state={asked.state}",
        "accounts": [] if limited else _list_paused(style, zone),
        "may_manage": may(request.user, Permission.MANAGE_SENDING),
        "unknown": _list_unknown(request, asked, style),
        "may_resend": asked.state == "unknown" and bool(rows) and may(request.user, Permission.SEND_MESSAGES),
        "summary": _summarise(
            len(rows), sum(whys.values()) if not asked.why else whys.get(asked.why, 0), style
        ),
        "previous_url": build_address(request, _KEPT, after=rows[0].pk) if rows and newer else None,
        "next_url": build_address(request, _KEPT, before=rows[-1].pk) if rows and older else None,
        "downloads": _list_downloads(request),
        "is_cut": queries.is_queue_cut() and asked.state in ("failed", "suppressed") and not asked.message_id,
        "is_working": is_worker_alive(clock.now()),
    }
    return render(request, "messages/queue.html", context)


@requires(Permission.EXPORT)
@require_safe
def export_queue(request: HttpRequest, file_format: str) -> HttpResponseBase:
    """`/queue.<csv|xlsx>`: what the page looks for, all of it, noted in the audit trail."""
    if file_format not in FORMATS:
        raise Http404
    asked = _read(request)
    whys = queries.count_queue(asked)
    count = whys.get(asked.why, 0) if asked.why else sum(whys.values())
    return build_file(request, "queue", COLUMNS, _list_export_rows(asked), file_format, count)


@requires(Permission.MANAGE_SENDING)
@require_POST
def resume_from_queue(request: HttpRequest, account_id: int) -> HttpResponseBase:
    """Let a paused account go on, and stay on the page."""
    if queries.find_account(account_id) is None:
        raise Http404
    if resume_account(account_id, by=request.user, now=clock.now()):
        messages.success(request, _("The account goes on, and what waited for it goes out."))
    return redirect("queue")


@requires(Permission.SEND_MESSAGES)
@require_POST
def resend(request: HttpRequest) -> HttpResponseBase:
    """Send chosen unknown rows once more (`row`, several times); asks first, and does it with `sure`."""
    chosen = [number for told in request.POST.getlist("row") if (number := read_id(told)) is not None]
    back = reverse("queue") + "?state=unknown"
    if not chosen:
        messages.warning(request, _("Choose at least one message."))
        return redirect(back)
    if request.POST.get("sure") != "yes":
        style = _get_style()
        words = {"count": format_number(len(chosen), style)}
        title = ngettext(
            "Send %(count)s message again?", "Send %(count)s messages again?", len(chosen)
        ) % words  # fmt: skip
        return render(request, "messages/resend.html", {"chosen": chosen, "title": title, "back_url": back})
    done = resend_unknown(chosen, by=request.user.pk or 0, now=clock.now())
    if done:
        words = {"count": format_number(done, _get_style())}
        told = ngettext("%(count)s message waits again.", "%(count)s messages wait again.", done) % words
        messages.success(request, told)
    if done < len(chosen):
        messages.warning(
            request, _("Some stay as they are: their message was stopped, or they are known meanwhile.")
        )
    return redirect(back)


def _get_style() -> Style:
    return get_style(translation.get_language() or "en")


def _read(request: HttpRequest) -> QueueAsked:
    told = request.GET
    return QueueAsked(
        state=next((one for one in QUEUE_STATES if one == told.get("state")), QUEUE_STATES[0]),
        why=told.get("why", "")[:20],
        channel=next((str(one) for one in Channel if str(one) == told.get("channel")), ""),
        message_id=read_id(told.get("message", "")),
        owner_id=get_owner_id(request.user, get_business()),
    )


def _may_open(request: HttpRequest, asked: QueueAsked) -> bool:
    return asked.owner_id is None and may(request.user, Permission.EDIT_MESSAGES)


def _cut(request: HttpRequest, asked: QueueAsked) -> tuple[list[Sending], bool, bool]:
    """One page, and whether there are newer and older rows."""
    before, after = (read_id(request.GET.get(name, "")) for name in ("before", "after"))
    if after is not None:
        found = queries.list_queue(asked, after=after, limit=PAGE_SIZE + 1)
        return found[-PAGE_SIZE:], len(found) > PAGE_SIZE, True
    found = queries.list_queue(asked, before=before, limit=PAGE_SIZE + 1)
    return found[:PAGE_SIZE], before is not None, len(found) > PAGE_SIZE


def _list_rows(
    rows: Sequence[Sending], names: dict[int, tuple[str, str]], style: Style, zone: ZoneInfo
) -> list[dict[str, Any]]:
    people = _name_people(rows)
    return [
        {
            "id": one.pk,
            "name": people.get(_get_kept(one), ""),
            "url": reverse("customer", args=[_get_kept(one)]) if _get_kept(one) in people else "",
            "message": names[one.message_id][0],
            "message_url": names[one.message_id][1],
            "channel": CHANNEL_NAMES[one.channel],
            "state": name_state(one.state),
            "tone": get_state_tone(one.state),
            "why": describe_why(find_why(one)),
            "when": format_moment(one.ended_at or one.not_before, zone, style, "short"),
            "answer": one.answer if one.state in ("failed", "unknown", "pending") else "",
            "mail_id": one.mail_id if one.state == "unknown" else "",
        }
        for one in rows
    ]


def _get_kept(one: Sending) -> int:
    return 0 if one.customer is None else one.customer.kept_id or one.customer.pk


def _name_people(rows: Sequence[Sending]) -> dict[int, str]:
    ids = dict.fromkeys(kept for one in rows if (kept := _get_kept(one)))
    return {row.id: name_customer(row) for row in list_customer_rows(ids)}


def _list_states(asked: QueueAsked, style: Style) -> list[dict[str, Any]]:
    counts = queries.count_queue_states(asked.owner_id)
    return [
        {
            "name": name_state(state),
            "count": format_number(counts[state], style),
            "url": f"?state={state}",
            "active": state == asked.state,
        }
        for state in QUEUE_STATES
    ]


def _name_asked(request: HttpRequest, asked: QueueAsked) -> str:
    found = None if asked.message_id is None else queries.find_message(asked.message_id)
    if found is None or asked.owner_id is not None:
        return ""
    return name_messages([found], links=_may_open(request, asked))[found.pk][0]


def _list_paused(style: Style, zone: ZoneInfo) -> list[dict[str, Any]]:
    found = []
    for one in queries.list_accounts():
        if one.paused_at is not None:
            why, remedy = explain_pause(one.paused_why)
            when = format_moment(one.paused_at, zone, style, "short")
            found.append(
                {
                    "account": one,
                    "channel": CHANNEL_NAMES[one.channel],
                    "why": why,
                    "remedy": remedy,
                    "when": when,
                }
            )
    return found


def _list_unknown(request: HttpRequest, asked: QueueAsked, style: Style) -> list[dict[str, Any]]:
    found = queries.list_unknown_messages(asked.owner_id) if asked.state == "unknown" else []
    names = name_messages([one for one, _count in found], links=_may_open(request, asked))
    return [
        {
            "name": names[one.pk][0],
            "count": format_number(count, style),
            "url": f"?state=unknown&message={one.pk}",
            "chosen": one.pk == asked.message_id,
        }
        for one, count in found
    ]


def _summarise(shown: int, total: int, style: Style) -> str:
    words = {"shown": format_number(shown, style), "total": format_number(total, style)}
    return _("%(shown)s of %(total)s") % words


def _list_downloads(request: HttpRequest) -> list[tuple[str, str]]:
    if not may(request.user, Permission.EXPORT):
        return []
    query = build_address(request, _KEPT).rstrip("?")
    return [(one, reverse("export_queue", args=[one]) + query) for one in FORMATS]


def _list_export_rows(asked: QueueAsked) -> Iterator[list[Any]]:
    piece: list[Sending] = []
    for one in queries.iterate_queue(asked):
        piece.append(one)
        if len(piece) == PAGE_SIZE * 10:
            yield from _write_rows(piece)
            piece = []
    yield from _write_rows(piece)


def _write_rows(piece: Sequence[Sending]) -> Iterator[list[Any]]:
    people, names = _name_people(piece), name_messages({one.message for one in piece}, links=False)
    for one in piece:
        kept = _get_kept(one)
        yield [
            one.pk, kept or None, people.get(kept, ""), names[one.message_id][0], one.channel, one.message.purpose,
            one.state, find_why(one), one.not_before if one.state == "pending" else None, one.ended_at,
            one.account.name if one.account else "", one.attempts, one.answer, one.mail_id,
        ]  # fmt: skip
