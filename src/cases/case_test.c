#include "base/testing.h"
#include "cases/duty.h"

struct place {
    struct arena arena;
    struct procedures procedures;
    struct chains chains;
    const struct procedure *dropout;
};

static int make_place(void **state)
{
    static struct place place;
    place = (struct place){0};
    struct err err = ERR_INIT;
    if (!procedures_load(&place.procedures, &place.arena, NULL, &err)
        || !chains_load(&place.chains, &place.arena, NULL, &place.procedures, &err)) {
        print_error("%s\n", err.en);
        return 1;
    }
    place.dropout = procedure_find(&place.procedures, STR("dropout"));
    *state = &place;
    return 0;
}

static int drop_place(void **state)
{
    arena_free(&((struct place *)*state)->arena);
    return 0;
}

static day on(const char *text)
{
    day out;
    if (text[0] == '\0') return DAY_NONE;
    assert_true(day_parse(str_from(text), &out));
    return out;
}

/* "2020-09-16 contact way=home result=promised" */
static struct case_event event_of(struct place *place, const char *line)
{
    struct case_event event = {0};
    struct str rest = str_from(line), word, key;
    event.fields = arena_array(&place->arena, struct case_field, 16);
    for (int i = 0; str_split(&rest, ' ', &word); i++) {
        if (i == 0) assert_true(day_parse(word, &event.on));
        if (i == 1) {
            assert_true(case_event_of(word) >= 0);
            event.kind = (enum case_event_kind)case_event_of(word);
        }
        if (i < 2) continue;
        assert_true(str_split(&word, '=', &key));
        event.fields[event.field_count++] = (struct case_field){key, word};
    }
    return event;
}

static struct case_state replay(struct place *place, const char *const *lines, const char *at)
{
    struct case_event events[32];
    struct case_state state;
    struct err err = ERR_INIT;
    size_t count = 0;
    while (lines[count] != NULL) {
        events[count] = event_of(place, lines[count]);
        events[count].version = (int64_t)count + 1;
        count++;
    }
    struct case_event *kept = arena_copy(&place->arena, events, count * sizeof *events);
    if (!case_replay(&place->procedures, place->dropout, kept, count, on(at), &state, &err)) {
        fail_msg("%s", err.en);
    }
    return state;
}

#define OPENED "2020-09-15 opened person=6 area=620422101005 queue=visit kinds=not_enrolled"

static void expect_step(struct place *place, const struct case_state *state, const char *key,
                        enum step_standing standing, const char *due)
{
    int step = procedure_step_find(place->dropout, str_from(key));
    assert_true(step >= 0);
    if (state->steps[step].standing != standing || state->steps[step].due.days != on(due).days) {
        char text[DAY_TEXT_SIZE];
        fail_msg("%s: standing %d, due %s", key, (int)state->steps[step].standing,
                 day_format(state->steps[step].due, text));
    }
}

/* Deadlines, counted by hand. */
static void test_deadlines(void **state)
{
    struct place *place = *state;
    const char *const lines[] = {OPENED, NULL};
    struct case_state now = replay(place, lines, "2020-09-15");
    assert_int_equal(now.status, CASE_SUSPECTED);
    assert_int_equal(now.person, 6);
    assert_str_is(now.area, "620422101005");
    expect_step(place, &now, "contact", STEP_OWED, "2020-09-16");
    expect_step(place, &now, "home_visit", STEP_OWED, "2020-09-18");
    expect_step(place, &now, "verify", STEP_OWED, "2020-09-22");
    expect_step(place, &now, "ask_elsewhere", STEP_LAPSED, "");
    expect_step(place, &now, "persuade", STEP_NOT_YET, "");
    int step;
    assert_int_equal(duty_next(&now, &step).days, on("2020-09-16").days);
    assert_str_is(place->dropout->steps[step].key, "contact");
}

