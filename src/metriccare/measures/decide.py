"""Writes declared rules as SQL: who is left out of which measure and why, then the decisions.

A clause is a line of `exclusions`, a measure a paragraph of `decisions`; print them to read them.
"""

from collections.abc import Iterable, Mapping

from metriccare.engine import Step
from metriccare.measures.clause import Exclusion, Rules, RuleSet

ABOUT = "source, id AS stay_id, profile, patient_id, hospital_id, admission_date, discharge_date, age, sex"


def exclusions(name: str, rules: RuleSet) -> Step:
    """Return the step that lists, per measure, the clauses that take a stay out: reason and evidence.

    Args:
        name: of the table it makes: the rows of `rules`, and a column per measure by its name; `common` has the clauses
            that all share.
        rules: what is declared.
    """
    own = (f"list_concat(common, {_list(one.own)}) AS {key}" for key, one in rules.measures.items())
    shared = f"SELECT *, {_list(rules.common)} AS common\n    FROM {rules.rows}"
    return Step(name, f"SELECT *,\n    {_lines(own)}\nFROM (\n    {shared}\n)")


def decisions(name: str, rules: RuleSet, excluded: str) -> Step:
    """Return the step that decides each measure.

    Args:
        name: of the table it makes: one row per stay and profile.
        rules: what is declared.
        excluded: the table of `exclusions`, and what is joined to it, as what follows `FROM`.
    """
    measures = (_decision(key, one) for key, one in rules.measures.items())
    return Step(name, f"SELECT {ABOUT},\n    {_lines([*measures, _flags(rules.doubts)])}\nFROM {excluded}")


def _decision(name: str, rules: Rules) -> str:
    found = f"list_concat({name}, {_list([rules.selection])})" if rules.selection else name
    value = rules.value or f"if({rules.numerator}, 1, 0)"
    dates = f"matures_on := {rules.matures_on}, event_on := {rules.event_on}"
    return (
        f"decision(common, {found},\n        numerator := {rules.numerator},\n        value := {value},\n"
        f"        {dates},\n        evidence := {rules.evidence or 'NULL'}) AS {name}"
    )


def _flags(doubts: Mapping[str, str]) -> str:
    if not doubts:
        return "quality_flags"
    flags = ",\n        ".join(f"flag({condition}, '{name}')" for name, condition in doubts.items())
    return f"in_order(list_concat(coalesce(quality_flags, []), there([\n        {flags}]))) AS quality_flags"


def _list(clauses: Iterable[Exclusion]) -> str:
    found = ",\n        ".join(_excluded(one) for one in clauses)
    return f"there([\n        {found}])" if found else "[]"


def _excluded(clause: Exclusion) -> str:
    reason = f"'{clause.reason}'"
    if clause.number:
        reason = f"replace({reason}, 'N', ({clause.number})::VARCHAR)"
    return f"excluded({reason}, {clause.condition}, {clause.evidence or 'NULL'})"


def _lines(texts: Iterable[str]) -> str:
    return ",\n    ".join(texts)
