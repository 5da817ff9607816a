#include "link/sweep.h"

#include "base/testing_folder.h"
#include "link/engine_testing.h"

/* Clusters at many thresholds against as many runs of the engine. */

static const char spec_text[] = "id: id\nsource: source\n"
                                "compare:\n"
                                "  name: {on: name, levels: [exact], frequency: yes}\n"
                                "  born: {on: born, levels: [exact]}\n"
                                "  town: {on: town, levels: [exact]}\n"
                                "  phone: {on: phone, levels: [exact]}\n"
                                "block: [name & born, phone, born & town, name & town]\n"
                                "review: -6\n";

enum { PERSONS = 400, COPIES = 5 };

static const int32_t thresholds[] = {4000, -6000, 0, 12345, -2500, 30000, 8000, -6000};
enum { THRESHOLDS = sizeof thresholds / sizeof *thresholds };

struct place {
    struct test_folder *folder;
    const char *data, *entities, *pairs, *model;
};

static void put_people(struct place *place, const struct table *table)
{
    struct text data, entities, pairs;
    text_init(&data, &place->folder->arena, 1 << 22);
    text_init(&entities, &place->folder->arena, 1 << 22);
    text_init(&pairs, &place->folder->arena, 1 << 22);
    text_add_f(&data, "id,source,name,born,town,phone\n");
    text_add_f(&entities, "id,entity\n");
    text_add_f(&pairs, "left_id,right_id\n");
    for (uint32_t r = 0; r < table->count; r++) {
        text_add_f(&data, "r%u,s%u", r, table->sources[r]);
        for (size_t c = 0; c < 4; c++) {
            struct str cell = table_text(table, c, r);
            text_add_f(&data, ",%.*s", STR_ARG(cell));
        }
        text_add_byte(&data, '\n');
        if (r % 11 != 0) text_add_f(&entities, "r%u,%u\n", r, table->entities[r]);
        if (r > 0 && table->entities[r] == table->entities[r - 1]) {
            text_add_f(&pairs, "r%u,r%u\n", r, r - 1);
        }
    }
    place->data = test_folder_put(place->folder, "data.csv", text_str(&data));
    place->entities = test_folder_put(place->folder, "entities.csv", text_str(&entities));
    place->pairs = test_folder_put(place->folder, "pairs.csv", text_str(&pairs));
}

static int make_place(void **state)
{
    void *folder = NULL;
    struct table table;
    if (test_folder_make(&folder) != 0) return 1;
    struct place *place = arena_new(&((struct test_folder *)folder)->arena, struct place);
    place->folder = folder;
    table_open(&table, &place->folder->arena, PERSONS * COPIES, people_columns, 4);
    table_people(&table, PERSONS, COPIES, (struct people_rates){150000, 80000}, 3);
    put_people(place, &table);
    *state = place;
    return 0;
}

static int drop_place(void **state)
{
    struct place *place = *state;
    void *folder = place->folder;
    return test_folder_remove(&folder);
}

/* A run with this `match`; learns the model the first time and keeps it. */
static void run_at(struct place *place, int32_t threshold, const char *more, struct match *match)
{
    struct err err = ERR_INIT;
    struct text text;
    text_init(&text, &place->folder->arena, 1 << 12);
    text_add_f(&text, "%s%smatch: %s%d.%03d\n", spec_text, more, threshold < 0 ? "-" : "",
               abs(threshold) / 1000, abs(threshold) % 1000);
    bool known = place->model != NULL;
    place->model = test_folder_path(place->folder, "model.json");
    struct match_options options = {.model_in = known ? place->model : NULL,
                                    .model_out = known ? NULL : place->model};
    const char *spec = test_folder_put(place->folder, "spec.yaml", text_str(&text));
    bool done = match_open(match, &place->folder->arena, spec, place->data, NULL, &err)
                && match_run(match, &options, &err);
    if (!done) print_error("%s\n", err.en);
    assert_true(done);
}

static void check_step(const struct match_step *step, const struct match *match,
                       const struct evaluation_report *evaluated)
{
    struct arena arena = {0};
    uint32_t *sizes = arena_array(&arena, uint32_t, match->result.cluster_count);
    uint32_t largest = 0, linked = 0;
    uint64_t pairs = 0;
    for (size_t r = 0; r < match->input.record_count; r++) sizes[match->result.clusters[r]]++;
    for (size_t c = 0; c < match->result.cluster_count; c++) {
        if (sizes[c] > largest) largest = sizes[c];
        if (sizes[c] > 1) linked += sizes[c];
        pairs += (uint64_t)sizes[c] * (sizes[c] - 1) / 2;
    }
    assert_int_equal(step->clusters, match->result.cluster_count);
    assert_int_equal(step->largest, largest);
    assert_int_equal(step->linked, linked);
    assert_int_equal(step->pairs, pairs);
    assert_int_equal(step->inside.true_pairs, evaluated->clusters.true_pairs);
    assert_int_equal(step->inside.found, evaluated->clusters.found);
    assert_int_equal(step->inside.wrong, evaluated->clusters.wrong);
    assert_int_equal(step->inside.f1_ppm, evaluated->clusters.f1_ppm);
    arena_free(&arena);
}

static void check_all(struct place *place, const char *more, const char *truth)
{
    struct match match, other;
    struct match_step steps[THRESHOLDS];
    struct err err = ERR_INIT;
    run_at(place, 5000, more, &match);
    assert_true(match_steps(&match, truth, thresholds, THRESHOLDS, 2, steps, &err));
    uint32_t fewest = UINT32_MAX, most = 0;
    for (size_t i = 0; i < THRESHOLDS; i++) {
        struct evaluation_report evaluated;
        run_at(place, thresholds[i], more, &other);
        assert_true(match_evaluate_result(&other, truth, &evaluated, &err));
        assert_int_equal(steps[i].threshold_millibits, thresholds[i]);
        check_step(&steps[i], &other, &evaluated);
        if (steps[i].clusters < fewest) fewest = steps[i].clusters;
        if (steps[i].clusters > most) most = steps[i].clusters;
    }
    assert_true(fewest + PERSONS / 2 < most);
    assert_true(steps[0].inside.found > 0);
    assert_true(steps[1].inside.wrong > 0);
}

static void test_steps(void **state)
{
    struct place *place = *state;
    check_all(place, "", place->entities);
    check_all(place, "", place->pairs);
    check_all(place, "once_per_entity: yes\nonce_penalty: 4\n", place->entities);
    check_all(place, "one_to_one: yes\n", place->entities);
}

static void test_limits(void **state)
{
    struct place *place = *state;
    struct match match;
    struct match_step step;
    struct err err = ERR_INIT;
    int32_t below = -6001, list[20];
    run_at(place, 0, "", &match);
    assert_false(match_steps(&match, NULL, &below, 1, 1, &step, &err));
    assert_int_equal(err.kind, ERR_USAGE);
    size_t count = match_step_thresholds(&match, 20, list);
    assert_in_range(count, 10, 20);
    assert_int_equal(list[0], -6000);
    for (size_t i = 1; i < count; i++) assert_int_equal(list[i] - list[i - 1], list[1] - list[0]);
    assert_true(match_steps(&match, NULL, list, count, 1, (struct match_step[20]){0}, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_steps, make_place, drop_place),
        cmocka_unit_test_setup_teardown(test_limits, make_place, drop_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
