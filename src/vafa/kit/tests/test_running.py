"""One server a home, and ports that are free."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from vafa.kit.running import RunsAlready, build_address, find_free_port, find_running, hold_home

HOLD = """
import sys, time
from pathlib import Path
from vafa.kit.running import hold_home
with hold_home(Path(sys.argv[1])) as held:
    held.tell("http://127.0.0.1:1")
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_home_has_one_server_until_it_dies(tmp_path: Path) -> None:
    assert find_running(tmp_path) is None
    other = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert other.stdout is not None
    assert other.stdout.readline() == "held\n"
    found = find_running(tmp_path)
    assert found is not None
    assert (found.pid, found.address) == (other.pid, "http://127.0.0.1:1")
    with pytest.raises(RunsAlready) as refused, hold_home(tmp_path):
        pass
    assert refused.value.running == found
    other.kill()
    other.communicate()
    assert find_running(tmp_path) is None
    with hold_home(tmp_path) as held:
        held.tell("http://127.0.0.1:2")


def test_a_taken_port_is_passed_over() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        assert find_free_port("127.0.0.1", taken) > taken
    assert find_free_port("127.0.0.1", taken) == taken


def test_a_host_that_is_not_ours_is_an_error() -> None:
    with pytest.raises(OSError, match=r"."):
        find_free_port("203.0.113.7", 8000)


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:80"),
        ("0.0.0.0", "http://127.0.0.1:80"),
        ("::", "http://[::1]:80"),
        ("::1", "http://[::1]:80"),
        ("shop.example", "http://shop.example:80"),
    ],
)
def test_the_address_is_one_that_a_browser_opens(host: str, address: str) -> None:
    assert build_address(host, 80) == address
