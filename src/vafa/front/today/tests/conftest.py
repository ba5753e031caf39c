"""The fixtures of this page's tests."""

from vafa.front.followups.tests.conftest import ledger, own_home, team
from vafa.front.overview.tests.shop import shop
from vafa.front.tests.conftest import owner, signed_in

__all__ = ["ledger", "own_home", "owner", "shop", "signed_in", "team"]
