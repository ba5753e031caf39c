"""Checks of customers: who may be there twice, and who can't be reached. Only the records hold how to reach them."""

from collections.abc import Sequence
from typing import ClassVar

from django.utils.translation import gettext as _
from pyroaring import BitMap

from vafa.data.customers.queries import Shared, SharedBy, list_namesakes, list_reachable_ids, list_shared
from vafa.lab.quality import Person, decide_likeness
from vafa.measure.quality.looked import Looked
from vafa.measure.quality.types import CheckEntry, Finding, Result

# Of so many customers without number or address namesakes are looked for; of more, a name says nothing any more.
MOST_SILENT = 20_000


class _Doubles:
    name: ClassVar[str] = ""
    whole_only: ClassVar[bool] = False
    by: ClassVar[SharedBy]

    def count(self, looked: Looked) -> Result:
        """How many customers, of all."""
        total = looked.count_customers()
        if not total:
            return Result(self.name, None, None, "no_data")
        found = {customer for finding in self._list(looked) for customer in finding.cells["customers"]}
        return Result(self.name, len(found), total)

    def list_findings(self, looked: Looked, offset: int, limit: int) -> list[Finding]:
        """Those who are likely one person first, the larger groups before the smaller."""
        return self._list(looked)[offset : offset + limit]

    def _list(self, looked: Looked) -> list[Finding]:
        return looked.keep(self.name, lambda: self._find(looked))

    def _find(self, looked: Looked) -> list[Finding]:
        found = []
        for shared in self._list_shared(looked):
            likeness = decide_likeness(_list_people(shared), share_point=self.by != "name")
            if likeness is not None:
                ids = [person.id for person in shared.people]
                value = "" if self.by == "name" else shared.value
                cells = {"customers": ids, "value": value, "note": likeness}
                found.append(Finding(cells, likely=likeness == "likely"))
        return sorted(
            found, key=lambda one: (not one.likely, -len(one.cells["customers"]), one.cells["customers"])
        )

    def _list_shared(self, looked: Looked) -> list[Shared]:
        return list_shared(self.by, looked.owner_id)


def _list_people(shared: Shared) -> Sequence[Person]:
    return [Person(one.id, one.name, one.birthday, one.location) for one in shared.people]


def _describe_effect() -> str:
    return _("One person counted twice seems two: one lost, or one who buys once only. Retention is too low.")


def _describe_remedy() -> str:
    return _(
        "Say on this page that they are one person; it can be taken back. Families and offices are left alone."
    )


class SamePhone(_Doubles):
    """Customers with one phone number."""

    name = "same_phone"
    by = "phone"

    def describe(self) -> CheckEntry:
        """What it is."""
        return CheckEntry(
            self.name,
            _("Customers with the same phone number"),
            _("Customers who share a number: one person twice, or a family or an office."),
            _describe_effect(),
            _describe_remedy(),
            "",
            "customers",
            "warning",
            ("customers", "value", "note"),
        )


class SameEmail(_Doubles):
    """Customers with one e-mail address."""

    name = "same_email"
    by = "email"

    def describe(self) -> CheckEntry:
        """What it is."""
        return CheckEntry(
            self.name,
            _("Customers with the same e-mail address"),
            _("Customers who share an address: most often one person twice."),
            _describe_effect(),
            _describe_remedy(),
            "",
            "customers",
            "warning",
            ("customers", "value", "note"),
        )


class SameName(_Doubles):
    """Customers with one name and one birthday or place."""

    name = "same_name"
    by = "name"

    def describe(self) -> CheckEntry:
        """What it is."""
        return CheckEntry(
            self.name,
            _("Customers with the same name"),
            _(
                "Customers of the same name, however it is spelled, with the same birthday; or with the same place, "
                "where one of them has neither number nor address. A name alone is no sign: many share it."
            ),
            _describe_effect(),
            _describe_remedy(),
            "",
            "customers",
            "info",
            ("customers", "note"),
        )

    def _list_shared(self, looked: Looked) -> list[Shared]:
        silent = looked.snapshot.ids(find_unreachable(looked)[:MOST_SILENT]).tolist()
        return [*super()._list_shared(looked), *list_namesakes(silent, looked.owner_id)]


class Unreachable:
    """Customers without any way to reach them."""

    name: ClassVar[str] = "unreachable"
    whole_only: ClassVar[bool] = False

    def describe(self) -> CheckEntry:
        """What it is."""
        return CheckEntry(
            self.name,
            _("Customers who cannot be reached"),
            _("Customers without a phone number, an e-mail address or any other way to reach them."),
            _(
                "They count in every figure, but nothing can be sent to them and doubles among them are not seen."
            ),
            _("Bring in a file of customers with their numbers or addresses."),
            "imports",
            "customers",
            "info",
            ("customer",),
        )

    def count(self, looked: Looked) -> Result:
        """How many customers, of all."""
        total = looked.count_customers()
        if not total:
            return Result(self.name, None, None, "no_data")
        return Result(self.name, len(find_unreachable(looked)), total)

    def list_findings(self, looked: Looked, offset: int, limit: int) -> list[Finding]:
        """The customers in the order in which they came."""
        members = find_unreachable(looked)
        ids = looked.snapshot.ids(members[offset : offset + limit]).tolist()
        return [Finding({"customer": customer}) for customer in ids]


def find_unreachable(looked: Looked) -> BitMap:
    """The customers without any way to reach them, as far as the asker may see them."""

    def find() -> BitMap:
        everyone = looked.snapshot.everyone() if looked.visible is None else looked.visible
        return everyone - looked.snapshot.ix_set(list_reachable_ids())

    return looked.keep("unreachable", find)
