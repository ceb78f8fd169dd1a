"""What code runs on: Java, Spark, kernels, notebooks, sessions."""
