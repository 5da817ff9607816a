#include "link/evaluate.h"
#include "link/match.h"

#include "base/testing_folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Files in, files out. Each test works in a folder of its own. */

static const char *put(struct test_folder *place, const char *name, const char *content)
{
    return test_folder_put(place, name, str_from(content));
}

static struct str get(struct test_folder *place, const char *path)
{
    struct err err = ERR_INIT;
    struct str content;
    assert_true(file_read(&place->arena, path, 1 << 20, &content, &err));
    return content;
}

static const char spec[] = "id: id\n"
                           "compare:\n"
                           "  name: {on: name | clean, levels: [exact, damerau 1]}\n"
                           "  born: {on: born, levels: date}\n"
                           "block: [born, name | clean]\n"
                           "review: -20\nmatch: 0\n";

static const char model[] =
    "{\"version\":1,\"prior\":-10000,\"comparisons\":["
    "{\"name\":\"name\",\"m\":[-300,-3000,-5000],\"u\":[-9000,-8000,0],\"frequency_base\":[0,0,0]},"
    "{\"name\":\"born\",\"m\":[-100,-6000,-6000,-6000,-6000,-6000,-6000,-6000,-6000,-6000,-7000],"
    "\"u\":[-12000,-10000,-10000,-9000,-9000,-9000,-6000,-6000,-6000,-5000,0],"
    "\"frequency_base\":[0,0,0,0,0,0,0,0,0,0,0]}]}";

static void link_files(struct test_folder *place, const char *left, const char *right)
{
    struct err err = ERR_INIT;
    struct match match;
    struct match_options options = {.model_in = put(place, "model.json", model),
                                    .model_out = test_folder_path(place, "out.json")};
    bool done = match_open(&match, &place->arena, put(place, "spec.yaml", spec), left, right, &err)
                && match_run(&match, &options, &err)
                && match_write_pairs(&match, test_folder_path(place, "pairs.csv"), &err)
                && match_write_clusters(&match, test_folder_path(place, "clusters.csv"), &err);
    if (!done) print_error("%s\n", err.en);
    assert_true(done);
}

static void test_one_file(void **state)
{
    struct test_folder *place = *state;
    const char *left = put(place, "a.csv",
                           "\xEF\xBB\xBFid;name;born\n"
                           "9;\"Ann \"\"A\"\" Lee\";2010-01-02\n"
                           "10;ann a lee;2/1/2010\n"
                           "8;Bob;2011-05-06\n"
                           "7;Bob;\n"
                           "6;Cyd;2010-01-02\n");
    link_files(place, left, NULL);
    assert_str_is(get(place, test_folder_path(place, "pairs.csv")),
                  "left_id,right_id,weight_millibits,probability\n"
                  "10,9,10600,0.999356\n"
                  "6,9,-3100,0.104448\n"
                  "7,8,-1300,0.288826\n");
    assert_str_is(get(place, test_folder_path(place, "clusters.csv")), "id,source,cluster\n"
                                                                       "10,left,1\n"
                                                                       "6,left,2\n"
                                                                       "7,left,3\n"
                                                                       "8,left,4\n"
                                                                       "9,left,1\n");
    assert_true(
        str_starts(get(place, test_folder_path(place, "out.json")), STR("{\"version\":1,")));
}

static void test_two_files(void **state)
{
    struct test_folder *place = *state;
    const char *left =
        put(place, "a.csv", "id, name, born\n1, Ann, 2010-01-02\n2, Ann, 2010-01-02\n");
    const char *right =
        put(place, "b.csv", "born\tid\tname\n2010-01-02\t1\tAnn\n2011-01-02\t3\tDee\n");
    link_files(place, left, right);
    assert_str_is(get(place, test_folder_path(place, "pairs.csv")),
                  "left_id,right_id,weight_millibits,probability\n"
                  "1,1,10600,0.999356\n"
                  "2,1,10600,0.999356\n");
}

/* A record of test_many_rows. */
struct known {
    char id[12];
    unsigned entity;
};

static int compare_known(const void *a, const void *b)
{
    return strcmp(((const struct known *)a)->id, ((const struct known *)b)->id);
}

