"""Builders of single stays and deaths: the words in which courses and situations are written."""

from metriccare.definitions.value_sets import Code, load
from metriccare.generate import vocabulary
from metriccare.generate.draw import Draw
from metriccare.generate.parameters import MODEL
from metriccare.generate.plan import Death, DeathForm, Hospital, StayPlan

MISSING = ""


def nights(draw: Draw, hospital: Hospital, *, least: int = 0) -> int:
    """Draw the length of a stay in midnights, log-normal, at least `least`."""
    if least == 0 and draw.chance(MODEL.same_day):
        return 0
    length = draw.lognormal(MODEL.stay_mu, MODEL.stay_sigma) * hospital.stay
    return max(least, 1, min(MODEL.longest_stay, round(length)))


def principal(draw: Draw) -> Code:
    """Draw the principal diagnosis of an ordinary stay; a few keep it from being an index admission."""
    category = draw.weighted(
        (
            ("psychiatric", MODEL.psychiatric),
            ("rehabilitation", MODEL.rehabilitation),
            ("cancer_treatment", MODEL.cancer_treatment),
            ("acute", 1 - MODEL.psychiatric - MODEL.rehabilitation - MODEL.cancer_treatment),
        )
    )
    return special_principal(draw, category)


def special_principal(draw: Draw, category: str) -> Code:
    """Draw a principal diagnosis of one category of index exclusion; an acute one where the list is empty."""
    return draw.pick(vocabulary.of("index_exclusion_diagnosis", category) or vocabulary.acute_diagnoses())


def planned_principal(draw: Draw, category: str = "maintenance_chemotherapy") -> Code:
    """Draw a principal diagnosis that makes an admission a planned one."""
    return draw.pick(vocabulary.of("planned_diagnosis", category) or load("planned_diagnosis"))


def leaving(draw: Draw) -> str:
    """Draw how a living patient leaves after an ordinary stay, as a disposition class."""
    return draw.weighted(
        (
            ("home", 1 - MODEL.post_acute - MODEL.against_advice - MODEL.unmapped - MODEL.missing),
            ("post_acute", MODEL.post_acute),
            ("left_against_medical_advice", MODEL.against_advice),
            ("unknown", MODEL.unmapped),
            (MISSING, MODEL.missing),
        )
    )


def acute_stay(
    draw: Draw,
    hospital: Hospital,
    *,
    length: int | None = None,
    diagnosis: Code | None = None,
    leaves: str = "home",
    after: int = 0,
    joins: bool = False,
) -> StayPlan:
    """Return an acute stay; what is not given is drawn. `leaves`: a disposition class, `MISSING` for none."""
    length = nights(draw, hospital, least=2) if length is None else length
    return StayPlan(
        hospital=hospital,
        nights=length,
        principal=diagnosis or draw.pick(vocabulary.acute_diagnoses()),
        disposition=vocabulary.disposition(draw, leaves) if leaves else None,
        class_code="ACUTE" if draw.chance(MODEL.class_acute) else "IMP",
        after=after,
        joins=joins,
        intensive_care=length > 1 and draw.chance(MODEL.intensive_care),
        emergency=after > 0 and not joins and draw.chance(MODEL.emergency),
    )


def nonacute_stay(
    draw: Draw, hospital: Hospital, *, after: int, length: int, leaves: str = "home"
) -> StayPlan:
    """Return a non-acute stay (rehabilitation or nursing unit), which the acute measures pass over."""
    return StayPlan(
        hospital=hospital,
        nights=length,
        principal=special_principal(draw, "rehabilitation"),
        disposition=vocabulary.disposition(draw, leaves),
        class_code="NONAC",
        after=after,
    )


def dies_in(draw: Draw, stay: StayPlan, form: DeathForm | None = None, leaves: str = "expired") -> Death:
    """Let the patient die at the end of `stay`; `leaves` says what the disposition tells of it."""
    stay.disposition = vocabulary.disposition(draw, leaves) if leaves else None
    stay.dies = True
    return Death(stay, stay.nights, form or death_form(draw))


def dies_after(draw: Draw, stay: StayPlan, days: int, form: DeathForm | None = None) -> Death:
    """Let the patient die `days` (at least 1) after the discharge from `stay`."""
    return Death(stay, stay.nights + days, form or death_form(draw))


def death_form(draw: Draw) -> DeathForm:
    """Draw whether a death is recorded to the second or to the day."""
    return DeathForm.DATE if draw.chance(MODEL.date_only_death) else DeathForm.INSTANT


def other_hospital(draw: Draw, hospitals: tuple[Hospital, ...], here: Hospital) -> Hospital:
    """Draw a hospital that is not `here`."""
    return draw.pick([hospital for hospital in hospitals if hospital is not here])
