"""Changes of cells: what some stays add to the cells of all is exchanged for what they add now."""

from metriccare.engine import Program, load_steps
from metriccare.measures.result.cells import BILLING_DAY, CELL

CHANGED_CELLS = Program(
    takes={"cell": CELL, "billing_day": BILLING_DAY, "former_cell": CELL, "former_billing_day": BILLING_DAY},
    steps=load_steps(__name__, "cell", "billing_day"),
    gives={"cell": CELL, "billing_day": BILLING_DAY},
)
"""Add up what `CELLS` gave of all stays and gives of some stays now, without what it gave of these before (`former_`).

All three must be settled on the same day. What adds up to nothing is left out.
"""
