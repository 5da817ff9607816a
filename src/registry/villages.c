#include "registry/villages.h"

#include "base/list.h"
#include "identity/division_names.h"
#include "registry/timeline.h"

enum { VILLAGE_DIGITS = 12, TOWNSHIP_DIGITS = 9, COUNTY_DIGITS = 6 };

static bool is_village_code(struct str code)
{
    for (size_t i = 0; i < code.len; i++) {
        if (code.ptr[i] < '0' || code.ptr[i] > '9') return false;
    }
    return code.len == VILLAGE_DIGITS;
}

static struct str short_copy(struct arena *arena, struct str name, size_t digits)
{
    return str_copy(arena, division_short_name(str_trim(name), digits));
}

static void add(struct villages *villages, struct arena *arena, struct store_statement *row)
{
    struct str code = store_str(row, 3);
    if (!is_village_code(code)) code = store_str(row, 2);
    struct str name = division_short_name(str_trim(store_str(row, 4)), VILLAGE_DIGITS);
    if (!is_village_code(code) || name.len == 0) return;
    uint32_t before = villages->names.count, number = dict_put(&villages->names, name);
    list_grow(arena, (void **)&villages->first, &villages->first_capacity, number,
              sizeof *villages->first);
    if (number == before) villages->first[number] = 0;
    for (uint32_t at = villages->first[number]; at != 0; at = villages->items[at - 1].next) {
        if (str_equal(villages->items[at - 1].code, code)) return;
    }
    list_grow(arena, (void **)&villages->items, &villages->capacity, villages->count,
              sizeof *villages->items);
    villages->items[villages->count++] =
        (struct village){.code = str_copy(arena, code),
                         .township = short_copy(arena, store_str(row, 5), TOWNSHIP_DIGITS),
                         .county = short_copy(arena, store_str(row, 6), COUNTY_DIGITS),
                         .next = villages->first[number]};
    villages->first[number] = (uint32_t)villages->count;
}

static bool read_rows(struct villages *villages, struct arena *arena, struct registry *registry,
                      const struct timeline *timeline, struct err *err)
{
    static const char *const columns[] = {"statement", "batch",    "area",  "area_code",
                                          "village",   "township", "county"};
    struct store_statement *select = NULL;
    if (!store_prepare_table(registry->store, &select,
                             "SELECT @columns FROM @table ORDER BY statement", "register_villages",
                             columns, sizeof columns / sizeof *columns, err)) {
        return false;
    }
    bool row = false, done = false;
    while ((done = store_step(select, &row, err)) && row) {
        const struct timeline_batch *batch = timeline_batch_find(timeline, store_i64(select, 1));
        if (batch == NULL) continue;
        if (!timeline_holds(timeline, batch, store_i64(select, 0), TIMELINE_END)) continue;
        add(villages, arena, select);
    }
    store_finish(select);
    return done;
}

bool villages_read(struct villages *villages, struct arena *arena, struct registry *registry,
                   struct err *err)
{
    static const char *const fields[] = {"area_code", "village", "township", "county"};
    *villages = (struct villages){0};
    dict_init(&villages->names, arena);
    const struct profile *profile = profile_find(registry->profiles, STR("villages"));
    if (profile == NULL) return true;
    /* Plain columns only: nothing here needs opening. */
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        int field = profile_field_number(profile, fields[i]);
        if (field < 0 || profile->fields[field].identifying) return true;
    }
    struct timeline timeline;
    if (!timeline_read(&timeline, arena, registry, profile, INT64_MAX, err)) return false;
    return timeline.batch_count == 0 || read_rows(villages, arena, registry, &timeline, err);
}

/* What only one of the two says does not tell them apart. */
static bool may_be(struct str known, struct str named, size_t digits)
{
    struct str bare = division_short_name(str_trim(named), digits);
    return known.len == 0 || bare.len == 0 || str_equal(known, bare);
}

/* A province or prefecture of six digits ends in zeros. */
static bool lies_in(struct str code, struct str area)
{
    while (area.len == COUNTY_DIGITS || area.len == 4) {
        if (!str_ends(area, STR("00"))) break;
        area.len -= 2;
    }
    return str_starts(code, area);
}

struct str villages_find(const struct villages *villages, struct str village, struct str township,
                         struct str county, struct str area)
{
    struct str name = division_short_name(str_trim(village), VILLAGE_DIGITS), found = STR_EMPTY;
    uint32_t number = name.len == 0 ? DICT_NONE : dict_find(&villages->names, name);
    if (number == DICT_NONE) return STR_EMPTY;
    for (uint32_t at = villages->first[number]; at != 0; at = villages->items[at - 1].next) {
        const struct village *here = &villages->items[at - 1];
        if (!lies_in(here->code, area) || !may_be(here->township, township, TOWNSHIP_DIGITS)
            || !may_be(here->county, county, COUNTY_DIGITS)) {
            continue;
        }
        if (found.len > 0) return STR_EMPTY;
        found = here->code;
    }
    return found;
}
