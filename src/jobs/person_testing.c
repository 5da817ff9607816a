#include "jobs/person_testing.h"

#include "identity/id_number.h"
#include "ledger/ledger.h"
#include "link/people_explain.h"

enum { TEXT_BYTES_MAX = 1 << 18 };

struct place place_open(void **state, uint64_t seed)
{
    struct place place = {.world = world_open(state), .rng = rng_seed(seed)};
    struct world *world = place.world;
    struct err err = ERR_INIT;
    struct store *store = world->registry.store;
    place.workspace = (struct workspace){.store = store,
                                         .codec = world->registry.codec,
                                         .profiles = world->profiles,
                                         .registry = world->registry,
                                         .clock = world->registry.clock};
    assert_true(rules_load(&place.workspace.rules, &world->arena, &world->profiles, NULL, &err));
    assert_true(procedures_load(&place.workspace.procedures, &world->arena, NULL, &err));
    assert_true(chains_load(&place.workspace.chains, &world->arena, NULL,
                            &place.workspace.procedures, &err));
    assert_true(facts_text_load(&place.workspace.facts, &world->arena, &world->profiles, NULL,
                                "student", &err));
    assert_true(people_migrate(store, &err) && award_migrate(store, &err));
    assert_true(ledger_migrate(store, &err) && finding_migrate(store, &err));
    assert_true(case_migrate(store, &err));
    return place;
}

static struct str id_of(struct arena *arena, int year, int month, int dom, int sequence)
{
    struct text text;
    text_init(&text, arena, 32);
    text_add_f(&text, "620422%04d%02d%02d%03d", year, month, dom, sequence);
    text_add_byte(&text, id_number_check(text.ptr));
    return text_str(&text);
}

/* A valid number with one digit of its sequence or check mistyped. */
static struct str slip(struct arena *arena, struct rng *rng, struct str id)
{
    char *copy = str_copy(arena, id).len == 0 ? NULL : arena_copy(arena, id.ptr, id.len);
    size_t at = 14 + rng_below(rng, 3);
    copy[at] = (char)('0' + (copy[at] - '0' + 1 + (int)rng_below(rng, 8)) % 10);
    return (struct str){copy, id.len};
}

struct child {
    struct str name, id, parent, parent_id;
    int year, month, dom, house, order;
};

static const char *pick(struct rng *rng, const char *const *list, uint32_t count)
{
    return list[rng_below(rng, count)];
}

static const char *const surnames[] = {"赵", "钱", "孙", "欧阳", "曾"};
static const char *const given[] = {"小伟", "小芳", "敏", "晓敏", "静", "一一", "重庆", "磊"};

static struct child make_child(struct arena *arena, struct rng *rng, int house, int order)
{
    struct child child = {.house = house, .order = order};
    struct text name;
    text_init(&name, arena, 64);
    child.year = 2006 + (int)rng_below(rng, 9);
    child.month = 1 + (int)rng_below(rng, 3);
    child.dom = 1 + (int)rng_below(rng, 28);
    text_add_f(&name, "%s%s", surnames[house % 5], pick(rng, given, 8));
    child.name = text_str(&name);
    child.id = id_of(arena, child.year, child.month, child.dom, 100 + house * 7 + order);
    return child;
}

/* The registers, as text; a child is in some of them. */
struct texts {
    struct text population, residents, roll, attending, dibao, poverty, schools;
};

static void begin(struct arena *arena, struct texts *texts, const char *since)
{
    text_init(&texts->population, arena, TEXT_BYTES_MAX);
    text_init(&texts->residents, arena, TEXT_BYTES_MAX);
    text_init(&texts->roll, arena, TEXT_BYTES_MAX);
    text_init(&texts->attending, arena, TEXT_BYTES_MAX);
    text_init(&texts->dibao, arena, TEXT_BYTES_MAX);
    text_init(&texts->poverty, arena, TEXT_BYTES_MAX);
    text_init(&texts->schools, arena, TEXT_BYTES_MAX);
    text_add_f(&texts->population,
               "population,%s\nname,id_number,birth_date,household_number,relation,area\n", since);
    text_add_f(&texts->residents, "residents,%s\nname,id_number,phone,companions,area\n", since);
    text_add_f(&texts->roll,
               "roll,%s\nname,id_number,birth_date,student_number,guardian_name,guardian_id,"
               "school_code,school_name,stage,grade,class,boarding,area\n",
               since);
    text_add_f(&texts->attending,
               "attending,%s\nname,birth_date,guardian_name,school_name,stage,grade,class,area\n",
               since);
    text_add_f(&texts->dibao, "dibao,%s\nname,id_number,members,town_rural,area\n", since);
    text_add_f(&texts->poverty,
               "poverty,%s\nname,id_number,birth_date,relation,kind,head_name,area\n", since);
    text_add_f(&texts->schools,
               "schools,%s\nschool_code,school_name,town_rural,area\n"
               "2162000000,第0小学,乡村,620422100200\n2162000001,第1小学,城区,620422101001\n"
               "2162000002,第2小学,乡村,620422101201\n",
               since);
}