/* Adds the record to its file; entities differ in name and day. */
static void add_known(struct text *file, struct known *record, const char *list, unsigned entity)
{
    snprintf(record->id, sizeof record->id, "%s%u", list, entity);
    record->entity = entity;
    text_add_f(file, "%s,name%u,%u-%02u-%02u\n", record->id, entity, 1900 + entity / 336,
               entity / 28 % 12 + 1, entity % 28 + 1);
}

static void expect_known(struct test_folder *place, const struct known *records, size_t count,
                         bool two)
{
    enum { ENTITIES = 20000 };
    struct text pairs, clusters;
    unsigned *numbers = arena_array(&place->arena, unsigned, ENTITIES), given = 0;
    size_t *ends = arena_array(&place->arena, size_t, ENTITIES * 3);
    uint8_t *sizes = arena_array(&place->arena, uint8_t, ENTITIES);
    text_init(&pairs, &place->arena, 4 << 20);
    text_init(&clusters, &place->arena, 4 << 20);
    text_add_c(&pairs, "left_id,right_id,weight_millibits,probability\n");
    text_add_c(&clusters, "id,source,cluster\n");
    for (size_t i = 0; i < count; i++) {
        unsigned entity = records[i].entity;
        if (numbers[entity] == 0) numbers[entity] = ++given;
        text_add_f(&clusters, "%s,%s,%u\n", records[i].id,
                   two && records[i].id[0] != 'l' ? "right" : "left", numbers[entity]);
        ends[entity * 3 + sizes[entity]++] = i;
    }
    for (size_t i = 0; i < count; i++) {
        unsigned entity = records[i].entity;
        for (size_t k = 0; k < sizes[entity]; k++) {
            const char *id = records[ends[entity * 3 + k]].id;
            bool met = two ? records[i].id[0] == 'l' && id[0] != 'l' : ends[entity * 3 + k] > i;
            if (met) text_add_f(&pairs, "%s,%s,10600,0.999356\n", records[i].id, id);
        }
    }
    assert_str_is(get(place, test_folder_path(place, "pairs.csv")), pairs.ptr);
    assert_str_is(get(place, test_folder_path(place, "clusters.csv")), clusters.ptr);
}

/* More rows than are put into words at once, some records with two partners. */
/* Headings alone, where a column would name the sources: nothing is found, as of any empty file. */
static void test_no_rows(void **state)
{
    struct test_folder *place = *state;
    struct err err = ERR_INIT;
    struct text of_sources;
    text_init(&of_sources, &place->arena, 1000);
    text_add_c(&of_sources, "source: list\n");
    text_add_c(&of_sources, spec);
    const char *path = put(place, "spec.yaml", of_sources.ptr);
    const char *left = put(place, "a.csv", "id,name,born,list\n");
    const char *right = put(place, "b.csv", "id,name,born,list");
    const struct match_options options = {.model_in = put(place, "model.json", model)};
    for (size_t files = 1; files <= 2; files++) {
        struct match match;
        const char *clusters = test_folder_path(place, "clusters.csv");
        bool done = match_open(&match, &place->arena, path, left, files == 2 ? right : NULL, &err)
                    && match_run(&match, &options, &err)
                    && match_write_clusters(&match, clusters, &err);
        if (!done) print_error("%s\n", err.en);
        assert_true(done);
        assert_str_is(get(place, clusters), "id,source,cluster\n");
    }
}

/* What is given back while lists are written is not what their rows are made of: a workbook is
 * written row by row meanwhile. */