/* Any real contact counts, by whatever way; an attempt does not; a visit is a contact as well. */
static void test_contacts(void **state)
{
    struct place *place = *state;
    const char *const attempt[] = {OPENED, "2020-09-16 contact way=phone result=nobody", NULL};
    struct case_state now = replay(place, attempt, "2020-09-16");
    expect_step(place, &now, "contact", STEP_OWED, "2020-09-16");
    assert_int_equal(now.contacts, 0);
    static const char *const ways[] = {"phone", "video", "school", "letter", "something_new"};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        struct text line;
        text_init(&line, &place->arena, 256);
        text_add_f(&line, "2020-09-16 contact way=%s result=promised", ways[i]);
        const char *const lines[] = {OPENED, line.ptr, NULL};
        now = replay(place, lines, "2020-09-16");
        expect_step(place, &now, "contact", STEP_DONE, "");
        expect_step(place, &now, "home_visit", STEP_OWED, "2020-09-18");
    }
    const char *const visit[] = {OPENED, "2020-09-17 contact way=home result=refused", NULL};
    now = replay(place, visit, "2020-09-17");
    expect_step(place, &now, "contact", STEP_DONE, "");
    expect_step(place, &now, "home_visit", STEP_DONE, "");
    assert_int_equal(now.contacts, 1);
    /* Before the case was opened nothing was owed. */
    const char *const early[] = {OPENED, "2020-09-10 contact way=home result=refused", NULL};
    now = replay(place, early, "2020-09-17");
    expect_step(place, &now, "contact", STEP_OWED, "2020-09-16");
}

static void test_life(void **state)
{
    struct place *place = *state;
    const char *const lines[] = {
        OPENED,
        "2020-09-17 contact way=home result=refused",
        "2020-09-20 confirmed outcome=14",
        "2020-09-25 contact way=joint result=refused",
        "2020-10-03 paper paper=compliance_order",
        "2020-10-20 returned settle=present outcome=01",
        "2020-11-19 closed settle=present outcome=01 evidence=attending",
        "2021-03-05 reopened cause=relapse",
        NULL,
    };
    struct case_state now = replay(place, lines, "2020-09-20");
    assert_int_equal(now.status, CASE_CONFIRMED);
    assert_str_is(now.outcome, "14");
    expect_step(place, &now, "verify", STEP_DONE, "");
    expect_step(place, &now, "persuade", STEP_OWED, "2020-09-27");
    expect_step(place, &now, "order", STEP_OWED, "2020-10-05");
    now = replay(place, lines, "2020-09-25");
    expect_step(place, &now, "persuade", STEP_OWED, "2020-10-25"); /* again in thirty days */
    now = replay(place, lines, "2020-10-03");
    assert_str_is(now.state->key, "ordered");
    expect_step(place, &now, "lawful", STEP_OWED, "2020-10-18");
    now = replay(place, lines, "2020-10-20");
    assert_int_equal(now.status, CASE_RETURNED);
    expect_step(place, &now, "lawful", STEP_LAPSED, "");
    expect_step(place, &now, "look_after", STEP_OWED, "2020-11-04");
    now = replay(place, lines, "2020-11-19");
    assert_int_equal(now.status, CASE_CLOSED);
    assert_int_equal(now.closed.days, on("2020-11-19").days);
    now = replay(place, lines, "2021-03-05");
    assert_int_equal(now.status, CASE_SUSPECTED);
    assert_int_equal(now.relapses, 1);
    expect_step(place, &now, "contact", STEP_OWED, "2021-03-06");
    expect_step(place, &now, "home_visit", STEP_OWED, "2021-03-08");
    assert_int_equal(now.version, 8);
    assert_int_equal(now.opened.days, on("2020-09-15").days);
}

/* Missing again while it is being watched: from the beginning, and counted as a relapse. */
static void test_relapse_in_watch(void **state)
{
    struct place *place = *state;
    const char *const lines[] = {OPENED, "2020-09-20 confirmed outcome=14",
                                 "2020-10-20 returned settle=present outcome=01",
                                 "2020-11-02 found", NULL};
    struct case_state now = replay(place, lines, "2020-11-02");
    assert_int_equal(now.status, CASE_SUSPECTED);
    assert_int_equal(now.relapses, 1);
    expect_step(place, &now, "contact", STEP_OWED, "2020-11-03");
}

