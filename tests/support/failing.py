"""A cell that fails while Spark still works for it."""

# One task fails at once; the other was begun before it, and goes on for some seconds in the JVM.
FAILS_EARLY = """
other = "reflect('java.lang.Thread', 'sleep', 4000L)"
spark.range(0, 2, 1, 2).selectExpr(f"if(id = 0, {other}, raise_error('no such ward'))").collect()
"""
TASKS = (
    "sum(one.numRunningTasks() for one in spark.sparkContext._jsc.sc().statusTracker().getExecutorInfos())"
)
