#include "jobs/warnings.h"

#include "base/dict.h"
#include "base/list.h"
#include "figures/standards.h"
#include "findings/watch_store.h"
#include "jobs/warning_text.h"

enum { UNIT_BYTES_MAX = 512, REASON_BYTES_MAX = 1024 };

/* A unit that is watched, with the finding that it would be. */
struct warned {
    struct watch_unit unit;
    struct finding finding;
};

struct looking {
    struct workspace *workspace;
    struct arena *arena;
    const struct asker *asker;
    struct read_at when;
    const struct check_run *run;
    const struct warning_watch *watch;
    struct dict keys; /* of the units */
    LIST(struct warned) units;
};

static struct str unit_text(const struct looking *looking, const char *what, struct str key)
{
    struct text text;
    text_init(&text, looking->arena, UNIT_BYTES_MAX);
    text_add_f(&text, "%s/%.*s", what, STR_ARG(key));
    return text_str(&text);
}

/* Of a unit that is named twice the last finding counts; bad it is when it was once. */
static struct warned *add(struct looking *looking, struct str unit, bool bad)
{
    uint32_t number = dict_put(&looking->keys, unit);
    struct warned *warned = number < looking->units.count
                                ? &looking->units.items[number]
                                : list_push(looking->arena, &looking->units);
    bad = bad || warned->unit.bad;
    *warned = (struct warned){.unit = {.unit = unit, .bad = bad, .stated = DAY_NONE},
                              .finding = {.kind = looking->watch->kind,
                                          .queue = QUEUE_WATCH,
                                          .person = UINT32_MAX,
                                          .record = UINT32_MAX,
                                          .birth = DAY_NONE,
                                          .probability_ppm = 1000000,
                                          .nearest = UINT32_MAX,
                                          .reason = looking->watch->reason,
                                          .due_fen = -1,
                                          .paid_fen = -1,
                                          .key = unit}};
    return warned;
}

/* Since when a register states the word of a student; a month or year alone says no day. */
static day stated_since(const struct looking *looking, const struct facts *facts, size_t row,
                        uint16_t input, int64_t word)
{
    struct arena work = {0};
    struct fact_source *sources;
    size_t count;
    day since = DAY_NONE;
    facts_sources(facts, &work, row, input, &sources, &count);
    for (size_t i = 0; i < count; i++) {
        day at;
        if (sources[i].kind != FACT_STATED || (sources[i].value & word) == 0) continue;
        if (sources[i].record == UINT32_MAX) continue;
        struct str from = people_text(&looking->run->people, sources[i].record, PERSON_FROM);
        if (day_parse(from, &at) && (day_is_none(since) || at.days < since.days)) since = at;
    }
    arena_free(&work);
    return since;
}

static void add_student(struct looking *looking, const struct facts *facts, size_t row,
                        uint16_t input, int64_t word)
{
    const struct people *people = &looking->run->people;
    uint32_t person = facts->persons[row];
    struct text number;
    text_init(&number, looking->arena, 32);
    text_add_f(&number, "%lld", (long long)people->persons[person].number);
    struct warned *warned = add(looking, unit_text(looking, "person", text_str(&number)), true);
    warned->unit.stated = stated_since(looking, facts, row, input, word);
    warned->finding.person = person;
    warned->finding.record = people_shown(people, person);
    warned->finding.birth = people->records[warned->finding.record].birth;
    warned->finding.area = facts->areas[row];
    warned->finding.school = people_text(people, facts->records[row], PERSON_SCHOOL_NAME);
}

static bool look_at_students(struct looking *looking, struct err *err)
{
    const struct warning_watch *watch = looking->watch;
    if (looking->run->aid == NULL) return true; /* nobody is on a roll */
    const struct facts *facts = &looking->run->aid->run.facts;
    uint16_t input = policy_find_input(facts->policy, facts->subject, watch->input);
    int word =
        input == POLICY_NONE ? -1 : policy_find_choice(&facts->policy->inputs[input], watch->word);
    if (word < 0) {
        return err_set(err, ERR_INPUT,
                       "warnings.yaml: the watch \"%.*s\" reads an input or word that the policy "
                       "does not have",
                       "warnings.yaml：“%.*s”所读的输入或词，政策文本中没有",
                       STR_ARG(watch->watch));
    }
    int64_t bit = INT64_C(1) << word;
    const struct policy_column *column = &facts->rows.columns[input];
    for (size_t row = 0; column->states != NULL && row < facts->rows.count; row++) {
        /* A set whose other words are not known holds those that are. */
        if ((column->values[policy_place_in(&facts->rows, input, row)] & bit) == 0) continue;
        add_student(looking, facts, row, input, bit);
    }
    return true;
}

