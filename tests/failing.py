"""A cell that fails while Spark still works for it."""

# One task fails as soon as the other has begun, which goes on for a second and writes a file.
FAILS_EARLY = """
import pathlib, time
folder = pathlib.Path({folder!r})
def write(number, rows):
    if number == 0:
        (folder / "begun").touch()
        time.sleep(1)
        (folder / "late").touch()
    while not (folder / "begun").exists():
        time.sleep(0.01)
    assert number == 0, "no such ward"
    return rows
spark.sparkContext.parallelize(range(2), 2).mapPartitionsWithIndex(write).count()
"""
