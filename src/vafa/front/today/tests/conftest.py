"""The fixtures of this page's tests."""

from vafa.front.followups.tests.conftest import ledger, own_home, team

__all__ = ["ledger", "own_home", "team"]
