#!/usr/bin/env python3
"""The aid rules read a second time, clause by clause, by somebody who has not seen how src/policy does it.

    reading.py                              the worked lines, and each `needs` against all completions of the row
    reading.py STUDENTS.csv --at DAY        the rows that `baoxue aid decide` must give, all columns but cites

Whole fen, no float, nothing clever. A condition is YES, NO or UNKNOWN; an unknown one names its empty inputs.
"""
import argparse
import csv
import datetime
import itertools
import sys

COLUMNS = ["id", "stage", "grade", "boarding", "categories", "school_county", "home_county", "school_rural",
           "home_rural", "major_class", "fee_fen"]
RESULT = ["id", "scheme", "verdict", "amount_fen", "period", "needs"]

STAGES = ["preschool", "primary", "junior", "senior", "vocational", "college", "undergraduate", "postgraduate"]
MAJORS = ["general", "agriculture_medicine", "arts", "opera"]
CATEGORIES = ["poverty_lifted", "monitored", "dibao_rural", "dibao_urban", "destitute_rural", "destitute_urban",
              "orphan", "disabled", "martyr_child", "recognised"]
NATIONAL_PILOT = ["620421", "620422", "620423"]
LOCAL_PILOT = ["620402", "620403"]
VOCATIONAL_COUNTIES = ["620421", "620422", "620423"]


def day(text):
    return datetime.date.fromisoformat(text)


MONITORED_FROM = day("2021-09-01")
LOCAL_PILOT_FROM = day("2024-03-01")

# Yuan, from the day on; a year's standard unless said otherwise.
PRESCHOOL_FEE = [("2016-03-01", 1000)]
BOARDING = {
    "primary": [("2007-09-01", 500), ("2010-09-01", 750), ("2011-09-01", 1000), ("2024-03-01", 1250)],
    "junior": [("2007-09-01", 750), ("2010-09-01", 1000), ("2011-09-01", 1250), ("2024-03-01", 1500)],
}
MEAL = [("2011-09-01", 3), ("2014-11-01", 4), ("2021-09-01", 5)]  # a school day
SCHOOL_DAYS = 100                                                 # a term
SENIOR_GRANT = [("2010-09-01", 1500), ("2015-03-01", 2000), ("2025-03-01", 2300)]
VOCATIONAL_FEE = {"general": 2000, "agriculture_medicine": 2300, "arts": 3000, "opera": 6000}
VOCATIONAL_GRANT = [("2007-09-01", 1500), ("2015-03-01", 2000), ("2025-03-01", 2300)]
YULU = [("2015-09-01", 3000)]
COLLEGE_GRANT = [("2007-09-01", 2000), ("2010-09-01", 3000), ("2019-03-01", 3300), ("2024-09-01", 3700)]
LOAN_BELOW = [("2007-09-01", 6000), ("2014-09-01", 8000), ("2021-09-01", 12000), ("2023-09-01", 16000),
              ("2024-09-01", 20000)]
LOAN_POSTGRADUATE = [("2007-09-01", 6000), ("2014-09-01", 12000), ("2021-09-01", 16000), ("2023-09-01", 20000),
                     ("2024-09-01", 25000)]
LOAN = {"college": LOAN_BELOW, "undergraduate": LOAN_BELOW, "postgraduate": LOAN_POSTGRADUATE}

# Each day on which a rule reads otherwise than on the day before.
CHANGES = sorted({
    "2007-09-01", "2010-09-01", "2011-09-01", "2012-09-01", "2014-09-01", "2014-11-01", "2015-03-01", "2015-09-01",
    "2016-03-01", "2016-09-01", "2019-03-01", "2019-09-01", "2021-09-01", "2023-09-01", "2024-03-01", "2024-09-01",
    "2025-03-01", "2025-09-01"})

# ---- three truth values ----------------------------------------------------------------------------------------


class Condition:
    """YES, NO or UNKNOWN; `needs` are the empty inputs on which an UNKNOWN one depends."""

    def __init__(self, truth, needs=()):
        self.truth, self.needs = truth, frozenset(needs)


YES, NO, UNKNOWN = "yes", "no", "unknown"


def known(is_so):
    return Condition(YES if is_so else NO)


def missing(name):
    return Condition(UNKNOWN, [name])


