"""The fixtures of this room's tests."""

from vafa.measure.metrics.tests.ledger import ledger, vafa

__all__ = ["ledger", "vafa"]
