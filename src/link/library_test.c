#include "base/testing.h"

#include <baoxue/link.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* What include/baoxue/link.h promises, asked through nothing else. Weights are given, so that all
 * can be worked out by hand: prior -10 bits; an equal name 8, else -4; an equal birth 10, else -6.
 */

static const char spec[] = "id: id\n"
                           "compare:\n"
                           "  name: {on: name, levels: [exact], label: {zh: 姓名, en: Name}}\n"
                           "  born: {on: born, levels: [exact]}\n"
                           "block: [name, born]\n"
                           "review: -8\nmatch: 3\n";
static const char model[] =
    "{\"version\":1,\"prior\":-10000,\"comparisons\":["
    "{\"name\":\"name\",\"m\":[-1000,-4000],\"u\":[-9000,0],\"frequency_base\":[0,0]},"
    "{\"name\":\"born\",\"m\":[-1000,-6000],\"u\":[-11000,0],\"frequency_base\":[0,0]}]}";

static const char *const rows[][3] = {{"ann", "2001", "a1"},   {"ann", "2001", "a2"},
                                      {"anne", "2001", "a3"},  {"bob", "2002", "b1"},
                                      {" bob ", "2003", "b2"}, {"cid", NULL, "c1"}};

static struct baoxue_link *open_link(const char *text)
{
    struct baoxue_link *link = NULL;
    struct baoxue_link_error error;
    enum baoxue_link_status status = baoxue_link_open(&link, text, BAOXUE_LINK_ALL, &error);
    if (status != BAOXUE_LINK_OK) print_error("%s\n", error.en);
    assert_int_equal(status, BAOXUE_LINK_OK);
    return link;
}

static struct baoxue_link *open_rows(void)
{
    struct baoxue_link *link = open_link(spec);
    for (size_t r = 0; r < 6; r++) {
        assert_int_equal(baoxue_link_add_row(link, BAOXUE_LINK_LEFT, rows[r], NULL, NULL), 0);
    }
    return link;
}

static void test_versions(void **state)
{
    (void)state;
    struct baoxue_link *link = NULL;
    struct baoxue_link_error error;
    static const struct {
        uint32_t version;
        enum baoxue_link_status status;
    } cases[] = {{BAOXUE_LINK_VERSION_NUMBER, BAOXUE_LINK_OK},
                 {BAOXUE_LINK_VERSION_NUMBER + 99, BAOXUE_LINK_OK},
                 {BAOXUE_LINK_VERSION_NUMBER + 100, BAOXUE_LINK_VERSIONS},
                 {BAOXUE_LINK_VERSION_NUMBER + 10000, BAOXUE_LINK_VERSIONS},
                 {9999, BAOXUE_LINK_VERSIONS}};
    assert_string_equal(baoxue_link_version(), BAOXUE_LINK_VERSION);
    assert_int_equal(baoxue_link_version_number(), BAOXUE_LINK_VERSION_NUMBER);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        link = NULL;
        assert_int_equal(
            baoxue_link_open_version(&link, spec, sizeof spec - 1, cases[i].version, &error),
            cases[i].status);
        assert_int_equal(link != NULL, cases[i].status == BAOXUE_LINK_OK);
        baoxue_link_close(link);
    }
    assert_int_equal(error.status, BAOXUE_LINK_VERSIONS);
    assert_non_null(strstr(error.en, "0.99"));
}

