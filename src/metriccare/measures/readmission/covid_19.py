"""The clause on COVID-19 (MEASURES 1.1.6, the specification of 2023)."""

from metriccare.definitions.decision_codes import Reason
from metriccare.measures.clause import Exclusion
from metriccare.measures.evidence import both, of_principal_diagnosis

_ON_ADMISSION = both("covid_19_by_indicator", "covid_19_by_decision")

COVID_19 = Exclusion(
    Reason.COVID_19,
    "is_covid_19_principal OR len(covid_19_by_indicator) > 0 OR len(covid_19_by_decision) > 0",
    both(f"CASE WHEN is_covid_19_principal THEN {of_principal_diagnosis()} END", _ON_ADMISSION),
    "MEASURES 1.1.6",
)
"""COVID-19 as the principal diagnosis, or as another one present on admission.

Present on admission by the indicator on `Encounter.diagnosis` (`fact/covid_19.sql`), or by the decision on it as an
infection (`fact/infection_count.sql`).
"""
