"""Hudi table layouts compared: a full load, then deliveries of 1 %, on the rows of generated patients.

    PYTHONPATH=src python benchmarks/table_layout.py --patients 10000 --table condition --repeat 3

Every variant is loaded, gets the same deliveries and is read back, by Spark and by the reader without a JVM. Of a
delivery's rows, spread at random, eight in ten are a newer version, one in ten is new, and one in ten is an older
version that must change nothing. Variants take turns within a repetition and medians are printed: a machine is
rarely idle. `cpu` is the JVM's processor time, which a neighbour disturbs less than the wall time.
"""

import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import click
from hudi import HudiTableBuilder
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from metriccare import bronze, schemas, silver
from metriccare.generate import generate
from metriccare.raw import list_files, scan
from metriccare.spark import get_spark

MEGABYTE = 1_000_000
STALE = "stale"
MONTH = {"encounter": "period_start_date", "condition": "recorded_date"}
Options = dict[str, str]
Figures = dict[str, Any]

COMMON = {
    "hoodie.table.name": "layout",
    "hoodie.datasource.write.hive_style_partitioning": "true",
    "hoodie.datasource.write.payload.class": "org.apache.hudi.common.model.DefaultHoodieRecordPayload",
    "hoodie.metadata.enable": "false",
    "hoodie.embed.timeline.server": "false",
    "hoodie.bulkinsert.shuffle.parallelism": "2",
    "hoodie.upsert.shuffle.parallelism": "2",
}
KEYED = {"hoodie.datasource.write.recordkey.field": "source,id",
         "hoodie.datasource.write.precombine.field": "version_order",
         "hoodie.datasource.write.keygenerator.class": "org.apache.hudi.keygen.NonpartitionedKeyGenerator"}  # fmt: skip
PARTITIONED = {"hoodie.datasource.write.keygenerator.class": "org.apache.hudi.keygen.ComplexKeyGenerator"}
MONTHLY = KEYED | PARTITIONED | {"hoodie.datasource.write.partitionpath.field": "month"}
RECORD = PARTITIONED | {"hoodie.datasource.write.recordkey.field": "file_version,position",
                        "hoodie.datasource.write.precombine.field": "received_at",
                        "hoodie.datasource.write.partitionpath.field": "resource_type"}  # fmt: skip
MOVING = {"hoodie.index.type": "GLOBAL_SIMPLE", "hoodie.simple.index.update.partition.path": "true"}
ON_READ = KEYED | {"hoodie.datasource.write.table.type": "MERGE_ON_READ"}
COMPACTING = {"hoodie.compact.inline": "true", "hoodie.compact.inline.max.delta.commits": "5"}
WITH_SERVICES = {"hoodie.metadata.enable": "true", "hoodie.embed.timeline.server": "true"}


def _buckets(number: int) -> Options:
    return {"hoodie.index.type": "BUCKET", "hoodie.bucket.index.num.buckets": str(number)}


class Variant(NamedTuple):
    """A layout: its options, and the operations that load and deliver."""

    options: Options
    load_by: str = "bulk_insert"
    deliver_by: str = "upsert"


SILVER = {
    "replace": Variant(KEYED, deliver_by="insert_overwrite_table"),
    "cow bloom": Variant(KEYED | {"hoodie.index.type": "BLOOM"}),
    "cow simple": Variant(KEYED | {"hoodie.index.type": "SIMPLE"}),
    "cow bucket 4": Variant(KEYED | _buckets(4)),
    "cow month simple": Variant(MONTHLY | {"hoodie.index.type": "SIMPLE"}),
    "cow month global": Variant(MONTHLY | MOVING),
    "mor simple": Variant(ON_READ | {"hoodie.index.type": "SIMPLE"}),
    "mor bucket 1": Variant(ON_READ | _buckets(1)),
    "mor bucket 4": Variant(ON_READ | _buckets(4)),
    "mor bucket 4 compact": Variant(ON_READ | _buckets(4) | COMPACTING),
    "mor bucket 4 services": Variant(ON_READ | _buckets(4) | WITH_SERVICES),
    "mor bucket 16": Variant(ON_READ | _buckets(16)),
    "mor bucket 4 upserted": Variant(ON_READ | _buckets(4), load_by="upsert"),
}
BRONZE = {
    "append": Variant(RECORD | {"hoodie.bulkinsert.sort.mode": "NONE"}, deliver_by="bulk_insert"),
    "append sorted": Variant(RECORD | {"hoodie.bulkinsert.sort.mode": "GLOBAL_SORT"}, deliver_by="bulk_insert"),
    "append repartitioned": Variant(
        RECORD | {"hoodie.bulkinsert.sort.mode": "PARTITION_PATH_REPARTITION"}, deliver_by="bulk_insert"
    ),
    "insert into small files": Variant(RECORD, deliver_by="insert"),
}


