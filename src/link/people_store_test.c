#include "registry/registry_testing.h"

#include "base/rng.h"
#include "link/people.h"

/* What people_link keeps in a workspace over many runs: person numbers, doubtful pairs, decisions.
 */

#define AT "2020-12-01"

/* One run: people read and linked in an arena of its own. */
struct run {
    struct arena arena;
    struct people people;
    struct people_link_result result;
};

static struct world *open_world(void **state)
{
    struct err err = ERR_INIT;
    struct world *world = world_open(state);
    assert_true(people_migrate(world->registry.store, &err));
    return world;
}

static bool read_people(struct world *world, const char *at, struct run *run, struct err *err)
{
    struct read_at when = {.known_ms = INT64_MAX};
    assert_true(day_parse(str_from(at), &when.at));
    return people_read(&run->people, &run->arena, &world->registry, &world->local, when, NULL, err);
}

static bool try_link(struct world *world, const char *at, size_t threads, struct run *run,
                     struct err *err)
{
    const struct people_link_options options = {.threads = threads};
    *run = (struct run){0};
    return read_people(world, at, run, err)
           && people_link(&run->people, &world->registry, &options, &run->result, err);
}

static void link_at(struct world *world, const char *at, struct run *run)
{
    struct err err = ERR_INIT;
    if (!try_link(world, at, 2, run, &err)) fail_msg("link failed: %s", err.en);
}

/* The number of the person whose record in a register has this name; 0 when there is none. */
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

/* All records with their persons' numbers. */
static struct str print_persons(const struct run *run, struct arena *arena)
{
    struct text text;
    text_init(&text, arena, 1 << 20);
    for (uint32_t i = 0; i < run->people.record_count; i++) {
        const struct person_record *record = &run->people.records[i];
        text_add_f(&text, "%u/%lld.%u=%lld ", record->register_number, (long long)record->statement,
                   record->part, (long long)run->people.persons[record->person].number);
    }
    return text_str(&text);
}

static int64_t ask(struct world *world, struct store_statement *select)
{
    struct err err = ERR_INIT;
    bool row = false;
    (void)world;
    assert_true(store_step(select, &row, &err));
    int64_t value = row ? store_i64(select, 0) : -1;
    store_finish(select);
    return value;
}

/* -1: never given; 0: in use; 1: ended. */
static int64_t is_ended(struct world *world, int64_t number)
{
    struct store_statement *select = NULL;
    struct err err = ERR_INIT;
    assert_true(store_prepare(world->registry.store, &select,
                              "SELECT ended_run IS NOT NULL FROM person WHERE number = $number",
                              &err));
    store_bind_i64(select, "$number", number);
    return ask(world, select);
}

#define POPULATION "population,2020-09-01\nname,id_number,birth_date,sex,guardian_name,area\n"
#define ROLL "roll,2020-09-01\nname,id_number,birth_date,sex,guardian_name,school_name,area\n"
#define ROLL_LATER "roll,2020-11-01\nname,id_number,birth_date,sex,guardian_name,school_name,area\n"

static void numbers_stay_over_imports_and_undos(void **state)
{
    struct world *world = open_world(state);
    struct err err = ERR_INIT;
    struct run first, second, third, fourth;
    world_load(state, world,
               POPULATION "王小明," ID_A ",2012-03-05,,王大,620422100\n"
                          "李红," ID_B ",2012-03-05,,李大,620422100\n",
               world_options());
    link_at(world, AT, &first);
    assert_int_equal(first.result.persons_new, 2);
    int64_t wang = number_of(&first, "population", "王小明");
    int64_t li = number_of(&first, "population", "李红");
    struct load_result roll =
        world_load(state, world,
                   ROLL "王小明," ID_A ",2012-03-05,,王大,头寨小学,620422100\n"
                        "张伟," ID_C ",2012-03-06,,张大,头寨小学,620422100\n",
                   world_options());
    link_at(world, AT, &second);
    assert_int_equal(number_of(&second, "roll", "王小明"), wang);
    assert_int_equal(number_of(&second, "population", "李红"), li);
    int64_t zhang = number_of(&second, "roll", "张伟");
    assert_true(zhang > wang && zhang > li);
    assert_int_equal(second.result.records_moved, 0);
    assert_true(registry_undo(&world->registry, &world->local, roll.batch, &err));
    link_at(world, AT, &third);
    assert_int_equal(number_of(&third, "population", "王小明"), wang);
    assert_int_equal(third.result.persons_gone, 1);
    assert_int_equal(is_ended(world, zhang), 1);
    world_load(state, world, ROLL "赵强,,2013-01-02,,赵大,头寨小学,620422100\n", world_options());
    link_at(world, AT, &fourth);
    assert_true(number_of(&fourth, "roll", "赵强") > zhang);
    assert_int_equal(is_ended(world, zhang), 1);
    arena_free(&first.arena);
    arena_free(&second.arena);
    arena_free(&third.arena);
    arena_free(&fourth.arena);
    world_close(world);
}

