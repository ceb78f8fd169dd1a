"""The versions of the rules, stored beside what they made; a lake made by others is recomputed."""

SILVER_VERSION = "2026-11.2"  # of what silver makes of the same records
DEFINITION_VERSION = "2026-11.3"  # of the rules of the measures; docs/measures.md
