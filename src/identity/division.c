#include "identity/division.h"

#include "base/asset.h"
#include "base/file.h"
#include "base/list.h"
#include "identity/division_names.h"

#include <stdlib.h>
#include <string.h>

enum {
    PACK_BYTES_MAX = 256 << 20, /* the villages of the whole country take 50 MB */
    PACK_FIELDS = 6,
    PATH_MAX_BYTES = 4096,
};

/* What is read before it is sorted: a later one of the same code replaces an earlier one. */
struct loading {
    struct arena *arena;
    LIST(struct division) levels[DIVISION_LEVELS];
};

static bool is_code(struct str code)
{
    if (code.len != 6 && code.len != 9 && code.len != 12) return false;
    for (size_t i = 0; i < code.len; i++) {
        if (code.ptr[i] < '0' || code.ptr[i] > '9') return false;
    }
    return code.ptr[0] != '0';
}

static size_t level_of(struct str code)
{
    return code.len / 3 - 2;
}

/* Rows of a pack repeat their township and county; what equals the newest one is not added. */
static void add_division(struct loading *loading, struct str code, struct str name)
{
    size_t level = level_of(code);
    size_t count = loading->levels[level].count;
    if (count > 0 && str_equal(loading->levels[level].items[count - 1].code, code)) return;
    *list_push(loading->arena, &loading->levels[level]) = (struct division){
        .code = code, .name = name, .short_name = division_short_name(name, code.len)};
}

static bool load_line(struct loading *loading, struct str line, const char *path, int number,
                      struct err *err)
{
    struct str fields[PACK_FIELDS], rest = line;
    size_t count = 0;
    while (count < PACK_FIELDS && str_split(&rest, '\t', &fields[count])) count++;
    bool good = (count == 2 || count == PACK_FIELDS) && rest.ptr == NULL;
    for (size_t i = 0; good && i + 1 < count; i += 2) {
        good = is_code(fields[i]) && fields[i + 1].len > 0 && utf8_valid(fields[i + 1]);
    }
    if (!good) {
        return err_set(err, ERR_INPUT,
                       "\"%s\" line %d is no division: it needs code and name, for each of "
                       "village, township and county",
                       "“%s” 第 %d 行不是区划：村、乡镇、县都要有代码和名称", path, number);
    }
    for (size_t i = count; i >= 2; i -= 2) add_division(loading, fields[i - 2], fields[i - 1]);
    return true;
}

static bool load_table(struct loading *loading, struct str content, const char *path,
                       struct err *err)
{
    struct str rest = content, line;
    int number = 0;
    while (str_split(&rest, '\n', &line)) {
        number++;
        if (str_ends(line, STR("\r"))) line.len--;
        if (line.len == 0 || line.ptr[0] == '#') continue;
        if (!load_line(loading, line, path, number, err)) return false;
    }
    return true;
}

static bool load_embedded_packs(struct loading *loading, struct err *err)
{
    const struct asset *assets;
    size_t count;
    asset_range("policies/", &assets, &count);
    for (size_t i = 0; i < count; i++) {
        struct str content = {(const char *)assets[i].bytes, assets[i].size};
        if (!str_ends(str_from(assets[i].name), STR("/divisions.tsv"))) continue;
        if (!load_table(loading, content, assets[i].name, err)) return false;
    }
    return true;
}

static bool load_folder(struct loading *loading, const char *policies, struct err *err)
{
    struct str *names;
    size_t count;
    if (!file_list(loading->arena, policies, &names, &count, err)) return false;
    for (size_t i = 0; i < count; i++) {
        struct text path;
        struct str content;
        text_init(&path, loading->arena, PATH_MAX_BYTES);
        text_add_f(&path, "%s/%.*s/divisions.tsv", policies, STR_ARG(names[i]));
        if (path.cut || !file_exists(path.ptr)) continue;
        if (!file_read(loading->arena, path.ptr, PACK_BYTES_MAX, &content, err)) return false;
        if (!load_table(loading, content, path.ptr, err)) return false;
    }
    return true;
}

/* For qsort: by code, then by place in memory, so that the newest of equal codes stands last. */
static int compare_divisions(const void *left, const void *right)
{
    const struct division *const *a = left, *const *b = right;
    int order = str_compare((*a)->code, (*b)->code);
    if (order != 0) return order;
    return *a < *b ? -1 : *a > *b;
}

