"""The fixtures of this room's tests."""

from vafa.measure.metrics.tests.ledger import ledger
from vafa.prove.outcomes.tests.tried import tried

__all__ = ["ledger", "tried"]
