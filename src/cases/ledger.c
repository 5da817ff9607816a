#include "cases/ledger.h"

#include "base/list.h"
#include "base/yaml.h"
#include "cases/case_evidence.h"
#include "cases/pack_text.h"

#include <stdlib.h>

int ledger_kind_of(struct str key)
{
    static const char *const keys[] = {"children", "suspected", "dropout"};
    for (int i = 0; i < 3; i++) {
        if (str_is(key, keys[i])) return i;
    }
    return -1;
}

int ledger_by_of(struct str key)
{
    static const char *const keys[] = {"county", "township", "village", "school"};
    for (int i = 0; i < 4; i++) {
        if (str_is(key, keys[i])) return i;
    }
    return -1;
}

const char *ledger_kind_text(enum ledger_kind kind, enum lang lang)
{
    static const char *const zh[] = {"适龄儿童台账", "疑似辍学台账", "辍学学生台账"};
    static const char *const en[] = {"ledger of children of age", "ledger of those suspected",
                                     "ledger of dropouts"};
    CHECK((int)kind >= 0 && kind <= LEDGER_DROPOUT);
    return lang == LANG_ZH ? zh[kind] : en[kind];
}

const char *ledger_standing_text(enum standing standing, enum lang lang)
{
    static const char *const zh[STANDING_COUNT] = {"不属应入学", "有学籍", "已毕业",
                                                   "合法理由",   "称在读", "无学籍"};
    static const char *const en[STANDING_COUNT] = {
        "not expected",         "on a roll",   "finished", "lawful reason",
        "said to be at school", "in no school"};
    CHECK((int)standing >= 0 && standing < STANDING_COUNT);
    return lang == LANG_ZH ? zh[standing] : en[standing];
}

static bool read_mark(struct ledger_mark *mark, struct arena *arena, struct yaml_node *node,
                      const char *name, const struct profiles *profiles, struct err *err)
{
    if (!yaml_text(node, "zh", name, &mark->zh, err) || !yaml_text(node, "en", name, &mark->en, err)
        || !yaml_texts(arena, node, "registers", name, &mark->registers, &mark->register_count,
                       err)) {
        return false;
    }
    for (size_t i = 0; i < mark->register_count; i++) {
        if (profile_find(profiles, mark->registers[i]) != NULL) continue;
        return yaml_fail(node, name, err, "there is no such register", "没有这一名册");
    }
    return true;
}

static bool read_marks(struct arena *arena, struct yaml_node *root, const char *key,
                       const char *name, const struct profiles *profiles, struct ledger_mark **out,
                       size_t *count, struct err *err)
{
    struct yaml_node *map = yaml_get(root, key);
    if (map == NULL || map->kind != YAML_MAP || map->count > LEDGER_MARKS_MAX) {
        return yaml_fail(map == NULL ? root : map, name, err,
                         "looks and groups are maps of at most 16",
                         "looks 与 groups 应为映射，各不超过 16 项");
    }
    *out = arena_array(arena, struct ledger_mark, map->count);
    *count = map->count;
    for (size_t i = 0; i < map->count; i++) {
        (*out)[i].key = map->keys[i]->text;
        if (!read_mark(&(*out)[i], arena, map->items[i], name, profiles, err)) return false;
    }
    return true;
}

bool ledger_text_load(struct ledger_text *out, struct arena *arena, const char *folder,
                      const struct procedures *procedures, const struct profiles *profiles,
                      struct err *err)
{
    struct pack_text *texts;
    size_t count;
    if (!pack_texts(arena, folder, "procedures", &texts, &count, err)) return false;
    for (size_t i = 0; i < count; i++) {
        struct ledger_text text = {0};
        struct yaml_node *root;
        if (!str_is(texts[i].name, "ledgers")) continue;
        const char *name = texts[i].path;
        if (!yaml_parse(arena, texts[i].text, name, &root, err)
            || !yaml_text(root, "procedure", name, &text.procedure, err)
            || !read_marks(arena, root, "looks", name, profiles, &text.looks, &text.look_count, err)
            || !read_marks(arena, root, "groups", name, profiles, &text.groups, &text.group_count,
                           err)
            || !yaml_check_used(root, name, err)) {
            return false;
        }
        if (procedure_find(procedures, text.procedure) == NULL) {
            return yaml_fail(root, name, err, "there is no such procedure", "没有这一程序");
        }
        *out = text;
        return true;
    }
    return err_set(err, ERR_INPUT, "ledgers.yaml is missing", "缺少 ledgers.yaml");
}