static void test_spec_errors(void **state)
{
    (void)state;
    struct baoxue_link *link = (struct baoxue_link *)1;
    struct baoxue_link_error error = {0};
    assert_int_equal(baoxue_link_open(&link, "id: id\ncompar: 1\n", BAOXUE_LINK_ALL, &error),
                     BAOXUE_LINK_INPUT);
    assert_int_equal(error.status, BAOXUE_LINK_INPUT);
    assert_true(error.en[0] != '\0' && error.zh[0] != '\0');
    assert_true(link == (struct baoxue_link *)1);
    assert_int_equal(baoxue_link_open(&link, spec, 20, NULL), BAOXUE_LINK_INPUT);
    assert_int_equal(baoxue_link_open(&link, NULL, 0, &error), BAOXUE_LINK_MISUSE);
    assert_int_equal(baoxue_link_open(NULL, spec, BAOXUE_LINK_ALL, NULL), BAOXUE_LINK_MISUSE);
    size_t length = BAOXUE_LINK_SPEC_BYTES_MAX + 1;
    char *large = test_malloc(length);
    memset(large, '#', length);
    assert_int_equal(baoxue_link_open(&link, large, length, &error), BAOXUE_LINK_LIMIT);
    test_free(large);
    baoxue_link_close(NULL);
}

static void test_rows(void **state)
{
    (void)state;
    struct baoxue_link *link = open_link(spec);
    struct baoxue_link_error error;
    const char *cells[] = {"ann", "2001", "x1"};
    const size_t lengths[] = {3, 4, 1};
    assert_int_equal(baoxue_link_column_count(link), 3);
    assert_string_equal(baoxue_link_column(link, 0), "name");
    assert_string_equal(baoxue_link_column(link, 1), "born");
    assert_string_equal(baoxue_link_column(link, 2), "id");
    assert_null(baoxue_link_column(link, 3));
    assert_int_equal(baoxue_link_add_row(link, BAOXUE_LINK_LEFT, cells, lengths, &error), 0);
    cells[0] = "a\xFF";
    assert_int_equal(baoxue_link_add_row(link, BAOXUE_LINK_LEFT, cells, NULL, &error),
                     BAOXUE_LINK_INPUT);
    assert_string_equal(error.en, "row 2: \"name\": a cell is not UTF-8 text");
    cells[0] = "a\0b";
    assert_int_equal(baoxue_link_add_row(link, BAOXUE_LINK_LEFT, cells, lengths, &error),
                     BAOXUE_LINK_INPUT);
    assert_int_equal(baoxue_link_add_row(link, (enum baoxue_link_side)2, cells, NULL, &error),
                     BAOXUE_LINK_MISUSE);
    assert_int_equal(baoxue_link_add_row(link, BAOXUE_LINK_LEFT, NULL, NULL, &error),
                     BAOXUE_LINK_MISUSE);
    assert_int_equal(baoxue_link_record_count(link), 0);
    assert_int_equal(baoxue_link_prepare(link, NULL), BAOXUE_LINK_OK);
    assert_int_equal(baoxue_link_prepare(link, NULL), BAOXUE_LINK_OK);
    assert_int_equal(baoxue_link_record_count(link), 1);
    assert_string_equal(baoxue_link_record_id(link, 0), "x");
    assert_null(baoxue_link_record_id(link, 1));
    assert_int_equal(baoxue_link_find(link, BAOXUE_LINK_LEFT, "x"), 0);
    assert_int_equal(baoxue_link_find(link, BAOXUE_LINK_RIGHT, "x"), BAOXUE_LINK_NONE);
    assert_int_equal(baoxue_link_find(link, BAOXUE_LINK_LEFT, "y"), BAOXUE_LINK_NONE);
    assert_int_equal(baoxue_link_add_row(link, BAOXUE_LINK_LEFT, cells, NULL, &error),
                     BAOXUE_LINK_MISUSE);
    baoxue_link_close(link);
}

