"""The table layouts that `table_layout.py` compares, as Hudi options."""

from dataclasses import dataclass, field
from pathlib import Path

from pyspark.sql import DataFrame

COMMON = {
    "hoodie.table.name": "layout",
    "hoodie.datasource.write.hive_style_partitioning": "true",
    "hoodie.datasource.write.payload.class": "org.apache.hudi.common.model.DefaultHoodieRecordPayload",
    "hoodie.metadata.enable": "false",
    "hoodie.embed.timeline.server": "false",
    "hoodie.bulkinsert.shuffle.parallelism": "2",
    "hoodie.upsert.shuffle.parallelism": "2",
}


@dataclass(frozen=True)
class Variant:
    """One layout: what is written how."""

    name: str
    options: dict[str, str] = field(default_factory=dict)
    key: str = "source,id"
    order: str = "version_order"
    partition: str = ""
    load_by: str = "bulk_insert"
    deliver_by: str = "upsert"
    replaces: bool = False

    def load(self, full: DataFrame, base: Path) -> None:
        """Write the first commit."""
        self._write(full, base, self.load_by)

    def deliver(self, part: DataFrame, merged: DataFrame, base: Path) -> None:
        """Write a delivery, or the whole table with the delivery in it."""
        if self.replaces:
            self.replace(merged, base)
        else:
            self.upsert(part, base)

    def upsert(self, part: DataFrame, base: Path) -> None:
        """Write a delivery."""
        self._write(part, base, self.deliver_by)

    def replace(self, full: DataFrame, base: Path) -> None:
        """Make the rows the whole table."""
        self._write(full, base, "insert_overwrite_table")

    def _write(self, frame: DataFrame, base: Path, operation: str) -> None:
        keys = "ComplexKeyGenerator" if self.partition else "NonpartitionedKeyGenerator"
        own = {
            "hoodie.datasource.write.recordkey.field": self.key,
            "hoodie.datasource.write.precombine.field": self.order,
            "hoodie.datasource.write.partitionpath.field": self.partition,
            "hoodie.datasource.write.keygenerator.class": f"org.apache.hudi.keygen.{keys}",
            "hoodie.datasource.write.operation": operation,
        }
        frame.write.format("hudi").options(**COMMON, **own, **self.options).mode("append").save(str(base))


def _on_write(index: str) -> dict[str, str]:
    return {"hoodie.datasource.write.table.type": "COPY_ON_WRITE", "hoodie.index.type": index}


def _on_read(index: str) -> dict[str, str]:
    return {
        "hoodie.datasource.write.table.type": "MERGE_ON_READ",
        "hoodie.index.type": index,
    }


def _buckets(number: int) -> dict[str, str]:
    return {"hoodie.bucket.index.num.buckets": str(number), "hoodie.index.bucket.engine": "SIMPLE"}


def _compact(options: dict[str, str], commits: int) -> dict[str, str]:
    return {**options, "hoodie.compact.inline": "true", "hoodie.compact.inline.max.delta.commits": str(commits)}


_MOVES = {
    "hoodie.simple.index.update.partition.path": "true",
    "hoodie.bloom.index.update.partition.path": "true",
}

SILVER = [
    Variant("replace", _on_write("BLOOM"), replaces=True),
    Variant("cow bloom", _on_write("BLOOM")),
    Variant("cow simple", _on_write("SIMPLE")),
    Variant("cow bucket 4", _on_write("BUCKET") | _buckets(4)),
    Variant("mor simple", _on_read("SIMPLE")),
    Variant("mor bucket 1", _on_read("BUCKET") | _buckets(1)),
    Variant("mor bucket 4", _on_read("BUCKET") | _buckets(4)),
    Variant("mor bucket 4 compact 4", _compact(_on_read("BUCKET") | _buckets(4), 4)),
    Variant("mor bucket 4 load by upsert", _on_read("BUCKET") | _buckets(4), load_by="upsert"),
    Variant("mor bucket 16", _on_read("BUCKET") | _buckets(16)),
    Variant("cow month simple", _on_write("SIMPLE"), partition="month"),
    Variant("cow month global simple", _on_write("GLOBAL_SIMPLE") | _MOVES, partition="month"),
]


def _sorted(mode: str) -> dict[str, str]:
    return {"hoodie.bulkinsert.sort.mode": mode}


def _bronze(name: str, mode: str, deliver_by: str = "bulk_insert") -> Variant:
    options = _on_write("BLOOM") | _sorted(mode)
    return Variant(name, options, "file_version,position", "received_at", "resource_type", "bulk_insert", deliver_by)


BRONZE = [
    _bronze("append none", "NONE"),
    _bronze("append global sort", "GLOBAL_SORT"),
    _bronze("append partition sort", "PARTITION_SORT"),
    _bronze("append repartition", "PARTITION_PATH_REPARTITION"),
    _bronze("append, deliver by insert", "NONE", "insert"),
]
