#include "cases/procedure_read.h"
#include "access/codec.h"
#include "base/list.h"
#include "base/yaml.h"
#include "cases/pack_text.h"

#include <stdlib.h>

/* Where in a text one is. */
struct place {
    struct arena *arena;
    const char *name;
};

static bool read_words(const struct place *at, struct yaml_node *map, struct procedure_words *out,
                       struct err *err)
{
    if (map == NULL || map->kind != YAML_MAP) {
        return yaml_fail(map, at->name, err, "expected a map of words", "此处应为词的映射");
    }
    out->items = arena_array(at->arena, struct procedure_word, map->count);
    for (size_t i = 0; i < map->count; i++) {
        struct procedure_word *word = &out->items[out->count++];
        struct yaml_node *node = map->items[i];
        bool reached = true;
        word->key = map->keys[i]->text;
        if (!yaml_text(node, "zh", at->name, &word->zh, err)
            || !yaml_text(node, "en", at->name, &word->en, err)
            || !yaml_bool_or(node, "home", at->name, false, &word->home, err)
            || !yaml_bool_or(node, "reached", at->name, true, &reached, err)) {
            return false;
        }
        word->not_reached = !reached;
    }
    return true;
}

static bool read_contacts(struct procedures *out, const struct place *at, struct yaml_node *root,
                          struct err *err)
{
    return read_words(at, yaml_get(root, "ways"), &out->ways, err)
           && read_words(at, yaml_get(root, "results"), &out->results, err)
           && read_words(at, yaml_get(root, "fields"), &out->fields, err);
}

static bool read_day(const struct place *at, struct yaml_node *map, const char *key, day *out,
                     struct err *err)
{
    struct str text;
    if (!yaml_text(map, key, at->name, &text, err)) return false;
    if (day_parse(text, out)) return true;
    return yaml_fail(map, at->name, err, "expected a day as 2020-10-01",
                     "此处应为 2020-10-01 式日期");
}

static bool read_workdays(struct procedures *out, const struct place *at, struct yaml_node *root,
                          struct err *err)
{
    struct yaml_node *lists[2] = {yaml_get(root, "working"), yaml_get(root, "holidays")};
    size_t count = (lists[0] ? lists[0]->count : 0) + (lists[1] ? lists[1]->count : 0);
    out->workdays = arena_array(at->arena, struct workday_change, count);
    for (int k = 0; k < 2; k++) {
        for (size_t i = 0; lists[k] != NULL && i < lists[k]->count; i++) {
            struct workday_change *change = &out->workdays[out->workday_count++];
            struct yaml_node *node = lists[k]->items[i];
            if (!read_day(at, node, "from", &change->from, err)) return false;
            if (!read_day(at, node, "to", &change->to, err)) return false;
            if (change->to.days < change->from.days) {
                return yaml_fail(node, at->name, err, "the last day is before the first",
                                 "止日早于起日");
            }
            change->works = k == 0;
        }
    }
    return true;
}

static bool read_chain_use(struct procedures *out, const struct place *at, struct yaml_node *root,
                           struct err *err)
{
    return yaml_text_or(root, "use", at->name, out->chain, &out->chain, err);
}

/* "dropout.home_visit: 3" under `days`: changes what a place counts differently. */
static bool adjust_days(struct procedures *out, const struct place *at, struct yaml_node *root,
                        struct err *err)
{
    struct yaml_node *days = yaml_get(root, "days");
    for (size_t i = 0; days != NULL && i < days->count; i++) {
        struct str rest = days->keys[i]->text, procedure_key;
        int64_t number = 0;
        struct procedure *procedure = NULL;
        if (str_split(&rest, '.', &procedure_key)) {
            procedure = (struct procedure *)procedure_find(out, procedure_key);
        }
        int step = procedure == NULL ? -1 : procedure_step_find(procedure, rest);
        bool escalate = procedure != NULL && str_is(rest, "escalate");
        if (!escalate && step < 0) {
            return yaml_fail(days->keys[i], at->name, err,
                             "expected PROCEDURE.STEP of a procedure that there is",
                             "此处应为“程序.步骤”，且该程序有这一步骤");
        }
        if (!yaml_integer_or(days, str_cstr(at->arena, days->keys[i]->text), at->name, 0, &number,
                             err)) {
            return false;
        }
        if (number < (escalate ? 1 : 0) || number > PROCEDURE_DAYS_MAX) {
            return yaml_fail(days->keys[i], at->name, err, "days are 0 to 3660, and 1 for escalate",
                             "天数应在 0 至 3660 之间，escalate 至少 1");
        }
        if (escalate) {
            procedure->escalate_days = number;
        } else {
            procedure->steps[step].days = number;
        }
    }
    return true;
}

/* Texts that are no procedure, by name; each is read once the procedures are there. */
static bool read_other(struct procedures *out, const struct place *at, struct str name,
                       struct yaml_node *root, struct err *err)
{
    if (str_is(name, "workdays")) return read_workdays(out, at, root, err);
    if (str_is(name, "contacts")) return read_contacts(out, at, root, err);
    if (str_is(name, "chains")) return read_chain_use(out, at, root, err);
    return read_chain_use(out, at, root, err) && adjust_days(out, at, root, err);
}

