#include "intake/recognise.h"

#include "base/list.h"
#include "identity/name.h"
#include "intake/fold.h"
#include "intake/value.h"

#include <stdlib.h>
#include <string.h>

enum {
    SCORE_LEAST = 50,
    EVIDENCE_LEAST = 20,
    AGAINST_POINTS = 50,
    CHOICE_SAMPLE = 40,
    FLAG_WEIGHT_MAX = 3,
    TITLE_POINTS_MAX = 95,
    STRENGTH_FITS = 4,
    STRENGTH_ADULTS = 40,
};

/* One sheet being recognised. */
struct work {
    struct arena *arena;
    const struct profiles *profiles;
    const struct sample *sample;
    const struct head *head;
    const struct content *contents;
    const struct heading_map *map;
    struct heading_hits *hits; /* profile × column */
    int *informative;          /* per column: the largest weight that any register gives it */
    bool *named;               /* per column: its heading is one that some register knows */
};

struct pairing {
    size_t column;
    int field;
    int strength;
};

static struct heading_hits *hits_at(const struct work *work, size_t profile, size_t column)
{
    return &work->hits[profile * work->head->column_count + column];
}

/* A heading that the user's map names has no other meaning. */
static bool mapped(const struct work *work, const struct profile *profile, size_t column,
                   struct heading_hits *out)
{
    struct str key = heading_mapped(work->map, &work->head->headings[column]);
    if (key.len == 0) return false;
    *out = (struct heading_hits){0};
    for (size_t f = 0; f < profile->field_count; f++) {
        if (!str_equal(profile->fields[f].key, key)) continue;
        out->hits[out->count++] = (struct heading_hit){(int)f, 2 * HEADING_OWN};
        break;
    }
    return true;
}

static int field_like(const struct profile *profile, enum profile_person person, struct str key)
{
    for (size_t i = 0; i < profile->field_count; i++) {
        const struct profile_field *field = &profile->fields[i];
        if (field->person == person && person != PROFILE_SELF && str_equal(field->like, key)) {
            return (int)i;
        }
    }
    return -1;
}

static const struct profile_field *top_field(const struct profile *profile,
                                             const struct heading_hits *hits)
{
    return hits->count == 0 ? NULL : &profile->fields[hits->hits[0].field];
}

static bool is_bare(const struct profile *profile, const struct heading_hits *hits, struct str key)
{
    const struct profile_field *field = top_field(profile, hits);
    return field != NULL && hits->bare && field->person == PROFILE_SELF
           && str_equal(field->key, key);
}

/* Whether another column with the same bare heading stands in [from, to). */
static bool bare_between(const struct work *work, size_t p, size_t from, size_t to, struct str key)
{
    for (size_t column = from; column < to; column++) {
        if (is_bare(&work->profiles->items[p], hits_at(work, p, column), key)) return true;
    }
    return false;
}

/* The first column whose heading is the person's own name; SIZE_MAX when there is none. */
static size_t own_name_column(const struct work *work, size_t p)
{
    const struct profile *profile = &work->profiles->items[p];
    for (size_t column = 0; column < work->head->column_count; column++) {
        const struct profile_field *field = top_field(profile, hits_at(work, p, column));
        if (field != NULL && field->person == PROFILE_SELF && str_is(field->key, "name")) {
            return column;
        }
    }
    return SIZE_MAX;
}

/* A bare 身份证号 behind 户主姓名 or 监护人 is that person's when the row's own person has another
 * one, and may be when it is the only one; then the cells decide. */
static void lean_on_neighbour(struct work *work, size_t p, size_t column,
                              enum profile_person person)
{
    const struct profile *profile = &work->profiles->items[p];
    struct heading_hits *hits = hits_at(work, p, column);
    const struct profile_field *field = top_field(profile, hits);
    if (field == NULL || !hits->bare || field->person != PROFILE_SELF) return;
    if (field->type == FIELD_NAME || person == PROFILE_SELF) return;
    struct str key = field->key;
    int other = field_like(profile, person, key);
    size_t name = own_name_column(work, p), columns = work->head->column_count;
    bool before = bare_between(work, p, 0, column, key);
    bool after = name != SIZE_MAX && name > column && bare_between(work, p, name, columns, key);
    bool shared = str_is(key, "id_number") || str_is(key, "phone") || str_is(key, "sex")
                  || str_is(key, "birth_date") || str_is(key, "nation") || str_is(key, "relation");
    if (!shared) return;
    bool theirs = before || after;
    if (other < 0) {
        if (theirs && !str_is(key, "phone")) *hits = (struct heading_hits){.foreign = true};
        return;
    }
    if (theirs) {
        hits->hits[0] = (struct heading_hit){other, HEADING_SHARED};
        hits->count = 1;
    } else if (hits->count < HEADING_HITS_MAX) {
        hits->hits[hits->count++] = (struct heading_hit){other, HEADING_PERSON - 4};
    }
}

