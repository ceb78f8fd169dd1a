"""Why a hospital's rate differs: which groups of its stays have more events than at other hospitals."""

from dataclasses import dataclass

import pandas as pd

from metriccare.definitions.profiles import ALL_ADULT
from metriccare.errors import LakeError, ParameterError
from metriccare.reporting.explore.cases import cases
from metriccare.reporting.explore.group import FACTORS
from metriccare.reporting.explore.handle import OpenLake
from metriccare.reporting.explore.small import hide_small
from metriccare.runtime.pandas_display import WIDTH

COLUMNS = (
    "factor",
    "group",
    "stays",
    "share",
    "events",
    "rate",
    "stays_elsewhere",
    "share_elsewhere",
    "events_elsewhere",
    "rate_elsewhere",
    "expected",
    "excess",
    "mix",
    "note",
)
NOT_ELSEWHERE = "no such stays elsewhere"
_READABLE = {"share": 3, "rate": 3, "share_elsewhere": 3, "rate_elsewhere": 3}


@dataclass(frozen=True, repr=False)
class Drivers:
    """The comparison of one hospital with the others; a notebook shows its first rows.

    Attributes:
        measure: the measure.
        profile: the set of rules.
        hospital: the hospital's id; empty if none was given.
        name: its name.
        is_synthetic: whether all data are test data.
        rows: one row per factor and group, see `compare`; small cells are null unless they were requested.
    """

    measure: str
    profile: str
    hospital: str
    name: str
    is_synthetic: bool
    rows: pd.DataFrame

    def table(self, most: int = 15) -> pd.DataFrame:
        """Return the rows with the greatest excess, with rounded numbers."""
        head = self.rows.drop(columns=["stays_elsewhere", "events_elsewhere"]).head(most)
        decimals = {name: _READABLE.get(name, 1) for name in map(str, head.select_dtypes("number"))}
        return head.round(decimals).replace(-0.0, 0.0).set_index(["factor", "group"])

    def greatest(self) -> dict[str, str]:
        """Return the factor and group with the greatest excess, as a filter for `stays`; empty if none is shown."""
        known = self.rows[self.rows["excess"].notna()]
        return {} if known.empty else {str(known["factor"].iloc[0]): str(known["group"].iloc[0])}

    def __repr__(self) -> str:
        return self.table().to_string(na_rep="", line_width=WIDTH)

    def _repr_html_(self) -> str:
        return str(self.table().to_html(na_rep="", border=0))


def drivers(
    data: OpenLake,
    measure: str,
    hospital: str,
    profile: str = ALL_ADULT.name,
    *,
    unsuppressed: bool = False,
) -> Drivers:
    """Compare a hospital's stays with those of all others, group by group, without a JVM.

    Args:
        data: the lake.
        measure: one of `MEASURES`, e.g. `readmission_30_day`.
        hospital: its id or name; empty returns an empty comparison without reading anything.
        profile: the set of rules.
        unsuppressed: also show groups with small cells, for internal use; synthetic data are always shown.

    Returns:
        The comparison; `rows` has the columns of `compare`.

    Raises:
        ParameterError: the measure or the hospital is unknown; the message lists the known ones.
        LakeError: nothing has run in this lake yet, or it has only this hospital.

    Example:
        >>> found = explore.drivers(data, "readmission_30_day", "General Hospital")  # doctest: +SKIP
        >>> found.table(5)  # doctest: +SKIP
    """
    if not hospital:
        return Drivers(measure, profile, "", "", False, pd.DataFrame(columns=list(COLUMNS)))
    counted, id = cases(data, measure, profile), hospital_id(data, hospital)
    if counted["hospital_id"].nunique() == 1:
        raise LakeError(
            f"The lake {data.lake.root} has only one hospital, so there is nothing to compare it with."
        )
    is_synthetic = bool(data.newest_run["is_synthetic"])
    rows = compare(counted, id)
    shown = rows if is_synthetic or unsuppressed else hide_small(rows)
    return Drivers(measure, profile, id, data.hospitals()[id], is_synthetic, shown)


def hospital_id(data: OpenLake, hospital: str) -> str:
    """Return the id of a hospital that is given by id or name.

    Raises:
        ParameterError: there is none, or several have this name.
    """
    known = data.hospitals()
    found = [id for id, name in known.items() if hospital in (id, name)]
    if len(found) != 1:
        listed = ", ".join(f"{id} ({name})" for id, name in sorted(known.items()))
        problem = "There is no hospital" if not found else "Several hospitals are called"
        raise ParameterError(f"{problem} {hospital!r}: pass one of these ids: {listed}.")
    return found[0]


def compare(counted: pd.DataFrame, hospital: str) -> pd.DataFrame:
    """Compare each group of a hospital's stays with the same group at all other hospitals.

    Indirect standardisation within each group: `expected` is the number of events that the hospital's stays in the
    group would have at the others' rate, `excess` how many more it has. `mix` is the number of events due to having
    more (or fewer) such stays than the others: stays of the hospital x difference of the shares x difference between
    the others' rate in the group and their overall rate. Over the groups of one factor, `excess` and `mix` add up to
    the events above the others' overall rate. Groups of different factors contain the same stays, so don't add them.

    Args:
        counted: one row per stay that counts, the result of `counted`.
        hospital: its id.

    Returns:
        One row per factor and group that occurs, the greatest `excess` first: `stays`, `share` (of the hospital's),
        `events`, `rate`, the same `elsewhere`, `expected`, `excess`, `mix` (events), and a `note`. If no other
        hospital has such stays, the last three are null and the note says so.
    """
    is_here = counted["hospital_id"] == hospital
    parts = [_of_factor(counted, is_here, factor) for factor in FACTORS]
    rows = pd.concat(parts, ignore_index=True)
    ordered = rows.sort_values(["excess", "factor", "group"], ascending=[False, True, True])
    return ordered.reset_index(drop=True)[list(COLUMNS)]


def _of_factor(counted: pd.DataFrame, is_here: pd.Series, factor: str) -> pd.DataFrame:
    rows = _counts(counted[is_here], factor, "").join(
        _counts(counted[~is_here], factor, "_elsewhere"), how="outer"
    )
    rows = rows.fillna(0).astype(int)
    for where in ("", "_elsewhere"):
        stays, events = rows[f"stays{where}"], rows[f"events{where}"]
        rows[f"share{where}"] = stays / stays.sum()
        rows[f"rate{where}"] = (events / stays).where(stays > 0)
    everywhere = rows["events_elsewhere"].sum() / rows["stays_elsewhere"].sum()
    rows["expected"] = rows["stays"] * rows["rate_elsewhere"]
    rows["excess"] = rows["events"] - rows["expected"]
    more = rows["stays"].sum() * (rows["share"] - rows["share_elsewhere"])
    rows["mix"] = more * (rows["rate_elsewhere"] - everywhere)
    rows["note"] = rows["stays_elsewhere"].eq(0).map({True: NOT_ELSEWHERE, False: ""})
    return rows.rename_axis("group").reset_index().assign(factor=factor)


def _counts(stays: pd.DataFrame, factor: str, where: str) -> pd.DataFrame:
    grouped = stays.groupby(factor)["is_event"]
    return pd.DataFrame({f"stays{where}": grouped.size(), f"events{where}": grouped.sum()})
