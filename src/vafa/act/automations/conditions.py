"""Who meets conditions now: segments as they were last built, and definitions as of the end of data."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from pyroaring import BitMap

from vafa.act.automations.types import Condition
from vafa.lab.sets import build_set
from vafa.measure.segments.queries import Resolver, read_definition, settle_as_of
from vafa.warehouse.queries import Snapshot


class Judge:
    """Finds the ids of who meets conditions in one state of the copy; each condition is evaluated once."""

    def __init__(self, snapshot: Snapshot, now: datetime) -> None:
        self.snapshot = snapshot
        self._now = now
        self._resolver: Resolver | None = None
        self._known: dict[str, BitMap] = {}

    @property
    def resolver(self) -> Resolver:
        """What evaluates segments against this state."""
        if self._resolver is None:
            self._resolver = Resolver(self.snapshot)
        return self._resolver

    def find(self, condition: Condition) -> BitMap:
        """The ids of who is in the condition's segment or meets its definition, whichever way the condition asks.

        Raises SegmentUnknown, SegmentNotBuilt and what evaluating a definition raises.
        """
        key = condition.segment or repr(condition.definition)
        if key not in self._known:
            numbers = (
                self.resolver.find_current(condition.segment)
                if condition.segment
                else self._evaluate(condition, None)
            )
            self._known[key] = build_set(self.snapshot.ids(numbers)) if numbers else BitMap()
        return self._known[key]

    def find_as_of(self, condition: Condition, day: date) -> BitMap:
        """The ids as of a day, by the present definition and facts."""
        numbers = (
            self.resolver.find_as_of(condition.segment, day)
            if condition.segment
            else self._evaluate(condition, day)
        )
        return build_set(self.snapshot.ids(numbers)) if numbers else BitMap()

    def _evaluate(self, condition: Condition, day: date | None) -> BitMap:
        definition = read_definition(dict(condition.definition or {}))
        resolver = self.resolver
        as_of = day or settle_as_of(definition, self.snapshot, resolver.rule, self._now)
        key = ("automation_condition", repr(condition.definition), as_of, str(resolver.rule))
        return resolver.evaluate(definition, as_of, key)

    def keep(self, conditions: Sequence[Condition], ids: Iterable[int], day: date | None = None) -> set[int]:
        """Those of these customers who meet all conditions; as of a day, if named."""
        left = set(ids)
        for condition in conditions:
            if not left:
                break
            members = self.find(condition) if day is None else self.find_as_of(condition, day)
            left = {pk for pk in left if (pk in members) == condition.member}
        return left
