"""Where files may be taken from: one folder that the operator names, and addresses of the internet."""

import os
from pathlib import Path

from django.utils.translation import gettext as _

from vafa.data.timed.types import TimedUnusable
from vafa.kit.outbound import NotSent, check_address

VARIABLE = "VAFA_IMPORT_FOLDER"
ENDINGS = frozenset({".csv", ".tsv", ".txt", ".xlsx", ".xls", ".parquet", ".html", ".htm"})


def find_root() -> Path | None:
    """The folder below which folders may be looked into; None where the operator names none."""
    told = os.environ.get(VARIABLE, "")
    return Path(told).expanduser().resolve() if told else None


def is_address(place: str) -> bool:
    """Whether a place is an address and no folder."""
    return place.startswith(("http://", "https://"))


def check_place(place: str) -> None:
    """Raises TimedUnusable where files can't, or may not, be taken from there."""
    if not is_address(place):
        find_folder(place)
        return
    try:
        check_address(place)
    except NotSent as problem:
        raise TimedUnusable(problem.message, problem.remedy) from problem


def find_folder(place: str) -> Path:
    """The folder of that name below the operator's. Raises TimedUnusable; links lead nowhere outside."""
    root = find_root()
    if root is None:
        raise TimedUnusable(
            _("No folder of the server may be looked into."),
            _("The operator names one in %(variable)s and starts Vafa anew.") % {"variable": VARIABLE},
        )
    folder = (root / place).resolve()
    if not folder.is_relative_to(root) or not folder.is_dir():
        raise TimedUnusable(
            _("There is no folder %(folder)s.") % {"folder": place},
            _("Name one below %(root)s.") % {"root": root},
        )
    return folder


def list_files(place: str) -> list[Path]:
    """The files of a folder that may be tables, the oldest first. Hidden ones, and those that are being written under
    another ending, are left alone."""
    folder = find_folder(place)
    found = [
        path
        for path in folder.iterdir()
        if path.suffix.lower() in ENDINGS
        and not path.name.startswith(".")
        and path.is_file()
        and path.resolve().is_relative_to(folder)
    ]
    return sorted(found, key=lambda path: (path.stat().st_mtime, path.name))
