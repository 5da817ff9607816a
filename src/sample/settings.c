#include "sample/settings.h"

#include "base/asset.h"
#include "base/file.h"
#include "base/list.h"
#include "base/yaml.h"

#include <string.h>

static const char *const share_keys[SHARE_COUNT] = {
    "village_surname", "moved_to_town",  "away",
    "empty_household", "incomer",        "incomer_listed",
    "town_listed",     "left_behind",    "single_parent",
    "elder",           "poverty",        "dibao",
    "destitute",       "orphan",         "twins",
    "namesake",        "mother_surname", "sibling_character",
    "one_character",   "minority",       "dotted_name",
    "disabled",        "dead",           "moved_out",
    "born_elsewhere",  "preschool_at_3", "preschool_at_4",
    "preschool_at_5",  "late_entry",     "early_entry",
    "repeats",         "senior",         "vocational",
    "seat_primary",    "seat_junior",    "boarding_primary",
    "boarding_junior", "roll_left_open", "elsewhere_listed",
    "recognised",      "sick_leave",     "homebound",
    "deferred",        "roll_twice",     "not_attending",
    "unregistered",
};

static const char *const story_keys[STORY_COUNT] = {
    "",         "work",        "weary",        "marriage", "poor", "never_enrolled",
    "disabled", "unreachable", "no_household",
};

static const char *const spoil_keys[SPOIL_COUNT] = {
    "homophone",
    "look_alike",
    "traditional",
    "name_cut",
    "name_blank",
    "name_old",
    "rare_lost",
    "id_digit",
    "id_swap",
    "id_missing",
    "id_short",
    "id_parent",
    "id_sibling",
    "id_15",
    "id_float",
    "id_certificate",
    "id_student_number",
    "lower_x",
    "full_width",
    "trailing_blank",
    "birth_day",
    "birth_swap",
    "birth_lunar",
    "birth_default",
    "birth_missing",
    "birth_form",
    "guardian_other",
    "guardian_name",
    "guardian_id_missing",
    "guardian_id_digit",
    "guardian_id_15",
    "village_moved",
    "duplicate",
    "second_household",
    "certificate_reissued",
};

static const char *const source_keys[SOURCE_COUNT] = {
    "population",  "residents", "door_survey", "roll",         "attending", "graduates",
    "elsewhere",   "homebound", "deferred",    "deaths",       "poverty",   "dibao",
    "destitute",   "orphans",   "disabled",    "recognitions", "schools",   "villages",
    "awards_paid", "suspects",  "accounts",
};

static const char *const suspect_keys[SUSPECT_SHARE_COUNT] = {
    "missing",         "not_attending", "wrong_number", "late",      "unregistered", "elsewhere",
    "empty_household", "ill",           "dead",         "moved_out", "finished"};

static const char *const stage_keys[STAGE_COUNT] = {
    "", "preschool", "primary", "junior", "senior", "vocational", "special",
};

const char *sample_source_key(enum source source)
{
    CHECK(source < SOURCE_COUNT);
    return source_keys[source];
}

const char *sample_stage_key(enum stage stage)
{
    CHECK(stage < STAGE_COUNT);
    return stage_keys[stage];
}

const char *sample_story_key(enum story story)
{
    CHECK(story < STORY_COUNT);
    return story_keys[story];
}

const struct weighted *weighted_draw(const struct weighted_list *list, struct rng *rng)
{
    CHECK(list->count > 0);
    CHECK(list->sum > 0);
    uint32_t at = rng_below(rng, list->sum);
    size_t low = 0, high = list->count;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (list->items[middle].from <= at)
            low = middle;
        else
            high = middle;
    }
    return &list->items[low];
}

/* The text of a file of the packs, whether they are embedded or in a folder. */
static bool pack_read(struct arena *arena, const char *folder, struct str name, struct str *out,
                      struct err *err)
{
    struct text path;
    text_init(&path, arena, 4096);
    text_add_f(&path, "%s/%.*s", folder == NULL ? "policies" : folder, STR_ARG(name));
    if (folder != NULL) return file_read(arena, path.ptr, 64 << 20, out, err);
    if (asset_find(path.ptr, out)) return true;
    return err_set(err, ERR_INPUT, "the packs have no \"%.*s\"", "政策包缺少“%.*s”", STR_ARG(name));
}

