"""Where a lake keeps its tables, files, runs and ledger, and how each is read and written."""
