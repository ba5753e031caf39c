"""The fixtures of the tests of the customer file."""

from vafa.act.followups.tests.conftest import team
from vafa.front.overview.tests.shop import shop
from vafa.front.tests.conftest import own_home, owner, signed_in
from vafa.measure.metrics.tests.ledger import ledger

__all__ = ["ledger", "own_home", "owner", "shop", "signed_in", "team"]