/* Whether any column is about this person. */
static bool has_person(const struct work *work, size_t p, enum profile_person person)
{
    const struct profile *profile = &work->profiles->items[p];
    for (size_t column = 0; column < work->head->column_count; column++) {
        const struct profile_field *field = top_field(profile, hits_at(work, p, column));
        if (field != NULL && field->person == person && field->type != FIELD_TEXT) return true;
    }
    return false;
}

/* 关系 alone is to the head of the household or to the guardian, whoever stands before it or is
 * named at all. */
static void prefer_person(const struct work *work, size_t p, struct heading_hits *hits,
                          enum profile_person person)
{
    const struct profile *profile = &work->profiles->items[p];
    if (hits->count < 2) return;
    if (person == PROFILE_SELF) {
        bool guardian = has_person(work, p, PROFILE_GUARDIAN);
        person = guardian || profile->children_only ? PROFILE_GUARDIAN : PROFILE_HEAD;
        if (!guardian && has_person(work, p, PROFILE_HEAD)) person = PROFILE_HEAD;
    }
    for (size_t i = 0; i < hits->count; i++) {
        const struct profile_field *field = &profile->fields[hits->hits[i].field];
        bool head = person == PROFILE_HEAD && str_is(field->key, "relation");
        if (field->person == person || head) hits->hits[i].strength += 4;
        if (hits->hits[i].strength <= hits->hits[0].strength) continue;
        struct heading_hit first = hits->hits[0];
        hits->hits[0] = hits->hits[i];
        hits->hits[i] = first;
    }
}

/* A second bare 姓名 in a list of children is the parent's. */
static enum profile_person take_name(const struct work *work, size_t p, size_t column)
{
    const struct profile *profile = &work->profiles->items[p];
    struct heading_hits *hits = hits_at(work, p, column);
    const struct profile_field *field = top_field(profile, hits);
    size_t first = own_name_column(work, p);
    bool again = field->person == PROFILE_SELF && str_is(field->key, "name") && hits->bare
                 && first < column && is_bare(profile, hits_at(work, p, first), STR("name"));
    int guardian = field_like(profile, PROFILE_GUARDIAN, STR("name"));
    if (!again || guardian < 0 || !profile->children_only) return field->person;
    hits->hits[0] = (struct heading_hit){guardian, HEADING_TRIMMED};
    hits->count = 1;
    return PROFILE_GUARDIAN;
}

static void read_context(struct work *work, size_t p)
{
    const struct profile *profile = &work->profiles->items[p];
    enum profile_person person = PROFILE_SELF;
    for (size_t column = 0; column < work->head->column_count; column++) {
        struct heading_hits *hits = hits_at(work, p, column);
        const struct profile_field *field = top_field(profile, hits);
        if (hits->foreign && work->head->headings[column].text_count > 0) {
            struct str rest;
            enum profile_person named =
                heading_person(work->profiles, work->head->headings[column].texts[0].text, &rest);
            if (named != PROFILE_SELF) person = named;
            continue;
        }
        if (field != NULL && field->type == FIELD_NAME
            && hits->hits[0].strength >= HEADING_ENDING) {
            person = take_name(work, p, column);
            continue;
        }
        prefer_person(work, p, hits, person);
        lean_on_neighbour(work, p, column, person);
    }
}

