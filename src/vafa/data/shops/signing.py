"""The signature of a shop's webhook: WooCommerce and Shopify sign alike, under headers of their own."""

import base64
import hashlib
import hmac


def is_signed(secret: str, body: bytes, signature: str) -> bool:
    """Whether a signature is that of a raw body (HMAC-SHA256 in base64)."""
    wanted = base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest())
    # As bytes: a header may hold anything, and texts beyond ASCII can't be compared.
    return hmac.compare_digest(wanted, signature.encode())