static void add_to_roll(struct arena *arena, struct rng *rng, struct texts *texts,
                        const struct child *child)
{
    bool slipped = rng_below(rng, 8) == 0, numbered = rng_below(rng, 6) > 0;
    struct str id = slipped ? slip(arena, rng, child->id) : child->id;
    int grade = 2020 - child->year - 5, school = child->house % 3;
    if (grade < 1) return;
    text_add_f(&texts->roll,
               "%.*s,%.*s,%04d-%02d-%02d,%s%.*s,%.*s,%.*s,216200000%d,第%d小学,%s,%s:%d,%d,"
               "%s,62042210%d\n",
               STR_ARG(child->name), numbered ? (int)id.len : 0, id.ptr, child->year, child->month,
               rng_below(rng, 9) == 0 ? 1 : child->dom, numbered ? "" : "G",
               numbered ? 0 : (int)id.len, id.ptr, STR_ARG(child->parent),
               STR_ARG(child->parent_id), school, school, grade > 6 ? "junior" : "primary",
               grade > 6 ? "junior" : "primary", grade > 6 ? (grade - 7) % 3 + 1 : grade,
               child->order, rng_below(rng, 3) == 0 ? "yes" : "no", child->house % 2);
    if (rng_below(rng, 5) == 0) return;
    text_add_f(&texts->attending, "%.*s,%04d-%02d-%02d,%.*s,第%d小学,%s,%s:%d,%d,62042210%d\n",
               STR_ARG(child->name), child->year, child->month, child->dom, STR_ARG(child->parent),
               school, grade > 6 ? "junior" : "primary", grade > 6 ? "junior" : "primary",
               grade > 6 ? (grade - 7) % 3 + 1 : grade, child->order, child->house % 2);
}

/* 低保 names heads, some with the members in a cell; 脱贫 heads by name alone, for one township
 * only.
 */
static void add_aid(struct texts *texts, int house, struct str head, struct str head_id,
                    struct str members)
{
    if (house % 4 == 0) {
        bool named = house % 8 == 0;
        text_add_f(&texts->dibao, "%.*s,%.*s,%.*s,rural,62042210%d20%d\n", STR_ARG(head),
                   STR_ARG(head_id), named ? (int)members.len : 0, members.ptr, house % 2,
                   house % 3);
    }
    if (house % 2 == 0 && house % 5 == 0) {
        text_add_f(&texts->poverty, "%.*s,,1975-05-06,户主,脱贫户,,62042210020%d\n", STR_ARG(head),
                   house % 3);
    }
}

static void add_family(struct arena *arena, struct rng *rng, struct texts *texts, int house)
{
    struct text parent, cell;
    struct str head_id = id_of(arena, 1975 + house % 10, 5, 6, 200 + house);
    int children = 1 + (int)rng_below(rng, 3);
    text_init(&parent, arena, 64);
    text_init(&cell, arena, 1024);
    text_add_f(&parent, "%s大%s", surnames[house % 5], pick(rng, given, 8));
    struct str head = text_str(&parent);
    text_add_f(&texts->population, "%.*s,%.*s,,H%03d,户主,62042210%d20%d\n", STR_ARG(head),
               STR_ARG(head_id), house, house % 2, house % 3);
    for (int order = 0; order < children; order++) {
        struct child child = make_child(arena, rng, house, order);
        child.parent = head;
        child.parent_id = head_id;
        if (rng_below(rng, 8) > 0) {
            text_add_f(&texts->population, "%.*s,%.*s,,H%03d,%s,62042210%d20%d\n",
                       STR_ARG(child.name), STR_ARG(child.id), house, order == 0 ? "长子" : "次女",
                       house % 2, house % 3);
        }
        if (rng_below(rng, 4) > 0) add_to_roll(arena, rng, texts, &child);
        text_add_f(&cell, "%s%.*s|%.*s|", order == 0 ? "" : ";", STR_ARG(child.name),
                   rng_below(rng, 2) == 0 ? (int)child.id.len : 0, child.id.ptr);
    }
    if (house % 3 == 0) {
        text_add_f(&texts->residents, "%.*s,%.*s,138000%05d,%.*s,62042210%d\n", STR_ARG(head),
                   STR_ARG(head_id), house, (int)cell.len, cell.ptr, house % 2);
    }
    add_aid(texts, house, head, head_id, text_str(&cell));
}

