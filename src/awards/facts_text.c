#include "awards/facts_text.h"

#include "base/asset.h"
#include "base/day.h"
#include "base/file.h"
#include "base/list.h"
#include "base/yaml.h"

#include <stdio.h>

enum { TEXT_BYTES_MAX = 1 << 20, NO_SLOT = -1 };

/* What reading one file needs at hand. */
struct reader {
    struct arena *arena;
    const struct profiles *profiles;
    const char *name;
    LIST(struct fact_register) registers;
};

static size_t slot_of(struct fact_register *reg, int field)
{
    for (size_t i = 0; i < reg->slot_count; i++) {
        if (reg->fields[i] == field) return i;
    }
    CHECK(reg->slot_count < FACT_SLOTS_MAX);
    reg->fields[reg->slot_count] = field;
    return reg->slot_count++;
}

static int usual_slot(struct fact_register *reg, const char *key)
{
    int field = profile_field_number(reg->profile, key);
    return field < 0 ? NO_SLOT : (int)slot_of(reg, field);
}

static void open_register(struct reader *reader, const struct profile *profile)
{
    struct fact_register *reg = list_push(reader->arena, &reader->registers);
    reg->key = profile->key;
    reg->profile = profile;
    reg->counted = NO_SLOT;
    reg->area = (int)slot_of(reg, FACT_AREA);
    reg->school_code = usual_slot(reg, "school_code");
    reg->school_name = usual_slot(reg, "school_name");
    reg->name = reg->id_number = reg->relation = reg->household_number = NO_SLOT;
}

static bool find_register(struct reader *reader, struct yaml_node *node, size_t *out,
                          struct err *err)
{
    struct str key;
    if (!yaml_text(node, "register", reader->name, &key, err)) return false;
    const struct profile *profile = profile_find(reader->profiles, key);
    if (profile == NULL) {
        return yaml_fail(yaml_get(node, "register"), reader->name, err, "no register has this name",
                         "没有这个名册");
    }
    for (size_t i = 0; i < reader->registers.count; i++) {
        if (reader->registers.items[i].profile == profile) {
            *out = i;
            return true;
        }
    }
    open_register(reader, profile);
    *out = reader->registers.count - 1;
    return true;
}

static bool find_slot(struct reader *reader, size_t register_number, struct str key,
                      const struct yaml_node *at, size_t *out, struct err *err)
{
    struct fact_register *reg = &reader->registers.items[register_number];
    bool of_row = str_is(key, "area") || str_is(key, "stated_on");
    int field = str_is(key, "area") ? FACT_AREA
                : of_row            ? FACT_STATED_ON
                         : profile_field_number(reg->profile, str_cstr(reader->arena, key));
    if (field < 0 && !of_row) {
        return yaml_fail(at, reader->name, err, "the register has no such field",
                         "该名册没有这个字段");
    }
    if (reg->slot_count == FACT_SLOTS_MAX) {
        return yaml_fail(at, reader->name, err, "too many fields of one register are used",
                         "同一名册用到的字段过多");
    }
    *out = slot_of(reg, field);
    return true;
}

/* A slot that a key of the clause names, or -1. */
static bool read_slot(struct reader *reader, struct yaml_node *clause, const char *key,
                      size_t register_number, int *out, struct err *err)
{
    struct str field;
    size_t slot;
    *out = NO_SLOT;
    if (!yaml_text_or(clause, key, reader->name, STR_EMPTY, &field, err)) return false;
    if (field.len == 0) return true;
    if (!find_slot(reader, register_number, field, yaml_get(clause, key), &slot, err)) return false;
    *out = (int)slot;
    return true;
}

static bool read_conditions(struct reader *reader, struct yaml_node *clause, const char *side,
                            struct fact_clause *out, struct err *err)
{
    struct yaml_node *map = yaml_get(clause, side);
    if (map == NULL) return true;
    if (map->kind != YAML_MAP) {
        return yaml_fail(map, reader->name, err, "expected a map of fields and words",
                         "此处应为字段与词的对照");
    }
    for (size_t i = 0; i < map->count; i++) {
        struct fact_condition *condition = &out->conditions[out->condition_count++];
        condition->unless = str_is(str_from(side), "unless");
        struct str key = map->keys[i]->text;
        if (!find_slot(reader, out->register_number, key, map->keys[i], &condition->slot, err)
            || !yaml_texts(reader->arena, map, str_cstr(reader->arena, key), reader->name,
                           &condition->words, &condition->word_count, err)) {
            return false;
        }
    }
    return true;
}