/* The first place, in name order, that says what a sample city draws. */
static bool find_place(struct arena *arena, const char *folder, struct str *place, struct err *err)
{
    if (folder == NULL) {
        const struct asset *assets;
        size_t count;
        asset_range("policies/", &assets, &count);
        for (size_t i = 0; i < count; i++) {
            struct str name = str_from(assets[i].name);
            if (!str_ends(name, STR("/sample.yaml"))) continue;
            *place = str_slice(name, strlen("policies/"), name.len - strlen("/sample.yaml"));
            return true;
        }
    } else {
        struct str *names;
        size_t count;
        if (!file_list(arena, folder, &names, &count, err)) return false;
        for (size_t i = 0; i < count; i++) {
            struct text path;
            text_init(&path, arena, 4096);
            text_add_f(&path, "%s/%.*s/sample.yaml", folder, STR_ARG(names[i]));
            if (!file_exists(path.ptr)) continue;
            *place = names[i];
            return true;
        }
    }
    return err_set(err, ERR_INPUT, "no pack has a sample.yaml, which says what a sample city draws",
                   "政策包中没有 sample.yaml，无法生成样例城市");
}

static bool read_integer(struct yaml_node *map, const char *key, const char *name, int64_t most,
                         uint32_t *out, struct err *err)
{
    struct yaml_node *node = yaml_get(map, key);
    int64_t value = 0;
    if (!yaml_integer_or(map, key, name, 0, &value, err)) return false;
    if (node == NULL)
        return yaml_fail(map, name, err, "a number is missing here", "此处缺少一个数字");
    if (value < 0 || value > most)
        return yaml_fail(node, name, err, "the number is too small or too large", "数字超出范围");
    *out = (uint32_t)value;
    return true;
}

static bool read_integers(struct yaml_node *map, const char *key, const char *name, uint32_t *out,
                          size_t count, struct err *err)
{
    struct yaml_node *list = yaml_get(map, key);
    if (list == NULL || list->kind != YAML_LIST || list->count != count)
        return yaml_fail(list == NULL ? map : list, name, err,
                         "a list of numbers is missing or of another length",
                         "数字列表缺失或长度不对");
    for (size_t i = 0; i < count; i++) {
        int64_t value;
        if (!str_to_i64(list->items[i]->text, &value) || value < 0 || value > PPM)
            return yaml_fail(list->items[i], name, err, "a number of 0 to 1000000 is expected",
                             "应为 0 至 1000000 的数字");
        out[i] = (uint32_t)value;
    }
    return true;
}

static bool read_keyed(struct yaml_node *map, const char *name, const char *const *keys,
                       size_t from, size_t count, uint32_t *out, struct err *err)
{
    if (map == NULL)
        return err_set(err, ERR_INPUT, "%s: the shares, schools or stories are missing",
                       "%s：缺少比例、学校或情形的设定", name);
    for (size_t i = from; i < count; i++)
        if (!read_integer(map, keys[i], name, 100000000, &out[i], err)) return false;
    return true;
}

static bool read_errors(struct settings *out, struct yaml_node *errors, const char *name,
                        struct err *err)
{
    for (size_t source = 0; source < SOURCE_COUNT; source++) {
        struct yaml_node *map = yaml_get(errors, source_keys[source]);
        if (map == NULL) continue;
        for (size_t i = 0; i < SPOIL_COUNT; i++) {
            if (yaml_get(map, spoil_keys[i]) == NULL) continue;
            if (!read_integer(map, spoil_keys[i], name, PPM, &out->errors[source][i], err))
                return false;
        }
    }
    return true;
}

static bool read_day(struct yaml_node *map, const char *key, const char *name, day *out,
                     struct err *err)
{
    struct str text;
    if (!yaml_text(map, key, name, &text, err)) return false;
    if (day_parse(text, out)) return true;
    return yaml_fail(yaml_get(map, key), name, err, "a day like 2020-09-15 is expected",
                     "应为 2020-09-15 形式的日期");
}

