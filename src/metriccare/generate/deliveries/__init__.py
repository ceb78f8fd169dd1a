"""Later deliveries: what a feed sends after the first export, late, corrected, repeated, deleted and broken.

Truth and resources are those of a set without later deliveries. Only when a resource is sent is chosen here, and
which untrue versions go with it. Every version is stamped, so that all deliveries, read in any order, end in the
same state.
"""
