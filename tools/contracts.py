"""Import contracts of the house that import-linter has no contract type for. Configured in pyproject.toml."""

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output

# Floors that are made of rooms, vafa.<floor>.<room>.<part>; the others are one piece.
FLOORS_OF_ROOMS = ("data", "measure", "predict", "act", "prove")


def get_room(module: str) -> str | None:
    """The room that a module belongs to, or None for modules outside any room."""
    parts = module.split(".")
    if len(parts) >= 3 and parts[0] == "vafa" and parts[1] in FLOORS_OF_ROOMS and parts[2] != "tests":
        return ".".join(parts[:3])
    return None


def get_part(module: str) -> str:
    """The piece of its room that a module belongs to: `queries`, `models` ...; "" for the room itself."""
    return ".".join(module.split(".")[3:4])


def is_test(module: str) -> bool:
    """Whether a module is a room's test, which may look at whatever it needs."""
    return "tests" in module.split(".")


def report(graph: ImportGraph, pairs: list[tuple[str, str]]) -> None:
    """Print each forbidden import with its lines."""
    for importer, imported in pairs:
        for detail in graph.get_import_details(importer=importer, imported=imported):
            output.print_error(f"{importer}:{detail['line_number']}: {detail['line_contents']}")


class DoorsContract(Contract):
    """Other rooms and floors enter a room by its doors only."""

    doors = fields.SetField(subfield=fields.StringField())
    # Single modules that are doors as well.
    side_doors = fields.SetField(subfield=fields.StringField(), required=False, default=set())
    # What the root may also take from a room: its addresses, commands and timetable.
    root = fields.StringField()
    doors_for_root = fields.SetField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Every import that enters a room from outside must name a door."""
        broken = sorted(
            (importer, imported)
            for imported in graph.modules
            if get_room(imported)
            for importer in graph.find_modules_that_directly_import(imported)
            if not self.may_enter(importer, imported)
        )
        return ContractCheck(kept=not broken, metadata={"broken": broken, "graph": graph})

    def may_enter(self, importer: str, imported: str) -> bool:
        """Whether one import stays in its room, or comes in by a door."""
        part = get_part(imported)
        if get_room(importer) == get_room(imported) or is_test(importer) or part in self.doors:  # type: ignore[operator]
            return True
        if imported in self.side_doors:  # type: ignore[operator]
            return True
        if part == "models" and get_part(importer) == "models":
            return True  # a table names the tables of the rooms below it: that is what a foreign key is
        return importer.startswith(f"{self.root}.") and part in self.doors_for_root  # type: ignore[operator]

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Name the imports and the doors."""
        output.print_error(f"A room is entered by {', '.join(sorted(self.doors))} only:")  # type: ignore[call-overload]
        report(check.metadata["graph"], check.metadata["broken"])


class PureContract(Contract):
    """Rules and types of the rooms know no framework, no clock, no database and no other furniture."""

    parts = fields.SetField(subfield=fields.StringField())
    forbidden = fields.SetField(subfield=fields.StringField())
    furniture = fields.SetField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """No direct import of a forbidden package, nor of an impure part of a room, its own included."""
        broken = sorted(
            (module, imported)
            for module in graph.modules
            if get_room(module) and get_part(module) in self.parts and not is_test(module)  # type: ignore[operator]
            for imported in graph.find_modules_directly_imported_by(module)
            if self.is_impure(imported)
        )
        return ContractCheck(kept=not broken, metadata={"broken": broken, "graph": graph})

    def is_impure(self, imported: str) -> bool:
        """Whether an import would bring the outside world in."""
        if get_room(imported):
            return get_part(imported) in self.furniture  # type: ignore[operator]
        return any(imported == name or imported.startswith(f"{name}.") for name in self.forbidden)  # type: ignore[attr-defined]

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Name the imports."""
        output.print_error("Rules and types are pure; these imports are not:")
        report(check.metadata["graph"], check.metadata["broken"])
