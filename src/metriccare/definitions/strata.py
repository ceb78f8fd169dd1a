"""What results are split by: the strata of gold.measure_result, and the age bands of the standardisation. No Spark."""

ALL = "all"
HOSPITAL = "hospital"
MONTH = "month"
YEAR = "year"
HOSPITAL_YEAR = "hospital_year"
INFECTION_TYPE = "infection_type"
CODE = "code"

STRATA = (ALL, HOSPITAL, MONTH, YEAR, HOSPITAL_YEAR, INFECTION_TYPE, CODE)
BY_PERIOD = (MONTH, YEAR, HOSPITAL_YEAR)
BY_INFECTION = (INFECTION_TYPE, CODE)

UNKNOWN_HOSPITAL = "unknown"
"""The value of the stratum `hospital` for stays whose hospital is not known."""

AGE_BANDS = ((18, "0-17"), (45, "18-44"), (65, "45-64"), (75, "65-74"), (85, "75-84"))
"""Each band's upper end, itself not in it, and its name."""
OLDEST_AGE_BAND = "85+"
UNKNOWN = "unknown"
"""The age band or sex of a stay for which it is not known."""


def title_of(stratum: str) -> str:
    """Return a stratum as the heading of a column: `Hospital year`."""
    return stratum.replace("_", " ").capitalize()
