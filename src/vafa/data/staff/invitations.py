"""Links by which an invited member of staff sets a first or a new password.

Nothing is stored: the link is signed and holds a mark of the password it will replace, so it works once,
and a newer password or an expired week spends it.
"""

from datetime import datetime, timedelta

from django.core import signing
from django.utils.crypto import salted_hmac

from vafa.data.staff.models import Staff

VALID_FOR = timedelta(days=7)
_SALT = "vafa.staff.invitation"


def build_invitation(staff: Staff, now: datetime) -> str:
    """The token of a link that lets this person set a password within seven days."""
    until = int((now + VALID_FOR).timestamp())
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
    return salted_hmac(_SALT, staff.password + staff.email, algorithm="sha256").hexdigest()[:24]
