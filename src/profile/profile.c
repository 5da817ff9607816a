#include "profile/profile.h"

#include "base/asset.h"
#include "base/file.h"
#include "base/list.h"
#include "base/yaml.h"

#include <stdlib.h>

enum { PROFILE_FILE_BYTES_MAX = 1 << 20, PROFILES_MAX = 256, WEIGHT_MAX = 10 };

static const char *const type_words[] = {
    [FIELD_TEXT] = "text",           [FIELD_NAME] = "name",
    [FIELD_ID_NUMBER] = "id_number", [FIELD_STUDENT_NUMBER] = "student_number",
    [FIELD_DATE] = "date",           [FIELD_SEX] = "sex",
    [FIELD_YES_NO] = "yes_no",       [FIELD_INTEGER] = "integer",
    [FIELD_DECIMAL] = "decimal",     [FIELD_MONEY] = "money",
    [FIELD_CHOICE] = "choice",       [FIELD_DIVISION] = "division",
    [FIELD_PLACE] = "place",         [FIELD_ADDRESS] = "address",
    [FIELD_PHONE] = "phone",         [FIELD_SCHOOL_CODE] = "school_code",
    [FIELD_GRADE] = "grade",         [FIELD_PERIOD] = "period",
    [FIELD_PEOPLE] = "people",
};

static const char *const person_words[PROFILE_PERSON_COUNT] = {
    [PROFILE_SELF] = "self",           [PROFILE_HEAD] = "head",   [PROFILE_GUARDIAN] = "guardian",
    [PROFILE_GUARDIAN2] = "guardian2", [PROFILE_OTHER] = "other",
};

/* What loading one set of packs needs at hand. */
struct loading {
    struct arena *arena;
    LIST(struct profile) profiles;
    LIST(struct profile_field) common;
    struct profiles *out;
};

struct source {
    const char *name; /* "policies/national/registers/roll.yaml" */
    struct str text;
};

static int word_number(struct str word, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (str_is(word, words[i])) return (int)i;
    }
    return -1;
}

static bool key_good(struct str key)
{
    for (size_t i = 0; i < key.len; i++) {
        char c = key.ptr[i];
        bool letter = c >= 'a' && c <= 'z';
        bool later = i > 0 && ((c >= '0' && c <= '9') || c == '_');
        if (!letter && !later) return false;
    }
    return key.len > 0 && key.len <= 40;
}

static void clean_all(struct arena *arena, struct str *words, size_t count)
{
    for (size_t i = 0; i < count; i++) words[i] = heading_clean(arena, words[i]);
}

static int by_length(const void *a, const void *b)
{
    struct str x = *(const struct str *)a, y = *(const struct str *)b;
    if (x.len != y.len) return x.len > y.len ? -1 : 1;
    return str_compare(x, y);
}

/* Adds the words under `key` to those that are there already. */
static bool read_words(struct arena *arena, struct yaml_node *map, const char *key,
                       const char *name, struct profile_words *out, struct err *err)
{
    struct str *more;
    size_t count;
    if (!yaml_texts(arena, map, key, name, &more, &count, err)) return false;
    if (count == 0) return true;
    struct str *words = arena_array(arena, struct str, out->count + count);
    for (size_t i = 0; i < out->count; i++) words[i] = out->words[i];
    clean_all(arena, more, count);
    for (size_t i = 0; i < count; i++) words[out->count + i] = more[i];
    out->words = words;
    out->count += count;
    qsort(out->words, out->count, sizeof *out->words, by_length);
    return true;
}

