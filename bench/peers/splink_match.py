#!/usr/bin/env python3
"""Links one of the reference data sets with Splink on DuckDB, with the model of Splink's own documentation.

    splink_match.py DATASET DATA_FOLDER PAIRS.csv

DATASET is historical_50k, febrl3, febrl4 or fake_1000. Writes PAIRS.csv (left_id,right_id,weight) and prints one
JSON line: seconds of each step and the number of pairs compared. Run in a virtual environment with Splink in it.
"""
import csv
import json
import logging
import os
import sys
import time

import duckdb
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

logging.disable(logging.CRITICAL)


def load_febrl(connection, path):
    """FEBRL's files have a blank after each comma; empty cells become null."""
    source = f"read_csv('{path}', all_varchar=true, header=true)"
    columns = [row[0] for row in connection.execute(f"describe select * from {source}").fetchall()]
    chosen = ", ".join(f"nullif(trim(\"{c}\"), '') as {c.strip()}" for c in columns)
    return f"select {chosen} from {source}"


def febrl_comparisons():
    return [
        cl.NameComparison("given_name"), cl.NameComparison("surname"),
        cl.DateOfBirthComparison("date_of_birth", input_is_string=True, datetime_format="%Y%m%d",
                                 invalid_dates_as_null=True),
        cl.DamerauLevenshteinAtThresholds("soc_sec_id", [2]),
        cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
        cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]).configure(term_frequency_adjustments=True),
    ]


def febrl3():
    rules = [block_on("soc_sec_id"), block_on("given_name"), block_on("surname"), block_on("date_of_birth"),
             block_on("postcode")]
    settings = SettingsCreator(link_type="dedupe_only", unique_id_column_name="rec_id", comparisons=febrl_comparisons(),
                               blocking_rules_to_generate_predictions=rules)
    prior = [block_on("soc_sec_id"), block_on("given_name", "surname", "date_of_birth")]
    train = [block_on("date_of_birth"), block_on("postcode")]
    return ["dataset3.csv"], load_febrl, settings, prior, 0.9, train


def febrl4():
    rules = [block_on("given_name", "surname"), block_on("soc_sec_id"), block_on("date_of_birth", "surname"),
             block_on("street_number", "address_1"), block_on("postcode", "given_name"),
             block_on("postcode", "surname"), block_on("state", "date_of_birth")]
    settings = SettingsCreator(link_type="link_only", unique_id_column_name="rec_id", comparisons=febrl_comparisons(),
                               blocking_rules_to_generate_predictions=rules)
    prior = [block_on("soc_sec_id"), block_on("given_name", "surname", "date_of_birth")]
    train = [block_on("date_of_birth"), block_on("postcode")]
    return ["dataset4a.csv", "dataset4b.csv"], load_febrl, settings, prior, 0.9, train


def load_plain(_connection, path):
    return f"select * from read_csv('{path}', all_varchar=true, header=true, nullstr='')"


def historical_50k():
    rules = [block_on("substr(first_name,1,3)", "substr(surname,1,4)"), block_on("surname", "dob"),
             block_on("first_name", "dob"), block_on("postcode_fake", "first_name"),
             block_on("postcode_fake", "surname"), block_on("dob", "birth_place"),
             block_on("substr(postcode_fake,1,3)", "dob"), block_on("substr(postcode_fake,1,3)", "first_name"),
             block_on("substr(postcode_fake,1,3)", "surname"),
             block_on("substr(first_name,1,2)", "substr(surname,1,2)", "substr(dob,1,4)")]
    settings = SettingsCreator(
        link_type="dedupe_only", unique_id_column_name="unique_id", blocking_rules_to_generate_predictions=rules,
        comparisons=[cl.ForenameSurnameComparison("first_name", "surname", forename_surname_concat_col_name="first_and_surname"),
                     cl.DateOfBirthComparison("dob", input_is_string=True),
                     cl.LevenshteinAtThresholds("postcode_fake", 2),
                     cl.JaroWinklerAtThresholds("birth_place", 0.9).configure(term_frequency_adjustments=True),
                     cl.ExactMatch("occupation").configure(term_frequency_adjustments=True)])
    prior = ["l.first_name = r.first_name and l.surname = r.surname and l.dob = r.dob",
             "substr(l.first_name,1,2) = substr(r.first_name,1,2) and l.surname = r.surname and substr(l.postcode_fake,1,2) = substr(r.postcode_fake,1,2)",
             "l.dob = r.dob and l.postcode_fake = r.postcode_fake"]
    train = [block_on("first_name", "surname"), block_on("dob")]
    return ["historical_figures_with_errors_50k.csv"], load_plain, settings, prior, 0.6, train


def fake_1000():
    settings = SettingsCreator(
        link_type="dedupe_only", unique_id_column_name="unique_id",
        blocking_rules_to_generate_predictions=[block_on("first_name"), block_on("surname"), block_on("dob"), block_on("email")],
        comparisons=[cl.NameComparison("first_name"), cl.NameComparison("surname"),
                     cl.DateOfBirthComparison("dob", input_is_string=True),
                     cl.ExactMatch("city").configure(term_frequency_adjustments=True), cl.EmailComparison("email")])
    prior = [block_on("first_name", "surname", "dob"), block_on("email")]
    return ["fake_1000.csv"], load_plain, settings, prior, 0.7, [block_on("first_name", "surname"), block_on("dob")]


def main():
    name, folder, out = sys.argv[1:4]
    files, load, settings, prior, recall, train = globals()[name]()
    times, start = {}, time.monotonic()

    def step(key):
        nonlocal start
        now = time.monotonic()
        times[key] = round(times.get(key, 0) + now - start, 3)
        start = now

    connection = duckdb.connect()
    api = DuckDBAPI(connection)
    tables = []
    for at, file in enumerate(files):
        connection.execute(f"create table input{at} as {load(connection, os.path.join(folder, file))}")
        tables.append(api.register(f"input{at}"))
    linker = Linker(tables if len(tables) > 1 else tables[0], settings)
    step("load")
    linker.training.estimate_probability_two_random_records_match(prior, recall=recall)
    step("prior")
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6)
    step("u")
    for rule in train:
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    step("em")
    pairs = linker.inference.predict(threshold_match_weight=-20)
    relation = pairs.as_duckdbpyrelation()
    key = "unique_id" if "unique_id_l" in relation.columns else "rec_id"
    rows = connection.sql(f"select {key}_l, {key}_r, match_weight from relation order by 1, 2").fetchall()
    step("predict")
    with open(out, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("left_id", "right_id", "weight"))
        writer.writerows(rows)
    print(json.dumps({"seconds": times, "total": round(sum(times.values()), 3), "pairs": len(rows)}))


if __name__ == "__main__":
    main()
