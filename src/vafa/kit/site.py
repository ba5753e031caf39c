"""Where the pages of this installation are, for those who read of them elsewhere."""

import os

from vafa.kit.home import get_home
from vafa.kit.running import find_running


def find_site_address() -> str | None:
    """The address of the pages: by the first of VAFA_HOSTS, else where the server of this home runs now; None if
    that is not known."""
    host = next(
        (name for name in os.environ.get("VAFA_HOSTS", "").split(",") if name.strip(" *")), ""
    ).strip()
    if host:
        scheme = "https" if os.environ.get("VAFA_TLS", "") == "1" else "http"
        return f"{scheme}://{host}"
    running = find_running(get_home())
    return running.address or None if running else None
