"""All checks, what they find, and the newest counts of them."""

from collections.abc import Iterator
from datetime import date
from itertools import islice

from django.utils.translation import gettext as _
from pyroaring import BitMap

from vafa.data.business.queries import Business
from vafa.measure.quality.amount_checks import AmountsFarOut, AmountsInAnotherUnit
from vafa.measure.quality.day_checks import GapsInTheDays
from vafa.measure.quality.line_checks import (
    AnonymousSales,
    DoubleLines,
    FutureOrders,
    OrdersBeforeJoining,
    SalesOfTwoSources,
)
from vafa.measure.quality.looked import Check, Looked, list_in_pieces
from vafa.measure.quality.other_checks import (
    BackwardSubscriptions,
    MixedCurrencies,
    OverlappingSubscriptions,
    UnmatchedReturns,
)
from vafa.measure.quality.people_checks import SameEmail, SameName, SamePhone, Unreachable
from vafa.measure.quality.ticket_checks import ImpossibleTimes
from vafa.measure.quality.types import CheckEntry, CheckUnknown, Finding, Result
from vafa.warehouse.queries import Snapshot

CHECKS: tuple[Check, ...] = (
    SamePhone(),
    SameEmail(),
    SameName(),
    GapsInTheDays(),
    FutureOrders(),
    OrdersBeforeJoining(),
    DoubleLines(),
    SalesOfTwoSources(),
    AmountsInAnotherUnit(),
    AmountsFarOut(),
    MixedCurrencies(),
    UnmatchedReturns(),
    OverlappingSubscriptions(),
    BackwardSubscriptions(),
    ImpossibleTimes(),
    AnonymousSales(),
    Unreachable(),
)


def build_looked(
    snapshot: Snapshot,
    business: Business,
    today: date,
    owner_id: int | None = None,
    visible: BitMap | None = None,
) -> Looked:
    """What the checks look at. `owner_id` and `visible` limit them to the customers of one member of staff."""
    return Looked(snapshot, business, today, owner_id, visible)


def list_checks() -> list[CheckEntry]:
    """All checks in the order in which they are shown, in the active language."""
    return [check.describe() for check in CHECKS]


def get_check(name: str) -> CheckEntry:
    """One check. Raises CheckUnknown with the list of names."""
    return _get(name).describe()


def _get(name: str) -> Check:
    found = next((check for check in CHECKS if check.name == name), None)
    if found is None:
        names = [check.name for check in CHECKS]
        raise CheckUnknown(
            _("There is no check named “%(name)s”.") % {"name": name},
            _("The checks are: %(names)s.") % {"names": ", ".join(names)},
            names=names,
        )
    return found


def get_result(looked: Looked, name: str) -> Result:
    """What one check finds, counted once for a state of the data. Raises CheckUnknown."""
    check = _get(name)
    if check.whole_only and looked.visible is not None:
        return Result(name, None, None, "whole_only")
    return looked.keep(("result", name), lambda: check.count(looked))


def list_results(looked: Looked) -> list[Result]:
    """What all checks find."""
    return [get_result(looked, check.name) for check in CHECKS]


def list_findings(looked: Looked, name: str, offset: int = 0, limit: int = 50) -> list[Finding]:
    """The rows behind a check's count, from one place on. Raises CheckUnknown."""
    check = _get(name)
    if check.whole_only and looked.visible is not None:
        return []
    return check.list_findings(looked, offset, limit)


def list_all_findings(looked: Looked, name: str, most: int = 1_000_000) -> Iterator[Finding]:
    """All rows behind a check's count, read in pieces; at most a million, as a sheet holds no more."""
    check = _get(name)
    if check.whole_only and looked.visible is not None:
        return iter(())
    return islice(list_in_pieces(check, looked), most)
