"""The demo's staff: one of each role, with passwords of this installation alone."""

import json
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from vafa.data.staff.actions import add_staff, create_owner
from vafa.data.staff.queries import find_staff
from vafa.kit.home import get_home
from vafa.kit.permissions import Role

SIGN_IN_FILE = "sign-in.json"
OWNER_EMAIL, AGENT_EMAIL = "owner@example.com", "agent@example.com"
STAFF = (
    (Role.OWNER, OWNER_EMAIL, "مهرداد فروغی"),
    (Role.MANAGER, "manager@example.com", "نگار شاکری"),
    (Role.AGENT, AGENT_EMAIL, "پویا رستگار"),
    (Role.ANALYST, "analyst@example.com", "سارا کیانی"),
)


@dataclass(frozen=True)
class SignIn:
    """How one member of the demo's staff signs in."""

    role: str
    email: str
    password: str


def make_staff(now: datetime) -> list[SignIn]:
    """Make the demo's staff and keep their passwords in its home; those made before stay as they are."""
    known = {sign_in.email: sign_in for sign_in in read_sign_ins(get_home())}
    for role, email, name in STAFF:
        if find_staff(email) is not None:
            continue
        password = secrets.token_urlsafe(9)
        # Kept before it is used: cut off in between, the next start makes the account with another one.
        known[email] = SignIn(role.value, email, password)
        _keep(list(known.values()))
        if role is Role.OWNER:
            create_owner(email=email, password=password, name=name, now=now)
        else:
            add_staff(email=email, role=role, by=None, now=now, name=name, password=password)
    return list(known.values())


def _keep(sign_ins: list[SignIn]) -> None:
    path = get_home() / SIGN_IN_FILE
    path.touch(mode=0o600)
    path.write_text(json.dumps([asdict(sign_in) for sign_in in sign_ins]))


def read_sign_ins(home: Path) -> list[SignIn]:
    """The sign-ins that a demo's home keeps, the owner's first; none where it isn't made yet."""
    try:
        documents = json.loads((home / SIGN_IN_FILE).read_text())
        return [SignIn(**document) for document in documents]
    except (FileNotFoundError, ValueError, TypeError):
        return []
