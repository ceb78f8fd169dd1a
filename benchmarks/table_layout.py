"""Hudi table layouts compared: a full load, then deliveries of 1 %, on the rows of generated patients.

    PYTHONPATH=src python benchmarks/table_layout.py --patients 10000 --table condition --repeat 3

Every variant is loaded, gets the same deliveries and is read back, by Spark and by the reader without a JVM. Of a
delivery's rows, spread at random, eight in ten are a newer version, one in ten is new, and one in ten is an older
version that must change nothing. A first turn checks that a variant is right and warms the JVM up; the variants
then take turns, and medians are printed, because a machine is rarely idle.
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

from metriccare import bronze, silver
from metriccare.definitions import schemas
from metriccare.engine import Reference
from metriccare.engine.on_spark import Input, run_on_spark
from metriccare.generate import generate
from metriccare.lake.raw_files import list_files
from metriccare.lake.raw_reader import scan
from metriccare.runtime.spark import get_spark

STALE = "stale"
REPLACE = "insert_overwrite_table"
MONTH = {"encounter": "period_start_date", "condition": "recorded_date"}
Options = dict[str, str]


def _write(**options: str) -> Options:
    """Return `hoodie.datasource.write.` options; two underscores stand for a dot."""
    return {f"hoodie.datasource.write.{name.replace('__', '.')}": value for name, value in options.items()}


def _index(kind: str, buckets: int = 0) -> Options:
    number = {"hoodie.bucket.index.num.buckets": str(buckets)} if buckets else {}
    return {"hoodie.index.type": kind, **number}


COMMON = {
    "hoodie.table.name": "layout",
    "hoodie.metadata.enable": "false",
    "hoodie.embed.timeline.server": "false",
    "hoodie.bulkinsert.shuffle.parallelism": "2",
    "hoodie.upsert.shuffle.parallelism": "2",
    **_write(
        hive_style_partitioning="true", keygenerator__class="org.apache.hudi.keygen.ComplexKeyGenerator"
    ),
    **_write(payload__class="org.apache.hudi.common.model.DefaultHoodieRecordPayload"),
}
KEYED = _write(recordkey__field="source,id", precombine__field="version_order")
COW = KEYED | _write(keygenerator__class="org.apache.hudi.keygen.NonpartitionedKeyGenerator")
MOR = COW | _write(table__type="MERGE_ON_READ")
MONTHLY = KEYED | _write(partitionpath__field="month")
MOVING = _index("GLOBAL_SIMPLE") | {"hoodie.simple.index.update.partition.path": "true"}
COMPACTING = {"hoodie.compact.inline": "true", "hoodie.compact.inline.max.delta.commits": "5"}
SERVICES = {"hoodie.metadata.enable": "true", "hoodie.embed.timeline.server": "true"}
PARQUET_LOG = {"hoodie.logfile.data.block.format": "parquet"}
SMALL_FILTER = {"hoodie.bloom.index.filter.type": "SIMPLE", "hoodie.index.bloom.num_entries": "10"}
LEAN = PARQUET_LOG | SMALL_FILTER
RECORD = _write(
    recordkey__field="file_version,position",
    precombine__field="received_at",
    partitionpath__field="resource_type",
)


class Variant(NamedTuple):
    """A layout: its options, and the operations that load and deliver."""

    options: Options
    load_by: str = "bulk_insert"
    deliver_by: str = "upsert"


def _append(mode: str, more: Options | None = None) -> Variant:
    options = RECORD | {"hoodie.bulkinsert.sort.mode": mode} | (more or {})
    return Variant(options, deliver_by="bulk_insert")


SILVER = {
    "replace": Variant(COW, deliver_by=REPLACE),
    "cow bloom": Variant(COW | _index("BLOOM")),
    "cow simple": Variant(COW | _index("SIMPLE")),
    "cow bucket 4": Variant(COW | _index("BUCKET", 4)),
    "cow month simple": Variant(MONTHLY | _index("SIMPLE")),
    "cow month global": Variant(MONTHLY | MOVING),
    "mor simple": Variant(MOR | _index("SIMPLE")),
    "mor bucket 1": Variant(MOR | _index("BUCKET", 1)),
    "mor bucket 4": Variant(MOR | _index("BUCKET", 4)),
    "mor bucket 16": Variant(MOR | _index("BUCKET", 16)),
    "mor bucket 4 compact": Variant(MOR | _index("BUCKET", 4) | COMPACTING),
    "mor bucket 4 services": Variant(MOR | _index("BUCKET", 4) | SERVICES),
    "mor bucket 4 parquet": Variant(MOR | _index("BUCKET", 4) | PARQUET_LOG),
    "mor bucket 1 lean": Variant(MOR | _index("BUCKET", 1) | LEAN),
    "mor bucket 4 lean": Variant(MOR | _index("BUCKET", 4) | LEAN),
    "mor bucket 16 lean": Variant(MOR | _index("BUCKET", 16) | LEAN),
    "mor bucket 4 lean compact": Variant(MOR | _index("BUCKET", 4) | LEAN | COMPACTING),
    "mor bucket 4 upserted": Variant(MOR | _index("BUCKET", 4), load_by="upsert"),
}
BRONZE = {
    "append": _append("NONE"),
    "append sorted": _append("GLOBAL_SORT"),
    "append repartitioned": _append("PARTITION_PATH_REPARTITION"),
    "append repart. lean": _append("PARTITION_PATH_REPARTITION", SMALL_FILTER),
    "insert": Variant(RECORD, deliver_by="insert"),
}


@click.command(help=__doc__)
@click.option("--patients", default=10_000, show_default=True, help="Size of the generated set.")
@click.option("--table", default="condition", type=click.Choice(["condition", "encounter", "record"]))
@click.option("--repeat", default=3, show_default=True, help="Turns that count.")
@click.option("--deliveries", default=1, show_default=True, help="Deliveries of 1 % after the full load.")
@click.option("--only", default="", help="Names of variants, separated by commas; empty means all.")
@click.option("--work", type=click.Path(path_type=Path), help="Keep the generated rows here for next time.")
def main(patients: int, table: str, repeat: int, deliveries: int, only: str, work: Path | None) -> None:
    """Check and measure the variants of one table."""
    spark = get_spark(app="table_layout")
    known = BRONZE if table == "record" else SILVER
    variants = {name: known[name] for name in only.split(",") if name} or known
    with tempfile.TemporaryDirectory() as scratch:
        rows = prepare(spark, (work or Path(scratch)) / str(patients), patients) / table
        parts = [delivery(spark, rows, number) for number in range(1, deliveries + 1)]
        runs: dict[str, list[dict[str, float]]] = {name: [] for name in variants}
        for turn in range(repeat + 1):
            for name, variant in variants.items():
                base = Path(scratch) / f"{turn}-{name.replace(' ', '-')}"
                figures = measure(spark, variant, full_load(spark, rows), parts, base)
                if turn:
                    runs[name].append(figures)
                else:
                    click.echo(f"{name}: {check(spark, variant, full_load(spark, rows), parts, base)}")
    click.echo(f"\n{table}, {patients:,} patients, {deliveries} deliveries, medians of {repeat}")
    report(runs)


def prepare(spark: SparkSession, rows: Path, patients: int) -> Path:
    """Generate patients and write their bronze and silver rows as Parquet, unless they are there already."""
    if not (rows / "condition" / "_SUCCESS").exists():
        generate(patients=patients, seed=7, out=rows / "raw")
        scanned = scan(spark, list_files(str(rows / "raw" / "json")), bronze.classify, schemas.INPUT_RECORD)
        bronze.records(scanned, datetime(2026, 1, 1, tzinfo=UTC), "full").write.parquet(f"{rows}/record")
        records = spark.read.parquet(f"{rows}/record")
        resources = [Input("record", records, F.col("resource_id"))]
        typed = run_on_spark(silver.RESOURCES, resources, Reference(), tasks=4)
        for name in MONTH:
            typed[name].write.parquet(f"{rows}/{name}")
    return rows


def full_load(spark: SparkSession, rows: Path) -> DataFrame:
    """Return the rows of the full load; silver's with the month that a partitioned variant needs."""
    frame = spark.read.parquet(str(rows))
    if rows.name == "record":
        return frame
    return frame.withColumn("month", F.coalesce(F.date_format(MONTH[rows.name], "yyyy-MM"), F.lit("none")))


