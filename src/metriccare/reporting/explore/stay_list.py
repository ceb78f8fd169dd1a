"""The individual stays behind a number, for `metriccare why`."""

import pandas as pd

from metriccare.definitions.measures import READMISSION, READMISSION_UNPLANNED
from metriccare.definitions.profiles import ALL_ADULT
from metriccare.errors import ParameterError
from metriccare.reporting.explore.cases import cases
from metriccare.reporting.explore.comparison import hospital_id
from metriccare.reporting.explore.group import FACTORS
from metriccare.reporting.explore.handle import OpenLake

HIDDEN = "hidden: individual stays of real data are for internal use only; pass unsuppressed=True"
COLUMNS = (
    "source",
    "admission_date",
    "discharge_date",
    "age",
    "sex",
    "diagnosis",
    "disposition",
    "admission",
    "is_event",
    "event_on",
    "days_to_event",
    "next_stay",
)


def stays(
    data: OpenLake,
    measure: str,
    hospital: str,
    profile: str = ALL_ADULT.name,
    *,
    only_events: bool = True,
    patients: bool = False,
    unsuppressed: bool = False,
    **groups: str,
) -> pd.DataFrame:
    """Return the stays of a hospital that count for a measure, without a JVM.

    Args:
        data: the lake.
        measure: one of `MEASURES`.
        hospital: its id or name; empty returns no rows without reading anything.
        profile: the set of rules.
        only_events: leave out the stays without an event.
        patients: add `patient_id`.
        unsuppressed: show individual stays of real data, for internal use; synthetic ones are always shown.
        groups: filters by factor and group, named as in `drivers`, e.g. `age_band="85+"`.

    Returns:
        One row per stay, by date of discharge; the index, `stay_id`, is what `metriccare why --stay` takes.
        `days_to_event` counts from the discharge for readmissions, from the admission for deaths. For real data, a
        single row explains what to pass.

    Raises:
        ParameterError: the measure, hospital, factor or group is unknown; the message lists the known ones.
        LakeError: nothing has run in this lake yet.

    Example:
        >>> explore.stays(data, "readmission_30_day", "General Hospital", age_band="85+")  # doctest: +SKIP
    """
    columns = [*COLUMNS, "patient_id"] if patients else list(COLUMNS)
    if not hospital:
        return pd.DataFrame(columns=columns, index=pd.Index([], name="stay_id"))
    if not (unsuppressed or data.newest_run["is_synthetic"]):
        return pd.DataFrame("", columns=columns, index=pd.Index([HIDDEN], name="stay_id"))
    counted, id = cases(data, measure, profile), hospital_id(data, hospital)
    chosen = choose(counted[counted["hospital_id"] == id], groups)
    if only_events:
        chosen = chosen[chosen["is_event"]]
    since = chosen["discharge_date" if measure in (READMISSION, READMISSION_UNPLANNED) else "admission_date"]
    whole = {"age": chosen["age"], "days_to_event": (chosen["event_on"] - since).dt.days}
    timed = chosen.assign(**{name: values.astype("Int64") for name, values in whole.items()})
    return timed.sort_values(["discharge_date", "stay_id"]).set_index("stay_id")[columns]


def choose(counted: pd.DataFrame, groups: dict[str, str]) -> pd.DataFrame:
    """Return the stays that are in all of these groups.

    Raises:
        ParameterError: a factor is unknown, or no stay is in the group; the message lists the known ones.
    """
    for factor, group in groups.items():
        if factor not in FACTORS:
            raise ParameterError(f"There is no factor {factor!r}: use one of {', '.join(FACTORS)}.")
        groups_found = sorted(counted[factor].unique())
        if group not in groups_found:
            raise ParameterError(
                f"No stay has {factor} {group!r}: use one of {', '.join(groups_found) or 'no other filter'}."
            )
        counted = counted[counted[factor] == group]
    return counted
