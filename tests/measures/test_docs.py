"""docs/measures.md says what the code does: its codes are there, and its tables are in the order of the clauses."""

import re
from collections.abc import Iterable
from dataclasses import asdict, fields, replace
from pathlib import Path

import pytest

from metriccare.definitions import measures as d
from metriccare.definitions import value_sets
from metriccare.definitions.decision_codes import InfectionDecision, Reason
from metriccare.definitions.profiles import CMS_LIKE, PROFILES, SIMPLE, Profile
from metriccare.definitions.strata import STRATA
from metriccare.definitions.versions import DEFINITION_VERSION
from metriccare.measures.clause import Exclusion, RuleSet
from metriccare.measures.cohort import COMMON
from metriccare.measures.flags import DOUBTS
from metriccare.measures.stay_measure import LATER, PLAIN, STRICT

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "measures.md").read_text(encoding="utf-8")
OPTIONS = ("counts_planned_proxy", "one_per_patient", "accepts_unconfirmed", "counts_same_day")
OPTIONS += ("starts_in_emergency",)
STRICTEST = replace(CMS_LIKE, **dict.fromkeys(OPTIONS, True))
ROW = re.compile(r"^\| (\d+) \| `(\w+)` \|", re.MULTILINE)
CITED = re.compile(r"MEASURES ((?:\d(?:\.\d+)*(?:, | and | to )?)+)")


def section(heading: str) -> str:
    """Return the text below a heading, up to the next one of any level."""
    found = re.search(rf"^#+ {re.escape(heading)}\n(.*?)(?=^#|\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert found, f"docs/measures.md has no section {heading!r}"
    return found[1]


def listed(text: str) -> list[str]:
    """Return the reason codes of the exclusion tables of a text, in their order."""
    return [reason for _, reason in ROW.findall(text)]


def rules_of(profile: Profile) -> RuleSet:
    return PLAIN if profile.is_plain else STRICT


def own(measure: str, profile: Profile = STRICTEST) -> list[str]:
    return codes(rules_of(profile).measures[measure].clauses, profile)


def codes(exclusions: Iterable[Exclusion], profile: Profile) -> list[str]:
    """Return the reasons as they are stored for a profile; a limit that it does not set gives none."""
    return [code for exclusion in exclusions for code in code_of(exclusion, profile)]


def code_of(exclusion: Exclusion, profile: Profile) -> list[str]:
    if not exclusion.number:
        return [exclusion.reason]
    column = exclusion.number.split()[0]
    if getattr(profile, column) is None:
        return []
    return [Reason(exclusion.reason).at(eval(exclusion.number, {}, asdict(profile)))]


def clauses_of(rules: RuleSet) -> list[Exclusion]:
    return [*rules.common, *(clause for one in rules.measures.values() for clause in one.clauses)]


def all_codes() -> set[str]:
    """Return every reason that any profile, or any option of one, can give."""
    profiles = (*PROFILES, STRICTEST)
    found = {code for profile in profiles for code in codes(clauses_of(rules_of(profile)), profile)}
    return found | {Reason.ADMITTED_AFTER_AS_OF, Reason.FOLLOW_UP_INCOMPLETE}


def lacking(names: Iterable[str], text: str = PAGE) -> list[str]:
    """Return the names that are nowhere in the text in backticks."""
    return sorted(name for name in names if f"`{name}`" not in text)


def test_the_options_of_the_strictest_profile_are_all_there_are() -> None:
    yes_or_no = {field.name for field in fields(Profile) if field.type in (bool, "bool")}
    assert yes_or_no == {*OPTIONS, "is_plain"}


def test_every_reason_is_named() -> None:
    assert lacking(all_codes()) == []


def test_every_reason_of_the_tables_is_one_of_the_code() -> None:
    assert set(listed(PAGE)) - all_codes() == set()


def test_the_shared_exclusions_are_in_their_order() -> None:
    adults, *_ = PROFILES
    expected = [
        Reason.ADMITTED_AFTER_AS_OF,
        *codes(COMMON, adults),
        codes(COMMON, CMS_LIKE)[-1],
    ]
    assert listed(section("Exclusions shared by all measures")) == expected


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("In-hospital mortality", ["mortality_in_hospital"]),
        ("Mortality within 30 days of admission", ["mortality_30_day", Reason.FOLLOW_UP_INCOMPLETE]),
        ("Length of stay", ["length_of_stay_fractional", "length_of_stay_episode_billing"]),
    ],
)
def test_the_exclusions_of_a_measure_are_in_their_order(heading: str, expected: list[str]) -> None:
    reasons = [code for name in expected for code in (own(name) if name in d.DECISIONS else [name])]
    assert listed(section(heading)) == reasons


def test_the_exclusions_of_readmission_are_in_their_order() -> None:
    of_index, of_planned = own(d.READMISSION), own(d.READMISSION_PLANNED_UNKNOWN)
    assert own(d.READMISSION_UNPLANNED) == of_index
    assert of_planned[: len(of_index)] == of_index
    more = [*of_planned[len(of_index) :], Reason.FOLLOW_UP_INCOMPLETE]
    assert listed(section("Readmission within 30 days")) == [*of_index, Reason.FOLLOW_UP_INCOMPLETE, *more]


def test_the_exclusions_of_simple_are_in_their_order() -> None:
    assert listed(section("The profile simple")) == own(d.READMISSION_PLANNED_UNKNOWN, SIMPLE)
    assert own(d.READMISSION, SIMPLE) == own(d.READMISSION_PLANNED_UNKNOWN, SIMPLE)[:-1]