static void collect_hits(struct work *work)
{
    size_t columns = work->head->column_count;
    work->hits = arena_array(work->arena, struct heading_hits, work->profiles->count * columns);
    work->informative = arena_array(work->arena, int, columns);
    work->named = arena_array(work->arena, bool, columns);
    for (size_t column = 0; work->head->found && column < columns; column++) {
        const struct heading *heading = &work->head->headings[column];
        work->named[column] = heading->text_count > 0 && heading_known(work->profiles, heading);
    }
    for (size_t p = 0; p < work->profiles->count; p++) {
        const struct profile *profile = &work->profiles->items[p];
        for (size_t column = 0; column < columns; column++) {
            struct heading_hits *hits = hits_at(work, p, column);
            if (!work->head->found || mapped(work, profile, column, hits)) continue;
            heading_hits(work->profiles, profile, &work->head->headings[column], hits);
        }
        read_context(work, p);
        for (size_t column = 0; column < columns; column++) {
            struct heading_hits *hits = hits_at(work, p, column);
            if (hits->count == 0 || hits->hits[0].strength < HEADING_PERSON) continue;
            int weight = profile->fields[hits->hits[0].field].weight;
            if (weight > work->informative[column]) work->informative[column] = weight;
        }
    }
}

/* How the cells of a column change the trust in a field. */
static int content_trust(const struct work *work, const struct profile *profile, size_t column,
                         int field_number, int strength)
{
    const struct content *content = &work->contents[column];
    const struct profile_field *field = &profile->fields[field_number];
    int fits = content_fits(content, field);
    if (field->type == FIELD_TEXT && strength >= HEADING_PERSON) return 0;
    if (fits < 0) return -2 * HEADING_OWN;
    int trust = fits * STRENGTH_FITS;
    if (field->type == FIELD_ID_NUMBER && content->children + content->adults >= 3) {
        bool adults = content->adults > 2 * content->children;
        bool children = content->children > 2 * content->adults;
        if (field->person == PROFILE_SELF && profile->children_only && adults) {
            trust -= STRENGTH_ADULTS;
        }
        if (field->person != PROFILE_SELF && children) trust -= STRENGTH_ADULTS;
    }
    return trust;
}

static int by_strength(const void *a, const void *b)
{
    const struct pairing *x = a, *y = b;
    if (x->strength != y->strength) return x->strength > y->strength ? -1 : 1;
    if (x->column != y->column) return x->column < y->column ? -1 : 1;
    return x->field < y->field ? -1 : x->field > y->field;
}

/* A column that says yes or no to one choice of the field. */
static bool is_flag(const struct profile_field *field, const struct heading *heading)
{
    for (size_t i = 0; i < heading->text_count; i++) {
        if (profile_flag_choice(field, heading->texts[i].text) >= 0) return true;
    }
    return false;
}

/* Fields to columns, the surest first; each once, but for several people or several choices. */
static void assign(const struct work *work, size_t p, struct candidate *out)
{
    const struct profile *profile = &work->profiles->items[p];
    size_t columns = work->head->column_count;
    LIST(struct pairing) pairings = {0};
    bool *taken = arena_array(work->arena, bool, profile->field_count);
    out->profile = profile;
    out->fields = arena_array(work->arena, int, columns);
    for (size_t column = 0; column < columns; column++) {
        const struct heading_hits *hits = hits_at(work, p, column);
        bool serial = work->head->found && work->head->headings[column].serial;
        out->fields[column] = serial ? COLUMN_SERIAL : COLUMN_ASIDE;
        for (size_t i = 0; i < hits->count; i++) {
            struct heading_hit hit = hits->hits[i];
            int strength =
                hit.strength + content_trust(work, profile, column, hit.field, hit.strength);
            if (strength < HEADING_LEAST) continue;
            *list_push(work->arena, &pairings) = (struct pairing){column, hit.field, strength};
        }
    }
    if (pairings.count > 0) {
        qsort(pairings.items, pairings.count, sizeof *pairings.items, by_strength);
    }
    for (size_t i = 0; i < pairings.count; i++) {
        struct pairing pairing = pairings.items[i];
        const struct heading *heading = &work->head->headings[pairing.column];
        bool several = profile->fields[pairing.field].type == FIELD_PEOPLE
                       || is_flag(&profile->fields[pairing.field], heading);
        if (out->fields[pairing.column] >= 0) continue;
        if (taken[pairing.field] && !several) continue;
        bool again = taken[pairing.field];
        out->fields[pairing.column] = pairing.field;
        taken[pairing.field] = true;
        int strength = pairing.strength < HEADING_OWN ? pairing.strength : HEADING_OWN;
        int weight = profile->fields[pairing.field].weight;
        if (is_flag(&profile->fields[pairing.field], heading) && weight > FLAG_WEIGHT_MAX) {
            weight = FLAG_WEIGHT_MAX;
        }
        int points = weight * strength / 10;
        if (again) continue;
        out->score += points;
        if (weight > 2) {
            out->evidence += points - 2 * strength / 10;
        }
    }
}

