"""Doubts about a stay that do not take it out of a measure, but that its reader should know (MEASURES 0.4.6 to 4.8)."""

from collections.abc import Mapping

DOUBTS: Mapping[str, str] = {
    "principal_diagnosis_unknown": "NOT is_diagnosed",  # 1.1.6
    "same_day_diagnosis_unknown": "is_back_the_same_day AND (NOT is_diagnosed OR NOT next_acute.is_diagnosed)",  # 0.4.6
    "alive_but_death_inside_stay": "NOT is_expired AND NOT has_no_disposition"
    " AND death_date >= admission_date AND death_date < discharge_date",  # 2.1
    "died_on_discharge_date": "died_on_discharge_date",  # 2.1
    "expired_but_not_deceased": "is_expired AND NOT is_deceased",  # 2.1
    "vital_status_inconsistent": "is_vital_status_inconsistent",  # 2.2
    "length_over_365_days": "discharge_date - admission_date > 365",  # 4.8
}
"""When each doubt applies, by its name, in their order: conditions like those of `clause.Exclusion`."""
