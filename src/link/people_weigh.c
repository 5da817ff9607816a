#include "link/people_weigh.h"

#include "link/people_levels.h"

#include <math.h>
#include <stdlib.h>

/* What a pair can be, beside one person. */
enum hypothesis { ONE_PERSON, STRANGERS, NEIGHBOURS, SIBLINGS, TWINS, HYPOTHESIS_COUNT };

/* Chances of the levels, for each thing that a pair can be. Rows of a field sum to about 1 over the
 * levels that can be told apart; a missing level has chance 1 for all and so says nothing. */
struct chances {
    double name[WEIGH_NAME_COUNT], birth[WEIGH_BIRTH_COUNT], id[WEIGH_ID_COUNT];
    double kin[WEIGH_KIN_COUNT], home[WEIGH_HOME_COUNT], sex[WEIGH_SEX_COUNT];
    double grade[WEIGH_GRADE_COUNT], school[WEIGH_SCHOOL_COUNT];
};

/* Before the linked people have spoken. The ID levels are chances within three kinds of pairs: both
 * valid (equal, other), one invalid (slip, damaged), one somebody else's (equal_doubtful,
 * doubtful). */
static const struct chances prior[HYPOTHESIS_COUNT] = {
    [ONE_PERSON] = {.name = {.93, .03, .008, .012, .004, .01, .006, 1},
                    .birth = {.95, .015, .02, .004, .003, .008, 1},
                    .id = {.985, .985, .85, .1, .15, .9, .015, 1},
                    .kin = {.6, .15, .15, .1, 1},
                    .home = {.8, .08, .07, .05, 1},
                    .sex = {.995, .005, 1},
                    .grade = {.96, .04, 1},
                    .school = {.6, .2, .15, .05, 1}},
    [STRANGERS] = {.name = {1e-5, 8e-4, 1.5e-3, 1.5e-3, 1e-3, .05, .945, 1},
                   .birth = {2e-4, .005, .02, .05, .1, .825, 1},
                   .id = {1e-9, 1e-9, 1e-7, 1e-6, 1, 1, 1, 1},
                   .kin = {1e-6, 1e-6, 3e-4, 1, 1},
                   .home = {1e-3, .02, .25, .73, 1},
                   .sex = {.5, .5, 1},
                   .grade = {.25, .75, 1},
                   .school = {1e-4, 5e-4, 4e-3, .995, 1}},
    [NEIGHBOURS] = {.name = {1e-4, 4e-3, .01, .01, 1e-3, .12, .855, 1},
                    .birth = {2e-4, .005, .02, .05, .1, .825, 1},
                    .id = {1e-9, 1e-9, 1e-6, 1e-6, 1, 1, 1, 1},
                    .kin = {1e-4, 1e-4, .01, .99, 1},
                    .home = {.97, .02, .005, .005, 1},
                    .sex = {.5, .5, 1},
                    .grade = {.25, .75, 1},
                    .school = {.01, .03, .3, .66, 1}},
    [SIBLINGS] = {.name = {.0008, .012, .22, .03, .004, .68, .047, 1},
                  .birth = {.003, .005, .003, .03, .12, .839, 1},
                  .id = {2e-5, .003, 1e-4, .25, 1, .75, 1, 1},
                  .kin = {.6, .15, .15, .1, 1},
                  .home = {.8, .08, .07, .05, 1},
                  .sex = {.5, .5, 1},
                  .grade = {.3, .7, 1},
                  .school = {.01, .03, .5, .46, 1}},
    [TWINS] = {.name = {.0008, .06, .5, .04, .004, .36, .032, 1},
               .birth = {.95, .02, .02, .004, .003, .003, 1},
               .id = {.005, .005, .003, .25, 1, .75, 1, 1},
               .kin = {.6, .15, .15, .1, 1},
               .home = {.8, .08, .07, .05, 1},
               .sex = {.65, .35, 1},
               .grade = {.95, .05, 1},
               .school = {.7, .1, .1, .1, 1}},
};

/* How often a child has a sibling or a twin in the lists; a village's share of a county is taken
 * from its people. */
static const double siblings_a_child = 1.2, twins_a_child = 0.02, village_children = 250;

