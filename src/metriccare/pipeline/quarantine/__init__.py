"""Quarantine: records that bronze could not take, listed, replayed after a fix, or dismissed with a reason.

Their text is in `bronze.record`, which is only appended to; their state is in the ledger. Listing, showing and
dismissing need no JVM.
"""