/* A question about an earlier day gives nobody another number. */
static void numbers_stay_when_another_day_is_asked_about(void **state)
{
    struct world *world = open_world(state);
    struct run before, between, after;
    world_load(state, world, POPULATION "王小明," ID_A ",2012-03-05,,王大,620422100\n",
               world_options());
    world_load(state, world,
               ROLL_LATER "王小明," ID_A ",2012-03-05,,王大,头寨小学,620422100\n"
                          "张伟," ID_C ",2012-03-06,,张大,头寨小学,620422100\n",
               world_options());
    link_at(world, AT, &before);
    link_at(world, "2020-09-15", &between);
    assert_int_equal(between.people.record_count, 1);
    assert_int_equal(is_ended(world, number_of(&before, "roll", "张伟")), 1);
    link_at(world, AT, &after);
    struct str want = print_persons(&before, &world->arena);
    assert_str_is(print_persons(&after, &world->arena), want.ptr);
    assert_int_equal(is_ended(world, number_of(&before, "roll", "张伟")), 0);
    arena_free(&before.arena);
    arena_free(&between.arena);
    arena_free(&after.arena);
    world_close(world);
}

/* Children with numbers of their own, so that who is who is beyond doubt: each has one number for
 * ever, and each number one child, whatever comes and goes. */
static void many_imports_and_undos_never_mix_numbers(void **state)
{
    enum { CHILDREN = 12, ROUNDS = 14, NUMBERS_MAX = 400 };
    struct world *world = open_world(state);
    struct rng rng = rng_seed(7);
    int owner[NUMBERS_MAX] = {0};
    int64_t anchored[CHILDREN] = {0}, batches[ROUNDS] = {0};
    struct err err = ERR_INIT;
    for (int round = 0; round < ROUNDS; round++) {
        struct text text;
        text_init(&text, &world->arena, 1 << 16);
        bool first = round == 0;
        text_add_f(&text, "%s,2020-%02d-01\nname,id_number,birth_date,guardian_name,area\n",
                   first ? "population" : "attending", first ? 1 : 9 + round % 3);
        /* The register of residents has the first half, and stays. */
        for (int c = 0; c < CHILDREN; c++) {
            if (first ? c >= CHILDREN / 2 : rng_below(&rng, 3) == 0) continue;
            text_add_f(&text, "童%c娃,,2012-%02d-11,父%c,62042210%d\n", 'A' + c, 1 + c, 'A' + c,
                       c % 3);
        }
        batches[round] = world_load(state, world, text.ptr, world_options()).batch;
        /* Refused where the batch now imported rests on it. */
        if (round > 2 && rng_below(&rng, 2) == 0
            && !registry_undo(&world->registry, &world->local, batches[round - 1], &err)) {
            assert_int_equal(err.kind, ERR_CONFLICT);
        }
        struct run run;
        link_at(world, AT, &run);
        for (uint32_t i = 0; i < run.people.record_count; i++) {
            int child = people_text(&run.people, i, PERSON_NAME).ptr[3] - 'A';
            int64_t number = run.people.persons[run.people.records[i].person].number;
            assert_true(child >= 0 && child < CHILDREN);
            assert_true(number > 0 && number < NUMBERS_MAX);
            assert_true(owner[number] == 0 || owner[number] == child + 1);
            owner[number] = child + 1;
            if (child >= CHILDREN / 2) continue;
            assert_true(anchored[child] == 0 || anchored[child] == number);
            anchored[child] = number;
        }
        arena_free(&run.arena);
    }
    world_close(world);
}