static void test_ids(void **state)
{
    (void)state;
    struct baoxue_link_error error;
    struct baoxue_link *link = open_rows();
    assert_int_equal(baoxue_link_add_row(link, BAOXUE_LINK_RIGHT, rows[1], NULL, NULL), 0);
    assert_int_equal(baoxue_link_prepare(link, NULL), BAOXUE_LINK_OK);
    assert_int_equal(baoxue_link_left_count(link), 6);
    assert_int_equal(baoxue_link_find(link, BAOXUE_LINK_LEFT, "a2"), 1);
    assert_int_equal(baoxue_link_find(link, BAOXUE_LINK_RIGHT, "a2"), 6);
    baoxue_link_close(link);
    link = open_rows();
    assert_int_equal(baoxue_link_add_row(link, BAOXUE_LINK_LEFT, rows[2], NULL, NULL), 0);
    assert_int_equal(baoxue_link_run(link, &error), BAOXUE_LINK_INPUT);
    assert_string_equal(error.en, "left: line 7: the id stands twice");
    baoxue_link_close(link);
    link = open_link(spec);
    assert_int_equal(baoxue_link_prepare(link, &error), BAOXUE_LINK_INPUT);
    baoxue_link_close(link);
}

static void check_nothing(struct baoxue_link *link)
{
    struct baoxue_link_counts counts;
    struct baoxue_link_pair pair;
    struct baoxue_link_error error;
    int32_t threshold = 0;
    struct baoxue_link_step step;
    uint32_t count = 7;
    baoxue_link_counts(link, &counts);
    assert_int_equal(counts.pairs_compared, 0);
    assert_int_equal(baoxue_link_pair_count(link), 0);
    assert_int_equal(baoxue_link_pair(link, 0, &pair), BAOXUE_LINK_MISUSE);
    assert_int_equal(baoxue_link_cluster_count(link), 0);
    assert_int_equal(baoxue_link_cluster_of(link, 0), BAOXUE_LINK_NONE);
    assert_null(baoxue_link_members(link, 0, &count));
    assert_int_equal(count, 7);
    assert_int_equal(baoxue_link_clusters_at(link, &threshold, 1, &step, &error),
                     BAOXUE_LINK_MISUSE);
    assert_int_equal(baoxue_link_write_pairs(link, "never.csv", &error), BAOXUE_LINK_MISUSE);
    assert_null(baoxue_link_model(link));
}

static void check_clusters(struct baoxue_link *link, const uint32_t *expected, uint32_t clusters)
{
    assert_int_equal(baoxue_link_cluster_count(link), clusters);
    uint32_t members = 0;
    for (uint32_t r = 0; r < 6; r++) {
        assert_int_equal(baoxue_link_cluster_of(link, r), expected[r]);
    }
    for (uint32_t c = 0; c < clusters; c++) {
        uint32_t count;
        const uint32_t *list = baoxue_link_members(link, c, &count);
        for (uint32_t i = 0; i < count; i++) {
            assert_int_equal(expected[list[i]], c);
            assert_true(i == 0 || list[i - 1] < list[i]);
        }
        members += count;
    }
    assert_int_equal(members, 6);
}

static void test_run(void **state)
{
    (void)state;
    struct baoxue_link_error error;
    struct baoxue_link_counts counts;
    static const struct baoxue_link_pair pairs[] = {{0, 1, 8000, 996109, 1},
                                                    {0, 2, -4000, 58824, 0},
                                                    {1, 2, -4000, 58824, 0},
                                                    {3, 4, -8000, 3891, 0}};
    struct baoxue_link *link = open_rows();
    check_nothing(link);
    assert_int_equal(baoxue_link_run(link, &error), BAOXUE_LINK_UNLEARNT);
    assert_int_equal(error.status, BAOXUE_LINK_UNLEARNT);
    check_nothing(link);
    assert_int_equal(baoxue_link_set_model(link, "{}", 2, &error), BAOXUE_LINK_INPUT);
    assert_int_equal(baoxue_link_set_model(link, model, BAOXUE_LINK_ALL, &error), BAOXUE_LINK_OK);
    assert_int_equal(baoxue_link_set_threads(link, 65), BAOXUE_LINK_MISUSE);
    assert_int_equal(baoxue_link_set_threads(link, 3), BAOXUE_LINK_OK);
    assert_int_equal(baoxue_link_run(link, &error), BAOXUE_LINK_OK);
    assert_int_equal(baoxue_link_pair_count(link), 4);
    for (size_t i = 0; i < 4; i++) {
        struct baoxue_link_pair pair;
        assert_int_equal(baoxue_link_pair(link, i, &pair), BAOXUE_LINK_OK);
        assert_memory_equal(&pair, &pairs[i], sizeof pair);
    }
    check_clusters(link, (const uint32_t[]){0, 0, 1, 2, 3, 4}, 5);
    baoxue_link_counts(link, &counts);
    assert_int_equal(counts.pairs_possible, 15);
    assert_int_equal(counts.pairs, 4);
    assert_int_equal(counts.records, 6);
    assert_non_null(strstr(baoxue_link_model(link), "\"prior\":-10000"));
    assert_in_range(baoxue_link_memory(link), 1000, 100000000);
    baoxue_link_close(link);
}

