"""The versions of the rules, stored with the results; a lake with results of other versions is recomputed."""

SILVER_VERSION = "2026-11.4"  # of what silver makes of the same records
DEFINITION_VERSION = "2026-11.5"  # of the rules of the measures; docs/measures.md