struct weigher {
    struct features features;
    const struct people *people;
    double children;        /* persons */
    uint32_t *name_persons; /* by text number of PERSON_NAME: persons that carry the cleaned name */
    struct chances chances[HYPOTHESIS_COUNT];
};

enum {
    PAIRS_LEARNT_MAX = 60000,
    PAIRS_STRANGE_MAX = 60000,
    PERSON_RECORDS_LEARNT_MAX = 6,
};

/* Counts of levels, to become chances. */
struct level_counts {
    double name[WEIGH_NAME_COUNT], birth[WEIGH_BIRTH_COUNT], id[WEIGH_ID_COUNT];
    double kin[WEIGH_KIN_COUNT], home[WEIGH_HOME_COUNT], sex[WEIGH_SEX_COUNT];
    double school[WEIGH_SCHOOL_COUNT];
};

/* Chances of the levels [first, last) from counts over `strength` pairs' worth of prior. */
static void settle(double *chance, const double *count, const double *before, int first, int last,
                   double strength)
{
    double total = strength, share = 0;
    for (int i = first; i < last; i++) {
        total += count[i];
        share += before[i];
    }
    for (int i = first; i < last; i++) {
        chance[i] = (count[i] + strength * before[i] / share) / total;
    }
}

static void count_names(struct weigher *weigher, struct arena *work)
{
    const struct people *people = weigher->people;
    const struct feature_name *names = weigher->features.names;
    uint32_t text_count = people->texts[PERSON_NAME].count;
    uint32_t *last = arena_array(work, uint32_t, text_count);
    uint32_t *by_text = arena_array(work, uint32_t, text_count);
    struct u64_map by_clean;
    u64_map_init(&by_clean, work);
    for (uint32_t p = 0; p < people->person_count; p++) {
        const struct person *person = &people->persons[p];
        for (uint32_t i = 0; i < person->count; i++) {
            uint32_t text = people->records[people->order[person->first + i]].values[PERSON_NAME];
            if (last[text] == p + 1) continue;
            last[text] = p + 1;
            by_text[text]++;
        }
    }
    for (uint32_t t = 0; t < text_count; t++) {
        uint32_t before = u64_map_find(&by_clean, names[t].clean);
        u64_map_put(&by_clean, names[t].clean, (before == DICT_NONE ? 0 : before) + by_text[t]);
    }
    for (uint32_t t = 0; t < text_count; t++) {
        weigher->name_persons[t] = u64_map_find(&by_clean, names[t].clean);
    }
}

/* One pair of one person: numbers speak for the other fields, the other fields for numbers. */
static void learn_pair(const struct weigher *weigher, struct level_counts *counts, uint32_t a,
                       uint32_t b)
{
    const struct person_record *ra = &weigher->people->records[a];
    const struct person_record *rb = &weigher->people->records[b];
    struct weigh_levels levels = people_levels(&weigher->features, a, b);
    if (levels.id <= WEIGH_ID_EQUAL && ra->id_kind == PERSON_ID_OWN
        && rb->id_kind == PERSON_ID_OWN) {
        /* Another name under one number may be a sister's: only the days of both rows tell. */
        if (levels.name < WEIGH_NAME_SURNAME || levels.id == WEIGH_ID_CONFIRMED) {
            counts->name[levels.name]++;
        }
        counts->kin[levels.kin]++;
        counts->home[levels.home]++;
        counts->sex[levels.sex]++;
        counts->school[levels.school]++;
        counts->birth[levels.birth]++;
    }
    if (levels.name == WEIGH_NAME_EQUAL && levels.birth == WEIGH_BIRTH_EQUAL
        && levels.kin <= WEIGH_KIN_NAME && ra->birth_source == PERSON_BIRTH_STATED
        && rb->birth_source == PERSON_BIRTH_STATED) {
        counts->id[levels.id]++;
    }
}

