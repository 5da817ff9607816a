#include "registry/registry_testing.h"

#include "base/rng.h"
#include "link/people.h"

/* Random towns live through random imports, undos and decisions, twice side by side: in one every
 * run rests on the run before, in the other every run compares everything. After each step both
 * must say the same of everybody. */

#define AT "2020-12-01"

enum { TOWNS = 4, STEPS = 10, BATCHES_MAX = STEPS + 2, LATE_ROWS = 40, FIRST_ROWS = 260 };

struct run {
    struct arena arena;
    struct people people;
    struct people_link_result result;
};

static struct world *open_town(void **state)
{
    struct err err = ERR_INIT;
    struct world *world = world_open(state);
    assert_true(people_migrate(world->registry.store, &err));
    return world;
}

static void link_town(struct world *world, size_t threads, bool full, struct run *run)
{
    struct err err = ERR_INIT;
    struct read_at when = {.known_ms = INT64_MAX};
    const struct people_link_options options = {.threads = threads, .full = full};
    *run = (struct run){0};
    assert_true(day_parse(STR(AT), &when.at));
    assert_true(
        people_read(&run->people, &run->arena, &world->registry, &world->local, when, NULL, &err));
    bool linked = people_link(&run->people, &world->registry, &options, &run->result, &err);
    if (!linked) fail_msg("link failed: %s", err.en);
}

static void print_records(const struct run *run, struct text *out)
{
    const struct people *people = &run->people;
    for (uint32_t i = 0; i < people->record_count; i++) {
        const struct person_record *record = &people->records[i];
        text_add_f(out, "%u/%lld.%u=%lld ", record->register_number, (long long)record->statement,
                   record->part, (long long)people->persons[record->person].number);
    }
}

/* Whether two persons are one is asked once, however many records they have. */
static void check_asked_once(struct run *run, const struct review_item *items, size_t count)
{
    const struct person_record *records = run->people.records;
    for (size_t i = 0; i < count; i++) {
        uint32_t a = records[items[i].record].person, b = records[items[i].other].person;
        for (size_t j = 0; j < i && a != b; j++) {
            uint32_t c = records[items[j].record].person, d = records[items[j].other].person;
            assert_false((a == c && b == d) || (a == d && b == c));
        }
    }
}

/* All that a run says, and all that it keeps for people to see. */
static struct str print_all(struct world *world, struct run *run)
{
    struct err err = ERR_INIT;
    struct text out;
    struct review_item *items = NULL;
    struct link_change *changes = NULL;
    size_t count = 0;
    text_init(&out, &run->arena, 1 << 26);
    print_records(run, &out);
    assert_true(review_list(&run->people, &world->registry, &world->local, &items, &count, &err));
    check_asked_once(run, items, count);
    for (size_t i = 0; i < count; i++) {
        text_add_f(&out, "doubt %lld:%u-%u %d %u ", (long long)items[i].number, items[i].record,
                   items[i].other, items[i].weight_millibits, items[i].probability_ppm);
    }
    assert_true(
        link_changes(&run->people, &world->registry, &world->local, &changes, &count, &err));
    for (size_t i = 0; i < count; i++) {
        text_add_f(&out, "change %.*s/%lld %lld>%lld %.*s %u:%d ", STR_ARG(changes[i].register_key),
                   (long long)changes[i].statement, (long long)changes[i].before,
                   (long long)changes[i].after, STR_ARG(changes[i].why), changes[i].other,
                   changes[i].weight_millibits);
    }
    text_add_f(&out, "new %llu gone %llu moved %llu", (unsigned long long)run->result.persons_new,
               (unsigned long long)run->result.persons_gone,
               (unsigned long long)run->result.records_moved);
    assert_false(out.cut);
    return text_str(&out);
}

/* Rows of a file: children that may or may not be each other. */
static struct str make_rows(struct rng *rng, struct arena *arena, const char *head, int rows)
{
    static const char *const surnames[] = {"王", "李", "张", "赵", "陈", "周", "吴"};
    static const char *const given[] = {"小明", "晓明", "红", "洪", "伟", "玮", "丽丽", "莉莉"};
    struct text text;
    text_init(&text, arena, 1 << 20);
    text_add_f(&text, "%s\nname,id_number,birth_date,sex,guardian_name,school_name,area\n", head);
    for (int i = 0; i < rows; i++) {
        static const char *const numbers[] = {"", "", "", "", "", ID_A, ID_B, ID_C};
        const char *family = surnames[rng_below(rng, 7)];
        text_add_f(&text, "%s%s,%s,2012-%02d-%02d,M,%s%s,%s,62042210%d\n", family,
                   given[rng_below(rng, 8)], numbers[rng_below(rng, 8)],
                   (int)(1 + rng_below(rng, 4)), (int)(1 + rng_below(rng, 9)), family,
                   given[rng_below(rng, 8)], rng_below(rng, 2) == 0 ? "" : "头寨小学",
                   (int)rng_below(rng, 3));
    }
    return text_str(&text);
}

