"""Which numbers must not be shown, so that no count of 1 to 10 can be read or computed (MEASURES 6)."""

from metriccare.measures.result.suppression.cell import Cell
from metriccare.measures.result.suppression.hiding import Hiding, primary, suppress

__all__ = ["Cell", "Hiding", "primary", "suppress"]
