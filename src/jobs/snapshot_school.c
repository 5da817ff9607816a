#include "base/list.h"
#include "jobs/snapshot_make.h"

#include <stdlib.h>

/* A school is known by its code; where a record only names it, by the name inside the record's
 * county, else by a name that one listed school has, or by the end of one listed school's name in
 * the county: clerks leave out county and township ("中山小学" for "白银区人民路街道中山小学"). */

enum { KEY_BYTES_MAX = 1 << 16, STAGES_MAX = 64, COUNTY_DIGITS = 6, END_CHARACTERS_MIN = 4 };

#define SHARED (UINT32_MAX - 1) /* several schools have this name */

struct key_map {
    struct dict keys;
    LIST(uint32_t) schools; /* by number in keys */
};

struct making {
    struct arena *arena;
    struct arena work;
    const struct people *people;
    LIST(struct snapshot_school) schools;
    LIST(uint64_t) stages; /* by school: bits of stages seen, by their order of appearance */
    uint32_t stage_texts[STAGES_MAX];
    size_t stage_count;
    struct key_map codes, names; /* names: "name" and "name TAB county" */
    struct key_map ends;         /* "end of a name TAB county", of listed schools */
    struct text key;
};

static uint32_t look_up(const struct key_map *map, struct str key)
{
    uint32_t number = dict_find(&map->keys, key);
    return number == DICT_NONE ? UINT32_MAX : map->schools.items[number];
}

static void enter(struct making *making, struct key_map *map, struct str key, uint32_t school)
{
    uint32_t number = dict_put(&map->keys, key);
    if (number < map->schools.count) {
        if (map->schools.items[number] != school) map->schools.items[number] = SHARED;
        return;
    }
    *list_push(&making->work, &map->schools) = school;
}

static struct str name_key(struct making *making, struct str name, struct str area)
{
    text_clear(&making->key);
    text_add(&making->key, name);
    text_add_byte(&making->key, '\t');
    text_add(&making->key, str_slice(area, 0, COUNTY_DIGITS));
    return text_str(&making->key);
}

static void enter_ends(struct making *making, const struct snapshot_school *school, uint32_t number)
{
    size_t at = 0;
    uint32_t code;
    while (utf8_next(school->name, &at, &code)) {
        struct str end = str_slice(school->name, at, school->name.len);
        if (utf8_count(end) < END_CHARACTERS_MIN) return;
        enter(making, &making->ends, name_key(making, end, school->area), number);
    }
}

static uint32_t add_school(struct making *making, const struct snapshot_school *school)
{
    uint32_t number = (uint32_t)making->schools.count;
    *list_push(making->arena, &making->schools) = *school;
    *list_push(&making->work, &making->stages) = 0;
    if (school->code.len > 0) enter(making, &making->codes, school->code, number);
    if (school->name.len > 0) {
        enter(making, &making->names, name_key(making, school->name, school->area), number);
    }
    if (school->name.len > 0 && school->listed) {
        enter(making, &making->names, school->name, number);
        enter_ends(making, school, number);
    }
    return number;
}

static struct str field_text(struct making *making, const struct profile *profile,
                             const struct statement *statement, const char *key)
{
    int field = profile_field_number(profile, key);
    return field < 0 ? STR_EMPTY : str_copy(making->arena, statement->values[field]);
}

struct listing {
    struct making *making;
    const struct profile *profile;
};

static bool list_school(void *context, const struct statement *statement)
{
    struct listing *listing = context;
    struct making *making = listing->making;
    struct snapshot_school school = {
        .code = field_text(making, listing->profile, statement, "school_code"),
        .name = field_text(making, listing->profile, statement, "school_name"),
        .kind = field_text(making, listing->profile, statement, "kind"),
        .area = str_copy(making->arena, statement->area),
        .listed = true,
    };
    if (school.code.len > 0 && look_up(&making->codes, school.code) != UINT32_MAX) return true;
    if (school.code.len > 0 || school.name.len > 0) add_school(making, &school);
    return true;
}