/* Two rows that may or may not be one child. */
static struct world *open_doubtful(void **state)
{
    struct world *world = open_world(state);
    world_load(state, world,
               POPULATION "王小明," ID_A ",2012-03-05,M,王大,620422100\n"
                          "李红," ID_B ",2012-03-05,F,李大,620422100\n",
               world_options());
    world_load(state, world,
               ROLL "王晓明,,2012-03-05,M,,头寨小学,620422101\n"
                    "李红," ID_B ",2012-03-05,F,李大,头寨小学,620422100\n",
               world_options());
    return world;
}

static void change_models(const struct world *world, const char *from, const char *to)
{
    struct err err = ERR_INIT;
    struct store_statement *change = NULL;
    assert_true(store_prepare(world->registry.store, &change,
                              "UPDATE link_model SET model = replace(model, $from, $to)", &err));
    store_bind_str(change, "$from", str_from(from));
    store_bind_str(change, "$to", str_from(to));
    assert_true(store_run(change, &err));
    store_finish(change);
}

static const struct {
    const char *from, *to, *name;
} changes[] = {
    {"\"division 9\"", "\"division 9\"", AT " #1"},
    {"\"division 9\"", "\"division 8\"", AT " #2"},
    {"\"frequency\":[[\"name\"]", "\"frequency\":[[]", AT " #3"},
    {",\"missing\":\"all\"", "", AT " #4"},
};

/* A model says what it was learnt for, the built-in one too; one that the spec does not ask for any
 * more is replaced, and stays in the list. */
static void a_model_for_another_spec_is_replaced(void **state)
{
    struct world *world = open_doubtful(state);
    struct run run;
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        change_models(world, changes[i].from, changes[i].to);
        for (int again = 0; again < 2; again++) {
            link_at(world, AT, &run);
            assert_int_equal(run.result.trained, again == 0);
            assert_str_is(run.result.model, changes[i].name);
            arena_free(&run.arena);
        }
    }
    world_close(world);
}

static struct review_item only_doubt(struct world *world, struct run *run)
{
    struct review_item *items = NULL;
    size_t count = 0;
    struct err err = ERR_INIT;
    assert_true(review_list(&run->people, &world->registry, &world->local, &items, &count, &err));
    assert_int_equal(count, 1);
    return items[0];
}

static size_t doubts(struct world *world, struct run *run)
{
    struct review_item *items = NULL;
    size_t count = 0;
    struct err err = ERR_INIT;
    assert_true(review_list(&run->people, &world->registry, &world->local, &items, &count, &err));
    return count;
}

static void decide(struct world *world, int64_t number, enum review_verdict verdict)
{
    struct err err = ERR_INIT;
    assert_true(review_decide(&world->registry, &world->local, number, verdict, STR("去看过"),
                              REVIEW_SEEN_ANY, NULL, &err));
}

static void decisions_hold_until_decided_again(void **state)
{
    static const struct {
        enum review_verdict verdict;
        bool one;
    } steps[] = {{REVIEW_SAME, true},      {REVIEW_DIFFERENT, false}, {REVIEW_DIFFERENT, false},
                 {REVIEW_SAME, true},      {REVIEW_VISIT, false},     {REVIEW_SAME, true},
                 {REVIEW_DIFFERENT, false}};
    struct world *world = open_doubtful(state);
    struct run run;
    link_at(world, AT, &run);
    struct review_item item = only_doubt(world, &run);
    assert_false(item.joined);
    int64_t wang = number_of(&run, "population", "王小明"), li = number_of(&run, "roll", "李红");
    arena_free(&run.arena);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        decide(world, item.number, steps[i].verdict);
        for (int again = 0; again < 2; again++) {
            /* In this run, and after more has come in. */
            if (again > 0) {
                struct text text;
                text_init(&text, &world->arena, 4096);
                text_add_f(&text, ROLL "新%c生,,2011-0%d-01,M,新大,头寨小学,620422100\n",
                           (int)('A' + i), (int)i + 1);
                world_load(state, world, text.ptr, world_options());
            }
            link_at(world, AT, &run);
            int64_t population = number_of(&run, "population", "王小明");
            int64_t roll = number_of(&run, "roll", "王晓明");
            assert_int_equal(population == roll, steps[i].one);
            assert_true(population == wang || roll == wang);
            assert_int_equal(number_of(&run, "roll", "李红"), li);
            assert_int_equal(doubts(world, &run), 0);
            arena_free(&run.arena);
        }
    }
    world_close(world);
}

