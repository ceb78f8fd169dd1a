"""Deaths in hospital and on the day of discharge; `death.sql` has the facts (MEASURES 2.1)."""

DIED_ON_DISCHARGE_DATE = "NOT died_in_hospital AND is_last_leg AND death_on = discharge_date"
"""The patient left alive and died on the same date: not in hospital (2.1, conflicts).

Who went on to another hospital that day was a transfer, and died there.
"""
