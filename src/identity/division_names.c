#include "identity/division_names.h"

#include <stdlib.h>
#include <string.h>

enum {
    CANDIDATES_MAX = 32,
    SKIP_MAX = 40, /* characters that may stand between two units of an address */
    DEPTH_MAX = 6, /* province, prefecture, county, township, village, and one to spare */
};

/* How well a piece of an address fits a name. */
enum fit {
    FIT_NONE,
    FIT_SHORT,   /* the short name, no unit behind it: 会宁 */
    FIT_RENAMED, /* the short name and a unit of the same level: 会宁市 */
    FIT_WHOLE,   /* the name, or the short name and its own unit: 红堡子村 */
};

static const char *const nations[] = {
    "维吾尔族", "哈萨克族", "柯尔克孜族", "达斡尔族", "土家族",   "蒙古族",   "布依族", "朝鲜族",
    "哈尼族",   "傈僳族",   "拉祜族",     "东乡族",   "纳西族",   "景颇族",   "仫佬族", "布朗族",
    "撒拉族",   "毛南族",   "仡佬族",     "锡伯族",   "塔吉克族", "鄂温克族", "德昂族", "保安族",
    "裕固族",   "独龙族",   "鄂伦春族",   "赫哲族",   "门巴族",   "珞巴族",   "基诺族", "阿昌族",
    "普米族",   "俄罗斯族", "维吾尔",     "哈萨克",   "柯尔克孜", "塔吉克",   "锡伯",   "蒙古",
    "回族",     "藏族",     "苗族",       "彝族",     "壮族",     "满族",     "侗族",   "瑶族",
    "白族",     "傣族",     "黎族",       "佤族",     "畲族",     "水族",     "土族",   "羌族",
    "怒族",     "京族",     "各族",
};

/* Units by length of code, longest first. A unit of one level never names a place of another. */
static const char *const county_units[] = {
    "特别行政区", "自治区", "自治州", "自治县", "自治旗", "地区", "林区", "特区",
    "新区",       "省",     "市",     "州",     "盟",     "县",   "区",   "旗"};
static const char *const township_units[] = {"街道办事处", "民族乡", "街道办", "办事处", "街道",
                                             "街办",       "苏木",   "镇",     "乡"};
static const char *const village_units[] = {
    "社区居民委员会", "社区居委会", "村村民委员会", "村民委员会", "居民委员会", "村村委会",
    "村委会",         "居委会",     "行政村",       "嘎查",       "社区",       "村"};

struct unit_list {
    const char *const *items;
    size_t count;
};

#define UNITS(list) ((struct unit_list){list, sizeof list / sizeof *list})

static struct unit_list units_of(size_t digits)
{
    if (digits == 6) return UNITS(county_units);
    return digits == 9 ? UNITS(township_units) : UNITS(village_units);
}

/* The unit at the end of a name, or the empty text. */
static struct str unit_at_end(struct str name, size_t digits)
{
    struct unit_list units = units_of(digits);
    for (size_t i = 0; i < units.count; i++) {
        if (str_ends(name, str_from(units.items[i]))) return str_from(units.items[i]);
    }
    return STR_EMPTY;
}

static struct str unit_at_start(struct str text, size_t digits)
{
    struct unit_list units = units_of(digits);
    for (size_t i = 0; i < units.count; i++) {
        if (str_starts(text, str_from(units.items[i]))) return str_from(units.items[i]);
    }
    return STR_EMPTY;
}

static struct str without_nations(struct str name)
{
    for (size_t i = 0; i < sizeof nations / sizeof *nations; i++) {
        struct str nation = str_from(nations[i]);
        if (!str_ends(name, nation)) continue;
        struct str rest = str_slice(name, 0, name.len - nation.len);
        if (utf8_count(rest) >= 2) return without_nations(rest);
    }
    return name;
}

