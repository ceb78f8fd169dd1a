"""Writes the deliveries: `delivery=<number>/<type>/part-*.ndjson`, and one file of each again under another name."""

import shutil
from collections import Counter
from pathlib import Path

from metriccare.generate.deliveries.contents import Contents
from metriccare.generate.deliveries.item import Item
from metriccare.generate.deliveries.lines import line_of
from metriccare.generate.deliveries.send import Feed
from metriccare.generate.draw import Draw
from metriccare.generate.files import ALL_FOLDERS, FOLDERS, PartWriter, count_files
from metriccare.generate.output import Rendered, Written
from metriccare.generate.plan import PatientPlan

_REPEATED_TYPE = "Condition"
_FIRST_PART, _REPEATED_PART = "part-00000.ndjson", "again-00000.ndjson"


def delivery_name(number: int) -> str:
    """Return the name of a delivery's folder; the names sort."""
    return f"delivery={number:02}"


class Deliveries:
    """Writes all deliveries side by side, patient by patient; most files are opened with their first line."""

    def __init__(self, folder: Path, part_size: int, feed: Feed, batches: int) -> None:
        self._folder = folder
        self._part_size = part_size
        self._feed = feed
        self._writers: dict[tuple[int, str], PartWriter] = {}
        self._contents = [Contents() for _ in range(batches + 1)]
        for number in range(batches + 1):
            self._writer(number, "Encounter")  # a delivery in which nothing is new has an empty file
        self._resources = Counter(dict.fromkeys(FOLDERS, 0))

    def write(self, draw: Draw, plan: PatientPlan, rendered: Rendered) -> None:
        """Write everything that is sent of one patient, each into its delivery."""
        patient, encounters, conditions = rendered
        self._resources.update({"Patient": 1, "Encounter": len(encounters), "Condition": len(conditions)})
        sent = self._feed.send(draw, plan, [patient, *encounters, *conditions])
        for item in sent.items:
            self._write(item)
        for number in {item.delivery for item in sent.items}:
            self._contents[number].patients += 1
        if sent.event:
            name, number = sent.event
            self._contents[number].events[name] += 1

    def finish(self) -> Written:
        """Close the files, send some again, and tell what was written."""
        for writer in self._writers.values():
            writer.close()
        for number in range(1, len(self._contents)):
            self._repeat_file(number)
        files = [count_files(self._home(number).rglob("*.ndjson")) for number in range(len(self._contents))]
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
            writer = PartWriter(self._home(number) / ALL_FOLDERS[kind], self._part_size)
            self._writers[number, kind] = writer
        return writer

    def _repeat_file(self, number: int) -> None:
        """Send a file of the delivery before once more, of the first later delivery its own: under another name."""
        folder = FOLDERS[_REPEATED_TYPE]
        sources = [max(1, number - 1), number]
        original = next(
            (path for source in sources if (path := self._home(source) / folder / _FIRST_PART).exists()), None
        )
        if original is None:
            return
        home = self._home(number) / folder
        home.mkdir(parents=True, exist_ok=True)
        with original.open("rb") as file:
            self._contents[number].add_repeated_file(_REPEATED_TYPE, sum(1 for _ in file))
        shutil.copyfile(original, home / _REPEATED_PART)

    def _home(self, number: int) -> Path:
        return self._folder / delivery_name(number)
