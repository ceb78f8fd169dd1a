"""Brings silver and gold up to date with bronze: what is new, what it touches, what is written and noted.

The only code that joins tables, ledger and the pure layers. Each step may be killed and run again.
"""

from metriccare.pipeline.stages.gold_changes import GoldNews, gold_news, note_gold
from metriccare.pipeline.stages.gold_decisions import refresh_decisions
from metriccare.pipeline.stages.gold_results import refresh_results
from metriccare.pipeline.stages.quarantine_limit import check_quarantined
from metriccare.pipeline.stages.silver import (
    SilverNews,
    note_silver,
    refresh_resources,
    refresh_stays,
    silver_news,
)

__all__ = [
    "GoldNews",
    "SilverNews",
    "check_quarantined",
    "gold_news",
    "note_gold",
    "note_silver",
    "refresh_decisions",
    "refresh_resources",
    "refresh_results",
    "refresh_stays",
    "silver_news",
]