@click.command(help=__doc__)
@click.option("--patients", default=10_000, show_default=True, help="Size of the generated set.")
@click.option("--table", default="condition", type=click.Choice(["condition", "encounter", "record"]))
@click.option("--repeat", default=3, show_default=True, help="Repetitions that count; one before warms up.")
@click.option("--deliveries", default=1, show_default=True, help="Deliveries of 1 % after the full load.")
@click.option("--only", default="", help="Names of variants, separated by commas; empty means all.")
@click.option("--work", type=click.Path(path_type=Path), help="Keep the generated rows here for the next time.")
def main(patients: int, table: str, repeat: int, deliveries: int, only: str, work: Path | None) -> None:
    """Measure the variants of one table and print the medians."""
    spark = get_spark("table_layout")
    variants = BRONZE if table == "record" else SILVER
    runs: dict[str, list[Figures]] = {name: [] for name in only.split(",") if name} or {v: [] for v in variants}
    with tempfile.TemporaryDirectory() as scratch:
        rows = prepare(spark, (work or Path(scratch)) / str(patients), patients) / table
        for turn in range(repeat + 1):
            for name, taken in runs.items():
                base = Path(scratch) / f"{turn}-{name.replace(' ', '-')}"
                figures = measure(spark, variants[name], rows, base, deliveries)
                taken += [figures] if turn else []
    print(f"\n{table}, {patients:,} patients, {deliveries} deliveries, medians of {repeat}")
    report(runs)


def prepare(spark: SparkSession, rows: Path, patients: int) -> Path:
    """Generate patients and write their bronze and silver rows as Parquet, unless they are there already."""
    if not (rows / "condition" / "_SUCCESS").exists():
        generate(patients=patients, seed=7, out=rows / "raw")
        pieces = scan(spark, list_files(str(rows / "raw" / "json")), bronze.classify, schemas.PIECE)
        bronze.records(pieces, datetime(2026, 1, 1, tzinfo=UTC), "full").write.parquet(f"{rows}/record")
        records = spark.read.parquet(f"{rows}/record")
        silver.encounters(silver.newest(records, "Encounter")).write.parquet(f"{rows}/encounter")
        silver.conditions(silver.newest(records, "Condition")).write.parquet(f"{rows}/condition")
    return rows


def full_load(spark: SparkSession, rows: Path) -> DataFrame:
    """Return the rows of the full load; silver's with the month that a partitioned variant needs."""
    frame = spark.read.parquet(str(rows))
    if rows.name == "record":
        return frame
    return frame.withColumn("month", F.coalesce(F.date_format(MONTH[rows.name], "yyyy-MM"), F.lit("none")))


