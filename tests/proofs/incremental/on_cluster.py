"""A run whose tasks are in other JVMs than the driver: `python -m tests.proofs.incremental.on_cluster RAW LAKE NUMBER`.

Spark does all of it, however little there is to do.
"""

import sys
from pathlib import Path

from tests.proofs.incremental.stages import run

from metriccare.pipeline.stages import bronze, patient_rows, silver_resources, whole_tables
from metriccare.runtime.spark import configure_session, get_spark
from metriccare.settings import Lake

LIMITS = (
    (bronze, "BYTES_HERE"),
    (patient_rows, "PATIENTS_HERE"),
    (silver_resources, "RECORDS_HERE"),
    (whole_tables, "BYTES_HERE"),
)  # up to which this process does the work

if __name__ == "__main__":
    raw, place, number = sys.argv[1:]
    for module, limit in LIMITS:
        setattr(module, limit, 0)
    configure_session({"spark.master": "local-cluster[2,1,1024]"})
    run(get_spark(), Path(raw), Lake(place), f"run-{number}", int(number))