static bool is_other(struct str name)
{
    static const char *const others[] = {"workdays", "contacts", "chains",
                                         "local",    "risk",     "ledgers"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (str_is(name, others[i])) return true;
    }
    return false;
}

/* Texts in the folder that other files of this module read. */
static bool is_of_others(struct str name)
{
    return str_is(name, "risk") || str_is(name, "ledgers");
}

static int compare_procedures(const void *a, const void *b)
{
    return str_compare(((const struct procedure *)a)->key, ((const struct procedure *)b)->key);
}

static bool read_procedures(struct procedures *out, struct arena *arena,
                            const struct pack_text *texts, size_t count, struct err *err)
{
    out->items = arena_array(arena, struct procedure, count);
    for (size_t i = 0; i < count; i++) {
        struct yaml_node *root;
        struct procedure procedure;
        if (is_other(texts[i].name)) continue;
        if (!yaml_parse(arena, texts[i].text, texts[i].path, &root, err)
            || !procedure_read(&procedure, arena, root, texts[i].path, err)
            || !yaml_check_used(root, texts[i].path, err)) {
            return false;
        }
        if (procedure_find(out, procedure.key) != NULL || out->count == PROCEDURES_MAX) {
            return yaml_fail(root, texts[i].path, err,
                             "a procedure of this key stands already, or there are more than 32",
                             "已有同名程序，或程序超过 32 个");
        }
        out->items[out->count++] = procedure;
    }
    if (out->count > 1) qsort(out->items, out->count, sizeof *out->items, compare_procedures);
    return true;
}

/* What follows an outcome must be there. */
static bool check_next(const struct procedures *procedures, struct err *err)
{
    for (size_t i = 0; i < procedures->count; i++) {
        const struct procedure *procedure = &procedures->items[i];
        for (size_t k = 0; k < procedure->outcome_count; k++) {
            struct str next = procedure->outcomes[k].next;
            if (next.len == 0 || procedure_find(procedures, next) != NULL) continue;
            return err_set(err, ERR_INPUT,
                           "%.*s: outcome %.*s names the procedure \"%.*s\", which is not there",
                           "%.*s：结果 %.*s 所指的程序“%.*s”不存在", STR_ARG(procedure->file),
                           STR_ARG(procedure->outcomes[k].code), STR_ARG(next));
        }
    }
    return true;
}

static struct str hash_of(struct arena *arena, const struct pack_text *texts, size_t count)
{
    struct text all;
    unsigned char sum[32];
    char *hex = arena_alloc(arena, sizeof sum * 2 + 1);
    text_init(&all, arena, (count + 1) * (PACK_TEXT_BYTES_MAX + 1));
    for (size_t i = 0; i < count; i++) {
        text_add(&all, texts[i].text);
        text_add_byte(&all, '\0');
    }
    sm3_hash(text_str(&all), sum);
    hex_of(sum, sizeof sum, hex);
    return str_from(hex);
}

static void name_steps(struct procedures *all, struct arena *arena)
{
    all->steps = arena_alloc_array(arena, all->count * PROCEDURE_STEPS_MAX + 1, sizeof *all->steps);
    for (size_t i = 0; i < all->count; i++) {
        const struct procedure *procedure = &all->items[i];
        for (size_t k = 0; k < procedure->step_count; k++) {
            const struct procedure_step *step = &procedure->steps[k];
            struct text key;
            text_init(&key, arena, procedure->key.len + step->key.len + 2);
            text_add(&key, procedure->key);
            text_add_byte(&key, '.');
            text_add(&key, step->key);
            all->steps[all->step_count++] =
                (struct reason_step){text_str(&key), step->zh, step->en};
        }
    }
}

bool procedures_load(struct procedures *out, struct arena *arena, const char *folder,
                     struct err *err)
{
    struct pack_text *texts;
    size_t count;
    struct procedures all = {0};
    if (!pack_texts(arena, folder, "procedures", &texts, &count, err)) return false;
    if (!read_procedures(&all, arena, texts, count, err)) return false;
    for (size_t i = 0; i < count; i++) {
        struct place at = {arena, texts[i].path};
        struct yaml_node *root;
        if (!is_other(texts[i].name) || is_of_others(texts[i].name)) continue;
        if (!yaml_parse(arena, texts[i].text, texts[i].path, &root, err)
            || !read_other(&all, &at, texts[i].name, root, err)) {
            return false;
        }
        /* The chains themselves are read by chains_load. */
        if (!str_is(texts[i].name, "chains") && !yaml_check_used(root, texts[i].path, err)) {
            return false;
        }
    }
    if (!check_next(&all, err)) return false;
    all.hash = hash_of(arena, texts, count);
    name_steps(&all, arena);
    *out = all;
    return true;
}