static bool read_choices(struct arena *arena, struct yaml_node *node, const char *name,
                         struct profile_field *field, struct err *err)
{
    struct yaml_node *list = yaml_get(node, "choices");
    if (list == NULL) return true;
    if (list->kind != YAML_LIST) {
        return yaml_fail(list, name, err, "expected a list of choices", "此处应为选项列表");
    }
    field->choices = arena_array(arena, struct profile_choice, list->count);
    field->choice_count = list->count;
    for (size_t i = 0; i < list->count; i++) {
        struct profile_choice *choice = &field->choices[i];
        struct yaml_node *item = list->items[i];
        if (!yaml_text(item, "key", name, &choice->key, err)
            || !yaml_text(item, "zh", name, &choice->zh, err)
            || !yaml_text(item, "en", name, &choice->en, err)
            || !yaml_texts(arena, item, "words", name, &choice->words, &choice->word_count, err)
            || !yaml_texts(arena, item, "flags", name, &choice->flags, &choice->flag_count, err)) {
            return false;
        }
        if (!key_good(choice->key)) {
            return yaml_fail(item, name, err, "a key is a-z, 0-9 and _", "键只能用 a-z、0-9 和 _");
        }
        clean_all(arena, choice->words, choice->word_count);
        clean_all(arena, choice->flags, choice->flag_count);
    }
    return true;
}

static bool is_sealed_type(enum field_type type)
{
    return type == FIELD_ID_NUMBER || type == FIELD_STUDENT_NUMBER || type == FIELD_ADDRESS
           || type == FIELD_PHONE || type == FIELD_PEOPLE;
}

static bool read_type(struct yaml_node *node, const char *name, struct profile_field *field,
                      struct err *err)
{
    struct str type, of;
    if (!yaml_text(node, "type", name, &type, err)) return false;
    int number = word_number(type, type_words, sizeof type_words / sizeof *type_words);
    if (number < 0) {
        return yaml_fail(yaml_get(node, "type"), name, err,
                         "expected a type of field such as text, name, id_number or date",
                         "此处应为字段类型，如 text、name、id_number、date");
    }
    field->type = (enum field_type)number;
    if (!yaml_text_or(node, "of", name, STR("self"), &of, err)) return false;
    number = word_number(of, person_words, PROFILE_PERSON_COUNT);
    if (number < 0) {
        return yaml_fail(yaml_get(node, "of"), name, err,
                         "expected self, head, guardian, guardian2 or other",
                         "此处应为 self、head、guardian、guardian2 或 other");
    }
    field->person = (enum profile_person)number;
    field->identifying = is_sealed_type(field->type);
    field->weight = 1;
    return yaml_text_or(node, "like", name, STR_EMPTY, &field->like, err);
}

static const struct profile_field *common_find(const struct profile_field *fields, size_t count,
                                               struct str key)
{
    for (size_t i = 0; i < count; i++) {
        if (str_equal(fields[i].key, key)) return &fields[i];
    }
    return NULL;
}

/* The headings of flags name the field too. */
static void add_flags(struct arena *arena, struct profile_field *field)
{
    size_t count = field->heading_count;
    for (size_t i = 0; i < field->choice_count; i++) count += field->choices[i].flag_count;
    if (count == field->heading_count) return;
    struct str *all = arena_array(arena, struct str, count);
    count = 0;
    for (size_t i = 0; i < field->heading_count; i++) all[count++] = field->headings[i];
    for (size_t i = 0; i < field->choice_count; i++) {
        const struct profile_choice *choice = &field->choices[i];
        for (size_t j = 0; j < choice->flag_count; j++) all[count++] = choice->flags[j];
    }
    field->headings = all;
    field->heading_count = count;
}