static void test_sources_stay(void **state)
{
    enum { ROWS = 20000 };
    struct test_folder *place = *state;
    struct err err = ERR_INIT;
    struct text of_sources, rows;
    struct match match;
    text_init(&of_sources, &place->arena, 1000);
    text_add_c(&of_sources, "source: list\n");
    text_add_c(&of_sources, strchr(spec, '\n') + 1);
    text_init(&rows, &place->arena, 4 << 20);
    text_add_c(&rows, "name,born,list\n");
    for (unsigned i = 0; i < ROWS; i++) {
        text_add_f(&rows, "n%u,%u-%02u-%02u,%s\n", i, 1960 + i / 336, i / 28 % 12 + 1, i % 28 + 1,
                   i % 3 == 0 ? "school" : "town");
    }
    const char *left = put(place, "a.csv", rows.ptr), *lists[2];
    lists[0] = test_folder_path(place, "clusters.xlsx");
    lists[1] = test_folder_path(place, "again.xlsx");
    const struct match_options options = {.model_in = put(place, "model.json", model)};
    assert_true(match_open(&match, &place->arena, put(place, "spec.yaml", of_sources.ptr), left,
                           NULL, &err));
    assert_true(match_run(&match, &options, &err));
    assert_true(match_write_clusters(&match, lists[0], &err));
    assert_true(match_write(&match, NULL, lists[1], &err));
    struct str before = get(place, lists[0]), after = get(place, lists[1]);
    assert_true(str_equal(before, after));
}

/* A file of the records from..end of 9000 people, forward or from the last one back; one name in
 * nine has an error in it, in the way of this file. */
static const char *put_people(struct test_folder *place, const char *name, unsigned from,
                              unsigned end, bool back)
{
    struct text rows;
    text_init(&rows, &place->arena, 4 << 20);
    text_add_c(&rows, "id,name,born\n");
    for (unsigned i = from; i < end; i++) {
        unsigned n = back ? from + end - 1 - i : i, spread = n * 2654435761u;
        text_add_f(&rows, "%c%u,%s%u-%u,%u-%02u-%02u\n", name[0], n, n % 9 == from % 7 ? "x" : "",
                   spread % 3001, n % 5, 1950 + spread / 7 % 60, spread / 640 % 12 + 1,
                   spread / 9999 % 28 + 1);
    }
    return put(place, name, rows.ptr);
}

/* Weights are learnt from pairs drawn by what records say, so the order of rows changes nothing. */
static void test_order_of_rows(void **state)
{
    struct test_folder *place = *state;
    const char *const names[] = {"pairs.csv", "clusters.csv", "out.json"};
    struct str lists[2][3];
    for (int back = 0; back < 2; back++) {
        struct err err = ERR_INIT;
        struct match match;
        struct match_options options = {.model_out = test_folder_path(place, names[2])};
        const char *left = put_people(place, "left.csv", 0, 6000, back == 1);
        const char *right = put_people(place, "right.csv", 3000, 9000, back == 1);
        assert_true(
            match_open(&match, &place->arena, put(place, "spec.yaml", spec), left, right, &err));
        assert_true(match_run(&match, &options, &err));
        assert_int_equal(match.unlearnt.kind, ERR_NONE);
        assert_in_range(match.result.pair_count, 2900, 9000);
        assert_true(match_write(&match, test_folder_path(place, names[0]),
                                test_folder_path(place, names[1]), &err));
        for (int i = 0; i < 3; i++) {
            lists[back][i] = get(place, test_folder_path(place, names[i]));
        }
    }
    for (int i = 0; i < 3; i++) assert_true(str_equal(lists[0][i], lists[1][i]));
}

static void test_many_rows(void **state)
{
    struct test_folder *place = *state;
    struct text left, right;
    size_t count = 0;
    struct known *records = arena_array(&place->arena, struct known, 31000);
    text_init(&left, &place->arena, 4 << 20);
    text_init(&right, &place->arena, 4 << 20);
    text_add_c(&left, "id,name,born\n");
    for (unsigned i = 0; i < 20000; i++) add_known(&left, &records[count++], "l", i);
    for (unsigned i = 0; i < 20000; i += 2) add_known(&right, &records[count++], "r", i);
    for (unsigned i = 0; i < 20000; i += 50) add_known(&right, &records[count++], "a", i);
    qsort(records, count, sizeof *records, compare_known);
    struct text all;
    text_init(&all, &place->arena, 8 << 20);
    text_add_c(&all, "id,name,born\n");
    text_add(&all, text_str(&right));
    link_files(place, put(place, "l.csv", left.ptr), put(place, "r.csv", all.ptr));
    expect_known(place, records, count, true);
    text_clear(&all);
    text_add(&all, text_str(&left));
    text_add(&all, text_str(&right));
    link_files(place, put(place, "all.csv", all.ptr), NULL);
    expect_known(place, records, count, false);
}

