"""The link by which a customer begins to talk to a bot: signed, so that nobody can be taken for somebody else."""

from django.core.signing import BadSignature, Signer

_SALT = "vafa.messaging.bot"


def build_bot_token(customer_id: int, account_id: int) -> str:
    """What stands behind `?start=` in the link: at most 64 letters, digits, _ and -, as the protocol asks."""
    number, _colon, signature = Signer(salt=f"{_SALT}.{account_id}").sign(str(customer_id)).rpartition(":")
    return f"{number}_{signature}"


def read_bot_token(token: str, account_id: int) -> int | None:
    """The id of the customer whose link it is; None where somebody changed or cut it, or it is another bot's."""
    number, _line, signature = token.partition("_")
    try:
        told = Signer(salt=f"{_SALT}.{account_id}").unsign(f"{number}:{signature}")
    except BadSignature:
        return None
    return int(told) if told.isascii() and told.isdigit() and len(told) < 19 else None


def build_bot_link(url: str, username: str, token: str) -> str:
    """The address that opens the chat: that of Telegram, or of Bale by its own."""
    host = "ble.ir" if "bale" in url else "t.me"
    return f"https://{host}/{username}?start={token}"
