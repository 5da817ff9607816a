#include "registry/registry_testing.h"

#include "base/rng.h"

#include <stdlib.h>

/* Random sequences of imports, undoings and imports again, held against a model that keeps nothing
 * but the files: what holds on a day, as known at a moment, is found by going through the files
 * known then, by day and then by batch number, each changing what the ones before it left. */

enum {
    PEOPLE = 6,
    SCHOOLS = 3,
    CLASSES = 2,
    DAYS = 6,
    FILES_MAX = 16,
    HELD_MAX = PEOPLE * FILES_MAX,
    SEQUENCES = 60,
};

#define FIRST_MS ((int64_t)1606780800000)

struct model_row {
    int person, school, class;
};

struct model_file {
    int64_t batch;
    int at;
    bool complete;
    struct model_row rows[PEOPLE];
    size_t count;
    int64_t known_ms, undone_ms; /* from, until; 0: live */
};

struct held {
    struct model_row rows[HELD_MAX];
    size_t count;
};

struct model {
    struct world *world;
    void **state;
    struct rng rng;
    struct model_file files[FILES_MAX];
    size_t count;
    int64_t now_ms;
    bool ambiguous; /* two records could be meant: which one is nobody's promise */
    struct text log;
};

static bool covers(const struct model_file *file, int school)
{
    for (size_t i = 0; i < file->count; i++) {
        if (file->rows[i].school == school) return true;
    }
    return false;
}

/* The row held that is the same record: the one that says the same, else of the same school. */
static size_t model_match(struct model *model, const struct model_file *file,
                          const struct held *held, const bool *taken, const struct model_row *row)
{
    size_t best = SIZE_MAX;
    int best_likeness = 0, candidates = 0;
    for (size_t i = 0; i < held->count; i++) {
        const struct model_row *other = &held->rows[i];
        if (taken[i] || other->person != row->person || !covers(file, other->school)) continue;
        int likeness = other->school != row->school ? 1 : other->class != row->class ? 2 : 3;
        candidates++;
        if (likeness <= best_likeness) continue;
        best = i;
        best_likeness = likeness;
    }
    if (candidates > 1) model->ambiguous = true;
    return best;
}

static void model_apply(struct model *model, const struct model_file *file, struct held *held)
{
    bool taken[HELD_MAX] = {false};
    struct held after = {.count = 0};
    for (size_t i = 0; i < file->count; i++) {
        size_t match = model_match(model, file, held, taken, &file->rows[i]);
        if (match != SIZE_MAX) taken[match] = true;
        after.rows[after.count++] = file->rows[i];
    }
    for (size_t i = 0; i < held->count; i++) {
        bool gone = file->complete && covers(file, held->rows[i].school);
        if (!taken[i] && !gone) after.rows[after.count++] = held->rows[i];
    }
    CHECK(after.count <= HELD_MAX);
    *held = after;
}

static void model_holds(struct model *model, int at, int64_t known_ms, struct held *held)
{
    held->count = 0;
    for (int on = 0; on <= at; on++) {
        for (size_t i = 0; i < model->count; i++) {
            const struct model_file *file = &model->files[i];
            if (file->at != on || file->known_ms > known_ms) continue;
            if (file->undone_ms != 0 && file->undone_ms <= known_ms) continue;
            model_apply(model, file, held);
        }
    }
}

static day day_of(int at)
{
    static const char *const days[DAYS] = {"2020-01-01", "2020-02-01", "2020-03-01",
                                           "2020-04-01", "2020-05-01", "2020-06-01"};
    day out;
    CHECK(day_parse(str_from(days[at]), &out));
    return out;
}

static void write_file(struct text *text, const struct model_file *file)
{
    text_add_f(text, "roll,2020-%02d-01\nname,student_number,school_code,class\n", file->at + 1);
    for (size_t i = 0; i < file->count; i++) {
        const struct model_row *row = &file->rows[i];
        text_add_f(text, "p%d,G62042220120305001%d,216200000%d,%d\n", row->person, row->person,
                   row->school, row->class);
    }
}

struct taken {
    const struct profile *profile;
    struct held held;
};

static int digit_at_end(struct str value)
{
    CHECK(value.len > 0);
    return value.ptr[value.len - 1] - '0';
}

static bool take_statement(void *context, const struct statement *statement)
{
    struct taken *taken = context;
    const struct profile *profile = taken->profile;
    CHECK(taken->held.count < HELD_MAX);
    taken->held.rows[taken->held.count++] = (struct model_row){
        digit_at_end(statement->values[profile_field_number(profile, "name")]),
        digit_at_end(statement->values[profile_field_number(profile, "school_code")]),
        digit_at_end(statement->values[profile_field_number(profile, "class")]),
    };
    return true;
}

static int compare_rows(const void *a, const void *b)
{
    const struct model_row *x = a, *y = b;
    if (x->person != y->person) return x->person - y->person;
    return x->school != y->school ? x->school - y->school : x->class - y->class;
}

static void print_held(const char *title, struct held *held)
{
    print_message("%s:", title);
    for (size_t i = 0; i < held->count; i++) {
        const struct model_row *row = &held->rows[i];
        print_message(" p%d school %d class %d;", row->person, row->school, row->class);
    }
    print_message("\n");
}

