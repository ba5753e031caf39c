"""What the timetable has this room do."""

from vafa.act.messaging.delivering import deliver, settle
from vafa.act.messaging.universal_dealing import keep_holdout

__all__ = ["deliver", "keep_holdout", "settle"]
