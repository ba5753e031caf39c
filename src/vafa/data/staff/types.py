"""Values and errors that cross the staff room's doors."""

from vafa.kit.errors import VafaError


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
