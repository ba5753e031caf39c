"""Name every platform's package in frontend/package-lock.json: run after each `npm install` there.

npm leaves out of its lock the optional packages that it could not see while resolving (other platforms'
builds of Tailwind and esbuild, on a mirror that carries only one platform), and `npm ci` then refuses that
lock on every machine. Their exact versions are known, as their parents pin them: they are written in with
the platform that their name tells, so that npm skips them everywhere else.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

LOCK = Path(__file__).resolve().parent.parent / "frontend" / "package-lock.json"
PLATFORM = re.compile(r"-(?:(?P<os>android|darwin|freebsd|linux|win32)-(?P<cpu>[a-z0-9]+)|wasm32)(?:-\w+)*$")


def list_missing(packages: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The lock's entries that are not there, by their place in node_modules."""
    missing = {}
    for place, package in packages.items():
        for name, version in package.get("optionalDependencies", {}).items():
            target = f"node_modules/{name}"
            if target not in packages and f"{place}/{target}" not in packages:
                missing[target] = build_entry(name, version)
    return missing


def build_entry(name: str, version: str) -> dict[str, Any]:
    """The entry of one optional package. Exits when the name tells no platform: then all would install it."""
    found = PLATFORM.search(name)
    if found is None or not re.fullmatch(r"\d[\w.-]*", version):
        sys.exit(
            f"{name} {version} is missing from {LOCK.name}, and neither its platform nor version is plain"
        )
    cpu = {"cpu": [(found["cpu"] or "wasm32").removesuffix("hf")]}
    system = {"os": [found["os"]]} if found["os"] else {}
    return {"version": version, **cpu, "optional": True, **system}


def main() -> None:
    """Complete the lock in place."""
    lock = json.loads(LOCK.read_text())
    missing = list_missing(lock["packages"])
    lock["packages"] = dict(sorted({**lock["packages"], **missing}.items()))
    LOCK.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n")
    print(f"{len(missing)} packages of other platforms were written in")


if __name__ == "__main__":
    main()
