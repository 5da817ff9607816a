#include "sample/office.h"

#include <stdlib.h>
#include <string.h>

/* Who stands in which register. */

struct collector {
    struct entries *out;
    struct arena *arena;
    const struct city *city;
    enum source source;
};

bool source_of_schools(enum source source)
{
    return source == SOURCE_ROLL || source == SOURCE_ATTENDING || source == SOURCE_GRADUATES
           || source == SOURCE_RECOGNITIONS || source == SOURCE_SCHOOLS
           || source == SOURCE_AWARDS_PAID || source == SOURCE_ACCOUNTS;
}

static struct entry *add(struct collector *collector, uint32_t child, uint32_t place,
                         enum variant variant)
{
    struct entry *entry = list_push(collector->arena, &collector->out->list);
    *entry = (struct entry){.child = child, .adult = NOBODY, .place = place, .variant = variant};
    entry->township = source_of_schools(collector->source)
                          ? collector->city->schools.items[place].township
                          : collector->city->settings->villages[place].township;
    entry->order = child == NOBODY ? 0 : child;
    if (child != NOBODY) entry->stage = collector->city->children.items[child].stage;
    return entry;
}

/* Rows of a school stand by grade, class, and then as they come. */
static struct entry *add_pupil(struct collector *collector, uint32_t number, uint32_t school,
                               enum variant variant, bool last)
{
    const struct child *child = &collector->city->children.items[number];
    struct entry *entry = add(collector, number, school, variant);
    entry->stage = collector->city->schools.items[school].stage;
    entry->last = last;
    entry->order = ((uint64_t)child->grade << 40) | ((uint64_t)child->class_number << 32) | number;
    return entry;
}

/* A number in a million that belongs to the child, the register and the seed, not to a stream. */
static bool hash_share(const struct city *city, uint64_t what, uint64_t number, uint32_t ppm)
{
    struct rng rng = rng_branch(city->seed, (what << 40) + number);
    return sample_chance(&rng, ppm);
}

static void population(struct collector *c, uint32_t i, const struct child *child,
                       const struct family *family)
{
    if (!child->registered) return;
    add(c, i, family->village, VARIANT_PLAIN);
    bool second =
        child->age >= 3 && child->situation != IS_MISSING && child->situation != IS_DEAD
        && hash_share(c->city, 101, i,
                      c->city->settings->errors[SOURCE_POPULATION][SPOIL_SECOND_HOUSEHOLD]);
    if (second) add(c, i, family->village, VARIANT_SECOND);
}

static void residents(struct collector *c, uint32_t i, const struct child *child,
                      const struct family *family)
{
    if (!family->listed || family->lives == NOBODY || child->age < 3) return;
    if (child->situation == IS_DEAD || child->situation == IS_MOVED_OUT) return;
    bool together = hash_share(c->city, 102, child->family, 350000);
    if (!together || family->orphaned) {
        add(c, i, family->lives, VARIANT_PLAIN);
        return;
    }
    if (i != family->first_child) return;
    struct entry *entry = add(c, i, family->lives, VARIANT_COMPANIONS);
    entry->adult = family_guardian(family);
}

/* Some townships go to every household; the others note only those who are in no school. */
static void door_survey(struct collector *c, uint32_t i, const struct child *child,
                        const struct family *family)
{
    const struct settings *settings = c->city->settings;
    uint32_t township = settings->villages[family->village].township;
    if (child->age < 3 || child->age > 17 || family->residence == LIVES_INCOMER) return;
    if (child->situation == IS_DEAD || child->situation == IS_MOVED_OUT) return;
    if (child->story == STORY_UNREACHABLE) return;
    bool whole = hash_share(c->city, 103, township, 110000);
    bool found = child->situation == IS_MISSING && hash_share(c->city, 104, i, 450000);
    if (child->story == STORY_NO_HOUSEHOLD) found = true;
    if (child->listed_late && child_of_age(child)) found = true;
    if (whole && family->lives == family->village) found = true;
    if (found) add(c, i, family->village, VARIANT_PLAIN);
}

