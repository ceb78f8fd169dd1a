"""silver.stay as it is seen at an as_of: a cut in event time (docs/contracts.md#dates).

What happens later is unseen, a stay that crosses the cut is open. Only patients with a later fact are looked at
anew; all others have the stays that silver.stay holds.
"""

from datetime import date
from typing import NamedTuple

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from metriccare.definitions.sources import NONE, Sources
from metriccare.silver.merge import survivors, with_survivor
from metriccare.silver.stay import CLOSED, CLOSED_IF_DATED, OPEN, stays

PATIENT = ("source", "patient_id")
STAY = ("source", "id")


class Seen(NamedTuple):
    """The stays that have begun by an as_of, those that only later facts make, and the conditions known by then.

    `patient_id` is the survivor's where patients were merged, in `conditions` too: as `measures.infection_events`
    needs it.
    """

    stays: DataFrame
    later: DataFrame
    conditions: DataFrame


def stays_at(
    as_of: date,
    stays_known: DataFrame,
    encounters: DataFrame,
    patients: DataFrame,
    conditions: DataFrame,
    sources: Sources = NONE,
    links: DataFrame | None = None,
) -> Seen:
    """Return the stays as they would be had nothing after `as_of` been heard of.

    An encounter that lies inside a longer one of the same hospital stays a part of that stay, also while the
    longer one is still open at `as_of`: which encounters are one stay does not depend on the cut.

    Args:
        as_of: the last day that is seen.
        stays_known: silver.stay.
        encounters: silver.encounter.
        patients: silver.patient.
        conditions: silver.condition.
        sources: what is configured.
        links: of `survivors`, where `patients` are only some of those they were made of.

    Returns:
        Rows of silver.stay and silver.condition, of merged patients with the survivor's id; every row of
        silver.stay is in `stays` or in `later`.
    """
    cut = F.lit(as_of)
    links = survivors(patients) if links is None else links
    resolved = with_survivor(conditions, links)
    known_conditions = resolved.filter(F.col("event_date").isNull() | (F.col("event_date") <= cut))
    touched = patients_with_later_facts(stays_known, resolved, cut)
    if touched.isEmpty():
        return Seen(stays_known, stays_known.limit(0), known_conditions)
    seen_again = stays(
        of_patients(with_survivor(encounters_at(encounters, cut), links), touched, "left_semi"),
        patients_at(patients, cut),
        known_conditions,
        sources,
        links,
    )
    untouched = of_patients(stays_known, touched, "left_anti")
    later = of_patients(stays_known, touched, "left_semi").join(seen_again, list(STAY), how="left_anti")
    return Seen(untouched.unionByName(seen_again), later, known_conditions)


def patients_with_later_facts(stays_known: DataFrame, conditions: DataFrame, cut: Column) -> DataFrame:
    """Return `source`, `patient_id` of the patients whose stays or decisions a later fact may touch.

    Args:
        stays_known: silver.stay.
        conditions: silver.condition with the survivors' ids; one without a patient is of the encounter it names.
        cut: the last day that is seen.
    """
    is_later = (F.col("admission_date") > cut) | (F.col("discharge_date") > cut) | (F.col("death_date") > cut)
    by_stay = stays_known.filter(is_later).select(*PATIENT)
    later = conditions.filter(F.col("event_date") > cut).select(*PATIENT, "encounter_id")
    by_patient = stays_known.join(later, list(PATIENT), how="left_semi").select(*PATIENT)
    members = stays_known.select(*PATIENT, F.explode("encounter_ids").alias("encounter_id"))
    nobodys = later.filter(F.col("patient_id").isNull() & F.col("encounter_id").isNotNull())
    by_encounter = members.join(nobodys, ["source", "encounter_id"], how="left_semi").select(*PATIENT)
    return by_stay.unionByName(by_patient).unionByName(by_encounter).distinct()


def of_patients(rows: DataFrame, patients: DataFrame, how: str) -> DataFrame:
    """Keep the rows of these patients (`left_semi`) or of all others (`left_anti`); nobody is a patient here too."""
    wanted = patients.select(F.col("source").alias("_source"), F.col("patient_id").alias("_patient"))
    same = (F.col("source") == F.col("_source")) & F.col("patient_id").eqNullSafe(F.col("_patient"))
    return rows.join(wanted, same, how=how)


def encounters_at(encounters: DataFrame, cut: Column) -> DataFrame:
    """Drop the encounters that begin later; one that ends later is in progress, its disposition not known.

    The instant of the end stays, since it says which encounters are one stay; an open stay does not show it.
    """
    crosses = F.coalesce(F.col("period_end_date") > cut, F.lit(False))
    was_closed = F.col("status").isin(*CLOSED, *CLOSED_IF_DATED)
    begun = encounters.filter(F.col("period_start_date").isNull() | (F.col("period_start_date") <= cut))
    return begun.withColumns(
        {
            "status": F.when(crosses & was_closed, F.lit(OPEN[0])).otherwise(F.col("status")),
            "disposition_class": F.when(~crosses, F.col("disposition_class")),
            "period_end": F.when(~crosses, F.col("period_end")),
            "period_end_date": F.when(~crosses, F.col("period_end_date")),
        }
    )


def patients_at(patients: DataFrame, cut: Column) -> DataFrame:
    """Forget the deaths that come later; a death without a usable date is known at any time."""
    dies_later = F.coalesce(F.col("death_date") > cut, F.lit(False))
    return patients.withColumns(
        {
            "is_deceased": F.col("is_deceased") & ~dies_later,
            "death_date": F.when(~dies_later, F.col("death_date")),
            "death_date_text": F.when(~dies_later, F.col("death_date_text")),
        }
    )
