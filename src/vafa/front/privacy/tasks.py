"""What the worker does about privacy: erasures that were asked for, and data that have been kept long enough."""

import logging
from datetime import datetime

from vafa.data.consent.actions import go_on
from vafa.data.consent.queries import list_unfinished
from vafa.kit.errors import VafaError

logger = logging.getLogger(__name__)


def go_on_with_all(now: datetime) -> int:
    """Go on with every erasure that is not done; how many are done now. What has to wait for an import waits."""
    done = 0
    for erasure in list_unfinished():
        try:
            done += go_on(erasure, now=now)
        except VafaError as problem:
            logger.warning("erasure %s waits: %s", erasure.code, problem)
    return done