/* A town and its double. */
struct twins {
    struct world *worlds[2];
    int64_t batches[BATCHES_MAX];
    int batch_count;
    int64_t doubts[64]; /* of the newest run */
    size_t doubt_count;
    uint64_t resumed, decided, undone;
};

static void load(void **state, struct twins *twins, struct str text)
{
    int64_t batches[2];
    for (int w = 0; w < 2; w++) {
        batches[w] = world_load(state, twins->worlds[w], text.ptr, world_options()).batch;
    }
    assert_int_equal(batches[0], batches[1]);
    assert_true(twins->batch_count < BATCHES_MAX);
    twins->batches[twins->batch_count++] = batches[0];
}

static void undo(struct twins *twins, struct rng *rng)
{
    struct err err = ERR_INIT;
    int at = (int)rng_below(rng, (uint32_t)twins->batch_count);
    if (at < 2) return; /* the town itself stays */
    bool gone[2];
    for (int w = 0; w < 2; w++) {
        gone[w] = registry_undo(&twins->worlds[w]->registry, &twins->worlds[w]->local,
                                twins->batches[at], &err);
    }
    assert_int_equal(gone[0], gone[1]);
    twins->undone += gone[0];
}

static void decide(struct twins *twins, struct rng *rng)
{
    struct err err = ERR_INIT;
    if (twins->doubt_count == 0) return;
    int64_t number = twins->doubts[rng_below(rng, (uint32_t)twins->doubt_count)];
    enum review_verdict verdict = (enum review_verdict)rng_below(rng, 3);
    for (int w = 0; w < 2; w++) {
        assert_true(review_decide(&twins->worlds[w]->registry, &twins->worlds[w]->local, number,
                                  verdict, STR("去看过"), REVIEW_SEEN_ANY, NULL, &err));
    }
    twins->decided++;
}

static void note_doubts(struct twins *twins, struct run *run)
{
    struct err err = ERR_INIT;
    struct review_item *items = NULL;
    size_t count = 0;
    assert_true(review_list(&run->people, &twins->worlds[0]->registry, &twins->worlds[0]->local,
                            &items, &count, &err));
    twins->doubt_count = count < 64 ? count : 64;
    for (size_t i = 0; i < twins->doubt_count; i++) twins->doubts[i] = items[i].number;
}

static void compare(struct twins *twins, int step)
{
    struct run part, full;
    size_t threads = 1 + (size_t)step % 2;
    link_town(twins->worlds[0], threads, false, &part);
    link_town(twins->worlds[1], 3 - threads, true, &full);
    assert_false(full.result.resumed);
    twins->resumed += part.result.resumed;
    struct str one = print_all(twins->worlds[0], &part);
    struct str two = print_all(twins->worlds[1], &full);
    assert_true(one.len > 1000);
    assert_str_is(one, two.ptr);
    note_doubts(twins, &part);
    arena_free(&part.arena);
    arena_free(&full.arena);
}

static void incremental_runs_equal_full_ones(void **state)
{
    uint64_t resumed = 0, decided = 0, undone = 0;
    for (uint64_t seed = 1; seed <= TOWNS; seed++) {
        struct rng rng = rng_seed(seed);
        struct twins twins = {.worlds = {open_town(state), open_town(state)}};
        struct arena *arena = &twins.worlds[0]->arena;
        load(state, &twins, make_rows(&rng, arena, "population,2020-09-01", FIRST_ROWS));
        load(state, &twins, make_rows(&rng, arena, "roll,2020-09-01", FIRST_ROWS));
        compare(&twins, 0);
        for (int step = 1; step <= STEPS; step++) {
            uint32_t what = rng_below(&rng, 4);
            if (what == 0) undo(&twins, &rng);
            if (what == 1 || rng_below(&rng, 3) == 0) decide(&twins, &rng);
            if (what > 1) {
                static const char *const heads[] = {"attending,2020-10-01", "roll,2020-10-15",
                                                    "poverty,2020-09-20"};
                load(state, &twins,
                     make_rows(&rng, arena, heads[rng_below(&rng, 3)],
                               1 + (int)rng_below(&rng, LATE_ROWS)));
            }
            compare(&twins, step);
        }
        resumed += twins.resumed;
        decided += twins.decided;
        undone += twins.undone;
        for (int w = 0; w < 2; w++) world_close(twins.worlds[w]);
    }
    assert_int_equal(resumed, TOWNS * STEPS);
    assert_true(decided > TOWNS);
    assert_true(undone > 0);
}

