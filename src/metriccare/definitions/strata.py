"""What stays are grouped by: the bands of age, and the words where nothing is known."""

AGE_BANDS = ((18, "0-17"), (45, "18-44"), (65, "45-64"), (75, "65-74"), (85, "75-84"))
"""The age below which a stay is in a band, and the band's name."""

OLDEST_AGE_BAND = "85+"
UNKNOWN = "unknown"
UNKNOWN_HOSPITAL = "unknown"
