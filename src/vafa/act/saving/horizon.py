"""Within how many days it is to be seen whether a customer is saved."""

from vafa.act.saving.types import USUAL_HORIZON_DAYS


def get_horizon_days() -> int:
    """The business's horizon of predictions."""
    return USUAL_HORIZON_DAYS
