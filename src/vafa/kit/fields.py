"""A database field for exact decimals, held as integers so that every database adds them alike."""

from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING, Any

from django.db import models

PLACES = 4
SCALE = 10**PLACES
_QUANTUM = Decimal(1).scaleb(-PLACES)


def to_fixed(value: Decimal | int) -> int:
    """The integer that stands for a decimal in the database (ten-thousandths, halves to even)."""
    return int((Decimal(value) * SCALE).to_integral_value(ROUND_HALF_EVEN))


def from_fixed(value: int) -> Decimal:
    """The decimal that a stored integer stands for."""
    exact: Decimal = (Decimal(value) / SCALE).quantize(_QUANTUM)
    return exact


if TYPE_CHECKING:
    _Base = models.BigIntegerField[Decimal | int | None, Any]
else:
    _Base = models.BigIntegerField


class FixedField(_Base):
    """A Decimal with four places in Python, a big integer of ten-thousandths in the database."""

    def from_db_value(self, value: int | None, expression: Any, connection: Any) -> Decimal | None:
        return None if value is None else from_fixed(value)

    def to_python(self, value: Any) -> Any:
        return None if value is None else Decimal(value)

    def get_prep_value(self, value: Any) -> Any:
        return None if value is None else to_fixed(Decimal(value))
