"""Questions that the warehouse cannot answer."""

from vafa.kit.errors import AskedWrongly, VafaError


class DimensionUnknown(AskedWrongly):
    """There is no such field to group by."""

    code = "dimension_unknown"


class DimensionNotForRule(AskedWrongly):
    """This field belongs to orders and the rule to subscriptions, or the other way round."""

    code = "dimension_not_for_rule"


class RecordsUnreadable(VafaError):
    """The database of the records broke off while it was read."""

    code = "records_unreadable"
