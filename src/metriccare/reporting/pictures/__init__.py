"""The charts of the measures. Each function takes results as pandas rows and returns a Matplotlib figure."""

from metriccare.reporting.pictures.admissions import admissions_by_month
from metriccare.reporting.pictures.control_chart import control_chart
from metriccare.reporting.pictures.excess import excess_by_group
from metriccare.reporting.pictures.funnel import funnel, funnel_expected
from metriccare.reporting.pictures.infection import infection_by_code
from metriccare.reporting.pictures.length_of_stay import length_of_stay_by_hospital
from metriccare.reporting.pictures.mortality import mortality_by_year
from metriccare.reporting.pictures.readmission import readmission_by_hospital

__all__ = [
    "admissions_by_month",
    "control_chart",
    "excess_by_group",
    "funnel",
    "funnel_expected",
    "infection_by_code",
    "length_of_stay_by_hospital",
    "mortality_by_year",
    "readmission_by_hospital",
]