static void test_decisions(void **state)
{
    (void)state;
    struct baoxue_link_error error;
    struct baoxue_link *link = open_rows();
    assert_int_equal(baoxue_link_set_model(link, model, BAOXUE_LINK_ALL, &error), BAOXUE_LINK_OK);
    assert_int_equal(baoxue_link_decide(link, 0, 6, 1, &error), BAOXUE_LINK_MISUSE);
    assert_int_equal(baoxue_link_decide(link, 2, 2, 1, &error), BAOXUE_LINK_MISUSE);
    assert_int_equal(baoxue_link_decide(link, 1, 0, 1, &error), BAOXUE_LINK_OK);
    assert_int_equal(baoxue_link_decide(link, 0, 1, 0, &error), BAOXUE_LINK_OK);
    assert_int_equal(baoxue_link_decide(link, 5, 3, 1, &error), BAOXUE_LINK_OK);
    assert_int_equal(baoxue_link_run(link, &error), BAOXUE_LINK_OK);
    check_clusters(link, (const uint32_t[]){0, 1, 2, 3, 4, 3}, 5);
    assert_int_equal(baoxue_link_decide(link, 0, 1, 1, &error), BAOXUE_LINK_OK);
    assert_int_equal(baoxue_link_run(link, &error), BAOXUE_LINK_OK);
    check_clusters(link, (const uint32_t[]){0, 0, 1, 2, 3, 2}, 4);
    baoxue_link_close(link);
}

static void test_explain(void **state)
{
    (void)state;
    struct baoxue_link_error error;
    struct baoxue_link_explanation why;
    struct baoxue_link *link = open_rows();
    assert_int_equal(baoxue_link_explain(link, 3, 4, &why, &error), BAOXUE_LINK_UNLEARNT);
    assert_int_equal(baoxue_link_set_model(link, model, BAOXUE_LINK_ALL, &error), BAOXUE_LINK_OK);
    assert_int_equal(baoxue_link_explain(link, 3, 4, &why, &error), BAOXUE_LINK_OK);
    assert_int_equal(why.prior_millibits, -10000);
    assert_int_equal(why.weight_millibits, -8000);
    assert_int_equal(why.field_count, 2);
    assert_string_equal(why.rule, "name");
    assert_string_equal(why.fields[0].comparison, "name");
    assert_string_equal(why.fields[0].label_zh, "姓名");
    assert_string_equal(why.fields[0].level_en, "equal");
    assert_string_equal(why.fields[0].one, "bob");
    assert_string_equal(why.fields[0].two, "bob");
    assert_int_equal(why.fields[0].weight_millibits, 8000);
    assert_int_equal(why.fields[1].weight_millibits, -6000);
    assert_string_equal(why.fields[1].two, "2003");
    assert_int_equal(baoxue_link_explain(link, 0, 5, &why, &error), BAOXUE_LINK_OK);
    assert_null(why.rule);
    assert_int_equal(why.fields[1].level, -1);
    assert_int_equal(baoxue_link_explain(link, 0, 0, &why, &error), BAOXUE_LINK_MISUSE);
    assert_int_equal(baoxue_link_explain(link, 0, 6, &why, &error), BAOXUE_LINK_MISUSE);
    baoxue_link_close(link);
}

