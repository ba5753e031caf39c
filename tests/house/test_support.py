"""The helpers that other tests lean on do what they promise."""

import http.server
import threading
from collections.abc import Iterator

import psycopg
import pytest

from tests.support import needs
from tests.support.browser import Watch


class Pages(http.server.BaseHTTPRequestHandler):
    """Serves one small page whose address says what is wrong with it."""

    def do_GET(self) -> None:
        body = {
            "/outside": "<img src='http://192.0.2.1/x.png'>",
            "/error": "<script>throw new Error('broken on purpose')</script>",
        }.get(self.path, "")
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(f"<!doctype html><html lang=en><title>وفا</title>{body}".encode())

    def log_message(self, *args: object) -> None:
        """Keep the test's output quiet."""


@pytest.fixture
def address() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_postgres_gives_each_test_a_database_of_its_own(postgres, postgres_tables, postgres_url):
    other, empty = postgres.make_database(postgres_tables), postgres.make_database()
    count = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
    with psycopg.connect(postgres_url) as connection, psycopg.connect(other) as second:
        (tables,) = connection.execute(count).fetchone() or (0,)
        connection.execute("CREATE TABLE fact (id integer)")
        assert connection.execute(count).fetchone() == (tables + 1,)
        assert second.execute(count).fetchone() == (tables,)
        assert second.execute("SELECT count(*) FROM customers_customer").fetchone() == (0,)
    with psycopg.connect(empty) as third:
        assert third.execute(count).fetchone() == (0,)
    postgres.drop_database(empty)
    postgres.drop_database(other)
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(other)


def test_browser_opens_a_page(page, address):
    page.goto(address)
    assert page.title() == "وفا"


@pytest.mark.parametrize(("path", "outside", "errors"), [("/", 0, 0), ("/outside", 1, 1), ("/error", 0, 1)])
def test_watch_sees_what_pages_may_not_do(browser, address, path, outside, errors):
    watch = Watch()
    context = browser.new_context()
    watch.follow(context)
    context.new_page().goto(address + path)
    context.close()
    assert (len(watch.outside), len(watch.errors)) == (outside, errors)


def test_a_need_is_skipped_unless_demanded(monkeypatch):
    monkeypatch.setenv("VAFA_REQUIRE", "chromium, postgres")
    with pytest.raises(pytest.fail.Exception, match="VAFA_REQUIRE names postgres"):
        needs.give_up("postgres", "it isn't here")
    monkeypatch.delenv("VAFA_REQUIRE")
    with pytest.raises(pytest.skip.Exception, match="it isn't here"):
        needs.give_up("postgres", "it isn't here")
