"""Later deliveries: late, corrected, repeated, deleted and corrupt records that a feed sends after the first export.

Truth and resources are the same as without later deliveries. This package only decides when a resource is sent and
which false versions are sent as well. Every version has a timestamp, so that the deliveries end in the same state in
whatever order they are read.
"""
