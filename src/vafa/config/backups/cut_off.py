"""Whether a restore ended in the middle: asked before every command, so it costs a look at one file."""

from pathlib import Path

from django.utils.translation import gettext as _

from vafa.config.backups.errors import RestoreCutOff

NOTE = "restore-at-work.json"


def check_not_cut_off(home: Path) -> None:
    """Raises RestoreCutOff where half of a restore lies there, so that nobody works on it."""
    if (home / NOTE).exists():
        raise RestoreCutOff(
            _("A restore was cut off in the middle."),
            _("Run vafa restore again, or vafa restore --back to return to the data before it."),
        )
