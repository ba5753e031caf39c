"""The fixtures of the tests of messages' pages."""

from vafa.act.followups.tests.conftest import team
from vafa.front.tests.conftest import own_home
from vafa.measure.metrics.tests.ledger import ledger

__all__ = ["ledger", "own_home", "team"]
