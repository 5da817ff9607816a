#include "link/match_report.h"

#include "base/testing_folder.h"

#include <stdio.h>
#include <string.h>

/* The page as a whole: well formed, safe, masked, in the languages asked for. */

static const char *put(struct test_folder *place, const char *name, const char *content)
{
    return test_folder_put(place, name, str_from(content));
}

/* Values and names that would do harm if they were markup. */
static const char spec[] = "id: id\n"
                           "compare:\n"
                           "  name: {on: name, levels: [exact, damerau 1],\n"
                           "         label: {zh: \"姓名<b>\", en: \"name<b>\"}}\n"
                           "  born: {on: born, levels: [exact]}\n"
                           "block: [born, name]\n"
                           "review: -8\nmatch: 0\n";
static const char model[] =
    "{\"version\":1,\"prior\":-10000,\"comparisons\":["
    "{\"name\":\"name\",\"m\":[-300,-3000,-5000],\"u\":[-9000,-8000,0],\"frequency_base\":[0,0,0]},"
    "{\"name\":\"born\",\"m\":[-100,-7000],\"u\":[-12000,0],\"frequency_base\":[0,0]}]}";
static const char left[] = "id,name,born\n"
                           "a&1,<script>alert(1)</script>,2010-01-02\n"
                           "a2,\"\"\"><img src=x onerror=y>\",2010-01-03\n"
                           "a3,王小明,2010-01-04\n"
                           "a4,,2010-01-04\n";
static const char right[] = "id,name,born\n"
                            "b1,<script>alert(1)</script>,2010-01-02\n"
                            "b2,\"\"\"><img src=x onerror=y>\",2011-07-03\n"
                            "b3,王大明,2010-01-04\n";
static const char truth[] = "left_id,right_id\na&1,b1\na2,b2\na3,b3\n";

static struct match match_of(struct test_folder *place, size_t threads)
{
    struct err err = ERR_INIT;
    struct match match;
    struct match_options options = {.threads = threads,
                                    .model_in = put(place, "model.json", model)};
    bool done = match_open(&match, &place->arena, put(place, "spec.yaml", spec),
                           put(place, "a.csv", left), put(place, "b.csv", right), &err)
                && match_run(&match, &options, &err);
    if (!done) print_error("%s\n", err.en);
    assert_true(done);
    return match;
}

static struct str report_of(struct test_folder *place, enum page_words words, bool values,
                            size_t threads)
{
    struct err err = ERR_INIT;
    struct match match = match_of(place, threads);
    struct match_report report = {.words = words,
                                  .values = values,
                                  .spec = test_folder_path(place, "spec.yaml"),
                                  .left = test_folder_path(place, "a.csv"),
                                  .right = test_folder_path(place, "b.csv"),
                                  .truth = put(place, "truth.csv", truth),
                                  .threads = threads};
    const char *path = test_folder_path(place, "report.html");
    struct str content;
    assert_true(match_write_report(&match, &report, path, &err));
    assert_true(file_read(&place->arena, path, 1 << 24, &content, &err));
    return content;
}

static bool holds(struct str page, const char *part)
{
    return str_find(page, str_from(part)) != SIZE_MAX;
}

static bool is_void(struct str name)
{
    return str_is(name, "meta") || str_is(name, "!DOCTYPE");
}

/* Every tag that opens closes, in order. */
static void check_tags(struct str page)
{
    struct str open[64];
    size_t depth = 0, tags = 0;
    for (size_t at = 0; at < page.len; at++) {
        if (page.ptr[at] != '<') continue;
        bool closes = page.ptr[at + 1] == '/';
        size_t from = at + 1 + closes, end = from;
        while (end < page.len && strchr(" >/\n", page.ptr[end]) == NULL) end++;
        struct str name = str_slice(page, from, end);
        while (page.ptr[end] != '>') {
            assert_true(end + 1 < page.len);
            assert_true(page.ptr[end] != '<');
            end++;
        }
        tags++;
        if (closes) {
            assert_true(depth > 0);
            assert_true(str_equal(open[--depth], name));
        } else if (page.ptr[end - 1] != '/' && !is_void(name)) {
            assert_true(depth < 64);
            open[depth++] = name;
        }
        at = end;
    }
    assert_int_equal(depth, 0);
    assert_true(tags > 100);
}

static void test_page_is_safe(void **state)
{
    struct test_folder *place = *state;
    for (int values = 0; values < 2; values++) {
        struct str page = report_of(place, PAGE_BOTH, values == 1, 1);
        check_tags(page);
        assert_true(utf8_valid(page));
        static const char *const never[] = {"<script", "<img", "<b>x",    "http:", "https:",
                                            "src=",    "url(", "@import", "<link", "姓名<b>"};
        for (size_t i = 0; i < sizeof never / sizeof *never; i++) {
            if (values == 1 && strcmp(never[i], "src=") == 0) continue;
            assert_false(holds(page, never[i]));
        }
        assert_true(holds(page, "姓名&lt;b&gt;"));
        assert_int_equal(holds(page, "&lt;script&gt;alert(1)&lt;/script&gt;"), values);
        assert_int_equal(holds(page, "&quot;&gt;&lt;img"), values);
        assert_int_equal(holds(page, "王大明"), values);
        assert_int_equal(holds(page, "a&amp;1"), values);
        assert_int_equal(holds(page, "•••"), 1 - values);
    }
}