struct str division_short_name(struct str name, size_t digits)
{
    struct unit_list units = units_of(digits);
    struct str unit = STR_EMPTY, rest = name;
    for (size_t i = 0; i < units.count && unit.len == 0; i++) {
        struct str end = str_from(units.items[i]);
        struct str start = str_slice(name, 0, name.len < end.len ? 0 : name.len - end.len);
        if (!str_ends(name, end) || utf8_count(start) < 2) continue;
        unit = end;
        rest = start;
    }
    if (unit.len == 0) return name;
    bool of_nation = str_starts(unit, STR("自治")) || str_is(unit, "乡") || str_is(unit, "民族乡");
    if (!of_nation) return rest;
    struct str bare = without_nations(rest);
    if (bare.len == rest.len && str_ends(rest, STR("族")) && utf8_count(rest) > 2) {
        bare.len -= STR("族").len; /* 东乡族自治县 is 东乡 */
    }
    return bare;
}

/* The first two characters as one number; 0 when there are fewer. */
static uint64_t key_at(struct str text, size_t at)
{
    uint32_t first, second;
    if (!utf8_next(text, &at, &first) || !utf8_next(text, &at, &second)) return 0;
    return ((uint64_t)first << 32) | second;
}

static uint64_t number_of(struct str code)
{
    uint64_t number = 0;
    for (size_t i = 0; i < 12; i++) {
        number = number * 10 + (i < code.len ? (uint64_t)(code.ptr[i] - '0') : 0);
    }
    return number;
}

static void names_add(struct division_names *names, const struct division *division)
{
    struct str texts[2] = {division->name, division->short_name};
    for (size_t i = 0; i < 2; i++) {
        uint64_t key = key_at(texts[i], 0);
        if (key == 0 || (i == 1 && str_equal(texts[0], texts[1]))) continue;
        names->items[names->count++] = (struct division_name){.key = key,
                                                              .code = number_of(division->code),
                                                              .text = texts[i],
                                                              .division = division,
                                                              .is_short = i == 1};
    }
}

static int compare_names(const void *left, const void *right)
{
    const struct division_name *a = left, *b = right;
    if (a->key != b->key) return a->key < b->key ? -1 : 1;
    if (a->code != b->code) return a->code < b->code ? -1 : 1;
    return (int)a->is_short - (int)b->is_short;
}

void division_names_build(struct division_names *names, struct arena *arena,
                          const struct division_level *level, const struct division_level *more)
{
    size_t total = level->count + (more == NULL ? 0 : more->count);
    names->items = arena_array(arena, struct division_name, total * 2);
    names->count = 0;
    for (size_t i = 0; i < level->count; i++) names_add(names, &level->items[i]);
    for (size_t i = 0; more != NULL && i < more->count; i++) names_add(names, &more->items[i]);
    CHECK(names->count <= total * 2);
    if (names->count > 0) qsort(names->items, names->count, sizeof *names->items, compare_names);
    u64_map_init(&names->first, arena);
    for (size_t i = names->count; i > 0; i--) {
        u64_map_put(&names->first, names->items[i - 1].key, (uint32_t)(i - 1));
    }
}

/* An area as a range of 12-digit numbers. The whole country is {0, 10^12, 0}. */
struct area {
    uint64_t from;
    uint64_t to;   /* behind the last */
    size_t digits; /* that matter: 0, 2, 4, 6, 9, 12 */
};

static const uint64_t powers[13] = {1,           10,           100,          1000,      10000,
                                    100000,      1000000,      10000000,     100000000, 1000000000,
                                    10000000000, 100000000000, 1000000000000};

static struct area area_of(uint64_t code, size_t digits)
{
    CHECK(digits <= 12);
    uint64_t size = powers[12 - digits];
    uint64_t from = code / size * size;
    return (struct area){from, from + size, digits};
}

static size_t digits_that_matter(struct str code)
{
    if (code.len > 6) return code.len;
    if (str_ends(code, STR("0000"))) return 2;
    return str_ends(code, STR("00")) ? 4 : 6;
}

static struct area area_of_division(const struct division *division)
{
    return area_of(number_of(division->code), digits_that_matter(division->code));
}

static bool area_holds(struct area outer, struct area inner)
{
    return outer.from <= inner.from && inner.to <= outer.to;
}

/* What a search found: the division, and how far the address was understood. */
struct found {
    const struct division *division; /* NULL when nothing */
    bool tie;                        /* several were equally good; `division` is what they share */
    size_t end;                      /* byte behind the last name understood */
};

