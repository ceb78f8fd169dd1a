"""A Glue interactive-sessions endpoint on this machine, for the unmodified `glue_pyspark` kernel.

It implements the part of the Glue API that the kernel of `aws-glue-sessions` calls, plus listing, deletion and tags.
Each session is a local process with Spark, Hudi and this package; sessions stop with the endpoint. It does not emulate
AWS: whoever has the endpoint's key may do everything (there is no IAM), workers and connections are only reported back,
Python modules are not installed, the Glue version has no effect (Spark is the one of this environment), there is no
Glue Catalog, Hudi is always available, and all sessions share this machine. What would keep a session from starting on
AWS, or the package from being found there, is refused all the same (`settings_check`).
"""