static bool read_outside(struct settings *out, struct arena *arena, struct yaml_node *list,
                         const char *name, struct err *err)
{
    if (list == NULL || list->kind != YAML_LIST || list->count == 0)
        return err_set(err, ERR_INPUT, "%s: \"outside\" names no place",
                       "%s：“outside”未列出任何地区", name);
    out->outside = arena_array(arena, struct outside, list->count);
    out->outside_weights = (struct weighted_list){
        .items = arena_array(arena, struct weighted, list->count), .count = list->count};
    for (size_t i = 0; i < list->count; i++) {
        struct yaml_node *item = list->items[i];
        struct weighted *weighted = &out->outside_weights.items[i];
        if (!yaml_text(item, "code", name, &out->outside[i].code, err)) return false;
        if (!yaml_text(item, "zh", name, &out->outside[i].name, err)) return false;
        if (!read_integer(item, "weight", name, PPM, &weighted->weight, err)) return false;
        if (out->outside[i].code.len != 6)
            return yaml_fail(item, name, err, "a code of 6 digits is expected",
                             "应为 6 位区划代码");
        weighted->from = out->outside_weights.sum;
        out->outside_weights.sum += weighted->weight;
    }
    if (out->outside_weights.sum > 0) return true;
    return yaml_fail(list, name, err, "all weights are 0", "权重全为 0");
}

static bool read_counties(struct settings *out, struct arena *arena, struct yaml_node *list,
                          const char *name, struct err *err)
{
    if (list == NULL || list->kind != YAML_LIST || list->count == 0)
        return err_set(err, ERR_INPUT, "%s: \"counties\" names none", "%s：“counties”未列出县区",
                       name);
    out->counties = arena_array(arena, struct county, list->count);
    out->county_count = list->count;
    for (size_t i = 0; i < list->count; i++) {
        struct county *county = &out->counties[i];
        if (!yaml_text(list->items[i], "code", name, &county->code, err)) return false;
        if (!read_integer(list->items[i], "weight", name, PPM, &county->weight, err)) return false;
        if (county->weight == 0)
            return yaml_fail(list->items[i], name, err, "the weight is 0", "权重为 0");
    }
    return true;
}

static bool read_place(struct settings *out, struct arena *arena, struct yaml_node *map,
                       const char *name, struct err *err)
{
    if (!yaml_text(map, "zh", name, &out->zh, err)) return false;
    if (!yaml_text(map, "city", name, &out->city, err)) return false;
    if (!yaml_text(map, "province", name, &out->province, err)) return false;
    if (!read_integer(map, "children", name, 10000000, &out->children, err)) return false;
    if (!read_day(map, "first_day", name, &out->first_day, err)) return false;
    if (!read_day(map, "last_day", name, &out->last_day, err)) return false;
    if (!read_counties(out, arena, yaml_get(map, "counties"), name, err)) return false;
    if (!read_integers(map, "youngest_by_age", name, out->youngest_by_age, AGES, err)) return false;
    if (!read_integers(map, "children_in_family", name, out->children_in_family,
                       FAMILY_CHILDREN_MAX, err))
        return false;
    return read_outside(out, arena, yaml_get(map, "outside"), name, err);
}

static bool read_sample(struct settings *out, struct arena *arena, struct str text,
                        const char *name, struct err *err)
{
    struct yaml_node *map;
    if (!yaml_parse(arena, text, name, &map, err)) return false;
    if (!read_place(out, arena, map, name, err)) return false;
    if (!read_keyed(yaml_get(map, "schools"), name, stage_keys, 1, STAGE_COUNT, out->schools, err))
        return false;
    if (!read_keyed(yaml_get(map, "shares"), name, share_keys, 0, SHARE_COUNT, out->shares, err))
        return false;
    if (!read_keyed(yaml_get(map, "missing"), name, story_keys, 1, STORY_COUNT, out->missing, err))
        return false;
    if (!read_keyed(yaml_get(map, "suspects"), name, suspect_keys, 0, SUSPECT_SHARE_COUNT,
                    out->suspects, err))
        return false;
    if (!read_integer(map, "schools_not_reported", name, 100, &out->schools_not_reported, err))
        return false;
    if (!read_integer(map, "townships_late", name, 100, &out->townships_late, err)) return false;
    if (!read_errors(out, yaml_get(map, "errors"), name, err)) return false;
    if (!sample_aid_load(&out->aid, arena, yaml_get(map, "aid"), name, err)) return false;
    return yaml_check_used(map, name, err);
}

