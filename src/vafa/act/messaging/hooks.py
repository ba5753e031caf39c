"""Where providers tell what came in: an address that nobody can guess, and reading what is told there.

The address holds a signed number of the account; whoever knows it is believed to be the provider, for no provider of
text messages signs what it tells. It can say what became of our messages and what people answer, and nothing else.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from django.core.signing import BadSignature, Signer

from vafa.act.messaging.channels.bot_api import read_update
from vafa.act.messaging.channels.kavenegar_api import STATES
from vafa.act.messaging.incoming import AnswerText, BotWord, Report, ReportState, Told
from vafa.act.messaging.models import Account

_SALT = "vafa.messaging.incoming"
MOST_BYTES = 64 * 1024
MOST_FIELDS = 60
# What providers name it, where an account's settings do not say.
_USUAL = {
    "report_id": "messageid,message_id,id,msgid,smsid",
    "report_state": "status,state,dlr",
    "answer_id": "messageid,message_id,id,msgid",
    "answer_from": "from,sender,mobile,msisdn",
    "answer_text": "message,text,body,content",
    "delivered": "delivered,delivrd,10,1",
    "undelivered": "undelivered,undeliv,failed,expired,rejected,rejectd,11,2",
    "blocked": "blocked,blacklist,14",
}
SETTING_NAMES = tuple(_USUAL)


def build_hook_token(account: Account) -> str:
    """The part of an account's address that nobody can guess. It changes with `settings["hook"]`."""
    signer = Signer(salt=f"{_SALT}.{account.settings.get('hook', '')}")
    return signer.sign(str(account.pk)).replace(":", ".")


def find_by_hook_token(token: str) -> Account | None:
    """The account whose address it is, or None."""
    number, _dot, signature = token.partition(".")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    account = Account.objects.filter(pk=int(number), removed_at=None).first()
    if account is None:
        return None
    try:
        Signer(salt=f"{_SALT}.{account.settings.get('hook', '')}").unsign(f"{number}:{signature}")
    except BadSignature:
        return None
    return account


def read_hook(
    account: Account, query: str, body: bytes, content_type: str, headers: Mapping[str, str] | None = None
) -> list[Told]:
    """What a provider told, by whatever form; nothing of what can't be read."""
    if len(body) > MOST_BYTES:
        return []
    if account.kind == "anymail":
        from vafa.act.messaging.anymail_hooks import read_anymail

        return list(read_anymail(account, query, body, content_type, headers or {}))
    told = _read_json(body) if "json" in content_type.lower() or account.kind == "bot" else None
    if account.kind == "bot":
        written = read_update(told)
        return [] if written is None else [BotWord(written.number, written.chat_id, written.text)]
    if account.kind not in ("kavenegar", "sms_http"):
        return []
    rows = (
        told if isinstance(told, list) else [told] if isinstance(told, dict) else [_read_fields(query, body)]
    )
    found = [
        _read_row(account, {str(name).lower(): value for name, value in row.items()})
        for row in rows[:500]
        if isinstance(row, dict)
    ]
    return [one for one in found if one is not None]


def _read_json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _read_fields(query: str, body: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(f"{query}&{body.decode('utf-8', 'replace')}", max_num_fields=MOST_FIELDS)
    except ValueError:
        return {}
    return dict(pairs)


def _read_row(account: Account, row: Mapping[str, Any]) -> Told | None:
    names = {**_USUAL, **(account.settings.get("incoming") or {})}

    def get(setting: str) -> str:
        for name in _list_words(names[setting]):
            value = row.get(name)
            if isinstance(value, str | int) and not isinstance(value, bool):
                return str(value)
        return ""

    text, sender = get("answer_text"), get("answer_from")
    if text and sender:
        return AnswerText(get("answer_id"), sender, text)
    number, status = get("report_id"), get("report_state").lower()
    state = read_kavenegar_state(status) if account.kind == "kavenegar" else _read_state(names, status)
    return Report(number, state, status[:40]) if number and state else None


def read_kavenegar_state(status: str) -> ReportState | None:
    """What a status of Kavenegar's says of a message's end; None where it is still on its way."""
    told = STATES.get(int(status)) if status.isascii() and status.isdigit() and len(status) < 5 else None
    known: dict[str | None, ReportState] = {
        "delivered": "delivered",
        "failed": "undelivered",
        "blocked": "blocked",
    }
    return known.get(told)


def _read_state(names: Mapping[str, str], status: str) -> ReportState | None:
    states: Iterable[ReportState] = ("delivered", "undelivered", "blocked")
    return next((one for one in states if status and status in _list_words(names[one])), None)


def _list_words(told: str) -> list[str]:
    return [word.strip().lower() for word in str(told).split(",") if word.strip()]