struct maker {
    struct arena *arena;
    const struct casework *work;
    const struct ledger_text *text;
    const struct case_check *check;
    struct u64_map cases; /* row of a person's case, by its number */
    struct case_row *rows;
    size_t row_count;
    LIST(struct ledger_row) out;
};

static uint32_t marks_of(const struct maker *maker, uint32_t number,
                         const struct ledger_mark *marks, size_t count)
{
    const struct people *people = maker->check->people;
    const struct person *person = &people->persons[number];
    uint32_t bits = 0;
    for (uint32_t i = 0; i < person->count; i++) {
        const struct person_record *record = &people->records[people->order[person->first + i]];
        struct str key = people->registers[record->register_number]->key;
        for (size_t m = 0; m < count; m++) {
            for (size_t r = 0; r < marks[m].register_count; r++) {
                if (str_equal(marks[m].registers[r], key)) bits |= 1u << m;
            }
        }
    }
    return bits;
}

/* Whether it is the school of the person, by the code that a case would state. */
static bool is_school_of(const struct maker *maker, uint32_t person, struct str code)
{
    struct case_facts facts;
    if (code.len == 0) return false;
    case_facts_of(maker->arena, maker->check, person, UINT32_MAX, STR_EMPTY, STR_EMPTY, &facts);
    return str_equal(facts.school_code, code);
}

static void add_person(struct maker *maker, uint32_t person, const struct case_row *at)
{
    struct case_facts facts;
    const struct ledger_text *text = maker->text;
    case_facts_of(maker->arena, maker->check, person, UINT32_MAX, at == NULL ? STR_EMPTY : at->area,
                  at == NULL ? STR_EMPTY : at->school, &facts);
    *list_push(maker->arena, &maker->out) = (struct ledger_row){
        .person = person,
        .number = maker->check->people->persons[person].number,
        .name = facts.name,
        .id_masked = facts.id_masked,
        .birth = facts.birth,
        .area = facts.area,
        .school = facts.school,
        .looks = marks_of(maker, person, text->looks, text->look_count),
        .groups = marks_of(maker, person, text->groups, text->group_count),
        .standing = (enum standing)maker->check->kept->standings[person],
        .at = at,
    };
}

/* A child that is in no register any more is still in the ledger of its case. */
static void add_case(struct maker *maker, const struct case_row *at)
{
    *list_push(maker->arena, &maker->out) = (struct ledger_row){.person = UINT32_MAX,
                                                                .number = at->person,
                                                                .name = at->name,
                                                                .id_masked = at->id_masked,
                                                                .birth = at->birth,
                                                                .area = at->area,
                                                                .school = at->school,
                                                                .standing = STANDING_NOT_ASKED,
                                                                .at = at};
}

static const struct case_row *case_of(const struct maker *maker, uint32_t person)
{
    uint32_t row =
        u64_map_find(&maker->cases, (uint64_t)maker->check->people->persons[person].number);
    return row == DICT_NONE ? NULL : &maker->rows[row];
}

static void add_children(struct maker *maker, const struct asker *asker, struct str area)
{
    const struct people *people = maker->check->people;
    for (uint32_t person = 0; person < people->person_count; person++) {
        if (maker->check->kept->standings[person] == STANDING_NOT_ASKED) continue;
        uint32_t number = maker->check->kept->areas[person];
        struct str mine = number == 0 ? STR_EMPTY : dict_text(&people->texts[PERSON_AREA], number);
        if (area.len > 0 && !area_covers(area, mine)) continue;
        if (!asker_sees(asker, mine) && !is_school_of(maker, person, asker->school)) continue;
        add_person(maker, person, case_of(maker, person));
    }
}

