"""Hudi table layouts compared: full load, then deliveries of 1 %, on silver rows of generated patients.

    PYTHONPATH=src python benchmarks/table_layout.py --patients 10000 --repeat 3

Every variant is loaded, gets the same deliveries (of 1 % of the rows, spread at random: eight in ten a newer
version, one in ten a new row, one in ten an older version that must change nothing), and is read back. Variants
take turns within each repetition, and medians are printed, because a machine is rarely idle.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from hudi import HudiTableBuilder
from layout_variants import BRONZE, SILVER, Variant
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from metriccare import bronze, schemas, silver
from metriccare.generate import generate
from metriccare.raw import list_files, scan
from metriccare.spark import get_spark

MEGABYTE = 1_000_000
MONTH = {"encounter": "period_start_date", "condition": "recorded_date"}
Figures = dict[str, Any]


@click.command(help=__doc__)
@click.option("--patients", default=10_000, show_default=True, help="Size of the generated set.")
@click.option("--table", default="condition", type=click.Choice(["encounter", "condition", "record"]))
@click.option("--repeat", default=3, show_default=True, help="Repetitions of everything.")
@click.option("--deliveries", default=1, show_default=True, help="Deliveries of 1 % after the full load.")
@click.option("--only", default="", help="Variants whose name contains this text.")
@click.option("--work", type=click.Path(path_type=Path), help="Keep the generated rows here, and use them again.")
def main(patients: int, table: str, repeat: int, deliveries: int, only: str, work: Path | None) -> None:
    """Measure the variants of one table and print the medians."""
    spark = get_spark("table_layout")
    with tempfile.TemporaryDirectory() as scratch:
        rows = (work or Path(scratch)) / str(patients)
        prepare(spark, rows, patients)
        variants = [v for v in (BRONZE if table == "record" else SILVER) if only in v.name]
        runs: dict[str, list[Figures]] = {variant.name: [] for variant in variants}
        for turn in range(repeat + 1):  # the first turn warms the JVM up and is not counted
            for variant in variants:
                base = Path(scratch) / f"{turn}-{len(runs[variant.name])}-{variant.name.replace(' ', '_')}"
                figures = measure(spark, variant, rows / table, base, deliveries)
                runs[variant.name] += [figures] if turn else []
        report(f"{table}, {patients:,} patients, {repeat} repetitions", runs)


def prepare(spark: SparkSession, rows: Path, patients: int) -> None:
    """Generate patients and write the rows of bronze and silver as Parquet, unless they are there already."""
    if (rows / "condition" / "_SUCCESS").exists():
        return
    generate(patients=patients, seed=7, out=rows / "raw")
    pieces = scan(spark, list_files(str(rows / "raw" / "json")), bronze.classify, schemas.PIECE)
    bronze.records(pieces, datetime(2026, 1, 1, tzinfo=UTC), "full").write.parquet(f"{rows}/record")
    records = spark.read.parquet(f"{rows}/record")
    silver.encounters(silver.newest(records, "Encounter")).write.parquet(f"{rows}/encounter")
    silver.conditions(silver.newest(records, "Condition")).write.parquet(f"{rows}/condition")


def full_load(spark: SparkSession, rows: Path) -> DataFrame:
    """Return the rows of the full load, with the column that a partitioned variant may want."""
    frame = spark.read.parquet(str(rows))
    if rows.name == "record":
        return frame
    return frame.withColumn("month", F.coalesce(F.date_format(MONTH[rows.name], "yyyy-MM"), F.lit("none")))


def delivery(full: DataFrame, number: int) -> DataFrame:
    """Return 1 % of the rows as the next delivery; of a changed row in ten the month moves."""
    mark = F.pmod(F.xxhash64("body_sha256", F.lit(number)), F.lit(1000))
    picked = full.withColumn("_mark", mark).filter("_mark < 10").withColumn("batch_id", F.lit(f"delivery {number}"))
    if "id" not in full.columns:
        return picked.withColumn("file_version", F.col("batch_id")).drop("_mark")
    is_new, is_old = F.col("_mark") == 0, F.col("_mark") == 1
    newer = F.concat(F.lit(f"3000-{number:04d}"), "version_order")
    return (
        picked.withColumn("id", F.when(is_new, F.concat(F.lit(f"new{number}-"), "id")).otherwise(F.col("id")))
        .withColumn("version_order", F.when(is_old, F.lit("1900")).otherwise(newer))
        .withColumn("batch_id", F.when(is_old, F.lit("stale")).otherwise(F.col("batch_id")))
        .withColumn("month", F.when(F.col("_mark") == 2, F.lit("moved")).otherwise(F.col("month")))  # noqa: PLR2004
        .drop("_mark")
    )


def measure(spark: SparkSession, variant: Variant, rows: Path, base: Path, deliveries: int) -> Figures:
    """Load one table, deliver to it and read it back; return seconds, megabytes and what was right."""
    full = full_load(spark, rows)
    figures: Figures = {}
    figures["load s"], figures["load MB"], figures["files"] = written(base, lambda: variant.load(full, base))
    expected = full
    taken = []
    for number in range(1, deliveries + 1):
        begin = last_instant(base)
        part = delivery(full, number)
        expected = merged(expected, part) if variant.replaces or number == deliveries == 1 else expected
        taken.append(written(base, lambda part=part: variant.deliver(part, expected, base)))
    figures["1 % s"], figures["1 % MB"], figures["max s"] = (
        statistics.median(t[0] for t in taken),
        statistics.mean(t[1] for t in taken),
        max(t[0] for t in taken),
    )
    figures["files after"] = sum(1 for _ in data_files(base))
    want = truth(full, deliveries)
    figures["spark s"], got = timed(lambda: spark_state(spark, base))
    figures["spark"] = verdict(got, want)
    figures["hudi s"], got = timed(lambda: attempt(lambda: jvm_free_state(base)))
    figures["hudi"] = verdict(got, want)
    figures["incr"] = verdict(attempt(lambda: changed_since(spark, base, begin)), want[1])
    figures["empty s"], problem = timed(lambda: attempt(lambda: variant.upsert(full.limit(0), base)))
    figures["empty"] = problem or "ok"
    figures["replace"] = attempt(lambda: replaced(spark, variant, full, base)) or "ok"
    return figures


def truth(full: DataFrame, deliveries: int) -> tuple[int, int]:
    """Return how many rows a right table has, and how many of them are of the last delivery."""
    parts = [delivery(full, n) for n in range(1, deliveries + 1)]
    is_record = "id" not in full.columns
    new = [part if is_record else part.filter(F.col("id").startswith("new")) for part in parts]
    return full.count() + sum(n.count() for n in new), parts[-1].filter("batch_id != 'stale'").count()


def merged(full: DataFrame, part: DataFrame) -> DataFrame:
    """Return the full rows with the delivery in them: what a replaced table is replaced by."""
    if "id" not in full.columns:
        return full.unionByName(part)
    fresh = part.filter("batch_id != 'stale'")
    return full.join(fresh.select("source", "id"), ["source", "id"], how="left_anti").unionByName(fresh)


def spark_state(spark: SparkSession, base: Path) -> tuple[int, int]:
    """Read every column in Spark; return the number of rows and of rows of the last delivery."""
    table = spark.read.format("hudi").load(str(base))
    table.write.format("noop").mode("overwrite").save()
    return counts_of({row["batch_id"]: row["count"] for row in table.groupBy("batch_id").count().collect()})


def jvm_free_state(base: Path) -> tuple[int, int]:
    """The same with the `hudi` reader."""
    counts: dict[str, int] = {}
    for batch in HudiTableBuilder.from_base_uri(str(base)).build().read():
        for value in batch.column("batch_id").to_pylist():
            counts[value] = counts.get(value, 0) + 1
    return counts_of(counts)


def counts_of(by_batch: dict[str, int]) -> tuple[int, int]:
    """Return the number of rows and of those of the last delivery; a stale row that won counts as a loss."""
    last = max((name for name in by_batch if name.startswith("delivery")), key=lambda n: int(n[9:]), default="")
    return sum(by_batch.values()) - by_batch.get("stale", 0), by_batch.get(last, 0)


def changed_since(spark: SparkSession, base: Path, begin: str) -> int:
    """Return the number of rows that an incremental read gives after an instant."""
    options = {"hoodie.datasource.query.type": "incremental", "hoodie.datasource.read.begin.instanttime": begin}
    return spark.read.format("hudi").options(**options).load(str(base)).count()


def replaced(spark: SparkSession, variant: Variant, full: DataFrame, base: Path) -> str:
    """Replace the whole table, deliver to it again; return what is wrong then."""
    variant.replace(full, base)
    after_replacing = (full.count(), 0)
    found = [verdict(spark_state(spark, base), after_replacing), verdict(jvm_free_state(base), after_replacing)]
    variant.upsert(delivery(full, 1), base)
    want = truth(full, 1)
    found += [verdict(spark_state(spark, base), want), verdict(jvm_free_state(base), want)]
    return "" if found == ["ok"] * 4 else " / ".join(found)


def attempt(action: Callable[[], Any]) -> Any:
    """Return what the action returns, or its error in a few words: an error is a finding here."""
    try:
        return action()
    except Exception as error:  # noqa: BLE001
        return f"{type(error).__name__}: {str(error).strip().splitlines()[0][:120]}"


def verdict(got: Any, want: Any) -> str:
    """Return `ok`, or what was found instead of what."""
    return "ok" if got == want else f"{got} not {want}"


def timed(action: Callable[[], Any]) -> tuple[float, Any]:
    """Return the seconds an action took, and its result."""
    start = time.perf_counter()
    result = action()
    return time.perf_counter() - start, result


def written(base: Path, action: Callable[[], Any]) -> tuple[float, float, int]:
    """Return the seconds, the megabytes and the data files that an action wrote; a grown log counts its growth."""
    before = {path: path.stat().st_size for path in all_files(base)}
    old = set(data_files(base))
    seconds, _ = timed(action)
    size = sum(path.stat().st_size - before.get(path, 0) for path in all_files(base))
    return seconds, size / MEGABYTE, len(set(data_files(base)) - old)


def all_files(base: Path) -> list[Path]:
    """Return the files of a table, without the checksums of the local file system."""
    return [path for path in base.rglob("*") if path.is_file() and path.suffix != ".crc"]


def data_files(base: Path) -> list[Path]:
    """Return base files and logs."""
    return [path for path in all_files(base) if ".hoodie/" not in str(path) and "partition_metadata" not in path.name]


def last_instant(base: Path) -> str:
    """Return the newest completed instant of a table."""
    done = [p.name.split(".")[0] for p in (base / ".hoodie").iterdir() if p.suffix in {".commit", ".deltacommit", ".replacecommit"}]
    return max(done)


def report(title: str, runs: dict[str, list[Figures]]) -> None:
    """Print the median of every number, and every distinct finding."""
    columns = list(next(iter(runs.values()))[0])
    print(f"\n{title}\n" + " | ".join(["variant".ljust(34), *columns]), flush=True)
    for name, taken in runs.items():
        print(" | ".join([name.ljust(34), *(middle([run[c] for run in taken]) for c in columns)]))


def middle(values: list[Any]) -> str:
    """Return the median of numbers, or the distinct texts."""
    if isinstance(values[0], str):
        return " ; ".join(sorted(set(values)))
    return f"{statistics.median(values):.2f}".removesuffix(".00")


if __name__ == "__main__":
    main()
