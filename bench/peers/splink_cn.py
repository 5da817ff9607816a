#!/usr/bin/env python3
"""Links the two made-up Chinese registers with Splink on DuckDB: the levels and rules of bench/specs/cn.yaml.

    splink_cn.py LEFT.csv RIGHT.csv PAIRS.csv [--clusters CLUSTERS.csv] [--model MODEL.json] [--loose] [--count]

Writes PAIRS.csv (left_id,right_id,weight), CLUSTERS.csv (id,source,cluster) and the model, as ours does, and prints
one JSON line: seconds of each step and CPU seconds. Trained as Splink's documentation does it: prior from sure rules,
u from its default million pairs, m by two rounds of expectation maximisation. With --loose every two records of one
birth date and sex are compared and only that is timed under "predict"; weights need no training there, so each level
keeps Splink's defaults, and there are no clusters.
"""
import argparse
import json
import logging
import os
import time

import duckdb
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

logging.disable(logging.CRITICAL)

RULES = [("身份证号",), ("姓名", "出生日期"), ("出生日期", "村代码"), ("出生日期", "监护人"), ("姓名", "村代码"), ("姓名", "监护人")]


def village():
    def same(digits):
        return f"substr(\"村代码_l\",1,{digits}) = substr(\"村代码_r\",1,{digits})"
    return cl.CustomComparison(output_column_name="村代码", comparison_levels=[
        cll.NullLevel("村代码"), cll.ExactMatchLevel("村代码"), cll.CustomLevel(same(9), label_for_charts="township"),
        cll.CustomLevel(same(6), label_for_charts="county"), cll.ElseLevel()])


def comparisons():
    return [cl.JaroWinklerAtThresholds("姓名", [0.9, 0.7]).configure(term_frequency_adjustments=True),
            cl.DamerauLevenshteinAtThresholds("身份证号", [1, 2]),
            cl.DamerauLevenshteinAtThresholds("出生日期", [1, 2]),
            cl.ExactMatch("性别"),
            cl.JaroWinklerAtThresholds("监护人", [0.9, 0.7]).configure(term_frequency_adjustments=True),
            village()]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("left")
    parser.add_argument("right")
    parser.add_argument("out")
    parser.add_argument("--clusters")
    parser.add_argument("--model")
    parser.add_argument("--loose", action="store_true")
    parser.add_argument("--count", action="store_true")
    options = parser.parse_args()
    if options.loose and options.clusters:
        parser.error("--loose makes no clusters")
    times, start = {}, time.monotonic()

    def step(key):
        nonlocal start
        now = time.monotonic()
        times[key] = round(now - start, 3)
        start = now

    connection = duckdb.connect()
    api = DuckDBAPI(connection)
    tables = []
    for name, path in (("a_left", options.left), ("b_right", options.right)):
        connection.execute(f"create table {name} as select * from "
                           f"read_csv('{path}', all_varchar=true, header=true, nullstr='')")
        tables.append(api.register(name))
    rules = [("出生日期", "性别")] if options.loose else RULES
    settings = SettingsCreator(link_type="link_only", unique_id_column_name="编号", comparisons=comparisons(),
                               blocking_rules_to_generate_predictions=[block_on(*rule) for rule in rules])
    linker = Linker(tables, settings)
    step("load")
    if options.count:
        relation = linker.inference.predict().as_duckdbpyrelation()
        print(json.dumps({"pairs": connection.sql("select count(*) from relation").fetchall()[0][0]}))
        return
    if not options.loose:
        sure = [block_on("身份证号"), block_on("姓名", "出生日期", "监护人")]
        linker.training.estimate_probability_two_random_records_match(sure, recall=0.8)
        step("prior")
        linker.training.estimate_u_using_random_sampling(max_pairs=1e6)
        step("u")
        linker.training.estimate_parameters_using_expectation_maximisation(block_on("出生日期", "村代码"))
        linker.training.estimate_parameters_using_expectation_maximisation(block_on("姓名", "监护人"))
        step("em")
        scored = linker.inference.predict(threshold_match_weight=-5)
        step("predict")
        clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(scored, threshold_match_weight=0)
        step("cluster")
    else:
        scored = linker.inference.predict(threshold_match_probability=0.5)
        step("predict")
    relation = scored.as_duckdbpyrelation()
    connection.sql("select 编号_l as left_id, 编号_r as right_id, match_weight as weight from relation"
                   ).write_csv(options.out, header=True)
    if options.clusters:
        relation = clusters.as_duckdbpyrelation()
        connection.sql("select 编号 as id, source_dataset as source, cluster_id as cluster from relation"
                       ).write_csv(options.clusters, header=True)
    if options.model:
        linker.misc.save_model_to_json(options.model, overwrite=True)
    step("write")
    used = os.times()
    print(json.dumps({"seconds": times, "total": round(sum(times.values()), 3), "cpu": round(used.user + used.system, 2)}))


if __name__ == "__main__":
    main()