static bool has_field(const struct candidate *candidate, size_t columns, const char *key)
{
    int number = profile_field_number(candidate->profile, key);
    for (size_t column = 0; column < columns; column++) {
        if (number >= 0 && candidate->fields[column] == number) return true;
    }
    return false;
}

/* A column that no heading explains gets the field whose cells it holds, when only one column and
 * one field come into question. */
static void infer(const struct work *work, struct candidate *candidate, const char *key, int order)
{
    size_t columns = work->head->column_count, found = SIZE_MAX, filled_most = 0;
    const struct profile *profile = candidate->profile;
    int number = profile_field_number(profile, key);
    if (number < 0 || has_field(candidate, columns, key)) return;
    size_t p = (size_t)(profile - work->profiles->items);
    for (size_t column = 0; column < columns; column++) {
        const struct content *c = &work->contents[column];
        if (candidate->fields[column] != COLUMN_ASIDE || c->filled < 3) continue;
        if (hits_at(work, p, column)->foreign) continue;
        if (work->named[column]) continue;
        const size_t counts[] = {c->student_numbers, c->ids,    c->surnames, c->sexes,  c->grades,
                                 c->schools,         c->phones, c->dates,    c->nations};
        size_t good = counts[order];
        bool wrong = (order == 1 && c->student_numbers * 2 > c->filled)
                     || (order == 1 && profile->children_only && c->adults > c->children)
                     || (order == 2 && (c->sexes > 0 || c->distinct * 3 < c->filled))
                     || (order == 7 && c->ids * 2 > c->filled);
        if (wrong || good * 10 < c->filled * (order == 2 ? 8 : 6)) continue;
        if (found != SIZE_MAX && c->filled <= filled_most) {
            if (order != 2) continue;
            return; /* two columns of names: which is the child's cannot be told */
        }
        if (found == SIZE_MAX || c->filled > filled_most) {
            if (found != SIZE_MAX && order == 2) return;
            found = column;
            filled_most = c->filled;
        }
    }
    if (found == SIZE_MAX) return;
    candidate->fields[found] = number;
    candidate->score += profile->fields[number].weight * HEADING_LEAST / 10;
}

static void infer_all(const struct work *work, struct candidate *candidate)
{
    static const char *const keys[] = {"student_number", "id_number",   "name",  "sex",
                                       "grade",          "school_name", "phone", "birth_date",
                                       "nation"};
    for (int i = 0; i < (int)(sizeof keys / sizeof *keys); i++) {
        infer(work, candidate, keys[i], i);
    }
}

/* A choice column whose words are this register's speaks for it; one whose words are not speaks
 * against it (状态 is of a pupil, of a household registration, of a certificate). */
static void weigh_choices(const struct work *work, struct candidate *candidate)
{
    const struct profile *profile = candidate->profile;
    struct value_context context = {0};
    for (size_t column = 0; column < work->head->column_count; column++) {
        if (candidate->fields[column] < 0) continue;
        const struct profile_field *field = &profile->fields[candidate->fields[column]];
        if (field->type != FIELD_CHOICE || field->weight < 3) continue;
        if (work->head->found && is_flag(field, &work->head->headings[column])) continue;
        size_t filled = 0, understood = 0;
        for (size_t row = work->head->data; row < work->sample->row_count; row++) {
            struct cell cell = sample_cell(work->sample, row, column);
            if (fold_is_blank(cell.text) || filled >= CHOICE_SAMPLE) continue;
            struct value value;
            value_read(work->arena, field, &context, &cell, &value);
            filled++;
            understood += value.understood;
        }
        if (filled == 0) continue;
        int points = field->weight * 10;
        if (understood * 10 >= filled * 7) {
            candidate->score += 20;
            candidate->evidence += 10;
        } else if (understood * 10 < filled * 3) {
            candidate->score -= points;
            candidate->evidence -= points;
        }
    }
}

