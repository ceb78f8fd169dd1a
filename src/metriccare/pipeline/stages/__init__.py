"""The stages, each with one `run` that joins tables, ledger and pure layers. Each step may be killed and run again."""