def delivery(full: DataFrame, number: int) -> DataFrame:
    """Return 1 % of the rows as the next delivery; one row in ten moves to another month."""
    mark = F.pmod(F.xxhash64("body_sha256", F.lit(number)), F.lit(1000))
    picked = full.withColumn("_mark", mark).filter("_mark < 10").withColumn("batch_id", F.lit(f"d{number:03}"))
    if "id" not in full.columns:
        return picked.withColumn("file_version", F.col("batch_id")).drop("_mark")
    is_new, is_old, moves = (F.col("_mark") == n for n in range(3))
    newer = F.concat(F.lit(f"3{number:03}"), "version_order")
    return (
        picked.withColumn("id", F.when(is_new, F.concat("batch_id", F.lit("-new"), "id")).otherwise(F.col("id")))
        .withColumn("version_order", F.when(is_old, F.lit("1900")).otherwise(newer))
        .withColumn("batch_id", F.when(is_old, F.lit(STALE)).otherwise(F.col("batch_id")))
        .withColumn("month", F.when(moves, F.lit("moved")).otherwise(F.col("month")))
        .drop("_mark")
    )


def measure(spark: SparkSession, variant: Variant, rows: Path, base: Path, deliveries: int) -> Figures:
    """Load one table, deliver to it and read it back; return seconds, megabytes and what was right."""
    full = full_load(spark, rows)
    load = cost(spark, base, lambda: write(full, base, variant, variant.load_by))
    taken, begin = [], ""
    for number in range(1, deliveries + 1):
        part, begin = delivery(full, number), last_instant(base)
        sent = merged(full, part) if variant.deliver_by == "insert_overwrite_table" else part
        taken.append(cost(spark, base, lambda sent=sent: write(sent, base, variant, variant.deliver_by)))
    each = [statistics.median(step[n] for step in taken) for n in range(2)]
    figures: Figures = dict(zip(("load s", "load cpu", "load MB"), load, strict=True))
    figures |= {"1% s": each[0], "1% cpu": each[1], "1% MB": statistics.mean(step[2] for step in taken)}
    figures |= {"max s": max(step[0] for step in taken), "files": len(data_files(base))}
    want = truth(full, deliveries)
    figures["spark s"], found = timed(lambda: spark_counts(spark, base))
    figures["spark"] = verdict(found, want)
    figures["hudi s"], found = timed(lambda: attempt(lambda: jvm_free_counts(base)))
    figures["hudi"] = verdict(found, want)
    figures["incremental"] = attempt(lambda: verdict(changed_since(spark, base, begin), want["last"]))
    figures["empty"] = attempt(lambda: write(full.limit(0), base, variant, variant.deliver_by)) or "ok"
    figures["replace"] = attempt(lambda: after_replacing(spark, variant, full, base))
    return figures


def write(frame: DataFrame, base: Path, variant: Variant, operation: str) -> None:
    """Write one commit."""
    options = COMMON | variant.options | {"hoodie.datasource.write.operation": operation}
    frame.write.format("hudi").options(**options).mode("append").save(str(base))


def merged(full: DataFrame, part: DataFrame) -> DataFrame:
    """Return the full rows with a delivery in them: what a replaced table is replaced by."""
    fresh = part.filter(F.col("batch_id") != STALE)
    return full.join(fresh.select("source", "id"), ["source", "id"], how="left_anti").unionByName(fresh)


def truth(full: DataFrame, deliveries: int) -> Counter[str]:
    """Return how many rows a right table has in all, and of the last delivery; none of stale versions."""
    parts = [delivery(full, number).filter(F.col("batch_id") != STALE) for number in range(1, deliveries + 1)]
    is_new = F.col("id").contains("-new") if "id" in full.columns else F.lit(True)
    new = sum(part.filter(is_new).count() for part in parts)
    return Counter(rows=full.count() + new, last=parts[-1].count() if parts else 0)


def spark_counts(spark: SparkSession, base: Path) -> Counter[str]:
    """Read every column in Spark; return the same counts."""
    table = spark.read.format("hudi").load(str(base))
    table.write.format("noop").mode("overwrite").save()
    return counts({row["batch_id"]: row["count"] for row in table.groupBy("batch_id").count().collect()})


def jvm_free_counts(base: Path) -> Counter[str]:
    """Read every column by the reader without a JVM; return the same counts."""
    batches = HudiTableBuilder.from_base_uri(str(base)).build().read()
    return counts(Counter(value for batch in batches for value in batch.column("batch_id").to_pylist()))


