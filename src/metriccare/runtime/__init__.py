"""The environment the code runs in: Java, Spark, kernels, notebooks, Glue sessions."""