static void add_cases(struct maker *maker, enum case_status status)
{
    struct u64_map persons;
    const struct people *people = maker->check->people;
    u64_map_init(&persons, maker->arena);
    for (uint32_t i = 0; i < people->person_count; i++) {
        u64_map_put(&persons, (uint64_t)people->persons[i].number, i);
    }
    for (size_t i = 0; i < maker->row_count; i++) {
        const struct case_row *row = &maker->rows[i];
        if (row->status != status || row->person == 0) continue;
        uint32_t person = u64_map_find(&persons, (uint64_t)row->person);
        if (person == DICT_NONE) {
            add_case(maker, row);
        } else {
            add_person(maker, person, row);
        }
    }
}

static int compare_rows(const void *a, const void *b)
{
    const struct ledger_row *x = a, *y = b;
    int order = str_compare(x->area, y->area);
    if (order == 0) order = str_compare(x->school, y->school);
    return order != 0 ? order : (x->number > y->number) - (x->number < y->number);
}

bool ledger_rows(const struct casework *work, struct arena *arena, const struct asker *asker,
                 const struct ledger_text *text, const struct case_check *check,
                 enum ledger_kind kind, struct str area, struct ledger_row **out, size_t *count,
                 struct err *err)
{
    struct maker maker = {.arena = arena, .work = work, .text = text, .check = check};
    struct case_filter filter = {.area = kind == LEDGER_CHILDREN ? STR_EMPTY : area,
                                 .procedure = text->procedure,
                                 .role = -1,
                                 .status = -2,
                                 .due = DAY_NONE,
                                 .at = check->at,
                                 .bare = true};
    if (!case_list(work, arena, asker, &filter, &maker.rows, &maker.row_count, err)) return false;
    u64_map_init(&maker.cases, arena);
    for (size_t i = 0; i < maker.row_count; i++) {
        if (maker.rows[i].person == 0) continue;
        u64_map_put(&maker.cases, (uint64_t)maker.rows[i].person, (uint32_t)i);
    }
    if (kind == LEDGER_CHILDREN) add_children(&maker, asker, area);
    if (kind == LEDGER_SUSPECTED) add_cases(&maker, CASE_SUSPECTED);
    if (kind == LEDGER_DROPOUT) add_cases(&maker, CASE_CONFIRMED);
    if (maker.out.count > 1) {
        qsort(maker.out.items, maker.out.count, sizeof *maker.out.items, compare_rows);
    }
    *out = maker.out.items;
    *count = maker.out.count;
    return true;
}

static struct str unit_of(const struct ledger_row *row, enum ledger_by by)
{
    static const size_t digits[] = {6, 9, 12};
    if (by == LEDGER_BY_SCHOOL) return row->school;
    return row->area.len >= digits[by] ? str_slice(row->area, 0, digits[by]) : STR_EMPTY;
}

static int compare_counts(const void *a, const void *b)
{
    return str_compare(((const struct ledger_count *)a)->unit,
                       ((const struct ledger_count *)b)->unit);
}

void ledger_count(struct arena *arena, const struct ledger_row *rows, size_t row_count,
                  const struct ledger_text *text, enum ledger_by by, struct ledger_count **out,
                  size_t *count)
{
    struct dict units;
    LIST(struct ledger_count) counts = {0};
    dict_init(&units, arena);
    for (size_t i = 0; i < row_count; i++) {
        const struct ledger_row *row = &rows[i];
        struct str unit = unit_of(row, by);
        uint32_t before = units.count, number = dict_put(&units, unit);
        if (number == before) *list_push(arena, &counts) = (struct ledger_count){.unit = unit};
        struct ledger_count *at = &counts.items[number];
        at->rows++;
        at->children += row->standing != STANDING_NOT_ASKED;
        at->standings[row->standing]++;
        at->suspected += row->at != NULL && row->at->status == CASE_SUSPECTED;
        at->dropout += row->at != NULL && row->at->status == CASE_CONFIRMED;
        at->returned += row->at != NULL && row->at->status == CASE_RETURNED;
        for (size_t m = 0; m < text->look_count; m++) at->looks[m] += row->looks >> m & 1;
    }
    if (counts.count > 1) qsort(counts.items, counts.count, sizeof *counts.items, compare_counts);
    *out = counts.items;
    *count = counts.count;
}