/* A field of its own (`key`), or a shared one taken over (`use`) to which headings are added. */
static bool read_field(struct loading *loading, struct yaml_node *node, const char *name,
                       struct profile_field *field, struct err *err)
{
    struct str use;
    if (!yaml_text_or(node, "use", name, STR_EMPTY, &use, err)) return false;
    if (use.len > 0) {
        const struct profile_field *base =
            common_find(loading->common.items, loading->common.count, use);
        if (base == NULL) {
            return yaml_fail(node, name, err, "no shared field has this name", "没有这个公共字段");
        }
        *field = *base;
        field->headings = NULL; /* the shared ones are found through the shared field */
        field->heading_count = 0;
    } else if (!yaml_text(node, "key", name, &field->key, err)
               || !yaml_text(node, "zh", name, &field->zh, err)
               || !yaml_text(node, "en", name, &field->en, err)
               || !read_type(node, name, field, err)) {
        return false;
    }
    if (!key_good(field->key)) {
        return yaml_fail(node, name, err, "a key is a-z, 0-9 and _", "键只能用 a-z、0-9 和 _");
    }
    int64_t weight;
    if (!yaml_integer_or(node, "weight", name, field->weight, &weight, err)) return false;
    if (weight < 0 || weight > WEIGHT_MAX) {
        return yaml_fail(node, name, err, "weight is 0 to 10", "weight 应为 0 到 10");
    }
    field->weight = (int)weight;
    if (!yaml_bool_or(node, "required", name, false, &field->required, err)
        || !yaml_bool_or(node, "identifying", name, field->identifying, &field->identifying, err)
        || !yaml_texts(loading->arena, node, "headings", name, &field->headings,
                       &field->heading_count, err)
        || !read_words(loading->arena, node, "blank", name, &field->blank, err)) {
        return false;
    }
    field->identifying = field->identifying || is_sealed_type(field->type);
    clean_all(loading->arena, field->headings, field->heading_count);
    if (!read_choices(loading->arena, node, name, field, err)) return false;
    add_flags(loading->arena, field);
    return true;
}

static int by_heading(const void *a, const void *b)
{
    const struct profile_heading *x = a, *y = b;
    int order = str_compare(x->text, y->text);
    if (order != 0) return order;
    if (x->own != y->own) return x->own ? -1 : 1;
    return x->field < y->field ? -1 : x->field > y->field;
}

static void add_headings(struct profile_heading *lookup, size_t *count,
                         const struct profile_field *from, int field, bool own)
{
    for (size_t i = 0; i < from->heading_count; i++) {
        lookup[(*count)++] = (struct profile_heading){from->headings[i], field, own};
    }
}

/* Exact headings of a register: its own and those of the shared fields that it uses. Afterwards
 * field->headings lists both, own first, for screens. */
static void make_lookup(struct loading *loading, struct profile *profile)
{
    size_t total = 0, count = 0;
    for (size_t i = 0; i < profile->field_count; i++) {
        struct profile_field *field = &profile->fields[i];
        const struct profile_field *base =
            common_find(loading->common.items, loading->common.count, field->key);
        total += field->heading_count + (base == NULL ? 0 : base->heading_count);
    }
    profile->lookup = arena_array(loading->arena, struct profile_heading, total);
    for (size_t i = 0; i < profile->field_count; i++) {
        struct profile_field *field = &profile->fields[i];
        add_headings(profile->lookup, &count, field, (int)i, true);
        const struct profile_field *base =
            common_find(loading->common.items, loading->common.count, field->key);
        if (base == NULL || base->type != field->type) continue;
        add_headings(profile->lookup, &count, base, (int)i, false);
        struct str *all =
            arena_array(loading->arena, struct str, field->heading_count + base->heading_count);
        size_t n = 0;
        for (size_t j = 0; j < field->heading_count; j++) all[n++] = field->headings[j];
        for (size_t j = 0; j < base->heading_count; j++) all[n++] = base->headings[j];
        field->headings = all;
        field->heading_count = n;
    }
    profile->lookup_count = count;
    qsort(profile->lookup, count, sizeof *profile->lookup, by_heading);
}

