"""Tokens of links: long random texts of which only a digest is kept."""

import hashlib
import secrets


def make_token() -> str:
    """A new token, which nobody can guess."""
    return secrets.token_urlsafe(32)


def build_digest(token: str) -> str:
    """What is kept of a token. It is random and long, so a plain digest can't be turned back."""
    return hashlib.sha256(token.encode()).hexdigest()
