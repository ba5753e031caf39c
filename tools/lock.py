"""Pin every Python package anew, with hashes: `python tools/lock.py` (`--upgrade` for the newest of each).

Writes, beside pyproject.toml:

* requirements.lock: what runs, and what ./vafa needs to set itself up;
* requirements-dev.lock: all of that, at the same versions, and the tools of the gate;
* requirements-node.lock: Node for the front end's build, where the machine has none.

The files name no package index: whoever installs chooses it, and the hashes hold it to the same files.
"""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUN, DEV, NODE = "requirements.lock", "requirements-dev.lock", "requirements-node.lock"
COMMON = [
    "--universal", "--python-version", "3.11", "--generate-hashes", "--no-annotate", "--no-header",
    "--no-emit-index-url", "--no-emit-find-links", "--no-emit-index-annotation", "--quiet",
]  # fmt: skip
HEADER = "# Made by tools/lock.py; don't edit by hand.\n"
ADDRESS = re.compile(r"\w+://| @ |--index|--extra|--find|--trusted")


def pin(target: str, *options: str) -> None:
    """Resolve into one lock file; uv keeps what the file pins unless --upgrade is given."""
    uv = shutil.which("uv", path=sysconfig.get_path("scripts")) or "uv"
    subprocess.run([uv, "pip", "compile", *COMMON, *options, "--output-file", target], cwd=ROOT, check=True)
    path = ROOT / target
    text = HEADER + path.read_text().removeprefix(HEADER)
    if ADDRESS.search(text):
        path.unlink()
        sys.exit(f"{target} would name an address: {ADDRESS.search(text)}")
    path.write_text(text)


def main() -> None:
    """Write the three lock files; further arguments go to `uv pip compile`."""
    os.environ.pop("VIRTUAL_ENV", None)
    asked = sys.argv[1:]
    pin(RUN, "pyproject.toml", "--group", "build", *asked)
    pin(DEV, "pyproject.toml", "--group", "build", "--group", "dev", "--constraint", RUN, *asked)
    pin(NODE, "--group", "node", *asked)


if __name__ == "__main__":
    main()