static int64_t number_of(const struct run *run, const char *register_key, const char *name)
{
    int number = people_register(&run->people, register_key);
    for (uint32_t i = 0; i < run->people.record_count; i++) {
        const struct person_record *record = &run->people.records[i];
        if ((int)record->register_number != number) continue;
        if (!str_is(people_text(&run->people, i, PERSON_NAME), name)) continue;
        return run->people.persons[record->person].number;
    }
    return 0;
}

#define POPULATION "population,2020-09-01\nname,id_number,birth_date,sex,guardian_name,area\n"
#define ROLL "roll,2020-09-01\nname,id_number,birth_date,sex,guardian_name,school_name,area\n"

/* The only change of a record in a register; fails when there is another. */
static struct link_change only_change(struct world *world, struct run *run,
                                      const char *register_key)
{
    struct err err = ERR_INIT;
    struct link_change *changes = NULL, found = {0};
    size_t count = 0, of_register = 0;
    assert_true(
        link_changes(&run->people, &world->registry, &world->local, &changes, &count, &err));
    for (size_t i = 0; i < count; i++) {
        if (!str_is(changes[i].register_key, register_key)) continue;
        found = changes[i];
        of_register++;
    }
    assert_int_equal(of_register, 1);
    return found;
}

/* Two children who may be one, and a third who is in both registers. */
static struct load_result open_doubtful(void **state, struct world *world)
{
    world_load(state, world,
               POPULATION "王小明," ID_A ",2012-03-05,M,王大,620422100\n"
                          "李红," ID_B ",2012-03-05,F,李大,620422100\n",
               world_options());
    return world_load(state, world,
                      ROLL "王晓明,,2012-03-05,M,,头寨小学,620422101\n"
                           "李红," ID_B ",2012-03-05,F,李大,头寨小学,620422100\n",
                      world_options());
}

static void decide_on(struct world *world, int64_t doubt, enum review_verdict verdict)
{
    struct err err = ERR_INIT;
    assert_true(review_decide(&world->registry, &world->local, doubt, verdict, STR("去看过"),
                              REVIEW_SEEN_ANY, NULL, &err));
}

static struct person_past past_of(struct world *world, struct run *run, int64_t number)
{
    struct err err = ERR_INIT;
    struct person_past past;
    assert_true(person_past(&run->arena, &world->registry, number, &past, &err));
    return past;
}

/* A decision joins two persons, another parts them: what changed is told, and where the numbers
 * went. */
static void changes_and_tombstones(void **state)
{
    struct err err = ERR_INIT;
    struct world *world = open_town(state);
    struct run apart, joined, parted;
    struct review_item *items = NULL;
    struct link_change *changes = NULL;
    size_t count = 0;
    (void)open_doubtful(state, world);
    link_town(world, 1, false, &apart);
    assert_true(
        link_changes(&apart.people, &world->registry, &world->local, &changes, &count, &err));
    assert_int_equal(count, 0);
    int64_t older = number_of(&apart, "population", "王小明");
    int64_t newer = number_of(&apart, "roll", "王晓明");
    assert_true(review_list(&apart.people, &world->registry, &world->local, &items, &count, &err));
    assert_int_equal(count, 1);
    decide_on(world, items[0].number, REVIEW_SAME);
    link_town(world, 1, false, &joined);
    assert_true(joined.result.resumed);
    int64_t kept = number_of(&joined, "roll", "王晓明"), gone = kept == older ? newer : older;
    struct link_change change = only_change(world, &joined, kept == older ? "roll" : "population");
    assert_str_is(change.why, "decision");
    assert_int_equal(change.before, gone);
    assert_int_equal(change.after, kept);
    assert_true(change.other != UINT32_MAX);
    struct person_past past = past_of(world, &joined, gone);
    assert_true(past.known && past.ended);
    assert_int_equal(past.part_count, 1);
    assert_int_equal(past.parts[0].person, kept);
    assert_int_equal(past.parts[0].records, 1);
    assert_int_equal(past.parts[0].at_ms, past.ended_ms);
    decide_on(world, items[0].number, REVIEW_DIFFERENT);
    link_town(world, 2, false, &parted);
    past = past_of(world, &parted, kept);
    assert_true(past.known && !past.ended);
    assert_int_equal(past.part_count, 1);
    assert_true(past.parts[0].person != kept && past.parts[0].person != gone);
    assert_false(past_of(world, &parted, 4000).known);
    arena_free(&apart.arena);
    arena_free(&joined.arena);
    arena_free(&parted.arena);
    world_close(world);
}

static int64_t now_of(struct world *world, struct run *run, int64_t number)
{
    struct err err = ERR_INIT;
    int64_t now = 0;
    assert_true(person_now(&run->arena, &world->registry, number, &now, &err));
    return now;
}