static void learn_one_person(struct weigher *weigher)
{
    const struct people *people = weigher->people;
    struct level_counts counts = {0};
    size_t step = people->person_count / (PAIRS_LEARNT_MAX / 3) + 1, pairs = 0;
    for (size_t p = 0; p < people->person_count && pairs < PAIRS_LEARNT_MAX; p += step) {
        const struct person *person = &people->persons[p];
        uint32_t records =
            person->count < PERSON_RECORDS_LEARNT_MAX ? person->count : PERSON_RECORDS_LEARNT_MAX;
        for (uint32_t i = 1; i < records; i++, pairs++) {
            learn_pair(weigher, &counts, people->order[person->first],
                       people->order[person->first + i]);
        }
    }
    struct chances *out = &weigher->chances[ONE_PERSON];
    const struct chances *before = &prior[ONE_PERSON];
    const double strength = 300;
    settle(out->name, counts.name, before->name, 0, WEIGH_NAME_MISSING, strength);
    settle(out->birth, counts.birth, before->birth, 0, WEIGH_BIRTH_MISSING, strength);
    settle(out->kin, counts.kin, before->kin, 0, WEIGH_KIN_MISSING, strength);
    settle(out->home, counts.home, before->home, 0, WEIGH_HOME_MISSING, strength);
    settle(out->sex, counts.sex, before->sex, 0, WEIGH_SEX_MISSING, strength);
    settle(out->school, counts.school, before->school, 0, WEIGH_SCHOOL_MISSING, strength);
    const double both[2] = {counts.id[WEIGH_ID_EQUAL] + counts.id[WEIGH_ID_CONFIRMED],
                            counts.id[WEIGH_ID_OTHER]};
    const double both_before[2] = {before->id[WEIGH_ID_EQUAL], before->id[WEIGH_ID_OTHER]};
    double both_after[2];
    settle(both_after, both, both_before, 0, 2, strength);
    out->id[WEIGH_ID_EQUAL] = out->id[WEIGH_ID_CONFIRMED] = both_after[0];
    out->id[WEIGH_ID_OTHER] = both_after[1];
    /* What siblings and twins share with the child, they share as often as the child with itself.
     */
    for (int h = SIBLINGS; h <= TWINS; h++) {
        memcpy(weigher->chances[h].kin, out->kin, sizeof out->kin);
        memcpy(weigher->chances[h].home, out->home, sizeof out->home);
    }
}

/* Pairs at regular steps through the records; the steps share no factor with one another, so that
 * all registers meet. */
static void learn_strangers(struct weigher *weigher)
{
    const struct people *people = weigher->people;
    struct level_counts counts = {0};
    uint64_t n = people->record_count;
    for (uint64_t i = 0; i < PAIRS_STRANGE_MAX && n > 1; i++) {
        uint32_t a = (uint32_t)(u64_mix(2 * i + 1) % n), b = (uint32_t)(u64_mix(2 * i + 2) % n);
        if (people->records[a].person == people->records[b].person) continue;
        struct weigh_levels levels = people_levels(&weigher->features, a, b);
        counts.name[levels.name]++;
        counts.birth[levels.birth]++;
        counts.home[levels.home]++;
        counts.sex[levels.sex]++;
        counts.school[levels.school]++;
        if (levels.kin >= WEIGH_KIN_NAME) counts.kin[levels.kin]++;
    }
    struct chances *out = &weigher->chances[STRANGERS];
    const struct chances *before = &prior[STRANGERS];
    const double strength = 3000;
    settle(out->name, counts.name, before->name, 0, WEIGH_NAME_MISSING, strength);
    settle(out->birth, counts.birth, before->birth, 0, WEIGH_BIRTH_MISSING, strength);
    settle(out->home, counts.home, before->home, 0, WEIGH_HOME_MISSING, strength);
    settle(out->sex, counts.sex, before->sex, 0, WEIGH_SEX_MISSING, strength);
    settle(out->school, counts.school, before->school, 0, WEIGH_SCHOOL_MISSING, strength);
    settle(out->kin, counts.kin, before->kin, WEIGH_KIN_NAME, WEIGH_KIN_MISSING, strength);
    memcpy(weigher->chances[NEIGHBOURS].birth, out->birth, sizeof out->birth);
    memcpy(weigher->chances[NEIGHBOURS].sex, out->sex, sizeof out->sex);
}

