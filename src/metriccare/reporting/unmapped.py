"""Local codes that are not mapped, from silver alone: the same rows as `gold.unmapped_code` of the next gold run."""

import pandas as pd
import pyarrow as pa

from metriccare.definitions.tables import ENCOUNTER, STAY
from metriccare.lake.reader import read_table
from metriccare.settings import Lake


def unmapped_table(lake: Lake) -> pd.DataFrame:
    """Count the codes that have no effect because they are not mapped.

    Returns:
        One row per `source`, `value_set`, `system` and `code` (`(none)` if missing), with one of its displays and
        `rows`: live encounters of that class, or encounters of stays with that disposition. The most frequent code of
        each value set comes first.

    Raises:
        LakeError: a silver table has not been written yet.
    """
    from metriccare.engine.schema import arrow_schema
    from metriccare.quality import UNMAPPED_CODES

    names = {name: arrow_schema(ddl).names for name, ddl in UNMAPPED_CODES.takes.items()}
    encounters, stays = read_table(lake, ENCOUNTER, names["encounter"]), read_table(lake, STAY, names["stay"])
    return count_unmapped(encounters, stays)


def count_unmapped(encounters: pa.Table, stays: pa.Table) -> pd.DataFrame:
    """Count the codes of encounters and of stays, which have the columns that `UNMAPPED_CODES` takes."""
    from metriccare.engine import Reference  # what runs have, and what only reads does without
    from metriccare.quality import UNMAPPED_CODES

    found = UNMAPPED_CODES.run({"encounter": encounters, "stay": stays}, Reference())["unmapped_code"]
    order = {"source": True, "value_set": True, "rows": False, "system": True, "code": True}
    ordered: pd.DataFrame = found.to_pandas().sort_values(
        list(order), ascending=list(order.values()), ignore_index=True
    )
    return ordered