/* Two who look at one pair: who comes second is told, and what the first decided holds. */
static void nobody_decides_over_what_they_have_not_seen(void **state)
{
    struct world *world = open_doubtful(state);
    struct run run;
    struct err err = ERR_INIT;
    struct review_last last;
    int64_t version = 99;
    link_at(world, AT, &run);
    int64_t number = only_doubt(world, &run).number;
    assert_true(review_last(world->registry.store, &run.arena, number, &last, &err));
    assert_int_equal(last.version, 0);
    assert_int_equal(last.verdict, REVIEW_OPEN);
    assert_true(review_decide(&world->registry, &world->local, number, REVIEW_SAME, STR("同班"), 0,
                              &version, &err));
    assert_false(review_decide(&world->registry, &world->local, number, REVIEW_DIFFERENT,
                               STR("双胞胎"), 0, NULL, &err));
    assert_int_equal(err.kind, ERR_CONFLICT);
    assert_false(review_decide(&world->registry, &world->local, number, REVIEW_OPEN, STR("错了"),
                               version + 1, NULL, &err));
    assert_true(review_last(world->registry.store, &run.arena, number, &last, &err));
    assert_int_equal(last.version, version);
    assert_int_equal(last.verdict, REVIEW_SAME);
    assert_str_is(last.why, "同班");
    assert_true(review_decide(&world->registry, &world->local, number, REVIEW_OPEN, STR("错了"),
                              version, &version, &err));
    assert_true(review_last(world->registry.store, &run.arena, number, &last, &err));
    assert_int_equal(last.version, version);
    assert_int_equal(last.verdict, REVIEW_OPEN);
    assert_false(review_last(world->registry.store, &run.arena, number + 1, &last, &err));
    assert_int_equal(err.kind, ERR_NOT_FOUND);
    arena_free(&run.arena);
    world_close(world);
}

static void a_decision_is_taken_back(void **state)
{
    struct world *world = open_doubtful(state);
    struct run run;
    struct err err = ERR_INIT;
    struct review_decision *decided = NULL;
    size_t count = 0;
    link_at(world, AT, &run);
    int64_t number = only_doubt(world, &run).number;
    assert_false(review_decide(&world->registry, &world->local, number, REVIEW_OPEN, STR("错了"),
                               REVIEW_SEEN_ANY, NULL, &err));
    assert_int_equal(err.kind, ERR_CONFLICT);
    arena_free(&run.arena);
    for (int round = 0; round < 2; round++) {
        decide(world, number, round == 0 ? REVIEW_SAME : REVIEW_VISIT);
        link_at(world, AT, &run);
        assert_int_equal(doubts(world, &run), 0);
        assert_true(
            review_decided(&run.people, &run.arena, &world->registry, &decided, &count, &err));
        assert_int_equal(count, 1);
        assert_int_equal(decided[0].pair.number, number);
        assert_int_equal(decided[0].pair.joined, round == 0);
        assert_int_equal(decided[0].verdict, round == 0 ? REVIEW_SAME : REVIEW_VISIT);
        assert_str_is(decided[0].why, "去看过");
        assert_str_is(decided[0].user, "local");
        arena_free(&run.arena);
        decide(world, number, REVIEW_OPEN);
        link_at(world, AT, &run);
        assert_int_equal(only_doubt(world, &run).number, number);
        assert_true(number_of(&run, "population", "王小明") != number_of(&run, "roll", "王晓明"));
        assert_true(
            review_decided(&run.people, &run.arena, &world->registry, &decided, &count, &err));
        assert_int_equal(count, 0);
        arena_free(&run.arena);
    }
    world_close(world);
}

static void a_merge_leaves_a_number_that_is_never_given_again(void **state)
{
    struct world *world = open_doubtful(state);
    struct run apart, joined, parted;
    link_at(world, AT, &apart);
    int64_t older = number_of(&apart, "population", "王小明");
    int64_t newer = number_of(&apart, "roll", "王晓明");
    assert_true(older != newer);
    int64_t doubt = only_doubt(world, &apart).number;
    decide(world, doubt, REVIEW_SAME);
    link_at(world, AT, &joined);
    int64_t kept = number_of(&joined, "roll", "王晓明");
    assert_int_equal(kept, number_of(&joined, "population", "王小明"));
    assert_int_equal(kept, older < newer ? older : newer);
    assert_int_equal(joined.result.persons_gone, 1);
    assert_int_equal(joined.result.records_moved, 1);
    int64_t gone = older < newer ? newer : older;
    assert_int_equal(is_ended(world, gone), 1);
    decide(world, doubt, REVIEW_DIFFERENT);
    world_load(state, world, ROLL "赵强,,2013-01-02,M,赵大,头寨小学,620422100\n", world_options());
    link_at(world, AT, &parted);
    for (size_t p = 0; p < parted.people.person_count; p++) {
        assert_true(parted.people.persons[p].number != gone);
    }
    assert_int_equal(is_ended(world, gone), 1);
    arena_free(&apart.arena);
    arena_free(&joined.arena);
    arena_free(&parted.arena);
    world_close(world);
}