static void test_steps(void **state)
{
    (void)state;
    struct baoxue_link_error error;
    struct baoxue_link *link = open_rows();
    int32_t thresholds[] = {3000, -8000, -4500, -8001};
    struct baoxue_link_step steps[4] = {0};
    assert_int_equal(baoxue_link_set_model(link, model, BAOXUE_LINK_ALL, &error), BAOXUE_LINK_OK);
    assert_int_equal(baoxue_link_run(link, &error), BAOXUE_LINK_OK);
    assert_int_equal(baoxue_link_clusters_at(link, thresholds, 4, steps, &error),
                     BAOXUE_LINK_MISUSE);
    assert_int_equal(steps[0].clusters, 0);
    assert_int_equal(baoxue_link_clusters_at(link, thresholds, 3, steps, &error), BAOXUE_LINK_OK);
    static const struct baoxue_link_step expected[] = {
        {3000, 5, 2, 2, 1}, {-8000, 3, 5, 3, 4}, {-4500, 4, 3, 3, 3}};
    assert_memory_equal(steps, expected, sizeof expected);
    assert_int_equal(baoxue_link_clusters_at(link, NULL, 0, NULL, &error), BAOXUE_LINK_OK);
    assert_int_equal(baoxue_link_clusters_at(link, thresholds, 257, steps, &error),
                     BAOXUE_LINK_MISUSE);
    baoxue_link_close(link);
}

static void count_progress(void *context, const char *step_en, const char *step_zh, uint64_t done,
                           uint64_t total)
{
    uint32_t *calls = context;
    assert_true(step_en[0] != '\0' && step_zh[0] != '\0');
    assert_true(total == 0 || done <= total);
    ++*calls;
}

/* Many people as rows and as a file, learnt: the same pairs. */
static void test_files(void **state)
{
    (void)state;
    char folder[] = "/tmp/baoxue_library_XXXXXX", path[64], missing[64];
    struct baoxue_link_error error;
    struct baoxue_link *links[2] = {open_link(spec), open_link(spec)};
    uint32_t calls = 0;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/people.csv", folder);
    snprintf(missing, sizeof missing, "%s/none/people.csv", folder);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs("born,other,id,name\n", file);
    for (uint32_t i = 0; i < 900; i++) {
        char name[16], born[16], id[16];
        uint32_t person = i % 600;
        snprintf(name, sizeof name, "n%u", i >= 600 && i % 5 == 0 ? i : person % 300);
        snprintf(born, sizeof born, "%u", i >= 600 && i % 7 == 0 ? i : person * 7 % 150);
        snprintf(id, sizeof id, "p%u", i);
        fprintf(file, "%s,,%s,%s\n", born, id, name);
        const char *cells[] = {name, born, id};
        assert_int_equal(baoxue_link_add_row(links[0], BAOXUE_LINK_LEFT, cells, NULL, &error), 0);
    }
    fclose(file);
    assert_int_equal(baoxue_link_add_file(links[1], BAOXUE_LINK_LEFT, missing, &error),
                     BAOXUE_LINK_IO);
    assert_int_equal(baoxue_link_add_file(links[1], BAOXUE_LINK_LEFT, path, &error), 0);
    baoxue_link_set_progress(links[1], count_progress, &calls);
    assert_int_equal(baoxue_link_train(links[0], &error), BAOXUE_LINK_OK);
    assert_int_equal(baoxue_link_pair_count(links[0]), 0);
    for (size_t i = 0; i < 2; i++) assert_int_equal(baoxue_link_run(links[i], &error), 0);
    assert_true(calls > 2);
    assert_string_equal(baoxue_link_model(links[0]), baoxue_link_model(links[1]));
    size_t count = baoxue_link_pair_count(links[0]);
    assert_true(count > 200);
    assert_int_equal(baoxue_link_pair_count(links[1]), count);
    for (size_t i = 0; i < count; i++) {
        struct baoxue_link_pair one, two;
        assert_int_equal(baoxue_link_pair(links[0], i, &one), BAOXUE_LINK_OK);
        assert_int_equal(baoxue_link_pair(links[1], i, &two), BAOXUE_LINK_OK);
        assert_memory_equal(&one, &two, sizeof one);
    }
    assert_int_equal(baoxue_link_write_pairs(links[0], missing, &error), BAOXUE_LINK_IO);
    assert_int_equal(baoxue_link_write_clusters(links[0], path, &error), BAOXUE_LINK_OK);
    unlink(path);
    rmdir(folder);
    for (size_t i = 0; i < 2; i++) baoxue_link_close(links[i]);
}

