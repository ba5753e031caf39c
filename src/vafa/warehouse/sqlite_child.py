"""A process of its own that reads SQLite quickly and streams what it reads as Arrow.

ADBC brings its own copy of the SQLite library. Two copies in one process don't see each other's locks, and
when one of them closes a database it takes itself for the last reader, and removes the write-ahead log under
the other's feet: whatever that one commits afterwards is lost. So ADBC's copy lives in this process, alone.

Protocol: the first line on standard input is the path of the database, every further line an SQL text as
JSON. Each is answered by one Arrow stream on standard output. All answers come from one read transaction.
"""

import json
import sys

import pyarrow as pa
from adbc_driver_sqlite import dbapi

BATCH_ROWS = 65_536
_WAIT_MILLISECONDS = 20_000


def main() -> None:
    """Answer until standard input ends."""
    path = json.loads(sys.stdin.readline())
    with dbapi.connect(path) as connection:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA busy_timeout={_WAIT_MILLISECONDS}")
            cursor.fetchall()
        for line in sys.stdin:
            with connection.cursor() as cursor:
                cursor.adbc_statement.set_options(**{"adbc.sqlite.query.batch_rows": str(BATCH_ROWS)})
                cursor.execute(json.loads(line))
                reader = cursor.fetch_record_batch()
                with pa.ipc.new_stream(sys.stdout.buffer, reader.schema) as stream:
                    for batch in reader:
                        stream.write_batch(batch)
                sys.stdout.buffer.flush()
        connection.rollback()


if __name__ == "__main__":
    main()