static bool read_fields(struct loading *loading, struct yaml_node *root, const char *name,
                        struct profile *profile, struct err *err)
{
    struct yaml_node *list = yaml_get(root, "fields");
    if (list == NULL || list->kind != YAML_LIST || list->count == 0) {
        return yaml_fail(root, name, err, "\"fields\" with a list is missing", "缺少 fields 列表");
    }
    profile->fields = arena_array(loading->arena, struct profile_field, list->count);
    for (size_t i = 0; i < list->count; i++) {
        struct profile_field *field = &profile->fields[i];
        if (!read_field(loading, list->items[i], name, field, err)) return false;
        if (common_find(profile->fields, i, field->key) != NULL) {
            return yaml_fail(list->items[i], name, err, "this field stands twice", "字段重复");
        }
        profile->field_count = i + 1;
    }
    return true;
}

static bool check_profile(struct yaml_node *root, const char *name, const struct profile *profile,
                          struct err *err)
{
    for (size_t i = 0; i < profile->record_key_count; i++) {
        struct str key = profile->record_key[i];
        if (common_find(profile->fields, profile->field_count, key) == NULL) {
            return yaml_fail(yaml_get(root, "record_key"), name, err,
                             "record_key names a field that this register does not have",
                             "record_key 指明的字段不在本册中");
        }
    }
    static const char *const scopes[] = {"school", "area", "all"};
    if (word_number(profile->scope, scopes, 3) < 0) {
        return yaml_fail(yaml_get(root, "scope"), name, err, "expected school, area or all",
                         "此处应为 school、area 或 all");
    }
    if (!key_good(profile->key)) {
        return yaml_fail(root, name, err, "a key is a-z, 0-9 and _", "键只能用 a-z、0-9 和 _");
    }
    return true;
}

static bool read_register(struct loading *loading, struct source source, struct err *err)
{
    struct yaml_node *root;
    struct profile profile = {0};
    struct arena *arena = loading->arena;
    const char *name = source.name;
    if (!yaml_parse(arena, source.text, name, &root, err)) return false;
    if (!yaml_text(root, "key", name, &profile.key, err)
        || !yaml_text(root, "zh", name, &profile.zh, err)
        || !yaml_text(root, "en", name, &profile.en, err)
        || !yaml_bool_or(root, "people", name, true, &profile.people, err)
        || !yaml_bool_or(root, "once_per_person", name, true, &profile.once_per_person, err)
        || !yaml_bool_or(root, "children_only", name, false, &profile.children_only, err)
        || !yaml_text_or(root, "scope", name, STR("area"), &profile.scope, err)
        || !yaml_texts(arena, root, "record_key", name, &profile.record_key,
                       &profile.record_key_count, err)
        || !yaml_texts(arena, root, "titles", name, &profile.titles, &profile.title_count, err)
        || !yaml_texts(arena, root, "against", name, &profile.against, &profile.against_count, err)
        || !read_fields(loading, root, name, &profile, err)
        || !check_profile(root, name, &profile, err) || !yaml_check_used(root, name, err)) {
        return false;
    }
    for (size_t i = 0; i < loading->profiles.count; i++) {
        if (!str_equal(loading->profiles.items[i].key, profile.key)) continue;
        return yaml_fail(root, name, err, "another file describes this register already",
                         "另一文件已描述此名册");
    }
    if (loading->profiles.count >= PROFILES_MAX) {
        return yaml_fail(root, name, err, "too many registers", "名册过多");
    }
    clean_all(arena, profile.titles, profile.title_count);
    clean_all(arena, profile.against, profile.against_count);
    make_lookup(loading, &profile);
    *list_push(arena, &loading->profiles) = profile;
    return true;
}