static bool read_register(struct making *making, struct registry *registry, struct read_at when,
                          struct err *err)
{
    const struct asker all = asker_local();
    struct listing listing = {.making = making,
                              .profile = profile_find(registry->profiles, STR("schools"))};
    if (listing.profile == NULL) return true;
    return registry_read(registry, &all, listing.profile, when, list_school, &listing, err);
}

static uint32_t school_of(struct making *making, const struct person_record *record)
{
    const struct people *people = making->people;
    struct str code =
        dict_text(&people->texts[PERSON_SCHOOL_CODE], record->values[PERSON_SCHOOL_CODE]);
    struct str name =
        dict_text(&people->texts[PERSON_SCHOOL_NAME], record->values[PERSON_SCHOOL_NAME]);
    struct str area = dict_text(&people->texts[PERSON_AREA], record->values[PERSON_AREA]);
    struct snapshot_school school = {
        .code = code, .name = name, .area = str_slice(area, 0, COUNTY_DIGITS)};
    if (code.len > 0) {
        uint32_t known = look_up(&making->codes, code);
        return known != UINT32_MAX ? known : add_school(making, &school);
    }
    if (name.len == 0) return UINT32_MAX;
    uint32_t known = look_up(&making->names, name_key(making, name, area));
    if (known == UINT32_MAX) known = look_up(&making->ends, name_key(making, name, area));
    if (known == UINT32_MAX) known = look_up(&making->names, name);
    if (known == SHARED) return UINT32_MAX;
    return known != UINT32_MAX ? known : add_school(making, &school);
}

static void note_stage(struct making *making, uint32_t school, uint32_t stage)
{
    if (stage == 0) return;
    size_t place = 0;
    while (place < making->stage_count && making->stage_texts[place] != stage) place++;
    if (place == STAGES_MAX) return;
    if (place == making->stage_count) making->stage_texts[making->stage_count++] = stage;
    making->stages.items[school] |= (uint64_t)1 << place;
}

/* Whether an earlier record of the same person already counts there. */
static bool counted(const struct snapshot *snapshot, const struct person *person, uint32_t before,
                    uint32_t school, uint16_t says)
{
    for (uint32_t i = 0; i < before; i++) {
        uint32_t record = snapshot->run.people.order[person->first + i];
        if (snapshot->record_schools[record] != school) continue;
        if (says == 0 || (snapshot->run.kept.says[record] & says) != 0) return true;
    }
    return false;
}

static void count_person(struct making *making, const struct snapshot *snapshot, uint32_t number)
{
    const uint16_t enrolled = 1u << SAYS_ENROLLED, attending = 1u << SAYS_ATTENDING;
    const struct people *people = making->people;
    const struct person *person = &people->persons[number];
    uint32_t findings = snapshot->finding_first[number + 1] - snapshot->finding_first[number];
    for (uint32_t i = 0; i < person->count; i++) {
        uint32_t record = people->order[person->first + i];
        uint32_t place = snapshot->record_schools[record];
        if (place == UINT32_MAX) continue;
        struct snapshot_school *school = &making->schools.items[place];
        uint16_t says = snapshot->run.kept.says[record];
        if ((says & enrolled) != 0) {
            note_stage(making, place, people->records[record].values[PERSON_STAGE]);
            school->on_roll += !counted(snapshot, person, i, place, enrolled);
        }
        if ((says & attending) != 0) {
            school->attending += !counted(snapshot, person, i, place, attending);
        }
        if (findings > 0 && !counted(snapshot, person, i, place, 0)) school->findings += findings;
    }
}

static void write_stages(struct making *making)
{
    for (size_t s = 0; s < making->schools.count; s++) {
        struct text text;
        text_init(&text, making->arena, KEY_BYTES_MAX);
        for (size_t i = 0; i < making->stage_count; i++) {
            if ((making->stages.items[s] >> i & 1) == 0) continue;
            if (text.len > 0) text_add_byte(&text, ';');
            text_add(&text,
                     dict_text(&making->people->texts[PERSON_STAGE], making->stage_texts[i]));
        }
        making->schools.items[s].stages = text_str(&text);
    }
}

