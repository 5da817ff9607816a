#include "awards/facts_testing.h"

static const char *const stages[] = {"preschool",     "primary",      "junior",
                                     "senior",        "vocational",   "college",
                                     "undergraduate", "postgraduate", NULL};
static const char *const majors[] = {"general", "agriculture_medicine", "arts", "opera", NULL};
static const char *const categories[] = {
    "poverty_lifted",  "monitored",       "dibao_rural", "dibao_urban",
    "destitute_rural", "destitute_urban", "orphan",      "disabled",
    "martyr_child",    "recognised",      NULL};

static const char *const tiers[] = {"special", "hard", "general", NULL};

static const struct {
    const char *key;
    enum policy_type type;
    const char *const *words;
} inputs[] = {
    {"stage", POLICY_CHOICE, stages},       {"grade", POLICY_NUMBER, NULL},
    {"boarding", POLICY_YES_NO, NULL},      {"categories", POLICY_SET, categories},
    {"school_county", POLICY_CODE, NULL},   {"home_county", POLICY_CODE, NULL},
    {"school_rural", POLICY_YES_NO, NULL},  {"home_rural", POLICY_YES_NO, NULL},
    {"major_class", POLICY_CHOICE, majors}, {"fee_fen", POLICY_MONEY, NULL},
    {"tier", POLICY_CHOICE, tiers},         {"school_code", POLICY_NUMBER, NULL},
};

enum { INPUTS = sizeof inputs / sizeof *inputs };

static struct policy_name name_of(const char *key)
{
    return (struct policy_name){.key = str_from(key), .zh = str_from(key), .en = str_from(key)};
}

static const struct policy *make_policy(struct arena *arena)
{
    struct policy *policy = arena_new(arena, struct policy);
    policy->subjects = arena_new(arena, struct policy_subject);
    policy->subject_count = 1;
    policy->subjects[0].name = name_of("student");
    policy->inputs = arena_array(arena, struct policy_input, INPUTS);
    policy->input_count = INPUTS;
    for (size_t i = 0; i < INPUTS; i++) {
        struct policy_input *input = &policy->inputs[i];
        *input = (struct policy_input){
            .name = name_of(inputs[i].key), .type = inputs[i].type, .most = POLICY_VALUE_MAX};
        if (inputs[i].words == NULL) continue;
        input->choices = arena_array(arena, struct policy_choice, POLICY_CHOICES_MAX);
        while (inputs[i].words[input->choice_count] != NULL) {
            input->choices[input->choice_count].name =
                name_of(inputs[i].words[input->choice_count]);
            input->choice_count++;
        }
    }
    return policy;
}

void facts_world_open(struct facts_world *out, void **state)
{
    struct err err = ERR_INIT;
    *out = (struct facts_world){.world = world_open(state)};
    assert_true(people_migrate(out->world->registry.store, &err));
    if (!facts_text_load(&out->text, &out->arena, &out->world->profiles, NULL, "student", &err)) {
        fail_msg("%s", err.en);
    }
    out->policy = make_policy(&out->arena);
}

void facts_world_close(struct facts_world *world)
{
    world_close(world->world);
    arena_free(&world->arena);
}

void facts_world_make(struct facts_world *world, const char *at)
{
    struct err err = ERR_INIT;
    struct registry *registry = &world->world->registry;
    struct read_at when = {.known_ms = INT64_MAX};
    struct people_link_result result;
    const struct people_link_options options = {.threads = 2};
    assert_true(day_parse(str_from(at), &when.at));
    struct fact_collector *collector =
        fact_collector_open(&world->arena, &world->text, &world->world->profiles);
    assert_true(people_read_heard(&world->people, &world->arena, registry, &world->world->local,
                                  when, fact_collector_listener(collector), NULL, &err));
    assert_true(people_link(&world->people, registry, &options, &result, &err));
    assert_true(
        fact_collector_close(collector, registry, &world->world->local, when, &world->kept, &err));
    facts_make(&world->arena, &world->text, world->policy, &world->people, &world->kept,
               &world->facts);
}

static void print_value(struct text *out, const struct policy_input *input, int64_t value)
{
    bool first = true;
    switch (input->type) {
    case POLICY_YES_NO: text_add_c(out, value != 0 ? "yes" : "no"); break;
    case POLICY_CHOICE: text_add(out, input->choices[value].name.key); break;
    case POLICY_SET:
        for (size_t i = 0; i < input->choice_count; i++) {
            if ((value & (INT64_C(1) << i)) == 0) continue;
            if (!first) text_add_c(out, ";");
            text_add(out, input->choices[i].name.key);
            first = false;
        }
        if (first) text_add_c(out, "none");
        break;
    default: text_add_f(out, "%lld", (long long)value);
    }
}

static void print_input(struct text *out, const struct facts *facts, size_t row, uint16_t input)
{
    const struct policy_column *column = &facts->rows.columns[input];
    const struct policy_input *at = &facts->policy->inputs[input];
    bool is_set = at->type == POLICY_SET;
    if (column->states == NULL) return;
    uint8_t state = column->states[row];
    if (state == POLICY_MISSING && !is_set) return;
    if (out->len > 0) text_add_c(out, " ");
    text_add(out, at->name.key);
    if (state == POLICY_STALE) text_add_c(out, "~");
    if (state == POLICY_CONFLICTING) text_add_c(out, "?");
    if (state != POLICY_KNOWN && !is_set) return;
    text_add_c(out, "=");
    print_value(out, at, column->values[row]);
    int open = __builtin_popcountll(facts->open.masks[row]);
    if (is_set && open > 0) text_add_f(out, "+%d", open);
}

struct str facts_world_print(struct facts_world *world, const char *name)
{
    struct text out;
    const struct facts *facts = &world->facts;
    text_init(&out, &world->arena, 4096);
    for (size_t row = 0; row < facts->rows.count; row++) {
        if (!str_is(people_text(facts->people, facts->records[row], PERSON_NAME), name)) continue;
        for (uint16_t i = 0; i < INPUTS; i++) print_input(&out, facts, row, i);
        return text_str(&out);
    }
    return STR("none");
}