static bool read_common(struct loading *loading, struct source source, struct err *err)
{
    struct yaml_node *root;
    const char *name = source.name;
    struct arena *arena = loading->arena;
    if (!yaml_parse(arena, source.text, name, &root, err)) return false;
    struct yaml_node *persons = yaml_get(root, "persons");
    for (int i = 0; i < PROFILE_PERSON_COUNT; i++) {
        if (!read_words(arena, persons, person_words[i], name, &loading->out->persons[i], err)) {
            return false;
        }
    }
    if (!read_words(arena, root, "general", name, &loading->out->general, err)
        || !read_words(arena, root, "serial", name, &loading->out->serial, err)) {
        return false;
    }
    struct yaml_node *list = yaml_get(root, "fields");
    for (size_t i = 0; list != NULL && i < list->count; i++) {
        struct profile_field field = {0};
        if (!read_field(loading, list->items[i], name, &field, err)) return false;
        if (common_find(loading->common.items, loading->common.count, field.key) != NULL) {
            return yaml_fail(list->items[i], name, err, "this field stands twice", "字段重复");
        }
        *list_push(arena, &loading->common) = field;
    }
    return yaml_check_used(root, name, err);
}

/* True for "…/registers/KEY.yaml" (registers) or "…/fields.yaml" (not registers). */
static bool is_wanted(const char *name, bool registers)
{
    struct str path = str_from(name);
    if (!registers) return str_ends(path, STR("/fields.yaml"));
    return str_find(path, STR("/registers/")) != SIZE_MAX && str_ends(path, STR(".yaml"));
}

static bool read_sources(struct loading *loading, const struct source *sources, size_t count,
                         struct err *err)
{
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < count; i++) {
            if (!is_wanted(sources[i].name, pass == 1)) continue;
            bool good = pass == 0 ? read_common(loading, sources[i], err)
                                  : read_register(loading, sources[i], err);
            if (!good) return false;
        }
    }
    return true;
}

static bool add_file(struct arena *arena, const char *path, struct source *out, struct err *err)
{
    out->name = path;
    return file_read(arena, path, PROFILE_FILE_BYTES_MAX, &out->text, err);
}

static const char *join(struct arena *arena, const char *folder, struct str name)
{
    struct text path;
    text_init(&path, arena, 4096);
    text_add_f(&path, "%s/%.*s", folder, STR_ARG(name));
    return path.ptr;
}

static bool folder_sources(struct arena *arena, const char *folder, struct source **out,
                           size_t *out_count, struct err *err)
{
    LIST(struct source) sources = {0};
    struct str *packs, *names;
    size_t pack_count, count;
    if (!file_list(arena, folder, &packs, &pack_count, err)) return false;
    for (size_t i = 0; i < pack_count; i++) {
        const char *pack = join(arena, folder, packs[i]);
        const char *fields = join(arena, pack, STR("fields.yaml"));
        const char *registers = join(arena, pack, STR("registers"));
        if (file_exists(fields) && !add_file(arena, fields, list_push(arena, &sources), err)) {
            return false;
        }
        if (!file_is_folder(registers)) continue;
        if (!file_list(arena, registers, &names, &count, err)) return false;
        for (size_t j = 0; j < count; j++) {
            if (!str_ends(names[j], STR(".yaml"))) continue;
            const char *path = join(arena, registers, names[j]);
            if (!add_file(arena, path, list_push(arena, &sources), err)) return false;
        }
    }
    *out = sources.items;
    *out_count = sources.count;
    return true;
}

static void asset_sources(struct arena *arena, struct source **out, size_t *count)
{
    const struct asset *assets;
    asset_range("policies/", &assets, count);
    *out = arena_array(arena, struct source, *count);
    for (size_t i = 0; i < *count; i++) {
        (*out)[i] =
            (struct source){assets[i].name, {(const char *)assets[i].bytes, assets[i].size}};
    }
}

static int by_key(const void *a, const void *b)
{
    return str_compare(((const struct profile *)a)->key, ((const struct profile *)b)->key);
}

