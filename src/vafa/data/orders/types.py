"""Values and errors that cross the orders' doors."""

from dataclasses import dataclass

from vafa.kit.errors import AskedWrongly


@dataclass(frozen=True)
class SalePair:
    """Two orders of two sources that may be one sale, each by a line of it; `first` is the one that would count."""

    first: int
    second: int
    score: int
    evidence: tuple[str, ...]


class PaymentUnusable(AskedWrongly):
    """The payment can't be so; `field` says what of it."""

    code = "payment_unusable"

    def __init__(self, message: str, remedy: str = "", field: str = "") -> None:
        super().__init__(message, remedy)
        self.field = field