static void test_languages(void **state)
{
    struct test_folder *place = *state;
    struct str both = report_of(place, PAGE_BOTH, false, 1);
    struct str zh = report_of(place, PAGE_ZH, false, 1);
    struct str en = report_of(place, PAGE_EN, false, 1);
    assert_true(holds(both, "记录比对报告") && holds(both, "Record linkage report"));
    assert_true(holds(zh, "记录比对报告"));
    assert_false(holds(zh, "lang=\"en\""));
    assert_false(holds(zh, "Record linkage report"));
    assert_true(holds(en, "Record linkage report"));
    assert_false(holds(en, "lang=\"zh\""));
    for (size_t at = 0; at < en.len;) {
        uint32_t code;
        assert_true(utf8_next(en, &at, &code));
        assert_false(code >= 0x4E00 && code <= 0x9FFF);
    }
}

static void test_threads(void **state)
{
    struct test_folder *place = *state;
    struct str one = report_of(place, PAGE_BOTH, true, 1);
    struct str four = report_of(place, PAGE_BOTH, true, 4);
    assert_true(str_equal(one, four));
}

/* The linkage measured at once is the file of pairs measured later. */
static void test_evaluations_agree(void **state)
{
    struct test_folder *place = *state;
    struct err err = ERR_INIT;
    struct match match = match_of(place, 1);
    const char *pairs = test_folder_path(place, "pairs.csv"),
               *clusters = test_folder_path(place, "clusters.csv");
    const char *truth_path = put(place, "truth.csv", truth);
    struct evaluation_report now, later;
    assert_true(match_write_pairs(&match, pairs, &err));
    assert_true(match_write_clusters(&match, clusters, &err));
    assert_true(match_evaluate_result(&match, truth_path, &now, &err));
    assert_true(match_evaluate(pairs, truth_path, clusters, 0, &later, &err));
    assert_int_equal(now.pairs_possible, 12);
    assert_int_equal(later.pairs_possible, 0);
    assert_memory_equal(&now.at, &later.at, sizeof now.at);
    assert_memory_equal(&now.best, &later.best, sizeof now.best);
    assert_int_equal(now.clusters.found, later.clusters.found);
    assert_int_equal(now.clusters.wrong, later.clusters.wrong);
    assert_true(now.step_count > 1);
    assert_int_equal(now.step_count, later.step_count);
    for (size_t i = 0; i < now.step_count; i++) {
        const struct evaluation *step = &now.steps[i];
        assert_int_equal(step->threshold_millibits % EVALUATION_STEP_MILLIBITS, 0);
        assert_int_equal(step->found, later.steps[i].found);
        assert_int_equal(step->wrong, later.steps[i].wrong);
        assert_true(i == 0 || step->threshold_millibits < now.steps[i - 1].threshold_millibits);
        assert_true(i == 0 || step->found >= now.steps[i - 1].found);
    }
    const struct evaluation *last = &now.steps[now.step_count - 1];
    assert_int_equal(last->found + last->wrong, match.result.pair_count);
}

/* Weights at the ends of what 32 bits hold. */
static void test_extreme_weights(void **state)
{
    struct test_folder *place = *state;
    struct err err = ERR_INIT;
    struct evaluation_report report;
    const char *pairs = put(place, "pairs.csv",
                            "left_id,right_id,weight_millibits\n"
                            "a,b,2147483647\na,c,-2147483648\n");
    const char *truth_path = put(place, "truth.csv", "left_id,right_id\na,b\n");
    const char *path = test_folder_path(place, "page.html");
    struct str page;
    assert_true(match_evaluate(pairs, truth_path, NULL, INT32_MIN, &report, &err));
    assert_int_equal(report.at.found, 1);
    assert_int_equal(report.at.wrong, 1);
    assert_int_equal(report.step_count, EVALUATION_STEPS_MAX);
    assert_true(match_write_evaluation(&report, pairs, PAGE_BOTH, path, &err));
    assert_true(file_read(&place->arena, path, 1 << 24, &page, &err));
    check_tags(page);
    pairs = put(place, "pairs.csv", "left_id,right_id,weight_millibits\n");
    assert_true(match_evaluate(pairs, truth_path, NULL, INT32_MIN, &report, &err));
    assert_int_equal(report.step_count, 0);
    assert_true(match_write_evaluation(&report, pairs, PAGE_BOTH, path, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_page_is_safe, test_folder_make, test_folder_remove),
        cmocka_unit_test_setup_teardown(test_languages, test_folder_make, test_folder_remove),
        cmocka_unit_test_setup_teardown(test_threads, test_folder_make, test_folder_remove),
        cmocka_unit_test_setup_teardown(test_evaluations_agree, test_folder_make,
                                        test_folder_remove),
        cmocka_unit_test_setup_teardown(test_extreme_weights, test_folder_make, test_folder_remove),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
