"""What may go wrong with backups, named by the state they tell of."""

from vafa.kit.errors import AskedWrongly, VafaError


class BackupBroken(VafaError):
    """The file is no whole backup."""

    code = "backup_broken"


class PassphraseWrong(AskedWrongly):
    """The backup is sealed, and this does not open it."""

    code = "passphrase_wrong"


class BackupNewer(VafaError):
    """The backup was made by a newer version than this one."""

    code = "backup_newer"


class OtherDatabase(AskedWrongly):
    """The backup was made from another kind of database."""

    code = "other_database"


class StillRunning(VafaError):
    """A server or a worker is at work on the data that would be replaced."""

    code = "still_running"


class RestoreFailed(VafaError):
    """The restored data could not be brought up to date; the old are back in their place."""

    code = "restore_failed"


class UpgradeFailed(VafaError):
    """A migration failed; the data are as they were before."""

    code = "upgrade_failed"


class RestoreCutOff(VafaError):
    """An earlier restore ended in the middle."""

    code = "restore_cut_off"
