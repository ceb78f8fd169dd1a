"""Writes deliveries: `delivery=<number>/<type>/part-*.ndjson`, with one file sent again under another name."""

import shutil
from collections import Counter
from pathlib import Path

from metriccare.generate.deliveries.contents import Contents
from metriccare.generate.deliveries.delivery_planner import DeliveryPlanner
from metriccare.generate.deliveries.item import Item
from metriccare.generate.deliveries.lines import line_of
from metriccare.generate.files import ALL_FOLDERS, FOLDERS, PartWriter, count_files
from metriccare.generate.output import Rendered, Written
from metriccare.generate.plan import PatientPlan
from metriccare.generate.rng import Rng

_REPEATED_TYPE = "Condition"
_FIRST_PART, _REPEATED_PART = "part-00000.ndjson", "again-00000.ndjson"


def delivery_name(number: int) -> str:
    """Return the name of a delivery's folder; names sort in order of the deliveries."""
    return f"delivery={number:02}"


class MultipleDeliveries:
    """Writes all deliveries in parallel, patient by patient; a file is created with its first line."""

    def __init__(self, folder: Path, part_size: int, planner: DeliveryPlanner, batches: int) -> None:
        self._folder = folder
        self._part_size = part_size
        self._planner = planner
        self._writers: dict[tuple[int, str], PartWriter] = {}
        self._contents = [Contents() for _ in range(batches + 1)]
        for number in range(batches + 1):
            self._writer(number, "Encounter")  # so that a delivery without updates has an empty file
        self._resources = Counter(dict.fromkeys(FOLDERS, 0))

    def write(self, rng: Rng, plan: PatientPlan, rendered: Rendered) -> None:
        """Write all lines of one patient, each to its delivery."""
        patient, encounters, conditions = rendered
        self._resources.update({"Patient": 1, "Encounter": len(encounters), "Condition": len(conditions)})
        sent = self._planner.assign(rng, plan, [patient, *encounters, *conditions])
        for item in sent.items:
            self._write(item)
        for number in {item.delivery for item in sent.items}:
            self._contents[number].patients += 1
        if sent.event:
            name, number = sent.event
            self._contents[number].events[name] += 1

    def finish(self) -> Written:
        """Close the files, copy some of them, and return what was written."""
        for writer in self._writers.values():
            writer.close()
        for number in range(1, len(self._contents)):
            self._repeat_file(number)
        files = [
            count_files(self._folder_of(number).rglob("*.ndjson")) for number in range(len(self._contents))
        ]
        parts = sum(files, Counter[str]())
        return Written(
            resources=dict(self._resources),
            parts={kind: parts[kind] for kind in ALL_FOLDERS if kind in FOLDERS or parts[kind]},
            deliveries=[
                contents.row(delivery_name(number), files[number].total())
                for number, contents in enumerate(self._contents)
            ],
        )

    def _write(self, item: Item) -> None:
        self._writer(item.delivery, item.resource["resourceType"]).write_line(line_of(item))
        self._contents[item.delivery].add(item)

    def _writer(self, number: int, kind: str) -> PartWriter:
        writer = self._writers.get((number, kind))
        if writer is None:
            writer = PartWriter(self._folder_of(number) / ALL_FOLDERS[kind], self._part_size)
            self._writers[number, kind] = writer
        return writer

    def _repeat_file(self, number: int) -> None:
        """Copy a file of the previous later delivery, or of this one if it is the first, under another name."""
        folder = FOLDERS[_REPEATED_TYPE]
        sources = [max(1, number - 1), number]
        original = next(
            (path for source in sources if (path := self._folder_of(source) / folder / _FIRST_PART).exists()),
            None,
        )
        if original is None:
            return
        target = self._folder_of(number) / folder
        target.mkdir(parents=True, exist_ok=True)
        with original.open("rb") as file:
            self._contents[number].add_repeated_file(_REPEATED_TYPE, sum(1 for _ in file))
        shutil.copyfile(original, target / _REPEATED_PART)

    def _folder_of(self, number: int) -> Path:
        return self._folder / delivery_name(number)
