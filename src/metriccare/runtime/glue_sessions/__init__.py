"""A Glue interactive-sessions endpoint on this machine, for the unmodified `glue_pyspark` kernel.

It speaks the part of the Glue API that the kernel of `aws-glue-sessions` calls, and listing, deleting and tags. Each
session is one local process with Spark, Hudi and this package. It is no emulation of AWS: whoever knows the endpoint's
key may do everything (there is no IAM), workers and connections are noted and reported back but do not exist, Python
modules are not installed, the Glue version is not acted upon (Spark is the one of this environment), there is no Glue
Catalog, Hudi is there without being asked for, and all sessions share this machine. They end with the endpoint.
"""
