"""The customer's link to their own page: signed, without an account, good for as long as there are messages with it."""

from django.core.signing import BadSignature, Signer

_SALT = "vafa.consent.preferences"


def build_preference_token(customer_id: int) -> str:
    """What stands in the address of a customer's own page. The same each time; nobody can make one up."""
    return Signer(salt=_SALT).sign(str(customer_id)).replace(":", ".")


def read_preference_token(token: str) -> int | None:
    """The id of the customer whose link it is; None where somebody changed or cut it."""
    number, _dot, signature = token.partition(".")
    try:
        told = Signer(salt=_SALT).unsign(f"{number}:{signature}")
    except BadSignature:
        return None
    return int(told) if told.isascii() and told.isdigit() else None