/* A number that went into another, which went into a third; one that was split; one of which a
 * record moved earlier, and the rest is gone. */
static void a_number_is_followed_to_the_end(void **state)
{
    struct err err = ERR_INIT;
    struct world *world = open_town(state);
    struct run run;
    (void)open_doubtful(state, world);
    link_town(world, 1, false, &run);
    int64_t third = number_of(&run, "population", "李红");
    assert_int_equal(third, 2);
    if (!store_exec(world->registry.store,
                    "INSERT INTO link_run (number, at, made_ms, fingerprint, model, records, "
                    "persons) SELECT 2, at, made_ms + 1, fingerprint, model, records, "
                    "persons FROM link_run WHERE number = 1;"
                    "INSERT INTO person (number, began_run, ended_run) VALUES (9001, 1, 1), (9002, "
                    "1, 2), (9003, 1, 2), (9004, 1, 2);"
                    "INSERT INTO person_move (run, person, other, records) VALUES (1, 9001, 9002, "
                    "1), (2, 9002, 2, 3), (2, 9003, 1, 4), (2, 9003, 2, 3), (1, 9004, 2, 1);",
                    &err)) {
        fail_msg("%s", err.en);
    }
    assert_int_equal(now_of(world, &run, third), third);
    assert_int_equal(now_of(world, &run, 9001), third);
    assert_int_equal(now_of(world, &run, 9002), third);
    assert_int_equal(now_of(world, &run, 9003), 1);
    assert_int_equal(now_of(world, &run, 9004), 9004);
    assert_int_equal(now_of(world, &run, 7777), 7777);
    int64_t *numbers;
    size_t count;
    assert_true(person_numbers(&run.arena, &world->registry, 9002, &numbers, &count, &err));
    assert_int_equal(count, 3);
    assert_int_equal(numbers[0], third);
    assert_int_equal(numbers[1], 9001);
    assert_int_equal(numbers[2], 9002);
    assert_true(person_numbers(&run.arena, &world->registry, 7777, &numbers, &count, &err));
    assert_int_equal(count, 1);
    arena_free(&run.arena);
    world_close(world);
}

/* Statements that are not in force any more are told too. */
static void what_is_gone_is_told(void **state)
{
    struct err err = ERR_INIT;
    struct world *world = open_town(state);
    struct run before, after;
    struct link_change *changes = NULL;
    size_t count = 0;
    struct load_result roll = open_doubtful(state, world);
    link_town(world, 1, false, &before);
    assert_true(registry_undo(&world->registry, &world->local, roll.batch, &err));
    link_town(world, 1, false, &after);
    assert_true(
        link_changes(&after.people, &world->registry, &world->local, &changes, &count, &err));
    assert_int_equal(count, 2);
    for (size_t i = 0; i < count; i++) {
        assert_str_is(changes[i].why, "gone");
        assert_int_equal(changes[i].after, 0);
        assert_int_equal(changes[i].record, UINT32_MAX);
    }
    arena_free(&before.arena);
    arena_free(&after.arena);
    world_close(world);
}

/* A state that somebody damaged is passed over, as one that is not there. */
static void a_damaged_state_costs_time_only(void **state)
{
    struct err err = ERR_INIT;
    struct rng rng = rng_seed(9);
    struct world *world = open_town(state);
    struct run runs[4];
    world_load(state, world, make_rows(&rng, &world->arena, "roll,2020-09-01", 60).ptr,
               world_options());
    link_town(world, 1, false, &runs[0]);
    struct str want = STR_EMPTY;
    for (int i = 0; i < 3; i++) {
        struct store *store = world->registry.store;
        assert_true(i != 0 || store_exec(store, "UPDATE link_state SET bytes = x'00'", &err));
        assert_true(i != 1 || store_exec(store, "UPDATE link_state SET part = part + 1", &err));
        assert_true(i != 2 || store_exec(store, "DELETE FROM link_state", &err));
        link_town(world, 1, false, &runs[i + 1]);
        assert_false(runs[i + 1].result.resumed);
        struct str here = print_all(world, &runs[i + 1]);
        if (i == 0) want = str_copy(&world->arena, here);
        assert_str_is(here, want.ptr);
    }
    for (int i = 0; i < 4; i++) arena_free(&runs[i].arena);
    world_close(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(incremental_runs_equal_full_ones),
        cmocka_unit_test(changes_and_tombstones),
        cmocka_unit_test(a_number_is_followed_to_the_end),
        cmocka_unit_test(what_is_gone_is_told),
        cmocka_unit_test(a_damaged_state_costs_time_only),
    };
    return cmocka_run_group_tests(tests, test_folder_make, test_folder_remove);
}