struct search {
    const struct divisions *divisions;
    struct str text;
    struct area hint; /* digits 0 when there is none */
};

struct candidate {
    const struct division *division;
    size_t length; /* bytes of the address that it takes */
    enum fit fit;
};

static bool is_separator(uint32_t code)
{
    return code <= ' ' || code == ',' || code == '/' || code == '-' || code == 0x3000
           || code == 0xFF0C || code == 0x3001 || code == 0xB7 || code == 0xA0 || code == '.'
           || code == ';' || code == 0xFF1B || code == ':' || code == 0xFF1A;
}

static size_t skip_separators(struct str text, size_t at)
{
    size_t next = at;
    uint32_t code;
    while (utf8_next(text, &next, &code) && is_separator(code)) at = next;
    return at;
}

/* The part of an address behind a name that has no unit must not go on with another word. */
static bool ends_word(struct str text, size_t at, size_t digits)
{
    static const char *const hanzi[] = {"一", "二", "三", "四", "五", "六", "七", "八", "九",
                                        "十", "组", "社", "队", "号", "（", "(",  "）", ")"};
    uint32_t code;
    size_t next = at;
    if (!utf8_next(text, &next, &code) || is_separator(code)) return true;
    if ((code >= '0' && code <= '9') || (code >= 0xFF10 && code <= 0xFF19)) return true;
    if (digits < 12) return false;
    struct str rest = str_slice(text, at, text.len);
    for (size_t i = 0; i < sizeof hanzi / sizeof *hanzi; i++) {
        if (str_starts(rest, str_from(hanzi[i]))) return true;
    }
    return false;
}

/* 中山路 and 南京大街 are streets anywhere, 兰州公司 works anywhere. */
static bool goes_on_as_street(struct str text, size_t at)
{
    static const char *const words[] = {"路", "街", "巷", "道", "大", "公", "厂", "省", "市", "州",
                                        "盟", "县", "区", "旗", "镇", "乡", "村", "社", "里", "新"};
    struct str rest = str_slice(text, at, text.len);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (str_starts(rest, str_from(words[i]))) return true;
    }
    return false;
}

/* A township may have a village and a community of one name: 东关村, 东关社区. */
static bool is_urban(struct str unit)
{
    return str_starts(unit, STR("社区")) || str_starts(unit, STR("居"));
}

static struct candidate fit_name(struct str text, size_t at, const struct division_name *name)
{
    struct candidate none = {.fit = FIT_NONE};
    struct str rest = str_slice(text, at, text.len);
    if (!str_starts(rest, name->text)) return none;
    struct candidate fits = {name->division, name->text.len, FIT_WHOLE};
    if (!name->is_short) return fits;
    size_t digits = name->division->code.len;
    struct str unit = unit_at_start(str_slice(rest, name->text.len, rest.len), digits);
    fits.fit = unit.len == 0 ? FIT_SHORT : FIT_RENAMED;
    fits.length += unit.len;
    if (unit.len == 0) return fits;
    struct str own = unit_at_end(name->division->name, digits);
    bool same_kind = str_ends(own, unit) || str_starts(own, unit);
    if (digits == 12) same_kind = is_urban(own) == is_urban(unit);
    if (same_kind) fits.fit = FIT_WHOLE;
    bool upper = digits_that_matter(name->division->code) < 6;
    bool county_unit = str_is(unit, "县") || str_is(unit, "区") || str_is(unit, "旗");
    if (!same_kind && upper && county_unit) return none;
    bool upper_unit = str_is(unit, "省") || str_is(unit, "州") || str_is(unit, "盟")
                      || str_is(unit, "地区") || str_starts(unit, STR("自治区"));
    return !same_kind && upper_unit ? none : fits;
}