static void sort_level(struct arena *arena, struct division *items, size_t count,
                       struct division_level *out)
{
    struct division **sorted = arena_array(arena, struct division *, count);
    for (size_t i = 0; i < count; i++) sorted[i] = &items[i];
    if (count > 0) qsort(sorted, count, sizeof *sorted, compare_divisions);
    out->items = arena_array(arena, struct division, count);
    for (size_t i = 0; i < count; i++) {
        if (i + 1 < count && str_equal(sorted[i]->code, sorted[i + 1]->code)) continue;
        out->items[out->count++] = *sorted[i];
    }
}

bool divisions_load(struct divisions **out, struct arena *arena, const char *policies,
                    struct err *err)
{
    CHECK(arena != NULL);
    struct loading loading = {.arena = arena};
    struct str counties;
    const char *path = "src/identity/tables/counties.tsv";
    bool embedded = asset_find(path, &counties);
    CHECK(embedded);
    if (!load_table(&loading, counties, path, err)) return false;
    if (policies == NULL && !load_embedded_packs(&loading, err)) return false;
    if (policies != NULL && !load_folder(&loading, policies, err)) return false;
    struct divisions *made = arena_new(arena, struct divisions);
    for (size_t i = 0; i < DIVISION_LEVELS; i++) {
        sort_level(arena, loading.levels[i].items, loading.levels[i].count, &made->levels[i]);
    }
    division_names_build(&made->counties, arena, &made->levels[0], NULL);
    division_names_build(&made->places, arena, &made->levels[1], &made->levels[2]);
    *out = made;
    return true;
}

/* The first division of a level whose code is not smaller than `code`. */
static size_t lower_bound(const struct division_level *level, struct str code)
{
    size_t low = 0, high = level->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (str_compare(level->items[middle].code, code) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

const struct division *division_find(const struct divisions *divisions, struct str code)
{
    if (!is_code(code)) return NULL;
    const struct division_level *level = &divisions->levels[level_of(code)];
    size_t at = lower_bound(level, code);
    bool found = at < level->count && str_equal(level->items[at].code, code);
    return found ? &level->items[at] : NULL;
}

struct str division_name_of(const struct divisions *divisions, struct str code)
{
    const struct division *division = division_find(divisions, code);
    return division == NULL ? code : division->name;
}

void division_below(const struct divisions *divisions, struct str code, int digits,
                    const struct division **first, size_t *count)
{
    CHECK(digits == 6 || digits == 9 || digits == 12);
    const struct division_level *level = &divisions->levels[digits / 3 - 2];
    struct str stem = code;
    while (stem.len > 0 && stem.len <= 6 && stem.len % 2 == 0 && str_ends(stem, STR("00"))) {
        stem.len -= 2;
    }
    size_t at = lower_bound(level, stem);
    while (at < level->count && str_equal(level->items[at].code, code)) at++;
    size_t end = at;
    while (end < level->count && str_starts(level->items[end].code, stem)) end++;
    *first = level->items + at;
    *count = end - at;
}

struct str division_of_address(const struct divisions *divisions, struct str address,
                               struct str hint)
{
    const struct division *found = division_search(divisions, address, hint);
    return found == NULL ? STR_EMPTY : found->code;
}

struct str division_code_read(struct arena *arena, struct str written)
{
    enum { CODE_MAX = 12 };
    char digits[CODE_MAX];
    size_t count = 0, at = 0;
    uint32_t code;
    while (utf8_next(written, &at, &code)) {
        if (code >= 0xFF10 && code <= 0xFF19) code -= 0xFF10 - '0';
        if (code == '.' && str_is(str_trim(str_slice(written, at, written.len)), "0")) break;
        bool noise = code <= ' ' || code == '\'' || code == '"' || code == '=' || code == 0xA0
                     || code == 0x3000 || code == 0xFEFF || (code >= 0x2018 && code <= 0x201F)
                     || (code >= 0x2000 && code <= 0x200F);
        if (noise) continue;
        if (code < '0' || code > '9' || count == CODE_MAX) return STR_EMPTY;
        digits[count++] = (char)code;
    }
    struct str read = {digits, count};
    if (!is_code(read)) return STR_EMPTY;
    while (read.len > 6 && str_ends(read, STR("000"))) read.len -= 3;
    return str_copy(arena, read);
}
