"""The front's business and owner."""

from vafa.front.tests.conftest import own_home, owner, signed_in

__all__ = ["own_home", "owner", "signed_in"]