def delivery(spark: SparkSession, rows: Path, number: int) -> DataFrame:
    """Return 1 % of the rows as the next delivery, written once; one row in ten moves to another month."""
    path = rows.parent / f"{rows.name}-{number}"
    if not (path / "_SUCCESS").exists():
        mark = F.pmod(F.xxhash64("body_sha256", F.lit(number)), F.lit(1000))
        picked = full_load(spark, rows).withColumn("_mark", mark).filter("_mark < 10")
        picked = picked.withColumn("batch_id", F.lit(f"d{number:03}"))
        is_record = rows.name == "record"
        part = picked.withColumn("file_version", F.col("batch_id")) if is_record else versions(picked, number)
        part.drop("_mark").coalesce(2).write.parquet(str(path))
    return spark.read.parquet(str(path))


def versions(picked: DataFrame, number: int) -> DataFrame:
    """Make newer, new and older versions of the rows, by their mark from 0 to 9."""
    is_new, is_old, moves = (F.col("_mark") == mark for mark in range(3))
    new_id, newer = (
        F.concat("batch_id", F.lit("-new"), "id"),
        F.concat(F.lit(f"3{number:03}"), "version_order"),
    )
    return (
        picked.withColumn("id", F.when(is_new, new_id).otherwise(F.col("id")))
        .withColumn("version_order", F.when(is_old, F.lit("1900")).otherwise(newer))
        .withColumn("batch_id", F.when(is_old, F.lit(STALE)).otherwise(F.col("batch_id")))
        .withColumn("month", F.when(moves, F.lit("moved")).otherwise(F.col("month")))
    )