def all_of(*conditions):
    """A known no decides a conjunction, whatever else is unknown."""
    if any(c.truth == NO for c in conditions):
        return Condition(NO)
    if all(c.truth == YES for c in conditions):
        return Condition(YES)
    return Condition(UNKNOWN, frozenset().union(*(c.needs for c in conditions if c.truth == UNKNOWN)))


def any_of(*conditions):
    """A known yes decides a disjunction."""
    if any(c.truth == YES for c in conditions):
        return Condition(YES)
    if all(c.truth == NO for c in conditions):
        return Condition(NO)
    return Condition(UNKNOWN, frozenset().union(*(c.needs for c in conditions if c.truth == UNKNOWN)))


# ---- what is asked of a student --------------------------------------------------------------------------------


def is_yes(student, name):
    return missing(name) if student[name] == "" else known(student[name] == "yes")


def is_no(student, name):
    return missing(name) if student[name] == "" else known(student[name] == "no")


def is_one_of(student, name, values):
    return missing(name) if student[name] == "" else known(student[name] in values)


def grade_is(student, grades):
    return missing("grade") if student["grade"] == "" else known(int(student["grade"]) in grades)


def has_category(student, wanted):
    """A list that is not empty is complete; `none` is known to be none."""
    if student["categories"] == "":
        return missing("categories")
    if student["categories"] == "none":
        return known(False)
    return known(any(word in wanted for word in student["categories"].split(";")))


def hardship(student, at):
    """Any of the categories; `monitored` counts from 2021-09-01."""
    wanted = list(CATEGORIES)
    if at < MONITORED_FROM:
        wanted.remove("monitored")
    return has_category(student, wanted)


def four_groups(student, at):
    wanted = ["poverty_lifted", "dibao_rural", "destitute_rural", "disabled"]
    if at >= MONITORED_FROM:
        wanted.append("monitored")
    return has_category(student, wanted)


def in_pilot_county(student, at):
    counties = list(NATIONAL_PILOT)
    if at >= LOCAL_PILOT_FROM:
        counties += LOCAL_PILOT
    return is_one_of(student, "school_county", counties)


# ---- money and periods -----------------------------------------------------------------------------------------


def standard(steps, at):
    """The standard in force on the day, in yuan; None before the first."""
    found = None
    for start, yuan in steps:
        if day(start) <= at:
            found = yuan
    return found


def half_in_fen(yuan):
    """A yearly standard is paid half a term."""
    assert yuan * 100 % 2 == 0
    return yuan * 100 // 2


def term(at):
    if 3 <= at.month <= 8:
        return f"{at.year}-spring"
    if at.month >= 9:
        return f"{at.year}-autumn"
    return f"{at.year - 1}-autumn"


def school_year(at):
    start = at.year if at.month >= 9 else at.year - 1
    return f"{start}-{start + 1}"


class Amount:
    """In fen; or not to be said because an input that sets it is empty."""

    def __init__(self, fen, needs=()):
        self.fen, self.needs = fen, frozenset(needs)


def approved_fee(student):
    """Per term, never halved."""
    if student["fee_fen"] == "":
        return Amount(None, ["fee_fen"])
    return Amount(int(student["fee_fen"]))


# ---- the schemes: each gives (eligible, amount), or None before its first date ---------------------------------


def preschool_fee(student, at):
    yuan = standard(PRESCHOOL_FEE, at)
    if yuan is None:
        return None
    if at < day("2025-09-01"):
        return known(True), Amount(half_in_fen(yuan))
    if student["grade"] == "":
        return missing("grade"), Amount(half_in_fen(yuan))
    return known(int(student["grade"]) != 3), Amount(half_in_fen(yuan))


def preschool_free(student, at):
    if at < day("2025-09-01"):
        return None
    return grade_is(student, [3]), approved_fee(student)


def boarding_subsidy(student, at):
    yuan = standard(BOARDING[student["stage"]], at)
    if yuan is None:
        return None
    return all_of(is_yes(student, "boarding"), hardship(student, at)), Amount(half_in_fen(yuan))


