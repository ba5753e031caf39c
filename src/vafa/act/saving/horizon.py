"""Within how many days it is to be seen whether a customer is saved."""

from vafa.predict.models.queries import get_settings
from vafa.predict.scores.queries import find_standing


def get_horizon_days() -> int:
    """The horizon of the predictions that are shown; that of the settings while none are."""
    standing = find_standing()
    return get_settings().horizon_days if standing is None else standing.question.horizon_days
