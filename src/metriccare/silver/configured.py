"""What the configuration says of a row, by its column `source`: zone, own code maps, habits (docs/sources.md)."""

from collections.abc import Mapping
from itertools import chain

from pyspark.sql import Column
from pyspark.sql import functions as F

from metriccare.definitions.sources import Source, Sources
from metriccare.fhir.concepts import literal_map, map_of
from metriccare.fhir.dates import Zone


def zone(sources: Sources, hospital: Column | None = None) -> Zone:
    """Return the zone of a row: of its hospital, else of its source, else the one for all, else null or empty.

    Args:
        sources: the configuration.
        hospital: the row's hospital id, if it has one.
    """
    of_sources = {name: source.timezone for name, source in sources.by_name.items() if source.timezone}
    of_hospitals = _by_hospital(sources, "hospital_timezones") if hospital is not None else {}
    if not of_sources and not of_hospitals:
        return sources.timezone  # a name keeps the plan small
    found = [_lookup(of_hospitals, _place(hospital))] if hospital is not None else []
    return F.coalesce(*found, _lookup(of_sources, F.col("source")), F.lit(sources.timezone or None))


def zone_name(found: Zone) -> Column:
    """Return a zone as a column; null where dates are taken as written."""
    return F.lit(found or None).cast("string") if isinstance(found, str) else found


def hospital_of(sources: Sources, reference: Column) -> Column:
    """Return the hospital that an id in `serviceProvider` means: the id itself but for the configured aliases."""
    aliases = _by_hospital(sources, "hospital_aliases")
    return F.coalesce(_lookup(aliases, _place(reference)), reference) if aliases else reference


def own_codes(sources: Sources, field: str) -> Column | None:
    """Return the row's own code map (`class_map` or `disposition_map`), null where its source has none."""
    maps = {
        name: getattr(source, field) for name, source in sources.by_name.items() if getattr(source, field)
    }
    pairs = ((F.lit(name), map_of(codes)) for name, codes in maps.items())
    return F.create_map(*chain.from_iterable(pairs))[F.col("source")] if maps else None


def is_set(sources: Sources, field: str) -> Column:
    """True where a yes-or-no field of the row's source is set."""
    names = [name for name, source in sources.by_name.items() if getattr(source, field)]
    return F.col("source").isin(names) if names else F.lit(False)


def is_cancer_hospital(sources: Sources, hospital: Column) -> Column:
    """True where the hospital is a PPS-exempt cancer hospital (MEASURES 1.1.6)."""
    places = [_key(name, id) for name, source in sources.by_name.items() for id in source.cancer_hospitals]
    return F.coalesce(_place(hospital).isin(places), F.lit(False)) if places else F.lit(False)


def _by_hospital(sources: Sources, field: str) -> dict[str, str]:
    def entries(source: Source) -> Mapping[str, str]:
        found: Mapping[str, str] = getattr(source, field)
        return found

    return {
        _key(name, id): value
        for name, source in sources.by_name.items()
        for id, value in entries(source).items()
    }


def _lookup(values: Mapping[str, str], key: Column) -> Column:
    if not values:
        return F.lit(None).cast("string")
    return literal_map(values)[key]


def _key(source: str, hospital: str) -> str:
    return f"{source}|{hospital}"


def _place(hospital: Column) -> Column:
    return F.concat(F.col("source"), F.lit("|"), hospital)  # null where there is no hospital
