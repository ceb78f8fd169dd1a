"""Few new records of bronze, typed without Spark."""

from collections.abc import Iterator

from metriccare import silver
from metriccare.definitions.tables import RECORD, RESOURCES
from metriccare.engine import Reference
from metriccare.engine.here import Parts, choose, run_here
from metriccare.engine.schema import arrow_schema
from metriccare.lake.reader import read_parts
from metriccare.pipeline.stages.new_records import NewRecords, Typed
from metriccare.settings import Lake

_OF_RESOURCES = f"FROM part WHERE resource_type IN {tuple(RESOURCES)}"
_OF_UNSTAMPED = """
    SELECT part.* FROM part
    SEMI JOIN (FROM arrived WHERE moment(last_updated) IS NULL) USING (source, resource_type, resource_id)
"""


def typed_here(lake: Lake, new: NewRecords, reference: Reference) -> Typed:
    """Return what `silver.DELIVERY` makes of new records."""
    columns = silver.DELIVERY.takes["record"]
    names = arrow_schema(columns).names
    arrived = choose(
        read_parts(lake, RECORD, names, after=new.after, until=new.until), _OF_RESOURCES, columns
    )
    inputs = [Parts("record", [arrived])]
    if new.has_unstamped:  # the first receipt of a body orders it
        inputs.append(Parts("record", read_parts(lake, RECORD, names, until=new.until), _OF_UNSTAMPED))
    inputs.extend(_held(lake, new.types))
    made = run_here(silver.DELIVERY, inputs, reference, whole={"arrived": arrived})
    linked = choose([made["patient"]], f"FROM part WHERE {silver.IS_LINKED}", silver.LINKED)
    return Typed(made, made["touched"].to_pylist(), linked.to_pylist())


def _held(lake: Lake, types: tuple[str, ...]) -> Iterator[Parts]:
    """Return what silver holds of the resources among the new records."""
    for kind in types:
        query = f"""
            SELECT '{kind}' AS resource_type, part.* FROM part
            SEMI JOIN arrived ON arrived.source = part.source AND arrived.resource_id = part.id
                AND arrived.resource_type = '{kind}'
        """  # noqa: S608  (a name of this package)
        names = [
            name for name in arrow_schema(silver.DELIVERY.takes["held"]).names if name != "resource_type"
        ]
        yield Parts("held", read_parts(lake, RESOURCES[kind], names), query)
