"""Links by which an invited member of staff sets a first or a new password.

The link is not stored: it is signed and holds a mark of the password it will replace and the number of the person's
newest link, so it works once, and a newer password, a newer or a revoked link, or the end of its time spends it.
"""

from datetime import datetime, timedelta

from django.core import signing
from django.utils.crypto import salted_hmac

from vafa.data.staff.models import Staff

VALID_FOR = timedelta(days=7)
# A link that somebody asked for by mail, and one that the operator made at the command line.
RESET_VALID_FOR = timedelta(hours=1)
_SALT = "vafa.staff.invitation"


def build_invitation(staff: Staff, now: datetime, valid_for: timedelta = VALID_FOR) -> str:
    """The token of a link that lets this person set a password within seven days, or as long as is said."""
    until = int((now + valid_for).timestamp())
    return signing.Signer(salt=_SALT).sign_object({"staff": staff.pk, "mark": _mark(staff), "until": until})


def read_invitation(token: str, now: datetime) -> Staff | None:
    """Whom a link is for; None if it is spent, too old or not ours."""
    try:
        said = signing.Signer(salt=_SALT).unsign_object(token)
    except signing.BadSignature:
        return None
    staff = Staff.objects.filter(pk=said["staff"], is_active=True).first()
    if staff is None or said["mark"] != _mark(staff) or now.timestamp() >= said["until"]:
        return None
    return staff


def _mark(staff: Staff) -> str:
    told = f"{staff.password}{staff.email}{staff.link_number or ''}"
    return salted_hmac(_SALT, told, algorithm="sha256").hexdigest()[:32]