struct weigher *weigher_open(struct arena *arena, const struct people *people, size_t threads)
{
    CHECK(people->person_count > 0 || people->record_count == 0);
    struct weigher *weigher = arena_new(arena, struct weigher);
    weigher->people = people;
    weigher->children = people->person_count > 100 ? (double)people->person_count : 100;
    features_open(&weigher->features, arena, people, threads);
    memcpy(weigher->chances, prior, sizeof prior);
    weigher->name_persons = arena_array(arena, uint32_t, people->texts[PERSON_NAME].count);
    struct arena work = {0};
    count_names(weigher, &work);
    arena_free(&work);
    learn_one_person(weigher);
    learn_strangers(weigher);
    return weigher;
}

/* Numbers of the machine as they lie in memory, after how many bytes they are: whoever learns and
 * whoever asks are the same program on the same workspace. */
struct learnt {
    uint64_t bytes;
    double children;
    struct chances chances[HYPOTHESIS_COUNT];
};

struct str weigher_learnt(struct arena *arena, const struct weigher *weigher)
{
    struct learnt *learnt = arena_new(arena, struct learnt);
    learnt->bytes = sizeof *learnt;
    learnt->children = weigher->children;
    memcpy(learnt->chances, weigher->chances, sizeof learnt->chances);
    return (struct str){(const char *)learnt, sizeof *learnt};
}

static int compare_names(const void *a, const void *b)
{
    const struct weigher_name *x = a, *y = b;
    return x->clean < y->clean ? -1 : x->clean > y->clean;
}

void weigher_names(struct arena *arena, const struct weigher *weigher, struct weigher_name **out,
                   size_t *count)
{
    uint32_t texts = weigher->people->texts[PERSON_NAME].count;
    struct weigher_name *names = arena_array(arena, struct weigher_name, texts);
    size_t kept = 0;
    for (uint32_t t = 0; t < texts; t++) {
        names[t] =
            (struct weigher_name){weigher->features.names[t].clean, weigher->name_persons[t]};
    }
    if (texts > 1) qsort(names, texts, sizeof *names, compare_names);
    for (uint32_t t = 0; t < texts; t++) {
        if (kept == 0 || names[kept - 1].clean != names[t].clean) names[kept++] = names[t];
    }
    *out = names;
    *count = kept;
}

struct weigher *weigher_again(struct arena *arena, const struct people *people, struct str bytes,
                              uint32_t (*persons_of)(void *context, uint64_t clean), void *context)
{
    struct learnt learnt;
    if (bytes.len != sizeof learnt) return NULL;
    memcpy(&learnt, bytes.ptr, sizeof learnt);
    if (learnt.bytes != sizeof learnt) return NULL;
    struct weigher *weigher = arena_new(arena, struct weigher);
    weigher->people = people;
    weigher->children = learnt.children;
    memcpy(weigher->chances, learnt.chances, sizeof learnt.chances);
    features_open(&weigher->features, arena, people, 1);
    uint32_t texts = people->texts[PERSON_NAME].count;
    weigher->name_persons = arena_array(arena, uint32_t, texts);
    for (uint32_t t = 0; t < texts; t++) {
        weigher->name_persons[t] = persons_of(context, weigher->features.names[t].clean);
    }
    return weigher;
}

struct weigh_levels weigher_levels(const struct weigher *weigher, uint32_t a, uint32_t b)
{
    return people_levels(&weigher->features, a, b);
}

/* How often a stranger carries the name that the two share: of those who carry it, one is the
 * child. */
static double name_share(const struct weigher *weigher, uint32_t a, uint32_t b)
{
    const struct person_record *records = weigher->people->records;
    uint32_t of_a = weigher->name_persons[records[a].values[PERSON_NAME]];
    uint32_t of_b = weigher->name_persons[records[b].values[PERSON_NAME]];
    double most = of_a > of_b ? of_a : of_b;
    return (most > 1.5 ? most - 1 : 0.5) / weigher->children;
}

static double chance_of(const struct weigher *weigher, enum hypothesis h,
                        struct weigh_levels levels, double name_shared)
{
    const struct chances *c = &weigher->chances[h];
    double name = c->name[levels.name];
    if (levels.name == WEIGH_NAME_EQUAL && h == STRANGERS) name = name_shared;
    if (levels.name == WEIGH_NAME_EQUAL && h == NEIGHBOURS) name = 3 * name_shared;
    return name * c->birth[levels.birth] * c->id[levels.id] * c->kin[levels.kin]
           * c->home[levels.home] * c->sex[levels.sex] * c->grade[levels.grade]
           * c->school[levels.school];
}

