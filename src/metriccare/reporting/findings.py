"""What the coverage means: sentences on what the data do not support, which measure that touches, what to do.

The sentences go into notebooks and the report: counts of 1 to 10 patients or stays are never in them.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from metriccare.definitions import coverage_fields as fields
from metriccare.reporting.coverage_counts import Counts

ALL, COMPLETE = 1.0, 0.95  # what costs stays is told however rare it is, the rest from a gap of 5 % on
USUAL = 0.9  # the share of stays with a disposition from which one without is an omission
MAP_THEM = "`metriccare preflight` lists the codes and how to map them"
NOTHING = "there is no patient, encounter or condition: `metriccare run` shows what became of the files."
FINE = "every field that decides something is there; nothing stands in the way of the measures."

Rule = Callable[[Counts], str]


def findings(coverage: Sequence[Mapping[str, Any]]) -> list[str]:
    """Say what the data do not support.

    Args:
        coverage: rows of gold.coverage, as mappings.

    Returns:
        Sentences that begin with the source, for each source the most important first; one that reassures for a
        source in which nothing is missing.
    """
    if not coverage:
        return [NOTHING]
    found = []
    for source in sorted({row["source"] for row in coverage}):
        counts = Counts([row for row in coverage if row["source"] == source])
        said = [sentence for rule in RULES if (sentence := rule(counts))]
        found += [f"source {source}: {sentence}" for sentence in said or [FINE]]
    return found


def _gap(field: str, enough: float, sentence: str) -> Rule:
    """Return a rule that says how many lack a field, where fewer than `enough` have it."""
    return lambda counts: "" if counts.share(field) >= enough else f"{counts.lacking(field)} {sentence}"


def _never(field: str, sentence: str) -> Rule:
    """Return a rule that speaks where a field is wanted and never there."""
    return lambda counts: sentence if counts.is_absent(field) else ""


def _unless_never(field: str, rule: Rule) -> Rule:
    """Return the rule for a field that is there at least once; of one that never is, another rule speaks."""
    return lambda counts: "" if counts.is_absent(field) else rule(counts)


def _no_stays(counts: Counts) -> str:
    if counts.rows(fields.CLASS) and not counts.rows(fields.START):
        return "there is no finished inpatient encounter, and all measures are empty; see which classes there are."
    return ""


def _no_indicators(counts: Counts) -> str:
    """Speak also where no stay lists a diagnosis that could carry one."""
    if counts.rows(fields.PRINCIPAL) and not counts.present(fields.PRESENT_ON_ADMISSION):
        return "no present-on-admission indicators: hospital onset of infections is told by dates alone."
    return ""


def _utc(counts: Counts) -> str:
    if not counts.present(fields.UTC_WITHOUT_ZONE):
        return ""
    return (
        f"{max(1, round(100 * counts.share(fields.UTC_WITHOUT_ZONE)))} % of the times are in UTC and no zone is set: "
        "west of Greenwich evening events fall on the next day, which shifts every measure; set `timezone`."
    )


def _some_dispositions(counts: Counts) -> str:
    share, lacking = counts.share(fields.DISPOSITION), counts.lacking(fields.DISPOSITION)
    is_expected = counts.present(fields.EXPECTS_DISPOSITIONS) > 0
    if share < USUAL and is_expected:
        return (
            f"has_dispositions is set, but {lacking} closed stays have none and leave in-hospital mortality; "
            "set it to false if that is how the source is."
        )
    if share < USUAL:
        return (
            f"{lacking} closed stays have no discharge disposition: there the against-advice and transfer "
            "exclusions cannot apply, and deaths come from death dates."
        )
    if share < 1 and not is_expected:
        return (
            f"dispositions are on {100 * share:.0f} % of stays: set has_dispositions = true, so that stays without "
            "one leave in-hospital mortality."
        )
    return ""


_START = (
    "finished inpatient encounters have no start to the day: no measure counts them; ask for whole dates."
)
_END = "finished inpatient encounters have no end to the day: no measure counts them; ask for whole dates."

RULES: tuple[Rule, ...] = (
    _no_stays,
    _gap(fields.CLASS, ALL, f"encounters have a class that no map knows and make no stay: {MAP_THEM}."),
    _gap(fields.START, ALL, _START),
    _gap(fields.END, ALL, _END),
    _utc,
    _gap(
        fields.HOSPITAL,
        ALL,
        "inpatient encounters name no hospital: transfers can't be told from readmissions there, and no "
        "hospital's rate has them; ask for Encounter.serviceProvider.",
    ),
    _gap(
        fields.BIRTH_DATE,
        ALL,
        "patients have no birth date to the day: every profile with an age limit leaves their stays out.",
    ),
    _never(
        fields.DECEASED,
        "no patient has a date of death or is said to be dead: 30-day mortality is 0 for want of data; don't use it.",
    ),
    _never(
        fields.DEATH_DATE,
        "no patient has a date of death to the day: 30-day mortality sees only deaths that a disposition tells; "
        "don't use it.",
    ),
    _unless_never(
        fields.DEATH_DATE,
        _gap(
            fields.DEATH_DATE,
            COMPLETE,
            "of the dead have no date of death to the day: 30-day mortality misses those who died after discharge.",
        ),
    ),
    _never(
        fields.DISPOSITION,
        "no discharge dispositions: the against-advice and transfer exclusions cannot apply; in-hospital deaths "
        "come from death dates.",
    ),
    _unless_never(fields.DISPOSITION, _some_dispositions),
    _gap(
        fields.DISPOSITION_MAPPED,
        ALL,
        "dispositions have a code that no map knows, which tells neither a death nor a transfer nor leaving "
        f"against advice: {MAP_THEM}.",
    ),
    _never(
        fields.EXPIRED,
        "no disposition says that a patient died: in-hospital deaths come from death dates alone.",
    ),
    _gap(
        fields.INFECTION_DATE,
        ALL,
        "infections have no usable onset or recorded date: hospital onset is undeterminable for those without a "
        "present-on-admission indicator.",
    ),
    _no_indicators,
    _gap(
        fields.SNOMED,
        COMPLETE,
        "conditions have no SNOMED CT code: infections among them are not seen, and the infection rates too low.",
    ),
    _gap(
        fields.LINKED,
        COMPLETE,
        "conditions refer to no encounter: infections among them count for the stay that lists them, else for the "
        "stay in which their date lies, if they are no problem-list items.",
    ),
    _gap(
        fields.PRINCIPAL,
        COMPLETE,
        "closed stays have no principal diagnosis that is known: psychiatric, rehabilitation, cancer and planned "
        "stays among them can't be told, and count in readmission.",
    ),
    _gap(
        fields.GENDER,
        COMPLETE,
        "patients have no gender: observed/expected can't compare like with like there.",
    ),
    _gap(
        fields.TIMES,
        COMPLETE,
        "finished inpatient encounters have no times of day: the exact length of stay leaves them out; billing "
        "days and midnights do not.",
    ),
    _gap(
        fields.VERIFICATION,
        COMPLETE,
        "conditions have no verification status: they are taken as confirmed, refuted ones among them.",
    ),
)
