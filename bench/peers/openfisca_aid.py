#!/usr/bin/env python3
"""The aid rules as an OpenFisca tax-benefit system, and a run of it over a file of students.

    openfisca_aid.py STUDENTS.csv DAY OUT.csv [--indexed]

Prints {"read_ms", "decide_ms", "write_ms", "students", "totals"} as JSON. Written as OpenFisca's documentation has it:
dated parameters, dated formulas, a yes-or-no variable for who is eligible and a float one for the amount, whole vectors
and no loops. A period is the month of the day. An empty cell gets the default of its variable, as OpenFisca has no
unknown. --indexed looks amounts up by parameters[vector], which the documentation shows too; `where` and `select` are
faster, so they are what is measured.
"""
import json
import sys
import time

import numpy
import pandas
from openfisca_core import entities, parameters, periods, simulation_builder, taxbenefitsystems, variables
from openfisca_core.indexed_enums import Enum, EnumArray
from openfisca_core.periods import MONTH

INDEXED = "--indexed" in sys.argv
PERSON = entities.Entity("student", "students", "A student", "")


class Stage(Enum):
    none = "none"
    preschool = "preschool"
    primary = "primary"
    junior = "junior"
    senior = "senior"
    vocational = "vocational"
    college = "college"
    undergraduate = "undergraduate"
    postgraduate = "postgraduate"


class Major(Enum):
    general = "general"
    agriculture_medicine = "agriculture_medicine"
    arts = "arts"
    opera = "opera"


class County(Enum):
    elsewhere = "elsewhere"
    county_620402 = "620402"
    county_620403 = "620403"
    county_620421 = "620421"
    county_620422 = "620422"
    county_620423 = "620423"


CATEGORIES = ["poverty_lifted", "monitored", "dibao_rural", "dibao_urban", "destitute_rural", "destitute_urban", "orphan",
              "disabled", "martyr_child", "recognised"]

# ---- parameters ------------------------------------------------------------------------------------------------


def dated(**values):
    """dated(d2007_09_01=500): a parameter with its values by day."""
    return {"values": {name[1:].replace("_", "-"): {"value": value} for name, value in values.items()}}


PARAMETERS = {
    "preschool_fee": dated(d2016_03_01=1000),
    "boarding": {
        "primary": dated(d2007_09_01=500, d2010_09_01=750, d2011_09_01=1000, d2024_03_01=1250),
        "junior": dated(d2007_09_01=750, d2010_09_01=1000, d2011_09_01=1250, d2024_03_01=1500)},
    "meal": dated(d2011_09_01=3, d2014_11_01=4, d2021_09_01=5),
    "school_days": dated(d2011_09_01=100),
    "senior_grant": dated(d2010_09_01=1500, d2015_03_01=2000, d2025_03_01=2300),
    "vocational_fee": {
        "general": dated(d2012_09_01=2000), "agriculture_medicine": dated(d2012_09_01=2300),
        "arts": dated(d2012_09_01=3000), "opera": dated(d2012_09_01=6000)},
    "vocational_grant": dated(d2007_09_01=1500, d2015_03_01=2000, d2025_03_01=2300),
    "yulu": dated(d2015_09_01=3000),
    "college_grant": dated(d2007_09_01=2000, d2010_09_01=3000, d2019_03_01=3300, d2024_09_01=3700),
    "loan": {
        "college": dated(d2007_09_01=6000, d2014_09_01=8000, d2021_09_01=12000, d2023_09_01=16000, d2024_09_01=20000),
        "postgraduate": dated(d2007_09_01=6000, d2014_09_01=12000, d2021_09_01=16000, d2023_09_01=20000,
                              d2024_09_01=25000)},
}

# ---- variables -------------------------------------------------------------------------------------------------


def variable(name, kind, default=None, **formulas):
    """A Variable class; formulas are formula=… or formula_2021_09=…"""
    body = {"value_type": kind, "entity": PERSON, "definition_period": MONTH, "label": name, **formulas}
    if kind is Enum:
        body |= {"possible_values": type(default), "default_value": default}
    return type(name, (variables.Variable,), body)


INPUTS = [
    variable("stage", Enum, Stage.none), variable("grade", int), variable("boarding", bool),
    variable("school_county", Enum, County.elsewhere), variable("home_county", Enum, County.elsewhere),
    variable("school_rural", bool), variable("home_rural", bool), variable("major_class", Enum, Major.general),
    variable("fee", float), *(variable(name, bool) for name in CATEGORIES)]


def any_of(*names):
    def formula(person, period):
        result = person(names[0], period)
        for name in names[1:]:
            result = result + person(name, period)
        return result
    return formula


FOUR = ["poverty_lifted", "dibao_rural", "destitute_rural", "disabled"]
NOT_MONITORED = [name for name in CATEGORIES if name != "monitored"]


def is_stage(person, period, *stages):
    stage = person("stage", period)
    result = stage == stages[0]
    for other in stages[1:]:
        result = result + (stage == other)
    return result