static bool read_words(struct reader *reader, struct yaml_node *clause, struct fact_clause *out,
                       struct err *err)
{
    struct yaml_node *map = yaml_get(clause, "words");
    if (map == NULL) return true;
    if (map->kind != YAML_MAP || map->count > FACT_WORDS_MAX) {
        return yaml_fail(map, reader->name, err, "expected a map of words and values",
                         "此处应为词与取值的对照");
    }
    out->words = arena_array(reader->arena, struct fact_word, map->count);
    out->word_count = map->count;
    for (size_t i = 0; i < map->count; i++) {
        const char *key = str_cstr(reader->arena, map->keys[i]->text);
        out->words[i].pattern = map->keys[i]->text;
        if (!yaml_text(map, key, reader->name, &out->words[i].value, err)) return false;
    }
    return true;
}

static bool read_when(struct reader *reader, struct yaml_node *node, struct fact_clause *out,
                      struct err *err)
{
    struct yaml_node *when = yaml_get(node, "when"), *unless = yaml_get(node, "unless");
    size_t conditions = (when ? when->count : 0) + (unless ? unless->count : 0);
    if (!find_register(reader, node, &out->register_number, err)) return false;
    out->conditions = arena_array(reader->arena, struct fact_condition, conditions);
    return read_conditions(reader, node, "when", out, err)
           && read_conditions(reader, node, "unless", out, err)
           && read_slot(reader, node, "from", out->register_number, &out->from, err)
           && read_slot(reader, node, "to", out->register_number, &out->to, err)
           && read_slot(reader, node, "school_year", out->register_number, &out->school_year, err)
           && yaml_bool_or(node, "fresh", reader->name, false, &out->fresh, err);
}

/* What a clause of people says who are found by their number. */
static bool read_joined(struct reader *reader, struct yaml_node *node, struct fact_clause *out,
                        struct err *err)
{
    struct str whose, through, partial;
    out->through = NO_SLOT;
    if (!yaml_text_or(node, "of", reader->name, STR_EMPTY, &whose, err)
        || !yaml_text_or(node, "through", reader->name, STR_EMPTY, &through, err)
        || !yaml_text_or(node, "within", reader->name, STR_EMPTY, &out->within, err)
        || !yaml_text_or(node, "silent", reader->name, STR_EMPTY, &out->silent, err)
        || !yaml_text_or(node, "partial", reader->name, STR_EMPTY, &partial, err)) {
        return false;
    }
    out->of_guardian = str_is(whose, "guardian");
    out->partial_first = str_is(partial, "first");
    if ((whose.len > 0 && !out->of_guardian) || (partial.len > 0 && !out->partial_first)) {
        return yaml_fail(node, reader->name, err, "expected of: guardian, partial: first",
                         "此处应为 of: guardian、partial: first");
    }
    if (through.len == 0) return true;
    for (size_t i = 0; i < reader->registers.count; i++) {
        if (str_equal(reader->registers.items[i].key, through)) out->through = (int)i;
    }
    if (out->through >= 0) return true;
    const struct profile *profile = profile_find(reader->profiles, through);
    if (profile == NULL) {
        return yaml_fail(yaml_get(node, "through"), reader->name, err, "no register has this name",
                         "没有这个名册");
    }
    open_register(reader, profile);
    out->through = (int)reader->registers.count - 1;
    return true;
}

