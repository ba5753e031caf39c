"""DOOR: issuing predictions, publishing the current ones, telling of changes, judging those whose time is over."""

from vafa.predict.scores.issuing import issue
from vafa.predict.scores.judging import judge_issue, list_due
from vafa.predict.scores.telling import tell_moves

__all__ = ["issue", "judge_issue", "list_due", "tell_moves"]