/* The name of a village without what every village has: "红堡子" of "红堡子村民委员会". */
static struct str village_short(struct str name)
{
    static const char *const endings[] = {"社区居民委员会", "居民委员会", "村民委员会", "村委会",
                                          "社区"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        struct str ending = str_from(endings[i]);
        if (name.len <= ending.len || !str_ends(name, ending)) continue;
        name = str_slice(name, 0, name.len - ending.len);
        break;
    }
    struct str village = STR("村");
    return utf8_count(name) > 2 && str_ends(name, village)
               ? str_slice(name, 0, name.len - village.len)
               : name;
}

struct places {
    LIST(struct township) townships;
    LIST(struct village) villages;
};

/* One line of divisions.tsv: village, its name, township code and name, county code and name. Lines
 * of one township, and of one county, stand together. */
static void place_line(struct settings *out, struct arena *arena, struct places *places,
                       const struct str cells[6])
{
    uint32_t county = 0;
    while (county < out->county_count && !str_equal(out->counties[county].code, cells[4])) county++;
    if (county == out->county_count) return;
    out->counties[county].name = cells[5];
    struct township *township =
        places->townships.count == 0 ? NULL : &places->townships.items[places->townships.count - 1];
    if (township == NULL || !str_equal(township->code, cells[2])) {
        if (out->counties[county].township_count++ == 0)
            out->counties[county].township_from = (uint32_t)places->townships.count;
        township = list_push(arena, &places->townships);
        *township = (struct township){.code = cells[2],
                                      .name = cells[3],
                                      .county = county,
                                      .village_from = (uint32_t)places->villages.count,
                                      .street = str_ends(cells[3], STR("街道"))};
    }
    township->village_count++;
    struct str urban = STR("居民委员会");
    *list_push(arena, &places->villages) =
        (struct village){.code = cells[0],
                         .name = cells[1],
                         .short_name = village_short(cells[1]),
                         .township = (uint32_t)places->townships.count - 1,
                         .urban = str_ends(cells[1], urban) || str_ends(cells[1], STR("社区"))};
}

static bool read_divisions(struct settings *out, struct arena *arena, struct str text,
                           const char *name, struct err *err)
{
    struct places places = {0};
    struct str rest = text, line;
    while (str_split(&rest, '\n', &line)) {
        if (line.len == 0 || line.ptr[0] == '#') continue;
        struct str cells[6], part, left = line;
        size_t count = 0;
        while (count < 6 && str_split(&left, '\t', &part)) cells[count++] = part;
        if (count == 6 && cells[0].len == 12) place_line(out, arena, &places, cells);
    }
    out->townships = places.townships.items;
    out->township_count = places.townships.count;
    out->villages = places.villages.items;
    out->village_count = places.villages.count;
    for (size_t i = 0; i < out->county_count; i++)
        if (out->counties[i].township_count == 0)
            return err_set(err, ERR_INPUT, "%s has no village of county %.*s",
                           "%s 中没有县区 %.*s 的村", name, STR_ARG(out->counties[i].code));
    return true;
}

static void weighted_put(struct weighted_list *list, size_t *capacity, struct arena *arena,
                         struct str text, uint32_t weight)
{
    list_grow(arena, (void **)&list->items, capacity, list->count, sizeof *list->items);
    list->items[list->count++] = (struct weighted){text, weight, list->sum};
    list->sum += weight;
}

static bool table_read(const char *name, struct str *out, struct err *err)
{
    if (asset_find(name, out)) return true;
    return err_set(err, ERR_INPUT, "the program lacks \"%s\"", "程序中缺少“%s”", name);
}

