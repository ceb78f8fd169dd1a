"""Local codes that are not mapped, from silver alone: the same rows as `gold.unmapped_code` of the next gold run."""

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from metriccare.definitions.tables import ENCOUNTER, STAY
from metriccare.definitions.value_sets import NONE
from metriccare.lake.reader import read_table
from metriccare.settings import Lake

CLASS, DISPOSITION = "encounter_class", "discharge_disposition"
FLAG = "disposition_unmapped"
KEY = ["source", "value_set", "system", "code"]
OF_ENCOUNTERS = (
    *("source", "id", "is_live", "class_kind", "class_system", "class_code", "class_display"),
    *("dispositions", "quality_flags"),
)


def unmapped_table(lake: Lake) -> pd.DataFrame:
    """Count the codes that have no effect because they are not mapped.

    Returns:
        One row per `source`, `value_set`, `system` and `code` (`(none)` if missing), with one of its displays and
        `rows`: live encounters of that class, or encounters of stays with that disposition. The most frequent code of
        each value set comes first.

    Raises:
        LakeError: a silver table has not been written yet.
    """
    encounters = read_table(lake, ENCOUNTER, OF_ENCOUNTERS).filter(pc.field("is_live"))
    stays = read_table(lake, STAY, ["source", "encounter_ids"])
    return count_unmapped(encounters, stays)


def count_unmapped(live: pa.Table, stays: pa.Table) -> pd.DataFrame:
    """Count the codes of live encounters (`OF_ENCOUNTERS`) and of stays; see `unmapped_table`."""
    found = pd.concat([_classes(live), _dispositions(live, stays)], ignore_index=True)
    for part in ("system", "code"):
        found[part] = found[part].replace("", None).fillna(NONE)
    counted = found.groupby(KEY)["display"].agg(display=_greatest, rows="size").reset_index()
    order = ["source", "value_set", "rows"]
    ordered: pd.DataFrame = counted.sort_values(order, ascending=[True, True, False], ignore_index=True)
    return ordered


def _classes(live: pa.Table) -> pd.DataFrame:
    classes = live.filter(pc.field("class_kind").is_null())
    columns = {"class_system": "system", "class_code": "code", "class_display": "display"}
    rows: pd.DataFrame = classes.select(["source", *columns]).to_pandas().rename(columns=columns)
    return rows.assign(value_set=CLASS)


def _dispositions(live: pa.Table, stays: pa.Table) -> pd.DataFrame:
    """Return one row per coding of a disposition that is not mapped, of encounters in a stay."""
    flags = live["quality_flags"].combine_chunks()
    at = pc.list_parent_indices(flags).filter(pc.equal(pc.list_flatten(flags), FLAG))
    flagged = live.take(at.unique())
    rows = flagged.select(["source", "id", "dispositions"]).to_pandas()
    members = stays.to_pandas().explode("encounter_ids").rename(columns={"encounter_ids": "id"})
    of_stays = rows.merge(members.drop_duplicates(), on=["source", "id"]).explode("dispositions").dropna()
    codings = pd.DataFrame(of_stays["dispositions"].tolist(), columns=["system", "code", "display"])
    return codings.assign(source=of_stays["source"].to_numpy(), value_set=DISPOSITION)


def _greatest(displays: pd.Series) -> str | None:
    return max(displays.dropna(), default=None)