static void compare(struct model *model, int at, int64_t known_ms)
{
    struct held expected;
    struct err err = ERR_INIT;
    struct registry *registry = &model->world->registry;
    struct taken taken = {.profile = profile_find(registry->profiles, STR("roll"))};
    model_holds(model, at, known_ms, &expected);
    if (model->ambiguous) return;
    struct read_at when = {.at = day_of(at), .known_ms = known_ms};
    if (!registry_read(registry, &model->world->local, taken.profile, when, take_statement, &taken,
                       &err)) {
        fail_msg("read failed: %s", err.en);
    }
    qsort(expected.rows, expected.count, sizeof *expected.rows, compare_rows);
    qsort(taken.held.rows, taken.held.count, sizeof *expected.rows, compare_rows);
    bool same = expected.count == taken.held.count;
    for (size_t i = 0; same && i < expected.count; i++) {
        same = compare_rows(&expected.rows[i], &taken.held.rows[i]) == 0;
    }
    if (same) return;
    struct str rest = text_str(&model->log), line;
    while (str_split(&rest, '\n', &line)) print_message("%.*s\n", STR_ARG(line));
    print_held("expected", &expected);
    print_held("found", &taken.held);
    fail_msg("on day %d, as known at step %d", at, (int)(known_ms - FIRST_MS));
}

static void log_file(struct model *model, const struct model_file *file, const char *what)
{
    text_add_f(&model->log, "step %d: %s batch %d of day %d%s:", (int)(model->now_ms - FIRST_MS),
               what, (int)file->batch, file->at, file->complete ? ", complete" : "");
    for (size_t i = 0; i < file->count; i++) {
        const struct model_row *row = &file->rows[i];
        text_add_f(&model->log, " p%d school %d class %d;", row->person, row->school, row->class);
    }
    text_add(&model->log, STR("\n"));
}

static void import(struct model *model, struct model_file file)
{
    struct text text;
    struct load_options options = world_options();
    options.complete = file.complete;
    options.yes = true;
    text_init(&text, &model->world->arena, 1 << 16);
    write_file(&text, &file);
    struct load_result result = world_load(model->state, model->world, text.ptr, options);
    if (result.status == LOAD_UNCHANGED) return;
    assert_int_equal(result.status, LOAD_LOADED);
    assert_int_equal(result.fresh + result.replaced + result.repeated, file.count);
    file.batch = result.batch;
    file.known_ms = model->now_ms;
    file.undone_ms = 0;
    model->files[model->count++] = file;
    log_file(model, &file, "import");
}

static void import_fresh(struct model *model)
{
    struct rng *rng = &model->rng;
    struct model_file file = {.at = (int)rng_below(rng, DAYS), .complete = rng_below(rng, 3) == 0};
    uint32_t schools = 1 + rng_below(rng, SCHOOLS);
    int first = (int)rng_below(rng, SCHOOLS);
    for (int person = 0; person < PEOPLE; person++) {
        if (rng_below(rng, 2) == 0) continue;
        int school = rng_below(rng, 6) > 0 ? person % SCHOOLS : (int)rng_below(rng, SCHOOLS);
        if ((first + school) % SCHOOLS >= (int)schools) continue;
        file.rows[file.count++] = (struct model_row){person, school, (int)rng_below(rng, CLASSES)};
    }
    if (file.count > 0) import(model, file);
}

static void undo(struct model *model)
{
    struct err err = ERR_INIT;
    struct model_file *file = &model->files[rng_below(&model->rng, (uint32_t)model->count)];
    if (file->undone_ms != 0) return;
    if (registry_undo(&model->world->registry, &model->world->local, file->batch, &err)) {
        file->undone_ms = model->now_ms;
        log_file(model, file, "undo");
    } else {
        assert_int_equal(err.kind, ERR_CONFLICT);
    }
}

static void step(struct model *model)
{
    uint32_t dice = rng_below(&model->rng, 100);
    model->now_ms++;
    model->world->registry.clock = clock_fixed(model->now_ms);
    if (model->count == 0 || dice < 60)
        import_fresh(model);
    else if (dice < 85)
        undo(model);
    else
        import(model, model->files[rng_below(&model->rng, (uint32_t)model->count)]);
    for (int at = 0; at < DAYS; at++) compare(model, at, model->now_ms);
    int64_t before = FIRST_MS + rng_below(&model->rng, (uint32_t)(model->now_ms - FIRST_MS));
    compare(model, (int)rng_below(&model->rng, DAYS), before);
}

/* False when the sequence was given up. */
static bool run_sequence(void **state, uint64_t seed)
{
    struct arena arena = {0};
    struct model *model = arena_new(&arena, struct model);
    model->world = world_open(state);
    model->state = state;
    model->rng = rng_branch(20201125, seed);
    model->now_ms = FIRST_MS;
    text_init(&model->log, &arena, 1 << 20);
    text_add_f(&model->log, "sequence %d\n", (int)seed);
    while (model->count < FILES_MAX && model->now_ms < FIRST_MS + 20 && !model->ambiguous) {
        step(model);
    }
    bool whole = !model->ambiguous;
    world_close(model->world);
    arena_free(&arena);
    return whole;
}

static void holds_what_the_files_say(void **state)
{
    /* Those that once found something. */
    static const uint64_t seeds[] = {95, 150, 332};
    size_t whole = 0;
    for (uint64_t seed = 0; seed < SEQUENCES; seed++) whole += run_sequence(state, seed);
    assert_true(whole > SEQUENCES / 4);
    for (size_t i = 0; i < sizeof seeds / sizeof *seeds; i++) (void)run_sequence(state, seeds[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(holds_what_the_files_say),
    };
    return cmocka_run_group_tests(tests, test_folder_make, test_folder_remove);
}