def day_subsidy(student, at):
    if at < day("2019-09-01"):
        return None
    yuan = standard(BOARDING[student["stage"]], at)
    fen_a_year = yuan * 100 // 2
    return all_of(is_no(student, "boarding"), four_groups(student, at)), Amount(fen_a_year // 2)


def nutrition(student, at):
    yuan = standard(MEAL, at)
    if yuan is None:
        return None
    return all_of(in_pilot_county(student, at), is_yes(student, "school_rural")), Amount(SCHOOL_DAYS * yuan * 100)


def senior_grant(student, at):
    yuan = standard(SENIOR_GRANT, at)
    if yuan is None:
        return None
    return hardship(student, at), Amount(half_in_fen(yuan))


def senior_fee(student, at):
    if at < day("2016-09-01"):
        return None
    return four_groups(student, at), approved_fee(student)


def vocational_fee(student, at):
    if at < day("2012-09-01"):
        return None
    eligible = grade_is(student, [1, 2, 3])
    if student["major_class"] == "":
        return eligible, Amount(None, ["major_class"])
    return eligible, Amount(half_in_fen(VOCATIONAL_FEE[student["major_class"]]))


def vocational_grant(student, at):
    yuan = standard(VOCATIONAL_GRANT, at)
    if yuan is None:
        return None
    grades = [1, 2]
    if at >= day("2025-03-01"):
        grades.append(3)
    who = any_of(
        is_one_of(student, "major_class", ["agriculture_medicine"]),
        hardship(student, at),
        all_of(is_one_of(student, "home_county", VOCATIONAL_COUNTIES), is_yes(student, "home_rural")))
    return all_of(grade_is(student, grades), who), Amount(half_in_fen(yuan))


def yulu(student, at):
    yuan = standard(YULU, at)
    if yuan is None:
        return None
    wanted = ["poverty_lifted"]
    if at >= MONITORED_FROM:
        wanted.append("monitored")
    return has_category(student, wanted), Amount(half_in_fen(yuan))


def college_grant(student, at):
    yuan = standard(COLLEGE_GRANT, at)
    if yuan is None:
        return None
    return hardship(student, at), Amount(half_in_fen(yuan))


def loan_cap(student, at):
    yuan = standard(LOAN[student["stage"]], at)
    if yuan is None:
        return None
    return hardship(student, at), Amount(yuan * 100)


# scheme: the stages that it can concern, its rule, its period
SCHEMES = {
    "boarding_subsidy": (["primary", "junior"], boarding_subsidy, term),
    "college_grant": (["college", "undergraduate"], college_grant, term),
    "day_subsidy": (["primary", "junior"], day_subsidy, term),
    "loan_cap": (["college", "undergraduate", "postgraduate"], loan_cap, school_year),
    "nutrition": (["primary", "junior"], nutrition, term),
    "preschool_fee": (["preschool"], preschool_fee, term),
    "preschool_free": (["preschool"], preschool_free, term),
    "senior_fee": (["senior"], senior_fee, term),
    "senior_grant": (["senior"], senior_grant, term),
    "vocational_fee": (["vocational"], vocational_fee, term),
    "vocational_grant": (["vocational"], vocational_grant, term),
    "yulu": (["vocational", "college"], yulu, term),
}


def decide_scheme(student, scheme, at):
    """(verdict, amount in fen or "", needs)"""
    said = SCHEMES[scheme][1](student, at)
    if said is None:  # not yet in force
        return NO, "", ""
    eligible, amount = said
    if eligible.truth == NO:
        return NO, "", ""
    needs = eligible.needs | amount.needs
    if needs:
        return UNKNOWN, "", ";".join(sorted(needs))
    return YES, str(amount.fen), ""


def decide(student, at):
    """The rows of one student (every column there, "" for empty), sorted by scheme."""
    rows = []
    for scheme in sorted(SCHEMES):
        stages, _, period = SCHEMES[scheme]
        if student["stage"] in stages:
            verdict, amount, needs = decide_scheme(student, scheme, at)
            rows.append((student["id"], scheme, verdict, amount, period(at), needs))
    return rows


# ---- its own test ----------------------------------------------------------------------------------------------

# The lines of "Worked lines", and the sentences of "Unknown" that name a result.
WORKED = [
    ("2020-11-25", "stage=primary boarding=yes categories=dibao_rural", "boarding_subsidy", "yes 50000 2020-autumn"),
    ("2024-02-29", "stage=junior boarding=yes categories=orphan", "boarding_subsidy", "yes 62500 2023-autumn"),
    ("2024-03-01", "stage=junior boarding=no categories=disabled", "day_subsidy", "yes 37500 2024-spring"),
    ("2020-11-25", "stage=junior boarding=no categories=monitored", "day_subsidy", "no 2020-autumn"),
    ("2020-11-25", "stage=primary categories=none", "boarding_subsidy", "no 2020-autumn"),
    ("2020-11-25", "stage=primary categories=dibao_rural", "boarding_subsidy", "unknown 2020-autumn boarding"),
    ("2020-11-25", "stage=vocational grade=3 major_class=agriculture_medicine", "vocational_grant", "no 2020-autumn"),
    ("2025-03-01", "stage=vocational grade=3 major_class=agriculture_medicine", "vocational_grant",
     "yes 115000 2025-spring"),
    ("2020-11-25", "stage=vocational", "vocational_fee", "unknown 2020-autumn grade;major_class"),
    ("2020-11-25", "stage=senior", "senior_fee", "unknown 2020-autumn categories;fee_fen"),
    ("2025-09-01", "stage=preschool", "preschool_free", "unknown 2025-autumn fee_fen;grade"),
    ("2025-08-31", "stage=preschool", "preschool_free", "no 2025-spring"),
    ("2025-01-31", "stage=senior categories=recognised", "senior_grant", "yes 100000 2024-autumn"),
    ("2025-02-28", "stage=undergraduate categories=orphan", "loan_cap", "yes 2000000 2024-2025"),
]

# What an empty cell may turn out to be; a grade may be any.
MAY_BE = {
    "grade": ["1", "2", "3", "4", "9"], "boarding": ["yes", "no"], "categories": ["none", *CATEGORIES],
    "school_county": ["620421", "620402", "620401"], "home_county": ["620421", "620402"],
    "school_rural": ["yes", "no"], "home_rural": ["yes", "no"], "major_class": MAJORS, "fee_fen": ["1000", "2000"],
}
ASKED = {
    "preschool": ["grade", "fee_fen"], "primary": ["boarding", "categories", "school_county", "school_rural"],
    "senior": ["categories", "fee_fen"], "vocational": ["grade", "categories", "home_county", "home_rural", "major_class"],
    "college": ["categories"], "postgraduate": ["categories"],
}


def blank():
    return dict.fromkeys(COLUMNS, "")


def check_worked():
    for at, inputs, scheme, wanted in WORKED:
        student = blank() | dict(part.split("=") for part in inputs.split())
        row = [r for r in decide(student, day(at)) if r[1] == scheme][0]
        got = " ".join(part for part in row[2:] if part)
        assert got == wanted, f"{at} {inputs} {scheme}: {got}, not {wanted}"
    return len(WORKED)


def check_completions(stage, at):
    """Unknown if and only if the completions of a row's empty cells differ; needed is what can make them differ."""
    names, count = ASKED[stage], 0
    full = {}
    for values in itertools.product(*(MAY_BE[n] for n in names)):
        student = blank() | {"stage": stage} | dict(zip(names, values))
        full[values] = [row[2:4] for row in decide(student, at)]
    for values in itertools.product(*(["", *MAY_BE[n]] for n in names)):
        rows = decide(blank() | {"stage": stage} | dict(zip(names, values)), at)
        ways = list(itertools.product(*([v] if v else MAY_BE[n] for n, v in zip(names, values))))
        for place, row in enumerate(rows):
            needs = set()
            for way in ways:
                for i, name in enumerate(names):
                    if values[i] == "" and name not in needs and any(
                            full[way[:i] + (other,) + way[i + 1:]][place] != full[way][place] for other in MAY_BE[name]):
                        needs.add(name)
            assert row[5] == ";".join(sorted(needs)), (at, values, row, needs)
            assert (row[2] == UNKNOWN) == bool(needs), (at, values, row)
            count += 1
    return count


def check():
    worked = check_worked()
    rows = sum(check_completions(stage, day(at)) for stage in ASKED for at in ("2020-11-25", "2025-09-01"))
    print(f"{worked} worked lines, {rows} rows against all their completions")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("students", nargs="?")
    parser.add_argument("--at", type=day)
    options = parser.parse_args()
    if options.students is None:
        check()
        return
    with open(options.students, encoding="utf-8-sig", newline="") as file:
        students = [blank() | row for row in csv.DictReader(file)]
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(RESULT)
    for student in sorted(students, key=lambda s: s["id"].encode()):
        out.writerows(decide(student, options.at))


if __name__ == "__main__":
    main()
