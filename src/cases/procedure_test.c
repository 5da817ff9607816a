#include "base/asset.h"
#include "base/testing.h"
#include "cases/chain.h"
#include "cases/procedure_read.h"

struct place {
    struct arena arena;
    struct procedures procedures;
    struct chains chains;
};

static int make_place(void **state)
{
    static struct place place;
    place = (struct place){0};
    struct err err = ERR_INIT;
    bool good = procedures_load(&place.procedures, &place.arena, NULL, &err)
                && chains_load(&place.chains, &place.arena, NULL, &place.procedures, &err);
    if (!good) print_error("%s\n", err.en);
    *state = &place;
    return good ? 0 : 1;
}

static int drop_place(void **state)
{
    arena_free(&((struct place *)*state)->arena);
    return 0;
}

static day on(const char *text)
{
    day out;
    assert_true(day_parse(str_from(text), &out));
    return out;
}

/* Working days of the week around the holidays of October 2020, counted by hand. */
static void test_working_days(void **state)
{
    const struct place *place = *state;
    static const struct {
        const char *from;
        int count;
        bool working;
        const char *to;
    } rows[] = {
        {"2020-09-15", 3, false, "2020-09-18"}, /* a Tuesday */
        {"2020-09-15", 3, true, "2020-09-18"},
        {"2020-09-18", 1, true, "2020-09-21"}, /* over a weekend */
        {"2020-09-25", 1, true, "2020-09-27"}, /* a Sunday that was worked */
        {"2020-09-30", 1, true, "2020-10-09"}, /* the National Day holidays */
        {"2020-09-30", 2, true, "2020-10-10"}, /* a Saturday that was worked */
        {"2020-09-30", 3, true, "2020-10-12"},
        {"2020-09-15", 0, true, "2020-09-15"},
        {"1969-12-31", 1, true, "1970-01-01"}, /* Wednesday to Thursday */
        {"2031-03-07", 1, true, "2031-03-10"}, /* no calendar of that year: plain weeks */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        day to = procedure_day_after(&place->procedures, on(rows[i].from), rows[i].count,
                                     rows[i].working);
        assert_int_equal(to.days, on(rows[i].to).days);
    }
}

