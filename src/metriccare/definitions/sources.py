"""What is known about each source of the data that the data do not say: zones, local codes, habits.

A source is a folder `source=<name>` in a file's path, else `default`. `metriccare.pipeline.configuration` reads this
from a TOML file; the layers are handed it and look up nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from metriccare.definitions.validation import check_timezone
from metriccare.definitions.value_sets import Code


@dataclass(frozen=True)
class Source:
    """One source; every field has the meaning of a source of which nothing is known.

    Attributes:
        timezone: zone of its hospitals; empty takes dates as they are written (MEASURES 0.2.1).
        has_dispositions: its closed stays carry a disposition, so that one without is incomplete (2.1).
        inpatient_by_type: the eCQMs' Encounter.type counts in addition to the class, not only in its place (0.1.2).
        class_map: its codes of Encounter.class; they go before the package's own list (0.1.4).
        disposition_map: likewise of dischargeDisposition (0.3).
        cancer_hospitals: ids of PPS-exempt cancer hospitals (1.1.6).
        hospital_timezones: zones of single hospitals, by id.
        hospital_aliases: the hospital that another id in `serviceProvider` means.
    """

    timezone: str = ""
    has_dispositions: bool = False
    inpatient_by_type: bool = False
    class_map: tuple[Code, ...] = ()
    disposition_map: tuple[Code, ...] = ()
    cancer_hospitals: tuple[str, ...] = ()
    hospital_timezones: Mapping[str, str] = field(default_factory=dict)
    hospital_aliases: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Sources:
    """All sources that are configured, by name; of any other one nothing is known but the zone for all.

    Attributes:
        by_name: the sources.
        timezone: zone of the sources that name none; empty takes dates as they are written.
    """

    by_name: Mapping[str, Source] = field(default_factory=dict)
    timezone: str = ""

    def with_timezone(self, timezone: str) -> "Sources":
        """Return the same sources, those that name no zone in this one; empty changes nothing.

        Raises:
            ParameterError: there is no such zone.
        """
        return replace(self, timezone=check_timezone(timezone) or self.timezone)


NONE = Sources()
