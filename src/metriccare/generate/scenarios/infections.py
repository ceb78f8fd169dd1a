"""Infections on either side of hospital day 3, POA indicators, repeats, and diagnoses that must not count."""

from collections.abc import Sequence
from functools import partial

from metriccare.definitions.value_sets import Code
from metriccare.generate import infections, stays, vocabulary
from metriccare.generate.course import Course
from metriccare.generate.plan import Contact, Hours, Infection
from metriccare.generate.scenarios import Scenario, Setting

_TYPES_WITH_REPEATS = ("uti", "bloodstream", "pneumonia", "cdi")


def event(code: Code, day: int | None, decision: str, **documented: str | bool | None) -> Infection:
    """Return an infection with default documentation except for the given fields."""
    default: dict[str, str | bool | None] = {"dating": "none" if day is None else "onset"}
    return Infection(code, day, decision, **(default | documented))  # type: ignore[arg-type]


def infected(setting: Setting, events: Sequence[Infection], length: int = 6) -> Course:
    """One acute stay with the given infections."""
    stay = stays.acute_stay(setting.rng, setting.home, length=length)
    stay.infections.extend(events)
    return Course([stay])


def single(
    setting: Setting, day: int | None, decision: str, rule: str = "date", **documented: str | bool | None
) -> Course:
    """One infection in a stay of five nights, i.e. six hospital days."""
    code = setting.rng.pick(vocabulary.infections(rule))
    return infected(setting, [event(code, day, decision, **documented)], length=5)


def repeats(setting: Setting, events: Sequence[tuple[int, str]]) -> Course:
    """Infections of one type in a long stay, as (hospital day, decision); repeats do not extend the window."""
    kind = setting.rng.pick(_TYPES_WITH_REPEATS)
    codes = [code for code in vocabulary.codes_of("infection", kind) if code.rule == "date"]
    return infected(setting, [event(setting.rng.pick(codes), *item) for item in events], length=24)


def other_type(setting: Setting) -> Course:
    """Two infections of different types two days apart: both count."""
    events = [
        event(vocabulary.codes_of("infection", kind)[0], day, infections.HOSPITAL_ONSET)
        for kind, day in (("uti", 3), ("bloodstream", 5))
    ]
    return infected(setting, events)


def refuted_opens_nothing(setting: Setting) -> Course:
    """A refuted infection opens no window: the next one, without a status, counts two days later."""
    code = vocabulary.codes_of("infection", "uti")[0]
    events = [
        event(code, 3, infections.NOT_CONFIRMED, verification="refuted"),
        event(code, 5, infections.HOSPITAL_ONSET, verification=None),
    ]
    return infected(setting, events)


def indicated_then_repeated(setting: Setting) -> Course:
    """Present on admission by its indicator although on day 4: it opens a window, so day 10 is a repeat."""
    code = vocabulary.codes_of("infection", "uti")[0]
    events = [event(code, 4, infections.PRESENT, poa="Y"), event(code, 10, infections.REPEAT)]
    return infected(setting, events, length=12)


def across_transfer(setting: Setting) -> Course:
    """The same infection after a transfer: same chain, so a repeat."""
    rng, code = setting.rng, vocabulary.codes_of("infection", "bloodstream")[0]
    target = stays.other_hospital(rng, setting.hospitals, setting.home)
    first = stays.acute_stay(rng, setting.home, length=4, disposition_class="acute_transfer")
    second = stays.acute_stay(rng, target, length=5, is_transfer=True)
    first.infections.append(event(code, 3, infections.HOSPITAL_ONSET))
    second.infections.append(event(code, 3, infections.REPEAT))
    return Course([first, second])


def across_readmission(setting: Setting) -> Course:
    """The same infection after a readmission: another episode of care, so it counts again."""
    rng, code = setting.rng, vocabulary.codes_of("infection", "bloodstream")[0]
    pair = [stays.acute_stay(rng, setting.home, length=4, after=gap) for gap in (0, 3)]
    for stay in pair:
        stay.infections.append(event(code, 3, infections.HOSPITAL_ONSET))
    return Course(pair)


