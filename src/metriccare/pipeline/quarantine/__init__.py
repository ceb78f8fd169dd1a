"""Quarantine: what bronze could not take, looked at, replayed after a fix, or dismissed with a reason.

The text lies in `bronze.record`, which is only appended to; what became of a record is a state in the ledger. Listing,
showing and dismissing need no JVM.
"""