int32_t weigher_of_levels(const struct weigher *weigher, struct weigh_levels levels, uint32_t a,
                          uint32_t b)
{
    double shared = levels.name == WEIGH_NAME_EQUAL ? name_share(weigher, a, b) : 0;
    double n = weigher->children;
    double other = chance_of(weigher, STRANGERS, levels, shared)
                   + chance_of(weigher, NEIGHBOURS, levels, shared) * village_children / n
                   + chance_of(weigher, SIBLINGS, levels, shared) * siblings_a_child / n
                   + chance_of(weigher, TWINS, levels, shared) * twins_a_child / n;
    double one = chance_of(weigher, ONE_PERSON, levels, shared);
    return (int32_t)lround(1000 * log2(one / other));
}

int32_t weigher_pair(const struct weigher *weigher, uint32_t a, uint32_t b)
{
    return weigher_of_levels(weigher, people_levels(&weigher->features, a, b), a, b);
}

/* Collects keys: each is a kind and up to three numbers, mixed. */
struct key_list {
    uint64_t *keys;
    size_t count;
};

static uint64_t key_of(uint64_t kind, uint64_t a, uint64_t b)
{
    return u64_mix(u64_mix(u64_mix(kind) ^ a) + b);
}

static void add_key(struct key_list *list, uint64_t kind, uint64_t a, uint64_t b)
{
    if (list->count == WEIGHER_KEYS_MAX) return;
    list->keys[list->count++] = key_of(kind, a, b);
}

enum key_kind {
    KEY_ID,
    KEY_STUDENT,
    KEY_NAME,
    KEY_CLEAN_NAME,
    KEY_SOUND_YEAR,
    KEY_KIN_NUMBER,
    KEY_KIN_NAME_YEAR,
    KEY_BIRTH_SURNAME,
    KEY_BIRTH_GIVEN,
    KEY_HOUSE,
    KEY_PHONE,
    KEY_BIRTH_TOWNSHIP,
    KEY_ID_HEAD,
    KEY_ID_OLD_FORM,
    KEY_KIN_NAME_GIVEN,
    KEY_SCHOOL_GIVEN,
    KEY_SCHOOL_SURNAME,
};

uint64_t weigher_id_key(struct str id_number)
{
    return id_number.len == 0 ? 0 : key_of(KEY_ID, str_hash(id_number), 0);
}

uint64_t weigher_name_key(struct str clean)
{
    return clean.len == 0 ? 0 : key_of(KEY_CLEAN_NAME, feature_hash(clean), 0);
}

uint64_t weigher_record_name_key(const struct weigher *weigher, uint32_t record)
{
    uint32_t text = weigher->people->records[record].values[PERSON_NAME];
    uint64_t clean = weigher->features.names[text].clean;
    return clean == 0 ? 0 : key_of(KEY_CLEAN_NAME, clean, 0);
}

static uint64_t value_hash(const struct people *people, const struct person_record *row,
                           enum person_field field)
{
    return row->values[field] == 0 ? 0 : people->texts[field].hashes[row->values[field]];
}

/* Bytes of the first character of a written name; 0 for none. */
static size_t first_character(struct str name)
{
    size_t at = 0;
    uint32_t code;
    return utf8_next(name, &at, &code) ? at : 0;
}

static void add_numbers(const struct people *people, const struct person_record *row,
                        struct key_list *list)
{
    static const enum person_field kin[] = {PERSON_GUARDIAN_ID, PERSON_GUARDIAN2_ID,
                                            PERSON_HEAD_ID};
    uint64_t id = value_hash(people, row, PERSON_ID_NUMBER);
    if (id != 0) {
        add_key(list, KEY_ID, id, 0);
        if (row->id_kind == PERSON_ID_DOUBTFUL) add_key(list, KEY_KIN_NUMBER, id, 0);
    }
    for (int i = 0; i < 3; i++) {
        uint64_t number = value_hash(people, row, kin[i]);
        if (number != 0) add_key(list, KEY_KIN_NUMBER, number, 0);
    }
    uint64_t student = value_hash(people, row, PERSON_STUDENT_NUMBER);
    uint64_t house = value_hash(people, row, PERSON_HOUSEHOLD_NUMBER);
    uint64_t phone = value_hash(people, row, PERSON_PHONE);
    if (student != 0) add_key(list, KEY_STUDENT, student, 0);
    if (house != 0) add_key(list, KEY_HOUSE, house, 0);
    if (phone != 0) add_key(list, KEY_PHONE, phone, 0);
}

