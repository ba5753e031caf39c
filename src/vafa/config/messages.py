"""Compile the message catalogues (.po to .mo) in pure Python, where they have changed.

Like frontend.py, this file is also run by the package's build hook by its path: it imports nothing of Vafa.
"""

import os
import tempfile
from pathlib import Path

LOCALE = Path(__file__).resolve().parents[1] / "locale"


def ensure_messages(folder: Path = LOCALE) -> list[Path]:
    """Compile each catalogue under `folder` that is newer than its compiled file; give those written.

    In an installed package the catalogues are compiled already and their sources absent: nothing is done.
    """
    stale = [path for path in sorted(folder.glob("*/LC_MESSAGES/*.po")) if is_stale(path)]
    return [compile_catalogue(path) for path in stale]


def is_stale(catalogue: Path) -> bool:
    """Whether a .po has no .mo of the same moment. Equal, not newer: a restored older .po counts as well."""
    compiled = catalogue.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime_ns != catalogue.stat().st_mtime_ns


def compile_catalogue(catalogue: Path) -> Path:
    """Write the .mo beside its .po, whole or not at all, with the moment of the .po it was made from."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    read_at = catalogue.stat()
    with catalogue.open("rb") as source:
        messages = read_po(source, locale=catalogue.parent.parent.name)
    compiled = catalogue.with_suffix(".mo")
    with tempfile.NamedTemporaryFile(dir=compiled.parent, suffix=".mo.part", delete=False) as target:
        write_mo(target, messages)
    part = Path(target.name)
    part.chmod(0o644)
    os.utime(part, ns=(read_at.st_mtime_ns, read_at.st_mtime_ns))
    part.replace(compiled)
    return compiled