static size_t names_lower_bound(const struct division_names *names, size_t from, uint64_t key,
                                uint64_t code)
{
    size_t low = from, high = names->count;
    if (code <= names->items[from].code) return from;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct division_name *name = &names->items[middle];
        if (name->key < key || (name->key == key && name->code < code)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Adds one that fits, keeping the better of two fits of one division. */
static void add_candidate(struct candidate list[CANDIDATES_MAX], size_t *count,
                          struct candidate fits)
{
    for (size_t i = 0; i < *count; i++) {
        if (list[i].division != fits.division) continue;
        bool better = fits.length > list[i].length
                      || (fits.length == list[i].length && fits.fit > list[i].fit);
        if (better) list[i] = fits;
        return;
    }
    if (*count < CANDIDATES_MAX) list[(*count)++] = fits;
}

static void collect(const struct division_names *names, struct str text, size_t at, uint64_t key,
                    struct area area, struct candidate list[CANDIDATES_MAX], size_t *count)
{
    uint32_t first = u64_map_find(&names->first, key);
    if (first == DICT_NONE) return;
    size_t i = names_lower_bound(names, first, key, area.from);
    for (; i < names->count; i++) {
        const struct division_name *name = &names->items[i];
        if (name->key != key || name->code >= area.to) break;
        if (digits_that_matter(name->division->code) <= area.digits) continue;
        struct candidate fits = fit_name(text, at, name);
        bool left_out_too_much =
            name->division->code.len == 12 && area.digits < 6 && fits.fit == FIT_SHORT;
        if (fits.fit != FIT_NONE && !left_out_too_much) add_candidate(list, count, fits);
    }
}

/* All divisions below `area` whose names stand at this place. Townships and villages are looked
 * for in a known prefecture only: their names repeat all over the country. */
static size_t candidates_at(const struct search *search, size_t at, struct area area,
                            struct candidate list[CANDIDATES_MAX])
{
    size_t count = 0;
    uint64_t key = key_at(search->text, at);
    if (key == 0) return 0;
    if (area.digits < 6) {
        collect(&search->divisions->counties, search->text, at, key, area, list, &count);
    }
    if (area.digits >= 4) {
        collect(&search->divisions->places, search->text, at, key, area, list, &count);
    }
    return count;
}

static const struct division *division_of_area(const struct divisions *divisions, uint64_t code,
                                               size_t digits)
{
    char text[13];
    size_t length = digits < 6 ? 6 : digits;
    uint64_t number = area_of(code, digits).from;
    for (size_t i = 12; i > 0; i--) {
        text[i - 1] = (char)('0' + number % 10);
        number /= 10;
    }
    return division_find(divisions, (struct str){text, length});
}

/* The smallest known division that holds both; NULL when that is the country. */
static const struct division *common(const struct divisions *divisions, const struct division *a,
                                     const struct division *b)
{
    static const size_t steps[] = {12, 9, 6, 4, 2};
    if (a == NULL || b == NULL) return NULL;
    struct area left = area_of_division(a), right = area_of_division(b);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        if (steps[i] > left.digits || steps[i] > right.digits) continue;
        if (area_of(left.from, steps[i]).from != area_of(right.from, steps[i]).from) continue;
        const struct division *both = division_of_area(divisions, left.from, steps[i]);
        if (both != NULL) return both;
    }
    return NULL;
}

static struct found search_from(const struct search *search, size_t at, struct area area, bool skip,
                                int depth);

/* What follows a candidate, or the candidate itself when nothing does; nothing when a name
 * without its unit goes on as another word. */
static struct found follow(const struct search *search, size_t at, struct area area,
                           const struct candidate *candidate, int depth)
{
    size_t digits = candidate->division->code.len;
    size_t next = at + candidate->length;
    struct found self = {.division = candidate->division, .end = next};
    struct area inner = area_of_division(candidate->division);
    bool sure = candidate->fit >= FIT_RENAMED;
    if (digits == 12 || depth == DEPTH_MAX) {
        return sure || ends_word(search->text, next, digits) ? self : (struct found){0};
    }
    struct found below = search_from(search, next, inner, sure, depth + 1);
    if (below.division != NULL || below.tie) return below.division != NULL ? below : self;
    if (sure || ends_word(search->text, next, digits)) return self;
    bool known_parent = digits == 6 && area.digits > 0;
    if (known_parent && !goes_on_as_street(search->text, next)) return self;
    return (struct found){0};
}

static bool related_to_hint(const struct search *search, const struct division *division)
{
    struct area area = area_of_division(division);
    return area_holds(search->hint, area) || area_holds(area, search->hint);
}

/* Of two that start with equally good names, the one understood further; what the hint is about;
 * else what they share. */
static struct found better(const struct search *search, struct found a, struct found b)
{
    if (a.division == NULL && !a.tie) return b;
    if (b.division == NULL && !b.tie) return a;
    if (a.end != b.end) return a.end > b.end ? a : b;
    if (search->hint.digits > 0 && a.division != NULL && b.division != NULL) {
        bool a_related = related_to_hint(search, a.division);
        bool b_related = related_to_hint(search, b.division);
        if (a_related != b_related) return a_related ? a : b;
    }
    return (struct found){
        .division = common(search->divisions, a.division, b.division), .tie = true, .end = a.end};
}

/* The best of the candidates at one place: the longest names first, then the surest. */
static struct found best_at(const struct search *search, size_t at, struct area area,
                            enum fit fit_min, int depth)
{
    struct candidate list[CANDIDATES_MAX];
    size_t count = candidates_at(search, at, area, list);
    while (count > 0) {
        size_t length = 0;
        enum fit fit = FIT_NONE;
        for (size_t i = 0; i < count; i++) {
            bool longer = list[i].length > length;
            if (!longer && !(list[i].length == length && list[i].fit > fit)) continue;
            length = list[i].length;
            fit = list[i].fit;
        }
        struct found best = {0};
        size_t kept = 0;
        for (size_t i = 0; i < count; i++) {
            if (list[i].length != length || list[i].fit != fit) {
                list[kept++] = list[i];
            } else if (fit >= fit_min) {
                best = better(search, best, follow(search, at, area, &list[i], depth));
            }
        }
        if (best.division != NULL || best.tie) return best;
        count = kept;
    }
    return (struct found){0};
}

/* Text that is skipped must not name a unit between the area and what is found behind it: in
 * 会宁县某镇新庄村 the village is of 某镇, which is not known. */
static bool names_unit_between(struct str skipped, const struct division *found)
{
    static const char *const township[] = {"镇", "乡", "街道"};
    static const char *const county[] = {"县", "区", "市"};
    for (size_t i = 0; i < 3; i++) {
        if (found->code.len == 12 && str_find(skipped, str_from(township[i])) != SIZE_MAX) {
            return true;
        }
        if (found->code.len > 6 && str_find(skipped, str_from(county[i])) != SIZE_MAX) return true;
    }
    return false;
}

static struct found search_from(const struct search *search, size_t at, struct area area, bool skip,
                                int depth)
{
    at = skip_separators(search->text, at);
    struct found found = best_at(search, at, area, FIT_SHORT, depth);
    if (found.division != NULL || found.tie || !skip) return found;
    size_t start = at;
    uint32_t code;
    for (int i = 0; i < SKIP_MAX && utf8_next(search->text, &at, &code); i++) {
        found = best_at(search, at, area, FIT_WHOLE, depth);
        if (found.division == NULL) continue;
        bool between = names_unit_between(str_slice(search->text, start, at), found.division);
        return between ? (struct found){0} : found;
    }
    return (struct found){0};
}

static struct area area_of_hint(const struct divisions *divisions, struct str hint)
{
    const struct division *known = NULL;
    while (hint.len >= 6 && known == NULL) {
        known = division_find(divisions, hint);
        hint.len = hint.len > 6 ? hint.len - 3 : 0;
    }
    return known == NULL ? area_of(0, 0) : area_of_division(known);
}

const struct division *division_search(const struct divisions *divisions, struct str address,
                                       struct str hint)
{
    const struct area country = area_of(0, 0);
    struct search search = {divisions, address, area_of_hint(divisions, hint)};
    struct found inside = {0};
    if (search.hint.digits > 0) inside = search_from(&search, 0, search.hint, false, 0);
    if (inside.division != NULL) return inside.division;
    struct found anywhere = search_from(&search, 0, country, true, 0);
    if (anywhere.division != NULL || inside.tie) return anywhere.division;
    if (search.hint.digits > 0) inside = search_from(&search, 0, search.hint, true, 0);
    return inside.division;
}
