"""Values and errors that cross the webhooks' doors."""

from vafa.kit.errors import AskedWrongly

# The kinds of happenings that programs may be told of.
KINDS = (
    "customer_new", "customer_changed", "order_new", "order_changed", "return_new", "return_changed",
    "subscription_new", "subscription_changed", "interaction_new", "interaction_changed", "consent_changed",
    "entered_segment", "left_segment", "promise.kept", "promise.late", "promise.broken",
    "risk_rose", "risk_fell", "case_opened", "case_moved",
)  # fmt: skip


class HookUnusable(AskedWrongly):
    """The hook can't be kept as it was given."""

    code = "hook_unusable"