static bool read_state(struct reader *reader, struct yaml_node *node, struct fact_clause *out,
                       struct err *err)
{
    int64_t digits;
    if (!yaml_text(node, "input", reader->name, &out->input, err)
        || !read_when(reader, node, out, err)
        || !yaml_text_or(node, "value", reader->name, STR_EMPTY, &out->value, err)
        || !yaml_texts(reader->arena, node, "one_of", reader->name, &out->one_of,
                       &out->one_of_count, err)
        || !read_slot(reader, node, "field", out->register_number, &out->field, err)
        || !read_words(reader, node, out, err)
        || !yaml_bool_or(node, "number", reader->name, false, &out->number, err)
        || !yaml_bool_or(node, "extra", reader->name, false, &out->extra, err)
        || !yaml_integer_or(node, "digits", reader->name, 0, &digits, err)
        || !read_joined(reader, node, out, err)) {
        return false;
    }
    if (digits < 0 || digits > 18) {
        return yaml_fail(node, reader->name, err, "digits are 1 to 18", "digits 应为 1 至 18");
    }
    out->digits = (size_t)digits;
    if (out->field < 0) reader->registers.items[out->register_number].speaks_for_absent = true;
    if ((out->value.len > 0) + (out->one_of_count > 0) + (out->field >= 0) + (out->silent.len > 0)
        != 1) {
        return yaml_fail(node, reader->name, err,
                         "a clause has one of: value, one_of, field, silent",
                         "每条应有且只有 value、one_of、field、silent 之一");
    }
    return true;
}

static bool read_member(struct reader *reader, struct yaml_node *node, struct fact_clause *out,
                        struct err *err)
{
    out->field = NO_SLOT;
    return read_when(reader, node, out, err);
}

static bool read_clauses(struct reader *reader, struct yaml_node *root, const char *key,
                         bool (*read)(struct reader *, struct yaml_node *, struct fact_clause *,
                                      struct err *),
                         struct fact_clause **out, size_t *count, struct err *err)
{
    struct yaml_node *list = yaml_get(root, key);
    if (list == NULL || list->kind != YAML_LIST || list->count > FACT_CLAUSES_MAX) {
        return yaml_fail(list == NULL ? root : list, reader->name, err,
                         "a list of clauses is missing here", "此处缺少条目列表")
               || err_at(err, "\"%s\"", "“%s”", key);
    }
    *out = arena_array(reader->arena, struct fact_clause, list->count);
    *count = list->count;
    for (size_t i = 0; i < list->count; i++) {
        if (!read(reader, list->items[i], &(*out)[i], err)) return false;
    }
    return true;
}

static bool read_households(struct reader *reader, struct yaml_node *root, struct err *err)
{
    struct yaml_node *list = yaml_get(root, "households");
    for (size_t i = 0; list != NULL && i < list->count; i++) {
        size_t number;
        int counted;
        if (!find_register(reader, list->items[i], &number, err)
            || !read_slot(reader, list->items[i], "counted", number, &counted, err)) {
            return false;
        }
        struct fact_register *reg = &reader->registers.items[number];
        reg->keeps_households = true;
        reg->counted = counted;
        reg->name = usual_slot(reg, "name");
        reg->id_number = usual_slot(reg, "id_number");
        reg->relation = usual_slot(reg, "relation");
        reg->household_number = usual_slot(reg, "household_number");
    }
    return true;
}

static bool read_aparts(struct reader *reader, struct yaml_node *root, struct facts_text *out,
                        struct err *err)
{
    struct yaml_node *list = yaml_get(root, "apart");
    out->apart_count = list == NULL ? 0 : list->count;
    out->aparts = arena_array(reader->arena, struct fact_apart, out->apart_count);
    for (size_t i = 0; i < out->apart_count; i++) {
        struct fact_apart *apart = &out->aparts[i];
        if (!yaml_text(list->items[i], "input", reader->name, &apart->input, err)
            || !yaml_texts(reader->arena, list->items[i], "words", reader->name, &apart->words,
                           &apart->word_count, err)) {
            return false;
        }
    }
    return true;
}

static bool read_eithers(struct reader *reader, struct yaml_node *node, struct fact_paid *out,
                         struct err *err)
{
    struct yaml_node *map = yaml_get(node, "either");
    out->either_count = map == NULL ? 0 : map->count;
    out->eithers = arena_array(reader->arena, struct fact_either, out->either_count);
    for (size_t i = 0; i < out->either_count; i++) {
        struct fact_either *either = &out->eithers[i];
        either->name = map->keys[i]->text;
        if (!yaml_texts(reader->arena, map, str_cstr(reader->arena, either->name), reader->name,
                        &either->schemes, &either->scheme_count, err)) {
            return false;
        }
    }
    return true;
}

