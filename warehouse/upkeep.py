"""How an archive is doing, for its upkeep: what the file could give back, which runs are closed, how sources fare.

Reads an open warehouse; nothing is changed or rendered here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What a warehouse's file takes on disk, and how much of that holds nothing."""

    file_bytes: int
    idle_bytes: int

    @property
    def idle_share(self) -> float:
        return self.idle_bytes / self.file_bytes if self.file_bytes else 0.0


def room(connection: duckdb.DuckDBPyConnection) -> Room:
    """Measure it, after a checkpoint: free blocks, and of each table's blocks the share of its deleted rows.

    DuckDB 2.0 frees the blocks of an updated column or of a row group wholly deleted, and gives the file's end back
    where that is free; rows deleted here and there keep their blocks, and no pragma counts them: a table's estimated
    size counts its rows with those deleted.
    """
    connection.execute("CHECKPOINT")
    ((block_bytes, blocks, free),) = connection.execute(
        "SELECT block_size, total_blocks, free_blocks FROM pragma_database_size() "
        "WHERE database_name = current_database()"
    ).fetchall()
    idle = float(free)
    for table, stored in connection.execute(
        "SELECT table_name, estimated_size FROM duckdb_tables() WHERE NOT temporary AND NOT internal"
    ).fetchall():
        ((rows,),) = connection.table(table).count("*").fetchall()
        if rows < stored:
            ((used,),) = connection.execute(
                "SELECT count(DISTINCT block_id) FROM pragma_storage_info(?) WHERE block_id >= 0", [table]
            ).fetchall()
            idle += used * (1 - rows / stored)
    return Room(file_bytes=block_bytes * blocks, idle_bytes=round(block_bytes * idle))


def closed_runs(connection: duckdb.DuckDBPyConnection, run_ids: Sequence[str]) -> set[str]:
    """Those of the runs whose accounts are closed: all of them has landed."""
    rows = connection.execute("SELECT run_id FROM runs WHERE list_contains(?, run_id)", [list(run_ids)]).fetchall()
    return {row[0] for row in rows}


#: Conditions of a source, the worst first.
CONDITIONS = ("gone", "quarantined", "failing", "silent", "active")
SILENT_DAYS = 3  # as in the question `silent_sources`

_CONDITIONS = """
SELECT s.source_id,
    CASE WHEN s.state <> 'active' THEN s.state
        WHEN s.consecutive_failures > 0 THEN 'failing'
        WHEN s.kind IN ('feed', 'sitemap') AND s.last_polled_at IS NOT NULL
            AND coalesce(a.last_new_at, s.added_at) < newest - to_days($silent_days) THEN 'silent'
        ELSE 'active' END AS condition,
    CAST(coalesce(s.failing_since, a.last_new_at) AS DATE), s.last_error
FROM sources AS s
LEFT JOIN (SELECT source_id, max(first_seen_at) AS last_new_at FROM articles GROUP BY source_id) AS a USING (source_id)
CROSS JOIN (SELECT max(first_seen_at) AS newest FROM articles)
WHERE s.enabled
ORDER BY list_position($conditions, condition), s.consecutive_failures DESC, s.source_id
"""


def source_conditions(connection: duckdb.DuckDBPyConnection) -> list[tuple]:
    """(source_id, condition, day since when, last error) of the enabled sources, the worst first.

    A feed or sitemap is silent that answers well and has brought no new article in the last ``SILENT_DAYS`` days of the
    archive; its day is that of its last one, None where it has brought none.
    """
    told = {"silent_days": SILENT_DAYS, "conditions": list(CONDITIONS)}
    return connection.execute(_CONDITIONS, told).fetchall()