def counts(by_batch: dict[str, int]) -> Counter[str]:
    """Return the counts that `truth` gives, and the stale rows that should not be there."""
    last = max((name for name in by_batch if name.startswith("d")), default="")
    return +Counter(rows=sum(by_batch.values()), last=by_batch.get(last, 0), stale=by_batch.get(STALE, 0))


def changed_since(spark: SparkSession, base: Path, begin: str) -> int:
    """Return how many keys changed after an instant; a merge-on-read log also shows the versions it refused."""
    options = {"query.type": "incremental", "read.begin.instanttime": begin}
    reader = spark.read.format("hudi").options(**{f"hoodie.datasource.{k}": v for k, v in options.items()})
    return reader.load(str(base)).filter(F.col("batch_id") != STALE).count()


def after_replacing(spark: SparkSession, variant: Variant, full: DataFrame, base: Path) -> str:
    """Replace the whole table, deliver to it again, and say whether both readers are right."""
    write(full, base, variant, "insert_overwrite_table")
    found = [verdict(read, truth(full, 0)) for read in (spark_counts(spark, base), jvm_free_counts(base))]
    if variant.deliver_by != "insert_overwrite_table":
        write(delivery(full, 1), base, variant, variant.deliver_by)
        found += [verdict(read, truth(full, 1)) for read in (spark_counts(spark, base), jvm_free_counts(base))]
    return " / ".join(sorted(set(found)))


def attempt(action: Callable[[], Any]) -> Any:
    """Return what an action returns, or its error in a few words: an error is a finding here."""
    try:
        return action()
    except Exception as error:  # noqa: BLE001
        return f"{type(error).__name__}: {str(error).strip().splitlines()[0][:120]}"


def verdict(found: Any, want: Any) -> str:
    """Return `ok`, or what was found instead of what."""
    return "ok" if found == want else f"{found} not {want}".replace("Counter", "")


def timed(action: Callable[[], Any]) -> tuple[float, Any]:
    """Return the seconds an action took, and its result."""
    start = time.perf_counter()
    result = action()
    return time.perf_counter() - start, result


def cost(spark: SparkSession, base: Path, action: Callable[[], None]) -> tuple[float, float, float]:
    """Return the seconds and the JVM's processor seconds an action took, and the megabytes it wrote."""
    before = {path: path.stat().st_size for path in files(base)}
    cpu = processor_seconds(spark)
    seconds, _ = timed(action)
    size = sum(path.stat().st_size - before.get(path, 0) for path in files(base))
    return seconds, processor_seconds(spark) - cpu, size / MEGABYTE


def processor_seconds(spark: SparkSession) -> float:
    """Return the processor time of the JVM so far."""
    jvm: Any = spark.sparkContext._jvm
    return float(jvm.java.lang.ProcessHandle.current().info().totalCpuDuration().get().toMillis()) / 1000


def files(base: Path) -> list[Path]:
    """Return all files of a table, without the checksums of the local file system."""
    return [path for path in base.rglob("*") if path.is_file() and path.suffix != ".crc"]


def data_files(base: Path) -> list[Path]:
    """Return base files and logs."""
    return [path for path in files(base) if path.suffix == ".parquet" or ".log." in path.name]


def last_instant(base: Path) -> str:
    """Return the newest completed instant of a table."""
    return max(path.stem for path in (base / ".hoodie").glob("*commit"))


def report(runs: dict[str, list[Figures]]) -> None:
    """Print the median of every number, and every distinct finding."""
    columns = list(next(iter(runs.values()))[0])
    print(" | ".join(["variant".ljust(24), *(column.rjust(8) for column in columns)]))
    for name, taken in runs.items():
        print(" | ".join([name.ljust(24), *(middle([run[c] for run in taken]).rjust(8) for c in columns)]))


def middle(values: list[Any]) -> str:
    """Return the median of numbers, or the distinct texts."""
    if isinstance(values[0], str):
        return "; ".join(sorted(set(values)))
    return f"{statistics.median(values):.2f}"


if __name__ == "__main__":
    main()