/* A school meets a standard when each of its stages does; what it does not state is not judged. */
static bool look_at_schools(struct looking *looking, struct err *err)
{
    struct standards standards;
    const struct standard_set *set;
    struct standards_found found;
    const struct asker all = asker_local();
    if (!standards_load(&standards, looking->arena, looking->workspace->policies,
                        &looking->workspace->profiles, err)
        || !standard_set_find(&standards, looking->watch->standard, &set, err)
        || !standards_find(&found, looking->arena, set, &looking->workspace->registry, &all,
                           looking->when, 0, err)) {
        return false;
    }
    for (size_t i = 0; i < found.school_count; i++) {
        const struct standard_school *school = &found.schools[i];
        if (school->asked == 0) continue;
        struct str key = school->code.len > 0 ? school->code : school->name;
        struct warned *warned = add(looking, unit_text(looking, "school", key), !school->meets);
        warned->finding.area = school->area;
        warned->finding.school = school->name;
    }
    return true;
}

static bool take_village(void *context, const struct statement *statement)
{
    struct looking *looking = context;
    const struct warning_watch *watch = looking->watch;
    struct str value = statement->values[watch->field];
    bool met = false;
    if (value.len == 0 || statement->area.len == 0) return true;
    for (size_t i = 0; i < watch->met_count; i++) met = met || str_equal(watch->met[i], value);
    struct str area = str_copy(looking->arena, statement->area);
    struct warned *warned = add(looking, unit_text(looking, "village", area), !met);
    warned->finding.area = area;
    return true;
}

static bool look(struct looking *looking, struct err *err)
{
    const struct asker all = asker_local();
    switch (looking->watch->of) {
    case WARNING_OF_STUDENT: return look_at_students(looking, err);
    case WARNING_OF_SCHOOL: return look_at_schools(looking, err);
    case WARNING_OF_VILLAGE:
        return registry_read(&looking->workspace->registry, &all, looking->watch->profile,
                             looking->when, take_village, looking, err);
    }
    return true;
}

static struct str with_day(const struct looking *looking, struct str reason, day since)
{
    struct text text;
    char at[DAY_TEXT_SIZE];
    text_init(&text, looking->arena, REASON_BYTES_MAX);
    text_add_f(&text, "%.*s;since=%s", STR_ARG(reason), day_format(since, at));
    return text_str(&text);
}

static bool settle(struct looking *looking, bool keep, struct watch_unit **out, struct err *err)
{
    const struct watch_look at = {.watch = looking->watch->watch,
                                  .only_bad = looking->watch->of == WARNING_OF_STUDENT,
                                  .at = looking->run->at,
                                  .keep = keep};
    *out = arena_array(looking->arena, struct watch_unit, looking->units.count);
    for (size_t i = 0; i < looking->units.count; i++) (*out)[i] = looking->units.items[i].unit;
    return watch_take(looking->workspace->store, &at, *out, looking->units.count, err);
}

bool job_warnings(struct workspace *workspace, struct arena *arena, const struct asker *asker,
                  struct read_at when, const struct check_run *run, bool keep, struct finding **out,
                  size_t *count, struct err *err)
{
    struct warning_text text;
    LIST(struct finding) list = {0};
    if (!warning_text_load(&text, arena, workspace->policies, &workspace->profiles,
                           &workspace->rules, err)) {
        return false;
    }
    for (size_t w = 0; w < text.count; w++) {
        struct looking looking = {.workspace = workspace,
                                  .arena = arena,
                                  .asker = asker,
                                  .when = when,
                                  .run = run,
                                  .watch = &text.watches[w]};
        struct watch_unit *units;
        dict_init(&looking.keys, arena);
        if (!look(&looking, err) || !settle(&looking, keep, &units, err)) return false;
        for (size_t i = 0; i < looking.units.count; i++) {
            struct finding *finding = &looking.units.items[i].finding;
            if (day_is_none(units[i].since) || !asker_sees(asker, finding->area)) continue;
            finding->reason = with_day(&looking, finding->reason, units[i].since);
            *list_push(arena, &list) = *finding;
        }
    }
    *out = list.items;
    *count = list.count;
    return true;
}