static void add_quick_keys(const struct people *people, const struct person_record *row,
                           struct key_list *list)
{
    static const enum person_field kin[] = {PERSON_GUARDIAN_NAME, PERSON_GUARDIAN2_NAME,
                                            PERSON_HEAD_NAME};
    struct str name = dict_text(&people->texts[PERSON_NAME], row->values[PERSON_NAME]);
    struct str area = dict_text(&people->texts[PERSON_AREA], row->values[PERSON_AREA]);
    size_t cut = first_character(name);
    uint64_t surname = str_hash(str_slice(name, 0, cut));
    uint64_t given = str_hash(str_slice(name, cut, name.len));
    add_numbers(people, row, list);
    if (name.len > 0) add_key(list, KEY_NAME, value_hash(people, row, PERSON_NAME), 0);
    for (int i = 0; i < 3; i++) {
        uint64_t kin_name = value_hash(people, row, kin[i]);
        if (kin_name == 0) continue;
        if (row->birth_year != 0) add_key(list, KEY_KIN_NAME_YEAR, kin_name, row->birth_year);
        if (name.len > cut) add_key(list, KEY_KIN_NAME_GIVEN, kin_name, given);
    }
    if (!day_is_none(row->birth)) {
        uint64_t days = (uint64_t)(row->birth.days + (1 << 20));
        if (name.len > 0) add_key(list, KEY_BIRTH_SURNAME, days, surname);
        if (name.len > cut) add_key(list, KEY_BIRTH_GIVEN, days, given);
        if (area.len >= 9) add_key(list, KEY_BIRTH_TOWNSHIP, days, str_hash(str_slice(area, 0, 9)));
    }
    uint64_t school = value_hash(people, row, PERSON_SCHOOL_NAME);
    if (school != 0 && name.len > cut) {
        uint64_t grade = value_hash(people, row, PERSON_GRADE);
        uint64_t class = value_hash(people, row, PERSON_CLASS);
        add_key(list, KEY_SCHOOL_GIVEN, school, given);
        add_key(list, KEY_SCHOOL_SURNAME, school ^ grade ^ (class * 3), surname);
    }
}

/* A number with its century and check character, and one without, meet. */
static void add_old_form(struct str id, struct key_list *list)
{
    char old[15];
    if (id.len != 15 && id.len != 18) return;
    memcpy(old, id.ptr, 6);
    memcpy(old + 6, id.ptr + (id.len == 18 ? 8 : 6), 9);
    add_key(list, KEY_ID_OLD_FORM, str_hash((struct str){old, sizeof old}), 0);
}

size_t weigher_keys(const struct weigher *weigher, uint32_t record, bool quick,
                    uint64_t out[WEIGHER_KEYS_MAX])
{
    const struct people *people = weigher->people;
    CHECK(record < people->record_count);
    const struct person_record *row = &people->records[record];
    struct key_list list = {out, 0};
    add_quick_keys(people, row, &list);
    if (quick) return list.count;
    const struct feature_name *f = &weigher->features.names[row->values[PERSON_NAME]];
    struct str id = people_text(people, record, PERSON_ID_NUMBER);
    if (id.len >= 17) add_key(&list, KEY_ID_HEAD, str_hash(str_slice(id, 0, 14)), f->codes[0]);
    add_old_form(id, &list);
    if (f->clean != 0) {
        add_key(&list, KEY_CLEAN_NAME, f->clean, 0);
        add_key(&list, KEY_SOUND_YEAR, f->sound, row->birth_year);
        add_key(&list, KEY_SOUND_YEAR, f->sound, 0);
    }
    return list.count;
}
