"""The pure decisions of webhooks: how a message is signed, and when it is tried again."""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import timedelta

# How long to wait after the first, the second ... failure; after the last, the delivery has failed.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 720, 1440))
# By this answer a receiver says that it wants no more of it.
GONE = 410


def sign(body: bytes, secrets: Sequence[str], at: int) -> str:
    """What stands in `Vafa-Signature`: the second it was signed in, and for each secret the HMAC-SHA256 of that second,
    a dot and the body."""
    told = [f"t={at}"]
    for secret in secrets:
        digest = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
        told.append(f"v1={digest}")
    return ",".join(told)


def decide_wait(attempts: int, status: int | None, *, permanent: bool) -> timedelta | None:
    """How long to wait after so many tries; None where there is no sense in another."""
    if permanent or status == GONE or attempts > len(WAITS):
        return None
    return WAITS[attempts - 1]
