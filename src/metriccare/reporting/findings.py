"""Findings: sentences on gaps in the data, the measures they affect and what to do.

They are shown in notebooks, at the end of a run and in the report, so they tell shares in words: a number of patients
or stays less a published one could be a small cell. `metriccare preflight`, for internal use, has the numbers.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from metriccare.definitions import coverage_fields as fields
from metriccare.reporting.coverage_counts import Counts
from metriccare.reporting.terminal import one_line

ALL, COMPLETE = 1.0, 0.95  # gaps that exclude stays are always reported, others from 5 % on
USUAL = 0.9  # share of stays with a disposition above which a missing one is an omission
LINES = 10  # of findings on a screen
SOURCES = 5  # that a finding names
MAP_THEM = "`metriccare preflight` lists the codes and shows how to map them"
NOTHING = "no patients, encounters or conditions were loaded. `metriccare status` shows files and quarantine."
FINE = "every field that affects a measure is present. No gaps were found."

Rule = Callable[[Counts], str]


def findings(coverage: Sequence[Mapping[str, Any]], *, exact: bool = False) -> list[str]:
    """Return the findings on a coverage.

    Args:
        coverage: rows of gold.coverage, as mappings.
        exact: tell numbers instead of shares in words; for internal use.

    Returns:
        Sentences that start with the sources that they are about, the most important first; a reassuring one for
        sources without gaps.
    """
    if not coverage:
        return [NOTHING]
    about: dict[tuple[int, str], list[str]] = {}
    for source in sorted({row["source"] for row in coverage}):
        counts = Counts([row for row in coverage if row["source"] == source], exact=exact)
        said = [(at, sentence) for at, rule in enumerate(RULES) if (sentence := rule(counts))]
        for key in said or [(len(RULES), FINE)]:
            about.setdefault(key, []).append(source)
    return [f"{_named(sources)}: {sentence}" for (_, sentence), sources in sorted(about.items())]


def at_most(sentences: Sequence[str], limit: int = LINES) -> list[str]:
    """Return the first findings, and where the others are shown."""
    more = len(sentences) - limit
    return [*sentences[:limit], *([f"{more:,} more: `metriccare preflight` shows all."] if more > 0 else [])]


def _named(sources: Sequence[str]) -> str:
    shown = ", ".join(map(one_line, sources[:SOURCES]))
    more = f" and {len(sources) - SOURCES:,} more" if len(sources) > SOURCES else ""
    return f"{'source' if len(sources) == 1 else 'sources'} {shown}{more}"


def _gap(field: str, enough: float, sentence: str) -> Rule:
    """Return a rule that reports how many rows lack a field, if fewer than `enough` have it."""
    return lambda counts: "" if counts.share(field) >= enough else f"{counts.missing(field)} {sentence}"


def _never(field: str, sentence: str) -> Rule:
    """Return a rule that applies if a field is expected but never present."""
    return lambda counts: sentence if counts.is_absent(field) else ""


def _unless_never(field: str, rule: Rule) -> Rule:
    """Return the rule for a field that is present at least once; `_never` handles the other case."""
    return lambda counts: "" if counts.is_absent(field) else rule(counts)


def _no_stays(counts: Counts) -> str:
    if not counts.rows(fields.CLASS) or counts.rows(fields.START):
        return ""
    if counts.rows(fields.STATUS):
        return "no inpatient encounter has the status `finished`, so all measures are empty. Check Encounter.status."
    if counts.rows(fields.PART):
        return "every inpatient encounter is part of another one, so all measures are empty. Check Encounter.partOf."
    return "no encounter is an inpatient's, so all measures are empty. Check Encounter.class."


def _unordered(counts: Counts) -> str:
    if not counts.rows(fields.UNORDERED):
        return ""
    return (
        "resources came in several versions in the same run and without meta.lastUpdated, so which is the newest can't "
        "be told; one of them was taken. Request meta.lastUpdated, or load one export per run, the oldest first."
    )


def _no_indicators(counts: Counts) -> str:
    """Also applies if no stay has a diagnosis that could carry an indicator."""
    if counts.rows(fields.PRINCIPAL) and not counts.present(fields.PRESENT_ON_ADMISSION):
        return "there are no present-on-admission indicators. Hospital onset of infections is decided by dates alone."
    return ""


def _utc(counts: Counts) -> str:
    if not counts.present(fields.UTC_WITHOUT_ZONE):
        return ""
    return (
        f"{counts.having(fields.UTC_WITHOUT_ZONE)} inpatient encounters have times in UTC, and no time zone is set. "
        "West of Greenwich, evening events are counted on the next day, which affects every measure. Set `timezone`."
    )


def _some_dispositions(counts: Counts) -> str:
    share, missing = counts.share(fields.DISPOSITION), counts.missing(fields.DISPOSITION)
    is_expected = counts.present(fields.EXPECTS_DISPOSITIONS) > 0
    if share < USUAL and is_expected:
        return (
            f"`has_dispositions` is set, but {missing} closed stays have no disposition and are excluded from "
            "in-hospital "
            "mortality. If this source does not send dispositions, set `has_dispositions = false`."
        )
    if share < USUAL:
        return (
            f"{missing} closed stays have no discharge disposition. For these, the against-advice and transfer "
            "exclusions can't be applied, and deaths are taken from dates of death."
        )
    if share < 1 and not is_expected:
        return (
            f"{counts.having(fields.DISPOSITION)} closed stays have a disposition. To exclude the others from "
            "in-hospital mortality, set `has_dispositions = true`."
        )
    return ""


_START = "finished inpatient encounters have no full start date and are excluded from all measures. Request full dates."
_END = "finished inpatient encounters have no full end date and are excluded from all measures. Request full dates."

RULES: tuple[Rule, ...] = (
    _no_stays,
    _gap(
        fields.CLASS,
        ALL,
        f"encounters have a class that is not mapped, so they are not counted as stays. {MAP_THEM}.",
    ),
    _gap(
        fields.STATUS,
        ALL,
        "inpatient encounters have no status that FHIR R4 knows, such as `finished`, so they are not counted as "
        "stays. Request Encounter.status.",
    ),
    _gap(
        fields.PART,
        ALL,
        "inpatient encounters are part of an encounter (`partOf`) that is no inpatient stay or was not sent, so they "
        "are in no stay. Request the encounter of the whole stay; if each is a stay of its own, have it sent without "
        "`partOf`.",
    ),
    _gap(
        fields.SUBJECT,
        ALL,
        "stays are of a patient that was not sent, or have no Encounter.subject.reference, so they are excluded from "
        "all measures. Request the Patients, and references to them.",
    ),
    _unordered,
    _gap(fields.START, ALL, _START),
    _gap(fields.END, ALL, _END),
    _utc,
    _gap(
        fields.HOSPITAL,
        ALL,
        "inpatient encounters have no hospital. Transfers can't be distinguished from readmissions, and the "
        "stays are "
        "in no hospital's rate. Request Encounter.serviceProvider.",
    ),
    _gap(
        fields.BIRTH_DATE,
        ALL,
        "patients have no full birth date. Profiles with an age limit exclude their stays.",
    ),
    _never(
        fields.DECEASED,
        "no patient has a date of death or is marked as deceased. 30-day mortality is 0 for lack of data; do "
        "not use it.",
    ),
    _never(
        fields.DEATH_DATE,
        "no patient has a full date of death. 30-day mortality only includes deaths recorded as a disposition; "
        "do not "
        "use it.",
    ),
    _unless_never(
        fields.DEATH_DATE,
        _gap(
            fields.DEATH_DATE,
            COMPLETE,
            "deceased patients have no full date of death. 30-day mortality misses those who died after discharge.",
        ),
    ),
    _never(
        fields.DISPOSITION,
        "there are no discharge dispositions. The against-advice and transfer exclusions can't be applied, and "
        "in-hospital deaths are taken from dates of death.",
    ),
    _unless_never(fields.DISPOSITION, _some_dispositions),
    _gap(
        fields.DISPOSITION_MAPPED,
        ALL,
        "dispositions have a code that is not mapped, so deaths, transfers and discharges against advice among them "
        f"are missed. {MAP_THEM}.",
    ),
    _never(
        fields.EXPIRED,
        "no disposition means that a patient died. In-hospital deaths are taken from dates of death alone.",
    ),
    _gap(
        fields.INFECTION_DATE,
        ALL,
        "infections have no usable onset or recorded date. Without a present-on-admission indicator, their hospital "
        "onset can't be determined.",
    ),
    _no_indicators,
    _gap(
        fields.SNOMED,
        COMPLETE,
        "conditions have no SNOMED CT code. Infections among them are missed, so infection rates are too low.",
    ),
    _gap(
        fields.LINKED,
        COMPLETE,
        "conditions do not refer to an encounter. Infections among them count for the stay that lists them, "
        "otherwise "
        "for the stay that includes their date, unless they are problem-list items.",
    ),
    _gap(
        fields.PRINCIPAL,
        COMPLETE,
        "closed stays have no known principal diagnosis. Psychiatric, rehabilitation, cancer and planned stays among "
        "them can't be recognised and are counted in readmission.",
    ),
    _gap(
        fields.GENDER,
        COMPLETE,
        "patients have no gender, so observed/expected can't be adjusted for them.",
    ),
    _gap(
        fields.TIMES,
        COMPLETE,
        "finished inpatient encounters have no times of day. The fractional length of stay excludes them; billing "
        "days and midnights include them.",
    ),
    _gap(
        fields.VERIFICATION,
        COMPLETE,
        "conditions have no verification status. They are counted as confirmed, even if they were refuted.",
    ),
)
