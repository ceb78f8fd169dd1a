"""What there is to draw from, each choice with its weight; the first of each is the ordinary one."""

from datetime import datetime
from typing import Any

Choices = dict[Any, int]

PREFIX = "COURSE-"
ACT = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
NUBC = "http://www.nubc.org/patient-discharge"
HL7 = "http://terminology.hl7.org/CodeSystem/discharge-disposition"
SNOMED = "http://snomed.info/sct"
MIMIC = "http://mimic.mit.edu/fhir/mimic/CodeSystem/mimic-discharge-disposition"

# Drawn for every course.
ALWAYS: dict[str, Choices] = {
    "beginning": {  # summer time begins and ends, a leap day, a new year
        datetime(2025, 3, 8, 23): 1,
        datetime(2025, 10, 25, 12): 1,
        datetime(2024, 2, 28): 1,
        datetime(2023, 12, 31, 8): 1,
    },
    "zone": {("-05:00", "-04:00"): 3, ("+01:00", "+02:00"): 2, ("Z",): 1, ("+05:30",): 1},
    "days_between": {0: 4, 1: 3, 2: 1, 10: 2, 29: 2, 30: 3, 31: 3, 60: 1, -1: 1, -3: 1},
    "days_inside": {0: 3, 1: 3, 3: 3, 7: 2, 29: 1, 45: 1, 400: 1},
    "days_to_death": {-1: 1, 0: 3, 1: 1, 10: 1, 29: 1, 30: 3, 31: 3},
    "minutes": {0: 6, -1: 1, 1: 1, 60: 1, 600: 3},
    "death": {None: 4, "at a moment": 4, True: 1, False: 1},
    "hospital": {"H1": 5, "H2": 2, "H3": 1},
    "disposition": {
        (): 5,
        ((HL7, "home"),): 3,
        ((NUBC, "1"),): 1,
        ((HL7, "exp"),): 1,
        ((NUBC, "20"),): 1,
        ((NUBC, "41"),): 1,
        ((SNOMED, "371828006"),): 1,
        ((MIMIC, "DIED"),): 1,
        (("urn:local", "exp"),): 1,
        ((HL7, "home"), (NUBC, "42")): 1,
    },
}

# Drawn only for courses that have this kind of oddity; else the first.
ODD: dict[str, Choices] = {
    "precision": {
        "%Y-%m-%dT%H:%M:%S{offset}": 6,
        "%Y-%m-%d": 6,
        "%Y-%m-%dT%H:%M:%S.250{offset}": 1,
        "%Y-%m-%dT%H:%M:%S": 1,
        "%Y-%m": 1,
        "%Y": 1,
    },
    "status": {
        "finished": 6,
        "in-progress": 2,
        "onleave": 1,
        "unknown": 3,
        "planned": 1,
        "arrived": 1,
        "triaged": 1,
        "cancelled": 1,
        "entered-in-error": 2,
    },
    "class": {
        (ACT, "IMP"): 4,
        (ACT, "ACUTE"): 1,
        (ACT, "NONAC"): 2,
        (ACT, "EMER"): 1,
        (ACT, "OBSENC"): 1,
        (ACT, "SS"): 1,
        ("urn:local", "IMP"): 1,
        (None, "IMP"): 1,
        (ACT, "EW EMER."): 1,
        None: 1,
    },
    "type": {None: 3, (SNOMED, "32485007"): 3, (SNOMED, "8715000"): 1, ("urn:local", "32485007"): 1},
    "subject": {"p": 5, "q": 3, "nobody": 1, None: 1},
    "links": {
        (): 4,
        (("replaced-by", "q"),): 2,
        (("replaced-by", "p"),): 2,
        (("replaced-by", "nobody"),): 1,
        (("seealso", "q"), ("replaces", "q")): 1,
        (("replaced-by", "q"), ("replaced-by", "p")): 1,
    },
    "deletions": {0: 2, 1: 2, 2: 1},
    "deleted": {("Encounter", "e0"): 3, ("Encounter", "e1"): 2, ("Patient", "p"): 1, ("Patient", "q"): 1},
    "hospital_form": {
        "{kind}/{id}": 2,
        "{kind}?identifier=https://a.org/ids|{id}": 2,
        "urn:uuid:{id}": 1,
        "https://a.org/fhir/{kind}/{id}": 1,
    },
    "form": {
        "{kind}/{id}": 2,
        "urn:uuid:{id}": 1,
        "https://a.org/fhir/{kind}/{id}": 1,
        "{kind}/{id}/_history/2": 1,
    },
    "whole": {None: 4, "e0": 3, "e1": 2, "e2": 2, "elsewhere": 1, "#contained": 1},
    "has_hospital": {True: 3, False: 1},
    "is_reversed": {False: 3, True: 1},
    "has_start": {True: 4, False: 1},
    "has_end": {True: 3, False: 1},
    "versions": {1: 2, 2: 2, 3: 1},
    "patient_versions": {1: 3, 2: 2, 0: 1},
    "repeats": {0: 1, 1: 1, 3: 1},
    "last_updated": {  # neither their order as text, nor that of the offsets, is the order in time
        None: 3,
        "2026-01-01T00:00:00Z": 1,
        "2025-12-31T19:00:00-05:00": 1,
        "2026-06-30T13:00:00.500+01:00": 1,
        "2026-07-01T01:00:00+14:00": 1,
        "2026-08-01T00:00:00Z": 1,
    },
    "version_id": {None: 2, "1": 1, "2": 1, "10": 1, "W/2": 1},
}
