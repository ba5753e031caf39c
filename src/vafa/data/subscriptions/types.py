"""Errors that cross the subscriptions' doors."""

from vafa.kit.errors import AskedWrongly


class RenewalUnusable(AskedWrongly):
    """The renewal can't be so; `field` says what of it."""

    code = "renewal_unusable"

    def __init__(self, message: str, remedy: str = "", field: str = "") -> None:
        super().__init__(message, remedy)
        self.field = field