static void doubtful_pairs_keep_their_numbers(void **state)
{
    struct world *world = open_doubtful(state);
    struct run run;
    link_at(world, AT, &run);
    int64_t number = only_doubt(world, &run).number;
    arena_free(&run.arena);
    for (int i = 0; i < 3; i++) {
        world_load(state, world,
                   i == 0   ? ROLL "陈一,,2011-01-01,M,陈大,头寨小学,620422100\n"
                   : i == 1 ? ROLL "周二,,2010-02-01,F,周大,头寨小学,620422100\n"
                            : POPULATION "吴三,,2009-02-01,F,吴大,620422100\n",
                   world_options());
        link_at(world, AT, &run);
        assert_int_equal(only_doubt(world, &run).number, number);
        arena_free(&run.arena);
    }
    world_close(world);
}

static void refuses_what_cannot_be_decided(void **state)
{
    struct world *world = open_doubtful(state);
    struct run run;
    struct err err = ERR_INIT;
    link_at(world, AT, &run);
    int64_t number = only_doubt(world, &run).number;
    assert_false(review_decide(&world->registry, &world->local, number + 1, REVIEW_SAME, STR("是"),
                               REVIEW_SEEN_ANY, NULL, &err));
    assert_int_equal(err.kind, ERR_NOT_FOUND);
    assert_false(review_decide(&world->registry, &world->local, number, REVIEW_SAME, STR("  "),
                               REVIEW_SEEN_ANY, NULL, &err));
    assert_int_equal(err.kind, ERR_USAGE);
    assert_int_equal(doubts(world, &run), 1);
    arena_free(&run.arena);
    world_close(world);
}

static void links_come_back_while_nothing_has_changed(void **state)
{
    struct world *world = open_doubtful(state);
    struct run linked, loaded = {0};
    struct err err = ERR_INIT;
    bool current = true;
    assert_true(read_people(world, AT, &loaded, &err));
    assert_true(people_load_links(&loaded.people, &world->registry, &current, &err));
    assert_false(current);
    link_at(world, AT, &linked);
    assert_true(people_load_links(&loaded.people, &world->registry, &current, &err));
    assert_true(current);
    struct str want = print_persons(&linked, &world->arena);
    assert_str_is(print_persons(&loaded, &world->arena), want.ptr);
    assert_int_equal(loaded.people.person_count, linked.people.person_count);
    decide(world, only_doubt(world, &linked).number, REVIEW_VISIT);
    assert_true(people_load_links(&loaded.people, &world->registry, &current, &err));
    assert_false(current);
    arena_free(&linked.arena);
    arena_free(&loaded.arena);
    world_close(world);
}

/* Puts the workspace back to what `saved` holds. */
static void put_back(void **state, struct world *world, struct str saved)
{
    struct err err = ERR_INIT;
    store_close(world->registry.store);
    world->path = test_path_fresh(state);
    assert_true(file_write(world->path, saved, 0600, &err));
    assert_true(store_open(&world->registry.store, world->path, STORE_WRITE, &err));
}