static bool note_files(struct making *making, const struct snapshot *snapshot,
                       struct registry *registry, struct err *err)
{
    struct batch_unit *units = NULL;
    size_t count = 0;
    if (!registry_units(registry, &making->work, &units, &count, err)) return false;
    for (size_t i = 0; i < count; i++) {
        if (!str_starts(units[i].unit, STR("school "))) continue;
        struct str school = str_slice(units[i].unit, 7, units[i].unit.len);
        uint32_t place = look_up(&making->codes, school);
        if (place == UINT32_MAX) place = look_up(&making->names, school);
        const struct batch *batch = snapshot_batch(snapshot, units[i].batch);
        if (place >= SHARED || batch == NULL) continue;
        struct snapshot_school *of = &making->schools.items[place];
        if (batch->imported_ms > of->last_file_ms) of->last_file_ms = batch->imported_ms;
    }
    return true;
}

static void note_unreported(struct making *making, const struct snapshot *snapshot)
{
    for (size_t i = 0; i < snapshot->run.count; i++) {
        const struct finding *finding = &snapshot->run.findings[i];
        if (finding->kind != FINDING_NOT_REPORTED) continue;
        uint32_t place = look_up(&making->codes, finding->key);
        if (place == UINT32_MAX) {
            place = look_up(&making->names, name_key(making, finding->school, finding->area));
        }
        if (place == UINT32_MAX) place = look_up(&making->names, finding->school);
        if (place >= SHARED) continue;
        making->schools.items[place].unreported = true;
        making->schools.items[place].findings++;
    }
}

struct placed {
    struct snapshot_school school;
    uint32_t before;
};

static int compare_schools(const void *a, const void *b)
{
    const struct placed *x = a, *y = b;
    int order = str_compare(x->school.area, y->school.area);
    if (order == 0) order = str_compare(x->school.code, y->school.code);
    if (order == 0) order = str_compare(x->school.name, y->school.name);
    if (order != 0) return order;
    return x->before < y->before ? -1 : x->before > y->before;
}

static void sort_schools(struct making *making, struct snapshot *snapshot)
{
    size_t count = making->schools.count;
    struct placed *placed = arena_array(&making->work, struct placed, count);
    uint32_t *now = arena_array(&making->work, uint32_t, count);
    for (size_t s = 0; s < count; s++) {
        placed[s] = (struct placed){making->schools.items[s], (uint32_t)s};
    }
    if (count > 0) qsort(placed, count, sizeof *placed, compare_schools);
    for (size_t s = 0; s < count; s++) {
        making->schools.items[s] = placed[s].school;
        now[placed[s].before] = (uint32_t)s;
    }
    for (size_t i = 0; i < making->people->record_count; i++) {
        if (snapshot->record_schools[i] == UINT32_MAX) continue;
        snapshot->record_schools[i] = now[snapshot->record_schools[i]];
    }
    snapshot->schools = making->schools.items;
    snapshot->school_count = count;
}

bool snapshot_schools_fill(struct snapshot *snapshot, struct registry *registry, struct err *err)
{
    const struct people *people = &snapshot->run.people;
    struct making making = {.arena = &snapshot->arena, .people = people};
    dict_init(&making.codes.keys, &making.work);
    dict_init(&making.names.keys, &making.work);
    dict_init(&making.ends.keys, &making.work);
    text_init(&making.key, &making.work, KEY_BYTES_MAX);
    bool good = read_register(&making, registry, people->when, err);
    if (good) {
        snapshot->record_schools = arena_array(&snapshot->arena, uint32_t, people->record_count);
        for (size_t i = 0; i < people->record_count; i++) {
            snapshot->record_schools[i] = school_of(&making, &people->records[i]);
        }
        for (uint32_t p = 0; p < people->person_count; p++) count_person(&making, snapshot, p);
        write_stages(&making);
        note_unreported(&making, snapshot);
        good = note_files(&making, snapshot, registry, err);
    }
    if (good) sort_schools(&making, snapshot);
    arena_free(&making.work);
    return good;
}

const struct snapshot_school *snapshot_school(const struct snapshot *snapshot, struct str code)
{
    for (size_t i = 0; i < snapshot->school_count; i++) {
        if (str_equal(snapshot->schools[i].code, code)) return &snapshot->schools[i];
    }
    return NULL;
}