static bool read_month_day(struct reader *reader, struct yaml_node *map, const char *key,
                           bool required, struct month_day *out, struct err *err)
{
    struct str written;
    day first;
    char text[DAY_TEXT_SIZE + 1] = "2000-";
    int year;
    *out = (struct month_day){0};
    if (!required && yaml_get(map, key) == NULL) return true;
    if (!yaml_text(map, key, reader->name, &written, err)) return false;
    if (written.len == 5) memcpy(text + 5, written.ptr, 5);
    if (written.len != 5 || !day_parse(str_from(text), &first)) {
        return yaml_fail(yaml_get(map, key), reader->name, err,
                         "expected a month and day such as 08-01", "此处应为月日，例如 08-01");
    }
    day_to_ymd(first, &year, &out->month, &out->day);
    return true;
}

/* By when what is due for a period is to be paid. */
static bool read_by(struct reader *reader, struct yaml_node *node, struct fact_paid *out,
                    struct err *err)
{
    struct yaml_node *by = yaml_get(node, "by");
    if (by == NULL) return true;
    return read_month_day(reader, by, "autumn", true, &out->by_autumn, err)
           && read_month_day(reader, by, "spring", true, &out->by_spring, err)
           && read_month_day(reader, by, "year", true, &out->by_year, err);
}

static bool read_paid(struct reader *reader, struct yaml_node *root, struct fact_paid *out,
                      struct err *err)
{
    struct yaml_node *node = yaml_get(root, "paid");
    struct str *amounts;
    size_t number, count;
    *out = (struct fact_paid){.register_number = -1, .amounts = {NO_SLOT, NO_SLOT}};
    if (node == NULL) return true;
    if (!find_register(reader, node, &number, err)
        || !read_slot(reader, node, "scheme", number, &out->scheme, err)
        || !read_slot(reader, node, "period", number, &out->period, err)
        || !read_slot(reader, node, "paid_on", number, &out->paid_on, err)
        || !read_slot(reader, node, "serial", number, &out->serial, err)
        || !yaml_texts(reader->arena, node, "amounts", reader->name, &amounts, &count, err)
        || !read_eithers(reader, node, out, err) || !read_by(reader, node, out, err)) {
        return false;
    }
    if (out->scheme < 0 || count > sizeof out->amounts / sizeof *out->amounts) {
        return yaml_fail(node, reader->name, err,
                         "payments name a scheme, and at most two fields of amounts",
                         "发放名册应指明项目字段，金额字段至多两个");
    }
    for (size_t i = 0; i < count; i++) {
        size_t slot;
        if (!find_slot(reader, number, amounts[i], yaml_get(node, "amounts"), &slot, err)) {
            return false;
        }
        out->amounts[i] = (int)slot;
    }
    out->register_number = (int)number;
    return true;
}

static bool read_numbers(struct reader *reader, struct yaml_node *root, struct facts_text *out,
                         struct err *err)
{
    return read_month_day(reader, root, "school_year_from", true, &out->school_year_from, err)
           && yaml_integer_or(root, "expected_rows_min", reader->name, 5, &out->expected_rows_min,
                              err);
}

static bool read_root(struct reader *reader, struct yaml_node *root, struct facts_text *out,
                      struct err *err)
{
    const char *name = reader->name;
    bool read =
        yaml_text(root, "key", name, &out->key, err)
        && yaml_text(root, "subject", name, &out->subject, err)
        && yaml_text(root, "zh", name, &out->zh, err) && yaml_text(root, "en", name, &out->en, err)
        && read_numbers(reader, root, out, err)
        && read_clauses(reader, root, "members", read_member, &out->members, &out->member_count,
                        err)
        && read_clauses(reader, root, "attends", read_member, &out->attends, &out->attend_count,
                        err)
        && read_clauses(reader, root, "states", read_state, &out->states, &out->state_count, err)
        && yaml_texts(reader->arena, root, "home", name, &out->home, &out->home_count, err)
        && yaml_texts(reader->arena, root, "agree", name, &out->agree, &out->agree_count, err)
        && read_aparts(reader, root, out, err) && read_households(reader, root, err)
        && read_paid(reader, root, &out->paid, err) && yaml_check_used(root, name, err);
    out->registers = reader->registers.items;
    out->register_count = reader->registers.count;
    return read;
}