/* Words of the register in a title: 50 for two characters, 15 more for each further one. */
static int title_points(struct arena *arena, const struct profile *profile, struct str text)
{
    int best = 0;
    struct str inside, outside = heading_split(arena, hanzi_simplify(arena, text), &inside);
    for (size_t i = 0; i < profile->title_count; i++) {
        struct str word = profile->titles[i];
        if (str_find(outside, word) == SIZE_MAX && str_find(inside, word) == SIZE_MAX) continue;
        int characters = (int)utf8_count(word);
        if ((unsigned char)word.ptr[0] < 0x80) characters /= 3;
        int points = 20 + 15 * characters;
        if (points > TITLE_POINTS_MAX) points = TITLE_POINTS_MAX;
        if (points > best) best = points;
    }
    return best;
}

static void weigh_titles(const struct work *work, const struct sheet_words *words,
                         struct candidate *candidate)
{
    int sheet = title_points(work->arena, candidate->profile, words->sheet);
    int title = title_points(work->arena, candidate->profile, words->title);
    int file = title_points(work->arena, candidate->profile, words->file);
    int near = sheet > title ? sheet : title;
    int points = near + (near > 0 ? file / 2 : file);
    candidate->score += points;
    candidate->evidence += points;
}

/* Headings that this register does not explain, and those that its text lists as speaking
 * against it. */
static void weigh_rest(const struct work *work, struct candidate *candidate)
{
    const struct profile *profile = candidate->profile;
    if (!work->head->found) return;
    for (size_t column = 0; column < work->head->column_count; column++) {
        if (candidate->fields[column] >= 0) continue;
        candidate->score -= work->informative[column] * 5;
        const struct heading *heading = &work->head->headings[column];
        bool against = false;
        for (size_t t = 0; t < heading->text_count && !against; t++) {
            for (size_t i = 0; i < profile->against_count && !against; i++) {
                against = str_equal(profile->against[i], heading->texts[t].text);
            }
        }
        if (against) candidate->score -= AGAINST_POINTS;
    }
}

static bool says_who(const struct candidate *candidate, size_t columns)
{
    for (size_t column = 0; column < columns; column++) {
        int field = candidate->fields[column];
        if (field >= 0 && candidate->profile->fields[field].required) return true;
    }
    return false;
}

/* A list of households that names only their heads is about these. */
static void heads_for_people(const struct work *work, struct candidate *candidate)
{
    static const char *const pairs[][2] = {{"head_name", "name"}, {"head_id", "id_number"}};
    if (candidate->names || candidate->profile->children_only) return;
    for (size_t i = 0; i < 2; i++) {
        int head = profile_field_number(candidate->profile, pairs[i][0]);
        int own = profile_field_number(candidate->profile, pairs[i][1]);
        for (size_t column = 0; column < work->head->column_count && head >= 0 && own >= 0;
             column++) {
            if (candidate->fields[column] == head) candidate->fields[column] = own;
        }
    }
    candidate->names = says_who(candidate, work->head->column_count);
}

struct candidate *recognise(struct arena *arena, const struct profiles *profiles,
                            const struct sample *sample, const struct head *head,
                            const struct content *contents, const struct sheet_words *words,
                            const struct heading_map *map)
{
    struct work work = {.arena = arena,
                        .profiles = profiles,
                        .sample = sample,
                        .head = head,
                        .contents = contents,
                        .map = map};
    struct candidate *candidates = arena_array(arena, struct candidate, profiles->count);
    collect_hits(&work);
    for (size_t p = 0; p < profiles->count; p++) {
        assign(&work, p, &candidates[p]);
        infer_all(&work, &candidates[p]);
        candidates[p].names = says_who(&candidates[p], head->column_count);
        heads_for_people(&work, &candidates[p]);
        weigh_choices(&work, &candidates[p]);
        weigh_rest(&work, &candidates[p]);
        weigh_titles(&work, words, &candidates[p]);
    }
    return candidates;
}

const struct candidate *recognise_nearest(const struct candidate *candidates, size_t count)
{
    const struct candidate *best = NULL;
    for (size_t i = 0; i < count; i++) {
        const struct candidate *candidate = &candidates[i];
        if (best == NULL || (candidate->names && !best->names)
            || (candidate->names == best->names && candidate->score > best->score)) {
            best = candidate;
        }
    }
    return best;
}

const struct candidate *recognise_best(const struct candidate *candidates, size_t count)
{
    const struct candidate *best = recognise_nearest(candidates, count);
    if (best == NULL || !best->names) return NULL;
    return best->score >= SCORE_LEAST && best->evidence >= EVIDENCE_LEAST ? best : NULL;
}
