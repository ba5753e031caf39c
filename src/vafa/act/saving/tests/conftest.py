"""The fixtures of this room's tests are those of the tasks: a business in Tehran, its owner and two agents."""

from vafa.act.followups.tests.conftest import NOW, Team, ledger, team

__all__ = ["NOW", "Team", "ledger", "team"]
