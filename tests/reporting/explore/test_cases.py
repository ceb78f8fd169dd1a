"""Which stays count, and which have an event, in the way the results count them."""

from datetime import date
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from metriccare.reporting.explore.cases import counted

AS_OF = date(2025, 6, 30)
MEASURE = "readmission_30_day"
BACK = {"role": "readmission", "source": "s", "type": "Encounter", "id": "next", "body_sha256": "x"}
OTHER = BACK | {"role": "transfer", "id": "other"}
CODING = pa.struct([(name, pa.string()) for name in ("system", "code", "display")])


def decision(**changes: Any) -> dict[str, Any]:
    row = {"exclusion": None, "value": 1.0, "matures_on": date(2025, 4, 4), "event_on": date(2025, 3, 20)}
    return row | {"evidence": [OTHER, BACK]} | changes


def of(*decisions: dict[str, Any], **changes: Any) -> pd.DataFrame:
    """Return what is counted of stays with these decisions; `changes` are of all of them."""
    base = {"source": "s", "patient_id": "p", "hospital_id": "h1", "age": 70, "sex": "female"}
    dates = {"admission_date": date(2025, 3, 1), "discharge_date": date(2025, 3, 5)}
    decided = [
        base | dates | {"stay_id": f"{at}", MEASURE: one} | changes for at, one in enumerate(decisions)
    ]
    facts = {"disposition_class": "home", "chain_position": 1, "is_elective": False}
    stays = [{"source": "s", "id": f"{at}", **facts} for at in range(len(decisions))]
    known = pa.Table.from_pylist(stays)
    known = known.append_column("principal_diagnosis", pa.nulls(len(stays), CODING))
    known = known.append_column("emergency_start_date", pa.nulls(len(stays), pa.date32()))
    return counted(pa.Table.from_pylist(decided), known, MEASURE, AS_OF)


def test_a_readmission_is_an_event_with_its_day_and_the_next_stay() -> None:
    (row,) = of(decision()).to_dict("records")
    assert (row["is_event"], row["event_on"], row["next_stay"]) == (True, pd.Timestamp("2025-03-20"), "next")
    assert (row["length_of_stay"], row["disposition"], row["diagnosis"]) == ("4-6 days", "home", "unknown")


def test_a_stay_without_event_counts_and_names_no_other_stay() -> None:
    (row,) = of(decision(value=0.0)).to_dict("records")
    assert row["is_event"] is False
    assert pd.isna(row["event_on"])
    assert pd.isna(row["next_stay"])


@pytest.mark.parametrize(
    "changes",
    [{"exclusion": "not_acute"}, {"matures_on": date(2025, 7, 1)}],
)
def test_excluded_and_immature_stays_do_not_count(changes: dict[str, Any]) -> None:
    assert of(decision(**changes), decision(value=0.0))["stay_id"].tolist() == ["1"]


@pytest.mark.parametrize("name", ["admission_date", "discharge_date"])
def test_stays_that_cross_as_of_do_not_count(name: str) -> None:
    assert of(decision(), **{name: date(2025, 7, 1)}).empty
    assert len(of(decision(), **{name: AS_OF})) == 1


def test_an_event_after_as_of_is_unseen() -> None:
    assert of(decision(event_on=date(2025, 7, 1)))["is_event"].tolist() == [False]
    assert of(decision(event_on=AS_OF))["is_event"].tolist() == [True]


def test_a_stay_without_hospital_belongs_to_the_unknown_one() -> None:
    rows = of(decision(), hospital_id=None)
    assert rows["hospital_id"].tolist() == ["unknown"]