/* Linking fails at the nth call of the store, changes nothing, and done again gives the same. */
static void every_call_may_fail(void **state)
{
    struct world *world = open_doubtful(state);
    struct err err = ERR_INIT;
    struct run before, run, after;
    struct str saved, want = STR_EMPTY;
    link_at(world, AT, &before);
    decide(world, only_doubt(world, &before).number, REVIEW_SAME);
    arena_free(&before.arena);
    world_load(state, world, ROLL "陈一,,2011-01-01,M,陈大,头寨小学,620422100\n", world_options());
    const char *path = test_path_fresh(state);
    assert_true(store_backup(world->registry.store, path, &err));
    assert_true(file_read(&world->arena, path, 1 << 24, &saved, &err));
    uint64_t n = 0;
    /* Once without faults, for what must come out; then the walk. */
    for (bool passed = false; !passed; n++) {
        put_back(state, world, saved);
        if (n > 0) store_fault_set(world->registry.store, n);
        bool good = try_link(world, AT, 1, &run, &err);
        passed = good && n > 0;
        if (n > 0) assert_int_equal(good, !store_fault_reached(world->registry.store));
        store_fault_set(world->registry.store, 0);
        assert_false(store_in_transaction(world->registry.store));
        if (!good) {
            assert_int_equal(err.kind, ERR_STORE);
            arena_free(&run.arena);
            link_at(world, AT, &run);
        }
        if (n == 0) want = print_persons(&run, &world->arena);
        assert_str_is(print_persons(&run, &run.arena), want.ptr);
        assert_int_equal(run.result.persons_gone, 1);
        assert_int_equal(run.result.persons_new, 1);
        arena_free(&run.arena);
    }
    assert_true(n > 30);
    link_at(world, AT, &after);
    assert_str_is(print_persons(&after, &world->arena), want.ptr);
    assert_int_equal(after.result.persons_new + after.result.persons_gone, 0);
    arena_free(&after.arena);
    world_close(world);
}

/* The same numbers and doubts for any number of threads. */
static void threads_change_nothing(void **state)
{
    static const char *const surnames[] = {"王", "李", "张", "赵", "陈", "周", "吴"};
    static const char *const given[] = {"小明", "晓明", "红",   "洪", "伟",
                                        "玮",   "丽丽", "莉莉", "强"};
    struct str want = STR_EMPTY;
    for (size_t threads = 1; threads <= 3; threads++) {
        struct world *world = open_world(state);
        struct rng rng = rng_seed(11);
        for (int r = 0; r < 2; r++) {
            struct text text;
            text_init(&text, &world->arena, 1 << 20);
            text_add_c(&text, r == 0 ? POPULATION : ROLL);
            for (int i = 0; i < 300; i++) {
                const char *family = surnames[rng_below(&rng, 7)];
                text_add_f(&text, "%s%s,,2012-%02d-%02d,M,%s%s%s,62042210%d\n", family,
                           given[rng_below(&rng, 9)], (int)(1 + rng_below(&rng, 4)),
                           (int)(1 + rng_below(&rng, 9)), family, given[rng_below(&rng, 9)],
                           r == 0 ? "" : ",头寨小学", (int)rng_below(&rng, 3));
            }
            world_load(state, world, text.ptr, world_options());
        }
        struct run run;
        struct err err = ERR_INIT;
        struct review_item *items = NULL;
        size_t count = 0;
        assert_true(try_link(world, AT, threads, &run, &err));
        assert_true(
            review_list(&run.people, &world->registry, &world->local, &items, &count, &err));
        assert_true(count > 0);
        struct text text;
        text_init(&text, &((struct test_folder *)*state)->arena, 1 << 20);
        text_add(&text, print_persons(&run, &world->arena));
        for (size_t i = 0; i < count; i++) {
            text_add_f(&text, "%lld:%d ", (long long)items[i].number, items[i].weight_millibits);
        }
        if (threads == 1) want = text_str(&text);
        assert_str_is(text_str(&text), want.ptr);
        arena_free(&run.arena);
        world_close(world);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_stay_over_imports_and_undos),
        cmocka_unit_test(numbers_stay_when_another_day_is_asked_about),
        cmocka_unit_test(many_imports_and_undos_never_mix_numbers),
        cmocka_unit_test(a_model_for_another_spec_is_replaced),
        cmocka_unit_test(decisions_hold_until_decided_again),
        cmocka_unit_test(nobody_decides_over_what_they_have_not_seen),
        cmocka_unit_test(a_decision_is_taken_back),
        cmocka_unit_test(a_merge_leaves_a_number_that_is_never_given_again),
        cmocka_unit_test(doubtful_pairs_keep_their_numbers),
        cmocka_unit_test(refuses_what_cannot_be_decided),
        cmocka_unit_test(links_come_back_while_nothing_has_changed),
        cmocka_unit_test(every_call_may_fail),
        cmocka_unit_test(threads_change_nothing),
    };
    return cmocka_run_group_tests(tests, test_folder_make, test_folder_remove);
}