static void roll(struct collector *c, uint32_t i, const struct child *child,
                 const struct family *family)
{
    (void)family;
    if (child->on_roll)
        add_pupil(c, i, child->school,
                  child->situation == IS_DEFERRED ? VARIANT_SUSPENDED : VARIANT_PLAIN, false);
    if (child->second_school != NOBODY)
        add_pupil(c, i, child->second_school, VARIANT_SECOND, false);
    if (child->left_open) add_pupil(c, i, child->school, VARIANT_TRANSFERRED, false);
    if (child->trace == TRACE_TRANSFERRED)
        add_pupil(c, i, child->outcome_school, VARIANT_TRANSFERRED, false);
    if (child->trace == TRACE_LEFT) add_pupil(c, i, child->outcome_school, VARIANT_LEFT, false);
    if (child->outcome == OUTCOME_SCHOOL)
        add_pupil(c, i, child->outcome_school, VARIANT_RETURNED, true);
    bool unregistered = child->situation == IS_AT_SCHOOL && !child->on_roll;
    if (unregistered) add_pupil(c, i, child->school, VARIANT_RETURNED, true);
}

static void attending(struct collector *c, uint32_t i, const struct child *child,
                      const struct family *family)
{
    (void)family;
    if (child->outcome == OUTCOME_SCHOOL)
        add_pupil(c, i, child->outcome_school, VARIANT_RETURNED, true);
    if (child->situation != IS_AT_SCHOOL) return;
    bool reports = c->city->schools.items[child->school].reports;
    if (child->reason_absent != STORY_NONE || !reports)
        add_pupil(c, i, child->school, VARIANT_RETURNED, true);
    if (reports && child->presence != NOT_LISTED)
        add_pupil(c, i, child->school, VARIANT_PLAIN, false);
}

static void graduates(struct collector *c, uint32_t i, const struct child *child,
                      const struct family *family)
{
    bool was_here = family->lives != NOBODY || child->left_open;
    if (!was_here || child->situation == IS_DEAD || child->situation == IS_MOVED_OUT) return;
    bool primary =
        child->primary_done && (child->situation != IS_MISSING || child->trace == TRACE_GRADUATE);
    if (primary)
        add_pupil(c, i, city_school_near(c->city, STAGE_PRIMARY, family->village), VARIANT_PRIMARY,
                  false);
    if (child->finished && child->grade >= 1 && child->grade <= 3)
        add_pupil(c, i, city_school_near(c->city, STAGE_JUNIOR, family->village), VARIANT_JUNIOR,
                  false);
}

static void elsewhere(struct collector *c, uint32_t i, const struct child *child,
                      const struct family *family)
{
    bool there = child->situation == IS_ELSEWHERE
                 && (child->stage == STAGE_PRIMARY || child->stage == STAGE_JUNIOR
                     || (child->age >= 6 && child->age <= 14));
    if (child->outcome == OUTCOME_ELSEWHERE) {
        add(c, i, family->village, VARIANT_RETURNED)->last = true;
    } else if (there) {
        bool never = family->residence == LIVES_NEVER_SEEN && !child->listed_elsewhere;
        bool last = child->listed_late || !child->listed_elsewhere;
        if (!never) add(c, i, family->village, VARIANT_PLAIN)->last = last;
    }
}

static void small_lists(struct collector *c, uint32_t i, const struct child *child,
                        const struct family *family)
{
    uint32_t facts = city_aid_facts(c->city, i);
    bool first = false, last = false;
    switch (c->source) {
    case SOURCE_HOMEBOUND:
        first = child->situation == IS_HOMEBOUND;
        last = child->outcome == OUTCOME_HOMEBOUND;
        break;
    case SOURCE_DEFERRED:
        first = child->situation == IS_DEFERRED;
        last = child->outcome == OUTCOME_DEFERRED;
        break;
    case SOURCE_DEATHS: first = child->situation == IS_DEAD; break;
    case SOURCE_DESTITUTE:
        first = (facts & (1u << AID_DESTITUTE_RURAL | 1u << AID_DESTITUTE_URBAN)) != 0;
        break;
    case SOURCE_ORPHANS: first = (facts & 1u << AID_ORPHAN) != 0; break;
    case SOURCE_DISABLED: first = (facts & 1u << AID_DISABLED) != 0; break;
    default: CHECK(false);
    }
    if (first || last) add(c, i, family->village, VARIANT_PLAIN)->last = last;
}

static void suspects(struct collector *c, uint32_t i, const struct child *child,
                     const struct family *family)
{
    if (child->suspect != 0) add(c, i, family->village, VARIANT_PLAIN);
}

static void recognitions(struct collector *c, uint32_t i, const struct child *child,
                         const struct family *family)
{
    (void)family;
    if ((city_aid_facts(c->city, i) & 1u << AID_RECOGNISED) != 0)
        add_pupil(c, i, child->school, VARIANT_PLAIN, false);
}