static void test_transfer_and_fields(void **state)
{
    struct place *place = *state;
    const char *const lines[] = {OPENED,
                                 "2020-09-18 transferred area=620421 why=moved",
                                 "2020-09-19 set category=14 plan=x",
                                 "2020-09-20 set plan=y",
                                 "2020-10-01 facts area=620423",
                                 NULL};
    struct case_state now = replay(place, lines, "2020-09-20");
    assert_str_is(now.area, "620421");
    assert_str_is(now.stated_area, "620422101005");
    /* What the registers then say of where the child lives counts again. */
    now = replay(place, lines, "2020-10-01");
    assert_str_is(now.area, "620423");
    struct case_event events[2] = {event_of(place, lines[2]), event_of(place, lines[3])};
    assert_str_is(case_field_value(events, 2, "plan"), "y");
    assert_str_is(case_field_value(events, 2, "category"), "14");
    assert_str_is(case_field_value(events, 2, "whereabouts"), "");
    struct err err = ERR_INIT;
    struct case_event opened = event_of(place, OPENED);
    assert_false(
        case_replay(&place->procedures, place->dropout, &opened, 1, on("2020-09-14"), &now, &err));
    assert_int_equal(err.kind, ERR_CONFLICT);
}

static const struct duty *duty_at(struct place *place, const struct duty *duties, size_t count,
                                  const char *step, const char *position)
{
    for (size_t i = 0; i < count; i++) {
        if (str_is(place->dropout->steps[duties[i].step].key, step)
            && str_is(place->chains.positions[duties[i].position].key, position)) {
            return &duties[i];
        }
    }
    return NULL;
}

/* home_visit is due on 09-18 and goes up three days later; the village names nobody, so the
 * township has it from the first day. */
static void test_escalation(void **state)
{
    struct place *place = *state;
    const char *const lines[] = {
        "2020-09-15 opened person=6 area=620422101005 school_code=2162000123 queue=visit", NULL};
    struct case_state now = replay(place, lines, "2020-09-15");
    int principal = position_find(&place->chains, STR("principal"));
    struct holder named[] = {
        {.unit = STR("2162000123"), .position = (size_t)principal, .name = STR("赵校长")},
    };
    struct holders holders = {named, 1};
    struct duty *duties;
    size_t count;
    duties_of(&place->arena, &place->procedures, &place->chains, &holders, &now, &duties, &count);
    static const struct {
        const char *step, *position, *since;
        int level;
        bool covers;
    } rows[] = {
        {"home_visit", "principal", "2020-09-15", 0, false},
        {"home_visit", "county_bureau_head", "2020-09-21", 1, false},
        {"home_visit", "village_head", "2020-09-15", 0, false},
        {"home_visit", "township_head", "2020-09-15", 0, true},
        /* Nobody is named for the township either. */
        {"home_visit", "county_head", "2020-09-15", 0, true},
        {"report", "county_bureau_head", "2020-09-21", 1, false},
        /* The bureau names nobody, so what came up to it goes on at once. */
        {"report", "county_head", "2020-09-21", 1, true},
        {"verify", "township_head", "2020-09-15", 0, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct duty *duty = duty_at(place, duties, count, rows[i].step, rows[i].position);
        assert_non_null(duty);
        if (duty->since.days != on(rows[i].since).days || duty->level != rows[i].level
            || duty->covers != rows[i].covers) {
            char text[DAY_TEXT_SIZE];
            fail_msg("row %zu: since %s, level %d", i, day_format(duty->since, text), duty->level);
        }
    }
    assert_null(duty_at(place, duties, count, "persuade", "principal"));
    assert_null(duty_at(place, duties, count, "home_visit", "guardian"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_deadlines),
        cmocka_unit_test(test_contacts),
        cmocka_unit_test(test_life),
        cmocka_unit_test(test_relapse_in_watch),
        cmocka_unit_test(test_transfer_and_fields),
        cmocka_unit_test(test_escalation),
    };
    return cmocka_run_group_tests(tests, make_place, drop_place);
}
