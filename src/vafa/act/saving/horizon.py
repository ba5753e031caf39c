"""Within how many days it is to be seen whether a customer is saved."""

from vafa.act.saving.types import USUAL_HORIZON_DAYS
from vafa.predict.scores.queries import find_standing


def get_horizon_days() -> int:
    """The horizon of the predictions; a usual one while nothing was ever predicted."""
    standing = find_standing()
    return USUAL_HORIZON_DAYS if standing is None else standing.question.horizon_days