static void test_explain(void **state)
{
    struct test_folder *place = *state;
    struct err err = ERR_INIT;
    struct match match;
    struct link_explanation explanation;
    struct match_options options = {.model_in = put(place, "model.json", model)};
    const char *left = put(place, "a.csv", "id,name,born\n1,Ann,2010-01-02\n2,Anne,2010-01-02\n");
    const char *path = put(place, "spec.yaml", spec);
    assert_true(match_open(&match, &place->arena, path, left, NULL, &err));
    assert_true(
        match_explain(&match, &place->arena, &options, STR("2"), STR("1"), &explanation, &err));
    assert_int_equal(explanation.field_count, 2);
    assert_str_is(explanation.fields[0].left, "anne");
    assert_int_equal(explanation.fields[0].level, 1);
    assert_int_equal(explanation.weight_millibits, -10000 + 5000 + 11900);
    assert_int_equal(explanation.rule, 0);
}

static const struct {
    bool ids, two; /* the spec names an id column; there are two files */
    const char *left, *right, *en, *zh;
} unknown[] = {
    {true, false, "a", "x", "one.csv: there is no record \"x\"; name it as the column \"id\" does",
     "one.csv：没有记录“x”；请照“id”列的写法"},
    {true, true, "a", "a",
     "two.csv: there is no record \"a\", but one.csv has one; name the records in the order of the "
     "files",
     "two.csv：没有记录“a”，而 one.csv 中有；请按两份文件的顺序写编号"},
    {true, true, "c", "a", "one.csv: there is no record \"c\", but two.csv has one; name the ",
     "one.csv：没有记录“c”，而 two.csv 中有；"},
    {true, true, "a", "x", "two.csv: there is no record \"x\"; name it as the column \"id\" does",
     "two.csv：没有记录“x”；请照“id”列的写法"},
    {false, false, "1", "3",
     "one.csv: there is no record \"3\"; the spec names no id column, so the 2 records are "
     "numbered "
     "from 1",
     "one.csv：没有记录“3”；规格没有写编号列，2 条记录从 1 起编号"},
    {false, true, "2", "2",
     "two.csv: there is no record \"2\"; the spec names no id column, so the 1 ",
     "two.csv：没有记录“2”；规格没有写编号列，1 条记录从 1 起编号"},
};

static void test_unknown_records(void **state)
{
    struct test_folder *place = *state;
    const char *left = put(place, "one.csv", "id,name,born\na,Ann,\nb,Anne,\n");
    const char *right = put(place, "two.csv", "id,name,born\nc,Ann,\n");
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
        struct err err = ERR_INIT;
        struct match match;
        struct match_options options = {0};
        struct link_explanation explanation;
        const char *path =
            put(place, "spec.yaml", unknown[i].ids ? spec : spec + strlen("id: id\n"));
        assert_true(
            match_open(&match, &place->arena, path, left, unknown[i].two ? right : NULL, &err));
        assert_false(match_explain(&match, &place->arena, &options, str_from(unknown[i].left),
                                   str_from(unknown[i].right), &explanation, &err));
        assert_int_equal(err.kind, ERR_NOT_FOUND);
        if (!str_starts(str_from(err.en), str_from(unknown[i].en))) print_error("%s\n", err.en);
        assert_true(str_starts(str_from(err.en), str_from(unknown[i].en)));
        assert_true(str_starts(str_from(err.zh), str_from(unknown[i].zh)));
    }
}