static void make_common_lookup(struct loading *loading, struct profiles *out)
{
    size_t total = 0, count = 0;
    for (size_t i = 0; i < loading->common.count; i++) {
        total += loading->common.items[i].heading_count;
    }
    out->common_lookup = arena_array(loading->arena, struct profile_heading, total);
    for (size_t i = 0; i < loading->common.count; i++) {
        add_headings(out->common_lookup, &count, &loading->common.items[i], (int)i, true);
    }
    qsort(out->common_lookup, count, sizeof *out->common_lookup, by_heading);
    out->common_lookup_count = count;
    out->common = loading->common.items;
    out->common_count = loading->common.count;
}

bool profiles_load(struct profiles *out, struct arena *arena, const char *folder, struct err *err)
{
    CHECK(arena != NULL);
    struct profiles profiles = {0};
    struct loading loading = {.arena = arena, .out = &profiles};
    struct source *sources;
    size_t count;
    if (folder == NULL) {
        asset_sources(arena, &sources, &count);
    } else if (!folder_sources(arena, folder, &sources, &count, err)) {
        return false;
    }
    if (!read_sources(&loading, sources, count, err)) return false;
    if (loading.profiles.count == 0) {
        return err_set(err, ERR_INPUT, "no register profile was found under \"%s\"",
                       "“%s”下没有名册描述文件", folder == NULL ? "policies" : folder);
    }
    qsort(loading.profiles.items, loading.profiles.count, sizeof *loading.profiles.items, by_key);
    make_common_lookup(&loading, &profiles);
    profiles.items = loading.profiles.items;
    profiles.count = loading.profiles.count;
    *out = profiles;
    return true;
}

const char *field_type_key(enum field_type type)
{
    CHECK((size_t)type < sizeof type_words / sizeof *type_words);
    return type_words[type];
}

const struct profile *profile_find(const struct profiles *profiles, struct str key)
{
    for (size_t i = 0; i < profiles->count; i++) {
        if (str_equal(profiles->items[i].key, key)) return &profiles->items[i];
    }
    return NULL;
}

int profile_field_number(const struct profile *profile, const char *key)
{
    for (size_t i = 0; i < profile->field_count; i++) {
        if (str_is(profile->fields[i].key, key)) return (int)i;
    }
    return -1;
}

/* The first of the entries that read `text`, and how many do. */
static const struct profile_heading *lookup_find(const struct profile_heading *entries,
                                                 size_t entry_count, struct str text, size_t *count)
{
    size_t low = 0, high = entry_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (str_compare(entries[middle].text, text) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    size_t end = low;
    while (end < entry_count && str_equal(entries[end].text, text)) end++;
    *count = end - low;
    return end == low ? NULL : &entries[low];
}

const struct profile_heading *profile_headings(const struct profile *profile, struct str cleaned,
                                               size_t *count)
{
    return lookup_find(profile->lookup, profile->lookup_count, cleaned, count);
}

int profile_common_field(const struct profiles *profiles, struct str cleaned)
{
    size_t count;
    const struct profile_heading *found =
        lookup_find(profiles->common_lookup, profiles->common_lookup_count, cleaned, &count);
    return found == NULL ? -1 : found->field;
}

int profile_choice_number(const struct profile_field *field, struct str cleaned)
{
    for (size_t i = 0; i < field->choice_count; i++) {
        const struct profile_choice *choice = &field->choices[i];
        for (size_t j = 0; j < choice->word_count; j++) {
            if (str_equal(choice->words[j], cleaned)) return (int)i;
        }
        if (str_equal(choice->key, cleaned)) return (int)i;
    }
    return -1;
}

int profile_flag_choice(const struct profile_field *field, struct str cleaned)
{
    for (size_t i = 0; i < field->choice_count; i++) {
        const struct profile_choice *choice = &field->choices[i];
        for (size_t j = 0; j < choice->flag_count; j++) {
            if (str_equal(choice->flags[j], cleaned)) return (int)i;
        }
    }
    return -1;
}

bool profile_has_word(const struct profile_words *words, struct str text)
{
    for (size_t i = 0; i < words->count; i++) {
        if (str_equal(words->words[i], text)) return true;
    }
    return false;
}