/* People of a list that is not linked are found in the others by ID number, adults too. */
static void open_numbers(struct reader *reader, const struct facts_text *text)
{
    bool linked = text->member_count == 0;
    for (size_t i = 0; i < text->member_count; i++) {
        linked |= reader->registers.items[text->members[i].register_number].profile->people;
    }
    for (size_t r = 0; r < reader->registers.count && !linked; r++) {
        struct fact_register *reg = &reader->registers.items[r];
        reg->id_number = usual_slot(reg, "id_number");
        reg->name = usual_slot(reg, "name");
        reg->keeps_adults = reg->profile->people;
    }
}

bool facts_text_load(struct facts_text *out, struct arena *arena, const struct profiles *profiles,
                     const char *folder, const char *subject, struct err *err)
{
    struct text full;
    struct str source;
    text_init(&full, arena, 4096);
    text_add_f(&full, "%s/national/rules/%s_facts.yaml", folder == NULL ? "policies" : folder,
               subject);
    if (folder == NULL) {
        if (!asset_find(full.ptr, &source)) {
            err_set(err, ERR_NOT_FOUND, "no text says what registers state of \"%s\" (%s)",
                    "没有文字说明名册里“%s”的情况（%s）", subject, full.ptr);
            return err_hint(err, "--students FILE", "--students 名单");
        }
    } else if (!file_read(arena, full.ptr, TEXT_BYTES_MAX, &source, err)) {
        return false;
    }
    return facts_text_read(out, arena, profiles, text_str(&full), source, err);
}

bool facts_text_read(struct facts_text *out, struct arena *arena, const struct profiles *profiles,
                     struct str name, struct str source, struct err *err)
{
    struct facts_text fresh = {.source_name = name, .source = source};
    struct yaml_node *root;
    struct reader reader = {.arena = arena, .profiles = profiles, .name = str_cstr(arena, name)};
    if (!yaml_parse(arena, source, reader.name, &root, err)) return false;
    if (!read_root(&reader, root, &fresh, err)) return false;
    open_numbers(&reader, &fresh);
    *out = fresh;
    return true;
}

int facts_text_register(const struct facts_text *text, struct str key)
{
    for (size_t i = 0; i < text->register_count; i++) {
        if (str_equal(text->registers[i].key, key)) return (int)i;
    }
    return -1;
}

/* One character further; a byte that begins none counts as one. */
static size_t next_character(struct str s, size_t at)
{
    uint32_t code;
    return utf8_next(s, &at, &code) ? at : s.len + 1;
}

bool fact_word_fits(struct str word, struct str value)
{
    size_t w = 0, v = 0, star = SIZE_MAX, from = 0;
    if (str_is(word, "*")) return value.len > 0;
    while (v < value.len) {
        if (w < word.len && word.ptr[w] == '*') {
            star = ++w;
            from = v;
        } else if (w < word.len && word.ptr[w] == '?') {
            w++;
            v = next_character(value, v);
        } else if (w < word.len && word.ptr[w] == value.ptr[v]) {
            w++;
            v++;
        } else if (star != SIZE_MAX) {
            w = star;
            v = from = next_character(value, from);
        } else {
            return false;
        }
    }
    while (w < word.len && word.ptr[w] == '*') w++;
    return w == word.len;
}

int fact_school_year(struct str cell)
{
    for (size_t i = 0; i + 4 <= cell.len; i++) {
        int64_t year;
        struct str digits = str_slice(cell, i, i + 4);
        if (digits.ptr[0] < '1' || digits.ptr[0] > '2') continue;
        if (!str_to_i64(digits, &year) || year < 1900 || year > 2199) continue;
        struct str rest = str_slice(cell, i + 4, cell.len);
        bool spring = str_find(rest, STR("春")) != SIZE_MAX
                      || str_find(rest, STR("spring")) != SIZE_MAX
                      || str_find(rest, STR("下学期")) != SIZE_MAX;
        /* "2020-2021学年春季学期" begins in 2020 all the same. */
        char next[16];
        (void)snprintf(next, sizeof next, "%d", (int)year + 1);
        bool two_years = str_find(rest, str_from(next)) != SIZE_MAX;
        return spring && !two_years ? (int)year - 1 : (int)year;
    }
    return 0;
}
