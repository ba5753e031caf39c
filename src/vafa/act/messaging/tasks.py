"""What the timetable has this room do."""

from vafa.act.messaging.delivering import deliver, settle

__all__ = ["deliver", "settle"]