def compulsory(person, period):
    return is_stage(person, period, Stage.primary, Stage.junior)


def in_three_counties(person, period, name):
    county = person(name, period)
    return (county == County.county_620421) + (county == County.county_620422) + (county == County.county_620423)


def pilot_county(person, period):
    return in_three_counties(person, period, "school_county")


def pilot_county_local(person, period):
    county = person("school_county", period)
    return pilot_county(person, period) + (county == County.county_620402) + (county == County.county_620403)


GROUPS = [
    variable("hardship", bool, formula=any_of(*NOT_MONITORED), formula_2021_09=any_of(*CATEGORIES)),
    variable("four_groups", bool, formula=any_of(*FOUR), formula_2021_09=any_of(*FOUR, "monitored")),
    variable("yulu_household", bool, formula=any_of("poverty_lifted"),
             formula_2021_09=any_of("poverty_lifted", "monitored")),
    variable("pilot_county", bool, formula=pilot_county, formula_2024_03=pilot_county_local)]


# Who: each scheme's own condition.
def preschool_any(person, period):
    return is_stage(person, period, Stage.preschool)


def preschool_below(person, period):
    return is_stage(person, period, Stage.preschool) * (person("grade", period) != 3)


def preschool_last(person, period):
    return is_stage(person, period, Stage.preschool) * (person("grade", period) == 3)


def boarder(person, period):
    return compulsory(person, period) * person("boarding", period) * person("hardship", period)


def day_pupil(person, period):
    return compulsory(person, period) * numpy.logical_not(person("boarding", period)) * person("four_groups", period)


def eats(person, period):
    return compulsory(person, period) * person("pilot_county", period) * person("school_rural", period)


def senior_hard(person, period):
    return is_stage(person, period, Stage.senior) * person("hardship", period)


def senior_four(person, period):
    return is_stage(person, period, Stage.senior) * person("four_groups", period)


def vocational_all(person, period):
    grade = person("grade", period)
    return is_stage(person, period, Stage.vocational) * (grade >= 1) * (grade <= 3)


def vocational_who(person, period, last):
    grade = person("grade", period)
    agriculture = person("major_class", period) == Major.agriculture_medicine
    rural = in_three_counties(person, period, "home_county") * person("home_rural", period)
    return (is_stage(person, period, Stage.vocational) * (grade >= 1) * (grade <= last)
            * (agriculture + person("hardship", period) + rural))


def vocational_two(person, period):
    return vocational_who(person, period, 2)


def vocational_three(person, period):
    return vocational_who(person, period, 3)


def yulu_who(person, period):
    return is_stage(person, period, Stage.vocational, Stage.college) * person("yulu_household", period)


def college_who(person, period):
    return is_stage(person, period, Stage.college, Stage.undergraduate) * person("hardship", period)


def loan_who(person, period):
    return (is_stage(person, period, Stage.college, Stage.undergraduate, Stage.postgraduate)
            * person("hardship", period))


# How much.
def boarding_standard(person, period, parameters):
    standard = parameters(period).boarding
    if INDEXED:
        stage = numpy.where(is_stage(person, period, Stage.primary), "primary", "junior")
        return standard[stage]
    return numpy.where(is_stage(person, period, Stage.primary), standard.primary, standard.junior)


def major_standard(person, period, parameters):
    standard, major = parameters(period).vocational_fee, person("major_class", period)
    if INDEXED:
        return standard[major]
    return numpy.select([major == item for item in Major], [standard[item.name] for item in Major])


def loan_standard(person, period, parameters):
    standard = parameters(period).loan
    return numpy.where(is_stage(person, period, Stage.postgraduate), standard.postgraduate, standard.college)


def amount(who, how):
    """The formula of an amount: what is due to those who are eligible."""
    def formula(person, period, parameters):
        return person(who, period) * how(person, period, parameters)
    return formula


def half(name):
    return lambda person, period, parameters: parameters(period)[name] / 2


def scheme(name, start, how, **who):
    """NAME_eligible and NAME, both in force from `start` on; `who` as variable() takes it, formula= meaning from start."""
    from_start = f"formula_{start}"
    formulas = {from_start if key == "formula" else key: formula for key, formula in who.items()}
    return [variable(f"{name}_eligible", bool, **formulas),
            variable(name, float, **{from_start: amount(f"{name}_eligible", how)})]


def fee(person, period, parameters):
    return person("fee", period)


