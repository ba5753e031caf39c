"""Values and errors that cross the staff room's doors."""

from dataclasses import dataclass

from vafa.kit.errors import VafaError
from vafa.kit.permissions import Permission


@dataclass(frozen=True)
class GivenRole:
    """A role, ready or the business's own, as it is given to staff: `key` is `agent` or `own:3`."""

    key: str
    name: str
    permissions: frozenset[Permission]
    own_only: bool
    is_ready: bool


class RoleMissing(VafaError):
    """There is no such role, or no longer."""

    code = "role_missing"
    exit_status = 2


class RoleInUse(VafaError):
    """A role that somebody has can't be removed."""

    code = "role_in_use"


class BadRole(VafaError):
    """A role can't be made like this; `details["field"]` says what is wrong."""

    code = "bad_role"
    exit_status = 2


class MoreThanOwn(VafaError):
    """Nobody gives others more than they have, nor changes who has more."""

    code = "more_than_own"


class StaffExists(VafaError):
    """Somebody signs in with this e-mail address already."""

    code = "staff_exists"
    exit_status = 2


class OwnerExists(VafaError):
    """The first owner can be made only while there is none."""

    code = "owner_exists"


class LastOwner(VafaError):
    """The last owner can be neither demoted nor shut out: nobody could let them in again."""

    code = "last_owner"


class WeakPassword(VafaError):
    """The password is too easily guessed."""

    code = "weak_password"
    exit_status = 2


class InvitationSpent(VafaError):
    """The invitation has been used, was replaced by a newer one, or is older than its seven days."""

    code = "invitation_spent"


class ScopesMissing(VafaError):
    """A token that may read nothing is of no use."""

    code = "scopes_missing"
    exit_status = 2