def write(frame: DataFrame, base: Path, variant: Variant, operation: str) -> None:
    """Write one commit."""
    options = COMMON | variant.options | _write(operation=operation)
    frame.write.format("hudi").options(**options).mode("append").save(str(base))


def deliver(full: DataFrame, part: DataFrame, base: Path, variant: Variant) -> None:
    """Write a delivery, or the whole table with the delivery in it."""
    if variant.deliver_by == REPLACE:
        fresh = part.filter(F.col("batch_id") != STALE)
        kept = full.join(F.broadcast(fresh.select("source", "id")), ["source", "id"], how="left_anti")
        part = kept.unionByName(fresh)
    write(part, base, variant, variant.deliver_by)


def measure(
    spark: SparkSession, variant: Variant, full: DataFrame, parts: list[DataFrame], base: Path
) -> dict[str, float]:
    """Load one table and deliver to it; return seconds, the JVM's processor seconds and megabytes."""
    load = cost(spark, base, lambda: write(full, base, variant, variant.load_by))
    taken = [cost(spark, base, lambda part=part: deliver(full, part, base, variant)) for part in parts]
    seconds, processor, size = zip(*taken, strict=True)
    figures = dict(zip(("load s", "load cpu", "load MB"), load, strict=True))
    figures |= {"1% s": statistics.median(seconds), "1% max s": max(seconds)}
    figures |= {"1% cpu": statistics.median(processor), "1% MB": statistics.mean(size)}
    figures["files"] = len([path for path in files(base) if ".parquet" in path.name or ".log." in path.name])
    figures["spark s"] = timed(lambda: spark_counts(spark, base))
    figures["hudi s"] = timed(lambda: jvm_free_counts(base))
    return figures


def check(
    spark: SparkSession, variant: Variant, full: DataFrame, parts: list[DataFrame], base: Path
) -> dict[str, str]:
    """Return whether a measured table is right, and stays so; an error is a finding here."""
    both = (lambda: spark_counts(spark, base)), (lambda: jvm_free_counts(base))
    found = {
        name: verdict(read, truth(full, parts)) for name, read in zip(("spark", "hudi"), both, strict=True)
    }
    found["empty"] = verdict(lambda: write(full.limit(0), base, variant, "upsert"), None)
    found["replace"] = verdict(lambda: write(full, base, variant, REPLACE), None)
    found["after it"] = " / ".join(sorted({verdict(read, truth(full, [])) for read in both}))
    begin = last_instant(base)
    deliver(full, parts[0], base, variant)
    found["upsert"] = " / ".join(sorted({verdict(read, truth(full, parts[:1])) for read in both}))
    changed = truth(full, parts[:1])["last"]
    found["incremental"] = verdict(lambda: changed_since(spark, base, begin), changed)
    return found


