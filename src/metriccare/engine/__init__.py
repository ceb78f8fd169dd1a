"""The engine: runs SQL steps in DuckDB over Arrow tables, in this process or inside Spark's tasks.

The only code that knows DuckDB and Arrow. Silver and measures give it their steps; the pipeline gives it rows.
"""

from metriccare.engine.database import MACROS, Database, known_zones
from metriccare.engine.program import Program
from metriccare.engine.reference import Reference
from metriccare.engine.step import Step, load_steps

__all__ = ["MACROS", "Database", "Program", "Reference", "Step", "known_zones", "load_steps"]