/* A run over more rows rests on a run over fewer, and says what comparing everything says. */
static void test_states(void **state)
{
    (void)state;
    struct baoxue_link *first = open_link(spec), *full = open_rows(), *part = open_rows();
    struct baoxue_link_error error;
    size_t length = 0;
    for (size_t r = 0; r < 5; r++) {
        assert_int_equal(baoxue_link_add_row(first, BAOXUE_LINK_LEFT, rows[r], NULL, NULL), 0);
    }
    assert_null(baoxue_link_state(first, &length));
    assert_int_equal(baoxue_link_keep_state(first, &error), BAOXUE_LINK_OK);
    assert_int_equal(baoxue_link_set_model(first, model, BAOXUE_LINK_ALL, &error), BAOXUE_LINK_OK);
    assert_int_equal(baoxue_link_run(first, &error), BAOXUE_LINK_OK);
    assert_int_equal(baoxue_link_fresh_count(first), 5);
    const void *bytes = baoxue_link_state(first, &length);
    assert_non_null(bytes);
    assert_int_equal(baoxue_link_set_state(part, bytes, length - 1, &error), BAOXUE_LINK_INPUT);
    assert_int_equal(baoxue_link_set_state(part, bytes, length, &error), BAOXUE_LINK_OK);
    assert_int_equal(baoxue_link_run(part, &error), BAOXUE_LINK_OK);
    assert_int_equal(baoxue_link_fresh_count(part), 1);
    assert_int_equal(baoxue_link_set_model(full, model, BAOXUE_LINK_ALL, &error), BAOXUE_LINK_OK);
    assert_int_equal(baoxue_link_run(full, &error), BAOXUE_LINK_OK);
    assert_null(baoxue_link_state(full, &length));
    assert_int_equal(baoxue_link_keep_state(full, &error), BAOXUE_LINK_MISUSE);
    assert_int_equal(baoxue_link_set_state(full, bytes, length, &error), BAOXUE_LINK_MISUSE);
    assert_true(baoxue_link_pair_count(full) > 0);
    assert_int_equal(baoxue_link_pair_count(part), baoxue_link_pair_count(full));
    for (size_t i = 0; i < baoxue_link_pair_count(full); i++) {
        struct baoxue_link_pair one, two;
        assert_int_equal(baoxue_link_pair(full, i, &one), BAOXUE_LINK_OK);
        assert_int_equal(baoxue_link_pair(part, i, &two), BAOXUE_LINK_OK);
        assert_memory_equal(&one, &two, sizeof one);
    }
    /* A second run of the same handle rests on the same state. */
    assert_int_equal(baoxue_link_run(part, &error), BAOXUE_LINK_OK);
    assert_int_equal(baoxue_link_fresh_count(part), 1);
    baoxue_link_close(first);
    baoxue_link_close(full);
    baoxue_link_close(part);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_versions), cmocka_unit_test(test_spec_errors),
        cmocka_unit_test(test_rows),     cmocka_unit_test(test_ids),
        cmocka_unit_test(test_run),      cmocka_unit_test(test_decisions),
        cmocka_unit_test(test_explain),  cmocka_unit_test(test_steps),
        cmocka_unit_test(test_files),    cmocka_unit_test(test_states),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
