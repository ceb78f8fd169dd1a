"""Builders of single stays and deaths, from which courses and scenarios are composed."""

from metriccare.definitions.value_sets import Code, load
from metriccare.generate import vocabulary
from metriccare.generate.parameters import MODEL
from metriccare.generate.plan import Death, DeathForm, Hospital, StayPlan
from metriccare.generate.rng import Rng

MISSING = ""


def nights(rng: Rng, hospital: Hospital, *, least: int = 0) -> int:
    """Draw the length of a stay in midnights from a log-normal distribution, at least `least`."""
    if least == 0 and rng.chance(MODEL.same_day):
        return 0
    length = rng.lognormal(MODEL.stay_mu, MODEL.stay_sigma) * hospital.stay
    return max(least, 1, min(MODEL.longest_stay, round(length)))


def principal(rng: Rng) -> Code:
    """Draw the principal diagnosis of an ordinary stay; a few exclude it from the index admissions."""
    category = rng.weighted(
        (
            ("psychiatric", MODEL.psychiatric),
            ("rehabilitation", MODEL.rehabilitation),
            ("cancer_treatment", MODEL.cancer_treatment),
            ("acute", 1 - MODEL.psychiatric - MODEL.rehabilitation - MODEL.cancer_treatment),
        )
    )
    return special_principal(rng, category)


def special_principal(rng: Rng, category: str) -> Code:
    """Draw a principal diagnosis from one category of index exclusions; an acute one if the category is empty."""
    return rng.pick(
        vocabulary.codes_of("index_exclusion_diagnosis", category) or vocabulary.acute_diagnoses()
    )


def planned_principal(rng: Rng, category: str = "maintenance_chemotherapy") -> Code:
    """Draw a principal diagnosis that makes an admission a planned one."""
    return rng.pick(vocabulary.codes_of("planned_diagnosis", category) or load("planned_diagnosis"))


def draw_disposition_class(rng: Rng) -> str:
    """Draw the disposition class of an ordinary stay that the patient survives."""
    return rng.weighted(
        (
            ("home", 1 - MODEL.post_acute - MODEL.against_advice - MODEL.unmapped - MODEL.missing),
            ("post_acute", MODEL.post_acute),
            ("left_against_medical_advice", MODEL.against_advice),
            ("unknown", MODEL.unmapped),
            (MISSING, MODEL.missing),
        )
    )


def acute_stay(
    rng: Rng,
    hospital: Hospital,
    *,
    length: int | None = None,
    diagnosis: Code | None = None,
    disposition_class: str = "home",
    after: int = 0,
    is_transfer: bool = False,
) -> StayPlan:
    """Return an acute stay; omitted values are random. `disposition_class` may be `MISSING`."""
    length = nights(rng, hospital, least=2) if length is None else length
    return StayPlan(
        hospital=hospital,
        nights=length,
        principal=diagnosis or rng.pick(vocabulary.acute_diagnoses()),
        disposition=vocabulary.disposition(rng, disposition_class) if disposition_class else None,
        class_code="ACUTE" if rng.chance(MODEL.class_acute) else "IMP",
        after=after,
        is_transfer=is_transfer,
        intensive_care=length > 1 and rng.chance(MODEL.intensive_care),
        emergency=after > 0 and not is_transfer and rng.chance(MODEL.emergency),
    )


def nonacute_stay(
    rng: Rng, hospital: Hospital, *, after: int, length: int, disposition_class: str = "home"
) -> StayPlan:
    """Return a non-acute stay (rehabilitation or nursing unit), which the acute measures exclude."""
    return StayPlan(
        hospital=hospital,
        nights=length,
        principal=special_principal(rng, "rehabilitation"),
        disposition=vocabulary.disposition(rng, disposition_class),
        class_code="NONAC",
        after=after,
    )


def dies_in(
    rng: Rng, stay: StayPlan, form: DeathForm | None = None, disposition_class: str = "expired"
) -> Death:
    """Let the patient die at the end of `stay`, with a disposition of the given class."""
    stay.disposition = vocabulary.disposition(rng, disposition_class) if disposition_class else None
    stay.dies = True
    return Death(stay, stay.nights, form or death_form(rng))


def dies_after(rng: Rng, stay: StayPlan, days: int, form: DeathForm | None = None) -> Death:
    """Let the patient die `days` (at least 1) after the discharge from `stay`."""
    return Death(stay, stay.nights + days, form or death_form(rng))


def death_form(rng: Rng) -> DeathForm:
    """Draw whether a death is recorded with or without a time."""
    return DeathForm.DATE if rng.chance(MODEL.date_only_death) else DeathForm.INSTANT


def other_hospital(rng: Rng, hospitals: tuple[Hospital, ...], here: Hospital) -> Hospital:
    """Draw a hospital other than `here`."""
    return rng.pick([hospital for hospital in hospitals if hospital is not here])