static void test_which_findings(void **state)
{
    const struct place *place = *state;
    static const struct {
        enum finding_kind kind;
        enum queue queue;
        const char *procedure;
    } rows[] = {
        {FINDING_NOT_ENROLLED, QUEUE_VISIT, "dropout"},
        {FINDING_NOT_ENROLLED, QUEUE_FIX_DATA, "dropout"},
        {FINDING_NOT_ATTENDING, QUEUE_VISIT, "dropout"},
        {FINDING_ENROLLED_TWICE, QUEUE_FIX_DATA, "data_repair"},
        {FINDING_ROLL_UNKNOWN, QUEUE_ASK_ELSEWHERE, "data_repair"},
        {FINDING_NOT_REPORTED, QUEUE_REPORT_MISSING, "data_repair"},
        {FINDING_AID_MISSED, QUEUE_PAY, "aid_collection"},
        {FINDING_AID_UNKNOWN, QUEUE_COLLECT, "aid_collection"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct procedure *procedure =
            procedure_of_finding(&place->procedures, rows[i].kind, rows[i].queue);
        assert_non_null(procedure);
        assert_str_is(procedure->key, rows[i].procedure);
    }
    /* Every kind of finding is somebody's work. */
    for (int kind = 0; kind <= FINDING_AID_LATE; kind++) {
        assert_non_null(
            procedure_of_finding(&place->procedures, (enum finding_kind)kind, QUEUE_VISIT));
    }
}

/* Every code of the table of outcomes, and whether it closes: 失踪失联 and what follows it never
 * do. */
static void test_outcomes(void **state)
{
    const struct place *place = *state;
    const struct procedure *dropout = procedure_find(&place->procedures, STR("dropout"));
    static const char closes[] = "11111111100000001";
    for (int i = 0; i < 17; i++) {
        char code[3] = {(char)('0' + (i + 1) / 10), (char)('0' + (i + 1) % 10), 0};
        const struct procedure_outcome *outcome = procedure_outcome_find(dropout, str_from(code));
        assert_non_null(outcome);
        assert_int_equal(outcome->closes, closes[i] == '1');
        assert_int_equal(outcome->needs_evidence, outcome->closes);
    }
    assert_int_equal(procedure_outcome_find(dropout, STR("06"))->holds_days, -1);
    /* No procedure knows a fine. */
    for (size_t p = 0; p < place->procedures.count; p++) {
        const struct procedure *procedure = &place->procedures.items[p];
        for (size_t s = 0; s < procedure->step_count; s++) {
            assert_true(str_find(procedure->steps[s].zh, STR("罚款")) == SIZE_MAX);
        }
    }
}

static void test_chains(void **state)
{
    const struct place *place = *state;
    const struct chains *chains = &place->chains;
    assert_str_is(chains->used->key, "five_in_one");
    static const struct {
        const char *from, *to;
    } rows[] = {
        {"class_teacher", "principal"},
        {"principal", "county_bureau_head"},
        {"county_roll", "county_bureau_head"},
        {"county_bureau_head", "county_head"},
        {"village_head", "township_head"},
        {"township_head", "county_head"},
        {"county_head", NULL},
        {"guardian", "county_head"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int from = position_find(chains, str_from(rows[i].from));
        assert_true(from >= 0);
        int above = chain_above(chains, (size_t)from);
        if (rows[i].to == NULL) {
            assert_int_equal(above, -1);
        } else {
            assert_true(above >= 0);
            assert_str_is(chains->positions[above].key, rows[i].to);
        }
    }
}

/* The text with a piece replaced, read anew; what is wrong must be said with its line. */
static void test_faults(void **state)
{
    struct place *place = *state;
    static const struct {
        const char *piece, *with, *says;
    } rows[] = {
        {"kind: not_enrolled", "kind: not_there", "no such kind"},
        {"is: returned", "is: confirmed", "for each status"},
        {"from: opened", "from: nowhere", "from is opened"},
        {"owes: [class_teacher, village_head]", "owes: []", "nobody owes"},
        {"done_by: contact", "done_by: magic", "done_by is"},
        {"during: [suspected, confirmed]", "during: [closed]", "not closed"},
        {"outcome: \"06\"", "outcome: \"10\"", "does not close"},
        {"by: finished", "by: itself", "by is present"},
        {"days: 1\n", "days: 99999\n", "up to 3660"},
        {"state: ordered", "state: unheard_of", "no such state"},
        {"closes: yes, holds: ever", "closes: no, holds: ever", "asks for evidence"},
        {"confidence: 建议值\n  - key: ask_elsewhere", "extra: 1\n  - key: ask_elsewhere",
         "not known"},
    };
    struct str text;
    assert_true(asset_find("policies/national/procedures/dropout.yaml", &text));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct err err = ERR_INIT;
        struct procedure procedure;
        struct yaml_node *root;
        struct text changed;
        struct str piece = str_from(rows[i].piece);
        size_t at = str_find(text, piece);
        assert_true(at != SIZE_MAX);
        text_init(&changed, &place->arena, 1 << 20);
        text_add(&changed, str_slice(text, 0, at));
        text_add_c(&changed, rows[i].with);
        text_add(&changed, str_slice(text, at + piece.len, text.len));
        assert_true(yaml_parse(&place->arena, text_str(&changed), "x.yaml", &root, &err));
        bool good = procedure_read(&procedure, &place->arena, root, "x.yaml", &err)
                    && yaml_check_used(root, "x.yaml", &err);
        assert_false(good);
        assert_int_equal(err.kind, ERR_INPUT);
        assert_true(str_starts(str_from(err.en), STR("x.yaml:")));
        if (str_find(str_from(err.en), str_from(rows[i].says)) == SIZE_MAX) {
            fail_msg("row %zu: %s", i, err.en);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_working_days), cmocka_unit_test(test_which_findings),
        cmocka_unit_test(test_outcomes),     cmocka_unit_test(test_chains),
        cmocka_unit_test(test_faults),
    };
    return cmocka_run_group_tests(tests, make_place, drop_place);
}