/* Next line of a table that is no comment, cut at tabs. False at the end. */
static bool table_line(struct str *rest, struct str *cells, size_t count)
{
    struct str line;
    while (str_split(rest, '\n', &line)) {
        if (line.len == 0 || line.ptr[0] == '#') continue;
        for (size_t i = 0; i < count; i++)
            if (!str_split(&line, '\t', &cells[i])) cells[i] = STR_EMPTY;
        return true;
    }
    return false;
}

static bool read_names(struct settings *out, struct arena *arena, struct err *err)
{
    static const char *const generations[GENERATION_COUNT] = {"old", "middle", "young", "dotted"};
    struct str text, cells[4];
    size_t capacity = 0, capacities[GENERATION_COUNT][2] = {0};
    int64_t weight;
    if (!table_read("src/sample/tables/surnames.tsv", &text, err)) return false;
    while (table_line(&text, cells, 2))
        if (str_to_i64(cells[1], &weight))
            weighted_put(&out->surnames, &capacity, arena, cells[0], (uint32_t)weight);
    if (!table_read("src/sample/tables/given.tsv", &text, err)) return false;
    while (table_line(&text, cells, 4)) {
        int sex = str_is(cells[1], "M");
        if (!str_to_i64(cells[3], &weight)) continue;
        for (size_t i = 0; i < GENERATION_COUNT; i++)
            if (str_is(cells[0], generations[i]))
                weighted_put(&out->given[i][sex], &capacities[i][sex], arena, cells[2],
                             (uint32_t)weight);
    }
    return true;
}

static bool read_confusions(struct settings *out, struct arena *arena, struct err *err)
{
    static const char *const kinds[] = {"homophone", "look_alike", "traditional"};
    struct str text, cells[2];
    size_t capacities[CONFUSION_COUNT] = {0};
    if (!table_read("src/sample/tables/confusions.tsv", &text, err)) return false;
    while (table_line(&text, cells, 2)) {
        for (size_t i = 0; i < CONFUSION_COUNT; i++) {
            struct confusion_list *list = &out->confusions[i];
            if (!str_is(cells[0], kinds[i])) continue;
            list_grow(arena, (void **)&list->groups, &capacities[i], list->count,
                      sizeof *list->groups);
            list->groups[list->count++] = cells[1];
        }
    }
    return true;
}

bool sample_pack_read(struct arena *arena, const char *folder, const char *file, bool of_place,
                      struct str *out, struct str *name, struct err *err)
{
    struct str place = STR("national/sample");
    struct text path;
    if (of_place && !find_place(arena, folder, &place, err)) return false;
    text_init(&path, arena, 4096);
    text_add_f(&path, "%.*s/%s", STR_ARG(place), file);
    *name = text_str(&path);
    return pack_read(arena, folder, *name, out, err);
}

bool sample_settings_load(struct settings *out, struct arena *arena, const char *folder,
                          struct err *err)
{
    struct settings settings = {0};
    struct str place = {0}, text;
    struct text sample, divisions;
    if (!find_place(arena, folder, &place, err)) return false;
    text_init(&sample, arena, 4096);
    text_init(&divisions, arena, 4096);
    text_add_f(&sample, "%.*s/sample.yaml", STR_ARG(place));
    text_add_f(&divisions, "%.*s/divisions.tsv", STR_ARG(place));
    if (!pack_read(arena, folder, text_str(&sample), &text, err)) return false;
    if (!read_sample(&settings, arena, text, sample.ptr, err)) return false;
    if (!pack_read(arena, folder, text_str(&divisions), &text, err)) return false;
    if (!read_divisions(&settings, arena, text, divisions.ptr, err)) return false;
    if (!read_names(&settings, arena, err)) return false;
    if (!read_confusions(&settings, arena, err)) return false;
    struct str layouts = STR("national/sample/layouts.yaml");
    if (!pack_read(arena, folder, layouts, &text, err)) return false;
    if (!sample_layouts_load(&settings, arena, text, layouts.ptr, err)) return false;
    *out = settings;
    return true;
}