static const struct {
    const char *content, *reason;
} bad_files[] = {
    {"", "bad.csv: "},
    {"id,name\n1,a\n",
     "bad.csv: there is no column \"born\"; there are \"id\", \"name\": correct the "
     "heading, or the name that is asked for"},
    {"编号,姓名,出生\n1,a,\n", "bad.csv: there is no column \"name\", and none of the others that "
                               "are asked for: the first row must hold the headings"},
    /* A file without headings begins with somebody's data, which no sentence shows. */
    {"1,Ann,2010-01-02\n2,Ben,2010-03-04\n", "bad.csv: there is no column \"name\", and none of "},
    /* The same in a file that is no plain text. */
    {"<table><tr><td>id<td>born<td>who<tr><td>1<td><td>a</table>",
     "bad.csv: there is no column \"name\"; there are \"id\", \"born\", \"who\": correct "},
    {"<table><tr><td>1<td>Ann<tr><td>2<td>Ben</table>",
     "bad.csv: there is no column \"name\", and none of the others that are asked for: "},
    {"id,name,born\n1,a,\n,b,\n", "bad.csv: line 3: the id is empty"},
    {"id,name,born\n1,a,\n2,b,\n1,c,\n", "bad.csv: line 4: the id stands twice"},
    {"id,name,born\n1,\"a,\n", "bad.csv: line 2: a quote is opened and never closed"},
};

/* However many headings there are and whatever stands in them, the sentence ends well. */
static void test_many_headings(void **state)
{
    struct test_folder *place = *state;
    struct err err = ERR_INIT;
    struct match match;
    struct text text;
    const char *path = put(place, "spec.yaml", spec);
    text_init(&text, &place->arena, 1 << 20);
    text_add_c(&text, "id,,\"a\nb\",\x1B[31mred,");
    for (int i = 0; i < 100; i++) text_add_c(&text, "很长很长很长很长很长很长很长很长很长的列名");
    for (int i = 0; i < 400; i++) text_add_f(&text, ",第%d列", i);
    text_add_c(&text, "\n");
    const char *left = put(place, "many.csv", text.ptr);
    assert_false(match_open(&match, &place->arena, path, left, NULL, &err));
    assert_true(utf8_valid(str_from(err.en)));
    assert_true(utf8_valid(str_from(err.zh)));
    assert_true(
        str_starts(str_from(err.en),
                   STR("many.csv: there is no column \"name\"; there are \"id\", \"很长很长")));
    assert_true(str_ends(str_from(err.en), STR(" more: correct the heading, or the name that is "
                                               "asked for")));
    assert_true(str_ends(str_from(err.zh), STR("；请改正标题，或所要的列名")));
    assert_null(strchr(err.en, '\x1B'));
    assert_null(strchr(err.en, '\n'));
}

static void test_bad_files(void **state)
{
    struct test_folder *place = *state;
    const char *path = put(place, "spec.yaml", spec);
    for (size_t i = 0; i < sizeof bad_files / sizeof *bad_files; i++) {
        struct err err = ERR_INIT;
        struct match match;
        const char *left = put(place, "bad.csv", bad_files[i].content);
        assert_false(match_open(&match, &place->arena, path, left, NULL, &err));
        assert_int_equal(err.kind, ERR_INPUT);
        if (!str_starts(str_from(err.en), str_from(bad_files[i].reason)))
            print_error("%s\n", err.en);
        assert_true(str_starts(str_from(err.en), str_from(bad_files[i].reason)));
    }
    struct err err = ERR_INIT;
    struct match match;
    assert_false(
        match_open(&match, &place->arena, path, test_folder_path(place, "none.csv"), NULL, &err));
    assert_int_equal(err.kind, ERR_IO);
}

/* Five records of entities A A A B B: four true pairs. */
static const char entities[] = "id,entity\n1,A\n2,A\n3,A\n4,B\n5,B\n";
static const char pairs[] = "left_id,right_id,weight_millibits,probability\n"
                            "1,2,9000,0.9\n"
                            "3,1,5000,0.9\n"
                            "3,4,5000,0.9\n"
                            "4,5,2000,0.9\n"
                            "2,4,1000,0.9\n"
                            "5,4,1500,0.9\n"
                            "1,unknown,100,0.5\n";