static void households(struct collector *c)
{
    const struct city *city = c->city;
    for (uint32_t f = 0; f < city->families.count; f++) {
        const struct family *family = &city->families.items[f];
        bool here =
            c->source == SOURCE_POVERTY ? family->poverty || family->watch > 0 : family->dibao;
        if (!here) continue;
        uint32_t adults[] = {family->head, family->father, family->mother, family->elder};
        uint64_t order = (uint64_t)f << 8;
        for (uint32_t k = 0; k < 4; k++) {
            if (adults[k] == NOBODY || (k > 0 && adults[k] == family->head)) continue;
            if (k > 0 && c->source == SOURCE_DIBAO) continue;
            struct entry *entry = add(c, family->first_child, family->village, VARIANT_PLAIN);
            entry->adult = adults[k];
            entry->order = order++;
        }
        for (uint32_t k = 0; k < family->child_count; k++) {
            const struct child *child = &city->children.items[family->first_child + k];
            if (child->situation == IS_DEAD || child->situation == IS_MOVED_OUT) continue;
            if (!child->registered) continue;
            add(c, family->first_child + k, family->village, VARIANT_PLAIN)->order = order++;
        }
    }
}

static void payments(struct collector *c)
{
    for (size_t i = 0; i < c->city->payments.count; i++) {
        const struct payment *payment = &c->city->payments.items[i];
        bool last = c->city->settings->plans[payment->plan].last;
        for (uint8_t k = 0; k < payment->times; k++)
            add_pupil(c, payment->child, payment->school, k == 0 ? VARIANT_PLAIN : VARIANT_SECOND,
                      last)
                ->payment = payment;
    }
}

static void accounts(struct collector *c)
{
    for (size_t i = 0; i < c->city->accounts.count; i++) {
        const struct account *account = &c->city->accounts.items[i];
        bool last = c->city->settings->plans[account->plan].last;
        add_pupil(c, account->child, account->school, VARIANT_PLAIN, last)->account = account;
    }
}

static void things(struct collector *c)
{
    const struct city *city = c->city;
    if (c->source == SOURCE_SCHOOLS) {
        for (uint32_t i = 0; i < city->schools.count; i++)
            add(c, NOBODY, i, VARIANT_PLAIN)->stage = city->schools.items[i].stage;
        return;
    }
    for (uint32_t i = 0; i < city->settings->village_count; i++)
        if (city->township_used[city->settings->villages[i].township])
            add(c, NOBODY, i, VARIANT_PLAIN);
}

static int by_place(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    if (x->township != y->township) return x->township < y->township ? -1 : 1;
    if (x->place != y->place) return x->place < y->place ? -1 : 1;
    if (x->order != y->order) return x->order < y->order ? -1 : 1;
    if (x->payment != y->payment) return x->payment < y->payment ? -1 : 1;
    return x->variant < y->variant ? -1 : x->variant > y->variant;
}

void office_entries(struct entries *out, struct arena *arena, const struct city *city,
                    enum source source)
{
    void (*const collect[SOURCE_COUNT])(struct collector *, uint32_t, const struct child *,
                                        const struct family *) = {
        [SOURCE_POPULATION] = population,     [SOURCE_RESIDENTS] = residents,
        [SOURCE_DOOR_SURVEY] = door_survey,   [SOURCE_ROLL] = roll,
        [SOURCE_ATTENDING] = attending,       [SOURCE_GRADUATES] = graduates,
        [SOURCE_ELSEWHERE] = elsewhere,       [SOURCE_HOMEBOUND] = small_lists,
        [SOURCE_DEFERRED] = small_lists,      [SOURCE_DEATHS] = small_lists,
        [SOURCE_DESTITUTE] = small_lists,     [SOURCE_ORPHANS] = small_lists,
        [SOURCE_SUSPECTS] = suspects,         [SOURCE_DISABLED] = small_lists,
        [SOURCE_RECOGNITIONS] = recognitions,
    };
    struct collector collector = {out, arena, city, source};
    *out = (struct entries){0};
    if (source == SOURCE_POVERTY || source == SOURCE_DIBAO)
        households(&collector);
    else if (source == SOURCE_AWARDS_PAID)
        payments(&collector);
    else if (source == SOURCE_ACCOUNTS)
        accounts(&collector);
    else if (source == SOURCE_SCHOOLS || source == SOURCE_VILLAGES)
        things(&collector);
    else
        for (uint32_t i = 0; i < city->children.count; i++) {
            const struct child *child = &city->children.items[i];
            collect[source](&collector, i, child, &city->families.items[child->family]);
        }
    if (out->list.count > 1)
        qsort(out->list.items, out->list.count, sizeof *out->list.items, by_place);
}
