"""What tests of every room may lean on: PostgreSQL, a browser, and the list of what must not be skipped."""