@pytest.mark.parametrize(
    "heading",
    ["Readmission within 30 days", "In-hospital mortality", "Mortality within 30 days of admission"],
)
def test_the_rows_of_a_measure_are_numbered_on_from_the_shared_ones(heading: str) -> None:
    first, *_ = ROW.findall(section(heading))
    *_, last = ROW.findall(section("Exclusions shared by all measures"))
    assert int(first[0]) == int(last[0]) + 1
    assert f"| 1–{last[0]} | |" in section(heading)


def test_the_table_of_decisions_on_infections_has_all_of_them_and_no_other() -> None:
    table = section("Hospital-onset infections (proxy)").partition("| order | if |")[2].partition("\n\n")[0]
    told = set(re.findall(r"^\| \d+ \| .*? \| `(\w+)`", table, re.MULTILINE))
    assert told | {InfectionDecision.REPEAT} == set(InfectionDecision)
    assert lacking(InfectionDecision, section("Hospital-onset infections (proxy)")) == []


def test_every_doubt_is_in_its_section_and_no_other() -> None:
    flags = re.findall(r"^\| `(\w+)` \|", section("Quality flags"), re.MULTILINE)
    assert flags == list(DOUBTS)


def test_the_first_table_has_every_measure_with_its_title_in_order_and_no_other() -> None:
    told = re.findall(r"^\| `(\w+)` \| (.+?) \|", section("The measures"), re.MULTILINE)
    assert told == [(measure.name, measure.title) for measure in d.MEASURES.values()]


def test_every_profile_is_a_column_of_their_table_and_no_other() -> None:
    (heading,) = re.findall(r"^\| \| (.+) \|$", section("Profiles"), re.MULTILINE)
    assert re.findall(r"`(\w+)`", heading) == [profile.name for profile in PROFILES]


def test_every_option_of_a_profile_is_a_row_of_their_table_and_no_other() -> None:
    rows = re.findall(r"^\| `(\w+)` \|", section("Options of a profile"), re.MULTILINE)
    assert sorted(rows) == sorted(OPTIONS)


def test_every_stratum_is_named_and_no_other() -> None:
    first, _, _ = section("Strata: hospital, month, year").partition(": `metriccare")
    assert tuple(re.findall(r"`(\w+)`", first)) == STRATA


def test_the_version_of_the_rules_is_the_one_of_the_code() -> None:
    assert f"(`definition_version`, now `{DEFINITION_VERSION}`)" in " ".join(PAGE.split())


def test_every_value_set_is_there_with_its_number_of_rows() -> None:
    found = dict(re.findall(r"^\| \[(\w+)\.csv\]\([^)]*\) \| (\d+) \|", PAGE, re.MULTILINE))
    assert found == {name: str(len(value_sets.load(name))) for name in value_sets.names()}


def test_every_clause_that_the_code_cites_is_in_the_list_of_clauses() -> None:
    package = ROOT / "src" / "metriccare"
    files = (path for kind in ("*.py", "*.sql") for path in package.rglob(kind))
    cited = {clause for path in files for clause in cited_in(path.read_text(encoding="utf-8"))}
    assert len(cited) > 30
    assert unlisted(cited) == []


def test_every_clause_of_a_measure_and_every_measure_says_where_it_comes_from() -> None:
    rules = [one for group in (STRICT, PLAIN) for one in group.measures.values()]
    sources = {one.source for one in (*rules, *clauses_of(STRICT), *clauses_of(PLAIN))}
    assert [source for source in sources if not cited_in(source) or unlisted(cited_in(source))] == []
    assert {clause.source for clause in LATER.common} == {"docs/contracts.md#dates"}


def cited_in(text: str) -> set[str]:
    return {clause for group in CITED.findall(text) for clause in expanded(group)}


def unlisted(clauses: Iterable[str]) -> list[str]:
    """Return the clauses that are not in the list, neither themselves nor a part of them."""
    rows = re.findall(
        r"^\| ([\d., to]+?) \|", section("Clauses and where they are implemented"), re.MULTILINE
    )
    known = {clause for row in rows for clause in expanded(row)}
    return sorted(one for one in clauses if not any(f"{clause}.".startswith(f"{one}.") for clause in known))


def test_the_files_of_the_list_of_clauses_exist() -> None:
    paths = re.findall(
        r"`([\w/]+\.(?:py|sql|csv)|measures/\w+/\w+)`", section("Clauses and where they are implemented")
    )
    assert [path for path in paths if not (ROOT / "src" / "metriccare" / path).exists()] == []


def expanded(text: str) -> set[str]:
    """Return the clauses of a text like `1.2.1 to 1.2.3, 1.2.5`."""
    found = set()
    for part in re.split(r", | and ", text.strip(" ,.")):
        first, _, last = part.partition(" to ")
        found |= {first.strip(" .")} | ({last.strip(" .")} if last else set())
        head, _, low = first.rpartition(".")
        if last and last.startswith(f"{head}."):
            found |= {f"{head}.{n}" for n in range(int(low), int(last.rpartition(".")[2]) + 1)}
    return found - {""}


def test_a_range_of_clauses_is_read_as_all_of_them() -> None:
    assert expanded("1.2.1 to 1.2.3, 4.8") == {"1.2.1", "1.2.2", "1.2.3", "4.8"}