SCHEMES = {
    "preschool_fee": scheme("preschool_fee", "2016_03", half("preschool_fee"), formula=preschool_any,
                            formula_2025_09=preschool_below),
    "preschool_free": scheme("preschool_free", "2025_09", fee, formula=preschool_last),
    "boarding_subsidy": scheme("boarding_subsidy", "2007_09", lambda *a: boarding_standard(*a) / 2, formula=boarder),
    "day_subsidy": scheme("day_subsidy", "2019_09", lambda *a: boarding_standard(*a) / 4, formula=day_pupil),
    "nutrition": scheme("nutrition", "2011_09", lambda _, period, parameters: parameters(period).meal
                        * parameters(period).school_days, formula=eats),
    "senior_grant": scheme("senior_grant", "2010_09", half("senior_grant"), formula=senior_hard),
    "senior_fee": scheme("senior_fee", "2016_09", fee, formula=senior_four),
    "vocational_fee": scheme("vocational_fee", "2012_09", lambda *a: major_standard(*a) / 2, formula=vocational_all),
    "vocational_grant": scheme("vocational_grant", "2007_09", half("vocational_grant"), formula=vocational_two,
                               formula_2025_03=vocational_three),
    "yulu": scheme("yulu", "2015_09", half("yulu"), formula=yulu_who),
    "college_grant": scheme("college_grant", "2007_09", half("college_grant"), formula=college_who),
    "loan_cap": scheme("loan_cap", "2007_09", loan_standard, formula=loan_who),
}
STAGES = {
    "preschool_fee": [Stage.preschool], "preschool_free": [Stage.preschool],
    "boarding_subsidy": [Stage.primary, Stage.junior], "day_subsidy": [Stage.primary, Stage.junior],
    "nutrition": [Stage.primary, Stage.junior], "senior_grant": [Stage.senior], "senior_fee": [Stage.senior],
    "vocational_fee": [Stage.vocational], "vocational_grant": [Stage.vocational],
    "yulu": [Stage.vocational, Stage.college], "college_grant": [Stage.college, Stage.undergraduate],
    "loan_cap": [Stage.college, Stage.undergraduate, Stage.postgraduate],
}


def system():
    made = taxbenefitsystems.TaxBenefitSystem([PERSON])
    made.add_variables(*INPUTS, *GROUPS, *(v for pair in SCHEMES.values() for v in pair))
    made.parameters = parameters.ParameterNode("", data=PARAMETERS)
    return made


# ---- a run -----------------------------------------------------------------------------------------------------


def enumerated(column, kind):
    """Codes of a column of few different words; a word that is no member is the default."""
    codes, words = pandas.factorize(column)
    by_word = {item.value: item.index for item in kind}
    return EnumArray(numpy.array([by_word.get(word, 0) for word in words], dtype=numpy.uint8)[codes], kind)


def read(path, period):
    """The simulation with every input set, and the ids."""
    rows = pandas.read_csv(path, dtype=str, keep_default_na=False)
    simulation = simulation_builder.SimulationBuilder().build_default_simulation(system(), len(rows))
    for name, kind in (("stage", Stage), ("school_county", County), ("home_county", County), ("major_class", Major)):
        simulation.set_input(name, period, enumerated(rows[name], kind))
    for name in ("boarding", "school_rural", "home_rural"):
        simulation.set_input(name, period, (rows[name] == "yes").to_numpy())
    simulation.set_input("grade", period, rows["grade"].replace("", "0").to_numpy().astype(numpy.int32))
    simulation.set_input("fee", period, rows["fee_fen"].replace("", "0").to_numpy().astype(numpy.float64) / 100)
    codes, words = pandas.factorize(rows["categories"])
    for name in CATEGORIES:
        simulation.set_input(name, period, numpy.array([name in word.split(";") for word in words])[codes])
    return simulation, rows["id"].to_numpy()


def decide(simulation, period):
    """{scheme: (eligible, amount)}"""
    return {name: (simulation.calculate(f"{name}_eligible", period), simulation.calculate(name, period))
            for name in SCHEMES}


def write(path, simulation, period, ids, decided):
    """A row a student and scheme of his stage; scheme by scheme, not sorted."""
    stage = simulation.calculate("stage", period)
    with open(path, "w", encoding="utf-8") as file:
        file.write("id,scheme,verdict,amount\n")
        for name, (eligible, yuan) in decided.items():
            place = numpy.zeros(len(ids), dtype=bool)
            for item in STAGES[name]:
                place |= numpy.asarray(stage == item)
            rows = pandas.DataFrame({"id": ids[place], "scheme": name, "verdict": numpy.where(eligible[place], "yes", "no"),
                                     "amount": yuan[place]})
            rows.to_csv(file, header=False, index=False)


def main():
    path, at, out = [word for word in sys.argv[1:] if not word.startswith("--")]
    period = periods.period(at[:7])
    times = [time.process_time()]
    simulation, ids = read(path, period)
    times.append(time.process_time())
    decided = decide(simulation, period)
    times.append(time.process_time())
    write(out, simulation, period, ids, decided)
    times.append(time.process_time())
    read_us, decide_us, write_us = (1e6 * (b - a) for a, b in zip(times, times[1:]))
    totals = {name: float(yuan.sum()) for name, (_, yuan) in decided.items()}
    print(json.dumps({"read_cpu_us": read_us, "decide_cpu_us": decide_us, "write_cpu_us": write_us, "students": len(ids),
                      "totals": totals}))


if __name__ == "__main__":
    main()