def community_acquired(setting: Setting) -> Course:
    """Admitted for community-acquired pneumonia, the principal diagnosis: never hospital-onset."""
    code = setting.rng.pick(vocabulary.infections("never"))
    course = single(setting, 1, infections.PRESENT, "never", principal=True)
    course.stays[0].principal = code
    course.stays[0].infections[0].code = code
    return course


def after_midnight(setting: Setting) -> Course:
    """Admitted shortly before midnight, onset at 00:10 on day 3: hospital-onset after 25 hours."""
    course = single(setting, 3, infections.HOSPITAL_ONSET, after_midnight=True)
    course.stays[0].hours = Hours.LATE
    course.stays[0].emergency = False
    return course


def in_nonacute(setting: Setting) -> Course:
    """Infections also count in non-acute stays."""
    stay = stays.nonacute_stay(setting.rng, setting.home, after=0, length=10)
    stay.infections.append(event(vocabulary.codes_of("infection", "uti")[0], 6, infections.HOSPITAL_ONSET))
    return Course([stay])


def outpatient(setting: Setting) -> Course:
    """An infection of an emergency visit belongs to no stay."""
    contact = Contact("EMER", 4, infection=True)
    return Course([stays.acute_stay(setting.rng, setting.home)], contacts=[contact])


_PRESENT, _ONSET = infections.PRESENT, infections.HOSPITAL_ONSET

SCENARIOS: dict[str, Scenario] = {
    **{f"onset on day {day}": partial(single, day=day, decision=_PRESENT) for day in (-1, 1, 2)},
    **{f"onset on day {day}": partial(single, day=day, decision=_ONSET) for day in (3, 4)},
    "onset three days before": partial(single, day=-2, decision=infections.BEFORE_ADMISSION),
    "onset the day after discharge": partial(single, day=7, decision=_ONSET),
    "onset two days after discharge": partial(single, day=8, decision=infections.AFTER_DISCHARGE),
    "onset after midnight": after_midnight,
    **{f"indicator {poa} on day 4": partial(single, day=4, decision=_PRESENT, poa=poa) for poa in "YW"},
    **{f"indicator {poa} on day 2": partial(single, day=2, decision=_ONSET, poa=poa) for poa in "NU"},
    "no date at all": partial(single, day=None, decision=infections.DATE_UNKNOWN),
    **{
        f"verification {status}": partial(
            single, day=4, decision=infections.NOT_CONFIRMED, verification=status
        )
        for status in ("refuted", "entered-in-error", "unconfirmed", "provisional", "differential")
    },
    "excluded code": partial(single, day=4, decision=infections.EXCLUDED, rule="exclude"),
    "community-acquired on day 5": partial(single, day=5, decision=_PRESENT, rule="never"),
    "community-acquired, principal": community_acquired,
    "setting-specific on day 2": partial(single, day=2, decision=_PRESENT, rule="hospital_onset"),
    "setting-specific on day 3": partial(single, day=3, decision=_ONSET, rule="hospital_onset"),
    "dated by period, problem-list item": partial(
        single, day=3, decision=_ONSET, dating="period", category="problem-list-item"
    ),
    "dated by record, category missing": partial(
        single, day=3, decision=_ONSET, dating="recorded", category=None
    ),
    "recorded before onset, linked by encounter": partial(
        single, day=3, decision=_ONSET, dating="recorded_first", only_in_diagnosis=True
    ),
    "repeat after 13 days, new after 14": partial(
        repeats, events=((3, _ONSET), (16, infections.REPEAT), (17, _ONSET))
    ),
    "repeat 13 days after present, new after 14": partial(
        repeats, events=((1, _PRESENT), (14, infections.REPEAT), (15, _ONSET))
    ),
    "indicator opens the window": indicated_then_repeated,
    "another type": other_type,
    "refuted opens no window": refuted_opens_nothing,
    "again after a transfer": across_transfer,
    "again after a readmission": across_readmission,
    "infection in non-acute care": in_nonacute,
    "infection of an outpatient": outpatient,
}
