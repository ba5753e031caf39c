"""The owner's browser, as the tests of other pages have it."""

from vafa.front.tests.conftest import own_home, owner, signed_in

__all__ = ["own_home", "owner", "signed_in"]