static void test_evaluate(void **state)
{
    struct test_folder *place = *state;
    struct err err = ERR_INIT;
    struct evaluation_report report;
    const char *pairs_path = put(place, "pairs.csv", pairs);
    const char *truth = put(place, "truth.csv", entities);
    const char *clusters =
        put(place, "clusters.csv",
            "id,source,cluster\n1,left,1\n2,left,1\n3,left,2\n4,left,2\n5,left,2\n");
    assert_true(match_evaluate(pairs_path, truth, clusters, 5000, &report, &err));
    assert_int_equal(report.at.true_pairs, 4);
    assert_int_equal(report.at.found, 2);
    assert_int_equal(report.at.wrong, 1);
    assert_int_equal(report.at.precision_ppm, 666667);
    assert_int_equal(report.at.recall_ppm, 500000);
    assert_int_equal(report.at.f1_ppm, 571429);
    assert_int_equal(report.best.threshold_millibits, 2000);
    assert_int_equal(report.best.found, 3);
    assert_int_equal(report.best.wrong, 1);
    assert_int_equal(report.best.f1_ppm, 750000);
    assert_true(report.has_clusters);
    assert_int_equal(report.clusters.found, 2);
    assert_int_equal(report.clusters.wrong, 2);
    assert_int_equal(report.clusters.f1_ppm, 500000);
    /* The same truth as pairs, one of them twice. */
    truth = put(place, "truth.csv", "left_id,right_id\n1,2\n2,1\n1,3\n2,3\n5,4\n");
    assert_true(match_evaluate(pairs_path, truth, clusters, INT32_MIN, &report, &err));
    assert_int_equal(report.at.true_pairs, 4);
    assert_int_equal(report.at.found, 3);
    assert_int_equal(report.at.wrong, 3);
    assert_int_equal(report.best.f1_ppm, 750000);
    assert_int_equal(report.clusters.found, 2);
    assert_int_equal(report.clusters.wrong, 2);
}

static const struct {
    const char *pairs, *truth, *reason;
} bad_evaluations[] = {
    {"left_id,right_id\n1,2\n", entities,
     "pairs.csv: there is no column \"weight_millibits\"; there are \"left_id\", \"right_id\": "
     "correct the heading, or the name that is asked for"},
    {"left_id,right_id,weight_millibits\n1,2,much\n", entities,
     "pairs.csv: line 2: the weight is not a whole number"},
    {pairs, "id,entity\n1,A\n1,B\n", "truth.csv: line 3: the id stands twice"},
    {pairs, "a,b\n1,A\n",
     "truth.csv: there is no column \"left_id\", and none of the others that are asked for: the "
     "first row must hold the headings"},
};

static void test_bad_evaluations(void **state)
{
    struct test_folder *place = *state;
    for (size_t i = 0; i < sizeof bad_evaluations / sizeof *bad_evaluations; i++) {
        struct err err = ERR_INIT;
        struct evaluation_report report;
        const char *pairs_path = put(place, "pairs.csv", bad_evaluations[i].pairs);
        const char *truth = put(place, "truth.csv", bad_evaluations[i].truth);
        assert_false(match_evaluate(pairs_path, truth, NULL, 0, &report, &err));
        assert_int_equal(err.kind, ERR_INPUT);
        assert_string_equal(err.en, bad_evaluations[i].reason);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_one_file, test_folder_make, test_folder_remove),
        cmocka_unit_test_setup_teardown(test_two_files, test_folder_make, test_folder_remove),
        cmocka_unit_test_setup_teardown(test_no_rows, test_folder_make, test_folder_remove),
        cmocka_unit_test_setup_teardown(test_sources_stay, test_folder_make, test_folder_remove),
        cmocka_unit_test_setup_teardown(test_order_of_rows, test_folder_make, test_folder_remove),
        cmocka_unit_test_setup_teardown(test_many_rows, test_folder_make, test_folder_remove),
        cmocka_unit_test_setup_teardown(test_explain, test_folder_make, test_folder_remove),
        cmocka_unit_test_setup_teardown(test_unknown_records, test_folder_make, test_folder_remove),
        cmocka_unit_test_setup_teardown(test_many_headings, test_folder_make, test_folder_remove),
        cmocka_unit_test_setup_teardown(test_bad_files, test_folder_make, test_folder_remove),
        cmocka_unit_test_setup_teardown(test_evaluate, test_folder_make, test_folder_remove),
        cmocka_unit_test_setup_teardown(test_bad_evaluations, test_folder_make, test_folder_remove),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