void place_load(void **state, struct place *place, const char *since, int families)
{
    struct texts texts;
    struct arena *arena = &place->world->arena;
    begin(arena, &texts, since);
    for (int house = 0; house < families; house++) {
        add_family(arena, &place->rng, &texts, house);
    }
    const struct text *all[] = {&texts.schools,   &texts.population, &texts.residents, &texts.roll,
                                &texts.attending, &texts.dibao,      &texts.poverty};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct load_result result = world_load(state, place->world, all[i]->ptr, world_options());
        assert_int_equal(result.status, LOAD_LOADED);
    }
}

day place_day(const char *text)
{
    day at;
    assert_true(day_parse(str_from(text), &at));
    return at;
}

size_t place_decide(struct place *place, const char *at)
{
    struct arena arena = {0};
    struct err err = ERR_INIT;
    struct check_run run;
    struct review_item *items;
    size_t count;
    struct read_at when = {place_day(at), INT64_MAX};
    struct registry *registry = &place->workspace.registry;
    assert_true(job_check(&place->workspace, &arena, &place->world->local, when, NULL, &run, &err));
    assert_true(review_list(&run.people, registry, &place->world->local, &items, &count, &err));
    if (count > 6) count = 6;
    for (size_t i = 0; i < count; i++) {
        enum review_verdict verdict = i % 2 == 0 ? REVIEW_SAME : REVIEW_DIFFERENT;
        assert_true(review_decide(registry, &place->world->local, items[i].number, verdict,
                                  STR("看过"), REVIEW_SEEN_ANY, NULL, &err));
    }
    arena_free(&arena);
    return count;
}

struct str place_print_told(struct arena *arena, const struct person_told *told)
{
    const struct people *people = told->people;
    const struct person *person = &people->persons[told->person];
    struct text text;
    text_init(&text, arena, 1 << 16);
    text_add_f(&text, "%lld:", (long long)person->number);
    for (uint32_t i = 0; i < person->count; i++) {
        uint32_t record = people->order[person->first + i];
        const struct person_record *row = &people->records[record];
        text_add_f(&text, "\n  %s %lld/%u %d %d", people->registers[row->register_number]->key.ptr,
                   (long long)row->statement, (unsigned)row->part, (int)row->id_kind,
                   (int)row->birth_source);
        for (int f = 0; f < PERSON_FIELD_COUNT; f++) {
            struct str value = people_text(people, record, (enum person_field)f);
            text_add_f(&text, " %.*s", STR_ARG(value));
        }
    }
    for (size_t i = 0; i < told->finding_count; i++) {
        const struct told_finding *finding = &told->findings[i];
        text_add_f(&text, "\n  finding %lld %s %s %u %.*s", (long long)finding->number,
                   finding_kind_key(finding->kind), queue_key(finding->queue),
                   (unsigned)finding->probability_ppm, STR_ARG(finding->reason));
    }
    if (told->nearest == UINT32_MAX) return text_str(&text);
    struct explanation explanation;
    const struct person_record *other = &people->records[told->nearest];
    explain_person(arena, people, told->weigher, told->person, told->nearest, EXPLAIN_WHOLE,
                   &explanation);
    text_add_f(&text, "\n  nearest %lld %lld/%u %lld",
               (long long)people->persons[other->person].number, (long long)other->statement,
               (unsigned)other->part, (long long)explanation.weight_millibits);
    for (int f = 0; f < EXPLAIN_FIELDS; f++) {
        const struct explain_field *field = &explanation.fields[f];
        text_add_f(&text, " %s %.*s/%.*s %d%d %lld", field->level_en, STR_ARG(field->left),
                   STR_ARG(field->right), field->left_derived, field->right_derived,
                   (long long)field->millibits);
    }
    return text_str(&text);
}