def truth(full: DataFrame, parts: list[DataFrame]) -> Counter[str]:
    """Return how many rows a right table has in all, and of the last delivery; none of stale versions."""
    fresh = [part.filter(F.col("batch_id") != STALE) for part in parts]
    is_new = F.col("id").contains("-new") if "id" in full.columns else F.lit(True)
    new = sum(part.filter(is_new).count() for part in fresh)
    return +Counter(rows=full.count() + new, last=fresh[-1].count() if fresh else 0)


def spark_counts(spark: SparkSession, base: Path) -> Counter[str]:
    """Read every column in Spark; return the counts that `truth` gives, and the stale rows that won."""
    table = spark.read.format("hudi").load(str(base))
    table.write.format("noop").mode("overwrite").save()
    return counts({row["batch_id"]: row["count"] for row in table.groupBy("batch_id").count().collect()})


def jvm_free_counts(base: Path) -> Counter[str]:
    """Read every column by the reader without a JVM; return the same counts."""
    batches = HudiTableBuilder.from_base_uri(str(base)).build().read()
    return counts(Counter(value for batch in batches for value in batch.column("batch_id").to_pylist()))


def counts(by_batch: dict[str, int]) -> Counter[str]:
    """Return all rows, those of the last delivery and the stale ones, without the zeros."""
    last = max((name for name in by_batch if name.startswith("d")), default="")
    return +Counter(rows=sum(by_batch.values()), last=by_batch.get(last, 0), stale=by_batch.get(STALE, 0))


def changed_since(spark: SparkSession, base: Path, begin: str) -> int:
    """Return how many keys changed after an instant; a merge-on-read log also shows the versions it refused."""
    options = {"query.type": "incremental", "read.begin.instanttime": begin}
    reader = spark.read.format("hudi").options(**{f"hoodie.datasource.{k}": v for k, v in options.items()})
    return reader.load(str(base)).filter(F.col("batch_id") != STALE).count()


def verdict(action: Callable[[], Any], want: Any) -> str:
    """Return `ok`, or what was found instead of what was wanted, be it an error."""
    try:
        found = action()
    except Exception as error:  # noqa: BLE001
        return f"{type(error).__name__}: {str(error).strip().splitlines()[0][:120]}"
    return "ok" if found == want else f"{found} not {want}".replace("Counter", "")


def timed(action: Callable[[], Any]) -> float:
    """Return the seconds an action took."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def cost(spark: SparkSession, base: Path, action: Callable[[], None]) -> tuple[float, float, float]:
    """Return the seconds and the JVM's processor seconds an action took, and the megabytes it wrote."""
    before = {path: path.stat().st_size for path in files(base)}
    processor = processor_seconds(spark)
    seconds = timed(action)
    size = sum(path.stat().st_size - before.get(path, 0) for path in files(base))
    return seconds, processor_seconds(spark) - processor, size / 1e6


def processor_seconds(spark: SparkSession) -> float:
    """Return the processor time of the JVM so far, which a neighbour disturbs less than the wall time."""
    jvm: Any = spark.sparkContext._jvm
    return float(jvm.java.lang.ProcessHandle.current().info().totalCpuDuration().get().toMillis()) / 1000


def files(base: Path) -> list[Path]:
    """Return all files of a table, without the checksums of the local file system."""
    return [path for path in base.rglob("*") if path.is_file() and path.suffix != ".crc"]


def last_instant(base: Path) -> str:
    """Return the newest completed instant of a table."""
    return max(path.stem for path in (base / ".hoodie").glob("*commit"))


def report(runs: dict[str, list[dict[str, float]]]) -> None:
    """Print the median of every number."""
    columns = list(next(iter(runs.values()))[0])
    click.echo(" | ".join(["variant".ljust(22), *(column.rjust(8) for column in columns)]))
    for name, taken in runs.items():
        medians = (statistics.median(figures[column] for figures in taken) for column in columns)
        click.echo(" | ".join([name.ljust(22), *(f"{median:8.2f}" for median in medians)]))


if __name__ == "__main__":
    main()
