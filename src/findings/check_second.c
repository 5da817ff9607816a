#include "base/thread.h"
#include "findings/check_internal.h"

#include <math.h>
#include <stdlib.h>

enum {
    MEETINGS_MAX = 400, /* units that one key may bring together */
    ROUNDS = 12,
    REGISTERS_MAX = 32,              /* told apart; those beyond count as one */
    CLASSES_MAX = 2 * REGISTERS_MAX, /* kinds of units: by register, whole ones and parts */
    KINDS_MAX = 4 * REGISTERS_MAX,   /* kinds of persons met: by register, without any record of
                                        `mine` and with one of another register, of the stages asked
                                        about and of others */
};

/* A unit asked about and a person that may be the same child. */
struct meeting {
    uint32_t asked;          /* number in look->units */
    uint32_t other;          /* person */
    uint32_t record, theirs; /* the two records that agree best */
    int32_t weight;          /* of the two */
    int32_t doubled_weight;  /* of the two, if the person met is a second registration */
    int32_t wanted_weight;   /* of the best that says what is wanted; INT32_MIN: none met */
    uint32_t wanted;         /* that record */
    double chance;
};

struct key_entry {
    uint64_t key;
    uint32_t asked;
};

struct looking {
    const struct check *check;
    struct arena *work; /* ends with the look */
    size_t threads;
    const struct second_look *look;
    struct key_entry *keys; /* by key, asked */
    size_t key_count;
    uint32_t *starts;    /* by the upper bits of the key: first entry; one more at the end */
    uint32_t *unit_of;   /* by record: unit that it is of, plus 1; 0: none */
    uint32_t *parts;     /* by person: first unit that is a part of it, plus 1; 0: none */
    uint32_t *next_part; /* by unit: the next part of the same person, plus 1 */
    uint64_t *registers; /* by person: registers that say `mine` of it */
    uint8_t *kinds;      /* by person: the first register that says what is wanted */
    struct child *asked; /* by unit */
    uint32_t *classes;   /* by unit: the register by which it is known */
    struct meeting *meetings;
    size_t meeting_count;
    struct evidence *evidence; /* by meeting */
};

/* What one thread has at hand, and what one task has found. */
struct finder {
    const struct looking *looking;
    uint32_t *last_seen; /* by unit: record that met it last, plus 1 */
    struct gathering *gathering;
};
struct gathering {
    struct arena arena;
    LIST(struct meeting) meetings;
    LIST(struct key_entry) keys;
};

static int compare_keys(const void *a, const void *b)
{
    const struct key_entry *x = a, *y = b;
    if (x->key != y->key) return x->key < y->key ? -1 : 1;
    return x->asked < y->asked ? -1 : x->asked > y->asked;
}

static int compare_meetings(const void *a, const void *b)
{
    const struct meeting *x = a, *y = b;
    if (x->asked != y->asked) return x->asked < y->asked ? -1 : 1;
    if (x->other != y->other) return x->other < y->other ? -1 : 1;
    if (x->weight != y->weight) return x->weight > y->weight ? -1 : 1;
    if (x->theirs != y->theirs) return x->theirs < y->theirs ? -1 : 1;
    return x->record < y->record ? -1 : x->record > y->record;
}

static uint32_t register_of(const struct check *check, uint32_t record)
{
    uint32_t number = check->people->records[record].register_number;
    return number < REGISTERS_MAX ? number : REGISTERS_MAX - 1;
}

static void prepare(struct looking *looking)
{
    const struct check *check = looking->check;
    const struct people *people = check->people;
    const struct second_look *look = looking->look;
    looking->unit_of = arena_array(looking->work, uint32_t, people->record_count);
    looking->parts = arena_array(looking->work, uint32_t, people->person_count);
    looking->next_part = arena_array(looking->work, uint32_t, look->count);
    looking->registers = arena_array(looking->work, uint64_t, people->person_count);
    looking->classes = arena_array(looking->work, uint32_t, look->count);
    looking->asked = arena_array(looking->work, struct child, look->count);
    looking->kinds = arena_array(looking->work, uint8_t, people->person_count);
    for (uint32_t i = (uint32_t)people->record_count; i-- > 0;) {
        uint32_t person = people->records[i].person;
        if ((check->says[i] & look->wanted) != 0) {
            looking->kinds[person] = (uint8_t)register_of(check, i);
        }
        if ((check->says[i] & look->mine) == 0) continue;
        looking->registers[person] |= 1ull << register_of(check, i);
    }
    for (size_t p = 0; p < people->person_count; p++) {
        const struct child *child = &check->children[p];
        bool other_stage = !child->compulsory_roll && !child->compulsory_attends;
        if (looking->registers[p] != 0) looking->kinds[p] += REGISTERS_MAX;
        if (look->compulsory && other_stage) looking->kinds[p] += 2 * REGISTERS_MAX;
    }
    for (uint32_t u = 0; u < look->count; u++) {
        const struct unit *unit = &look->units[u];
        looking->classes[u] = CLASSES_MAX;
        check_read_child(check, unit->records, unit->count, &looking->asked[u]);
        for (uint32_t r = 0; r < unit->count; r++) {
            uint32_t record = unit->records[r];
            looking->unit_of[record] = u + 1;
            if (looking->classes[u] == CLASSES_MAX && (check->says[record] & look->mine) != 0) {
                looking->classes[u] = register_of(check, record);
            }
        }
        if (looking->classes[u] == CLASSES_MAX) looking->classes[u] = 0;
        if (!unit->part) continue;
        /* Most parts belong where the engine put them; what is learnt of them says nothing of
         * children without any record. */
        looking->classes[u] += REGISTERS_MAX;
        looking->next_part[u] = looking->parts[unit->person];
        looking->parts[unit->person] = u + 1;
    }
}

enum { START_BITS = 16, BUCKETS_A_TASK = 1024 };
enum { UNITS_A_TASK = 512, RECORDS_A_TASK = 8192, MEETINGS_A_TASK = 256 };

struct gatherings {
    const struct looking *looking;
    struct gathering *items; /* by task */
    uint32_t **last_seen;    /* by thread */
};

static size_t tasks_of(size_t count, size_t each)
{
    return (count + each - 1) / each;
}

static void collect_task(void *context, size_t number, size_t thread)
{
    (void)thread;
    const struct gatherings *gatherings = context;
    const struct looking *looking = gatherings->looking;
    struct gathering *out = &gatherings->items[number];
    size_t from = number * UNITS_A_TASK;
    for (size_t u = from; u < looking->look->count && u < from + UNITS_A_TASK; u++) {
        const struct unit *unit = &looking->look->units[u];
        for (uint32_t r = 0; r < unit->count; r++) {
            uint64_t of_record[WEIGHER_KEYS_MAX];
            size_t count =
                weigher_keys(looking->check->weigher, unit->records[r], false, of_record);
            for (size_t k = 0; k < count; k++) {
                *list_push(&out->arena, &out->keys) = (struct key_entry){of_record[k], (uint32_t)u};
            }
        }
    }
}

static void sort_task(void *context, size_t number, size_t thread)
{
    (void)thread;
    const struct looking *looking = context;
    size_t from = number * BUCKETS_A_TASK, end = from + BUCKETS_A_TASK;
    for (size_t bucket = from; bucket < end; bucket++) {
        uint32_t first = looking->starts[bucket], count = looking->starts[bucket + 1] - first;
        if (count > 1) qsort(looking->keys + first, count, sizeof *looking->keys, compare_keys);
    }
}

/* Dealt to buckets by their upper bits, then sorted bucket by bucket. */
static void collect_keys(struct looking *looking)
{
    size_t tasks = tasks_of(looking->look->count, UNITS_A_TASK), buckets = (size_t)1 << START_BITS;
    struct gatherings gatherings = {.looking = looking,
                                    .items = arena_array(looking->work, struct gathering, tasks)};
    thread_run(looking->threads, tasks, collect_task, &gatherings);
    uint32_t *ends = arena_array(looking->work, uint32_t, buckets);
    looking->starts = arena_array(looking->work, uint32_t, buckets + 1);
    for (size_t i = 0; i < tasks; i++) {
        const struct gathering *from = &gatherings.items[i];
        looking->key_count += from->keys.count;
        for (size_t k = 0; k < from->keys.count; k++) {
            ends[from->keys.items[k].key >> (64 - START_BITS)]++;
        }
    }
    CHECK(looking->key_count < UINT32_MAX);
    for (size_t b = 0; b < buckets; b++) {
        looking->starts[b + 1] = looking->starts[b] + ends[b];
        ends[b] = looking->starts[b];
    }
    looking->keys = arena_array(looking->work, struct key_entry, looking->key_count);
    for (size_t i = 0; i < tasks; i++) {
        struct gathering *from = &gatherings.items[i];
        for (size_t k = 0; k < from->keys.count; k++) {
            struct key_entry entry = from->keys.items[k];
            looking->keys[ends[entry.key >> (64 - START_BITS)]++] = entry;
        }
        arena_free(&from->arena);
    }
    thread_run(looking->threads, tasks_of(buckets, BUCKETS_A_TASK), sort_task, looking);
}

/* Nobody finishes junior school two years early: such a record is a namesake's. */
static bool is_too_young(const struct looking *looking, uint32_t asked, uint32_t record)
{
    const struct check *check = looking->check;
    const struct child *child = &looking->asked[asked];
    uint32_t says = check->says[record];
    if ((says & SAYS(SAYS_FINISHED)) == 0) return false;
    return child->age_sure && child->age + 2 < check->rules->age_to;
}

/* Weighs a record against all records of a unit; the best is kept. */
static void meet(const struct finder *finder, uint32_t asked, uint32_t theirs)
{
    /* Below this no number of other persons makes the odds worth keeping. */
    enum { WEIGHT_MIN_MILLIBITS = 3000 };
    const struct looking *looking = finder->looking;
    const struct check *check = looking->check;
    const struct unit *unit = &looking->look->units[asked];
    if (finder->last_seen[asked] == theirs + 1 || is_too_young(looking, asked, theirs)) return;
    finder->last_seen[asked] = theirs + 1;
    struct meeting best = {.asked = asked,
                           .other = check->people->records[theirs].person,
                           .theirs = theirs,
                           .weight = INT32_MIN,
                           .wanted_weight = INT32_MIN,
                           .wanted = UINT32_MAX};
    for (uint32_t r = 0; r < unit->count; r++) {
        int32_t weight = weigher_pair(check->weigher, unit->records[r], theirs);
        if (weight <= best.weight) continue;
        best.weight = weight;
        best.record = unit->records[r];
    }
    if (best.weight < WEIGHT_MIN_MILLIBITS) return;
    if ((check->says[theirs] & looking->look->wanted) != 0) {
        best.wanted_weight = best.weight;
        best.wanted = theirs;
    }
    *list_push(&finder->gathering->arena, &finder->gathering->meetings) = best;
}

static void look_up(const struct finder *finder, uint32_t record, uint64_t key)
{
    const struct looking *looking = finder->looking;
    size_t bucket = key >> (64 - START_BITS);
    size_t at = looking->starts[bucket], end = looking->starts[bucket + 1], first;
    while (at < end && looking->keys[at].key < key) at++;
    first = at;
    while (at < end && looking->keys[at].key == key) at++;
    if (at - first > MEETINGS_MAX) return;
    for (size_t i = first; i < at; i++) meet(finder, looking->keys[i].asked, record);
}

/* Those that say nothing of `mine`, who are the likely ones, look also by sound and by single
 * characters. */
static void look_for_units(const struct finder *finder, uint32_t record)
{
    const struct looking *looking = finder->looking;
    const struct check *check = looking->check;
    uint32_t person = check->people->records[record].person;
    uint32_t says = check->children[person].says;
    if ((says & looking->look->wanted) == 0 || looking->unit_of[record] != 0) return;
    for (uint32_t u = looking->parts[person]; u != 0; u = looking->next_part[u - 1]) {
        meet(finder, u - 1, record);
    }
    uint64_t keys[WEIGHER_KEYS_MAX];
    bool quick = (says & looking->look->mine) != 0;
    size_t count = weigher_keys(check->weigher, record, quick, keys);
    for (size_t k = 0; k < count; k++) look_up(finder, record, keys[k]);
}

static void find_task(void *context, size_t number, size_t thread)
{
    const struct gatherings *gatherings = context;
    const struct looking *looking = gatherings->looking;
    struct finder finder = {.looking = looking,
                            .last_seen = gatherings->last_seen[thread],
                            .gathering = &gatherings->items[number]};
    size_t from = number * RECORDS_A_TASK, count = looking->check->people->record_count;
    for (size_t i = from; i < count && i < from + RECORDS_A_TASK; i++) {
        look_for_units(&finder, (uint32_t)i);
    }
}

/* All records of persons that hold what is wanted look for the units. */
static void find_meetings(struct looking *looking)
{
    size_t tasks = tasks_of(looking->check->people->record_count, RECORDS_A_TASK);
    struct gatherings gatherings = {.looking = looking,
                                    .items = arena_array(looking->work, struct gathering, tasks),
                                    .last_seen =
                                        arena_array(looking->work, uint32_t *, looking->threads)};
    for (size_t i = 0; i < looking->threads; i++) {
        gatherings.last_seen[i] = arena_array(looking->work, uint32_t, looking->look->count);
    }
    thread_run(looking->threads, tasks, find_task, &gatherings);
    size_t at = 0;
    for (size_t i = 0; i < tasks; i++) looking->meeting_count += gatherings.items[i].meetings.count;
    looking->meetings = arena_array(looking->work, struct meeting, looking->meeting_count);
    for (size_t i = 0; i < tasks; i++) {
        struct gathering *from = &gatherings.items[i];
        if (from->meetings.count > 0) {
            memcpy(looking->meetings + at, from->meetings.items,
                   from->meetings.count * sizeof *looking->meetings);
        }
        at += from->meetings.count;
        arena_free(&from->arena);
    }
}

static void keep_closer(uint8_t *kept, uint8_t fresh)
{
    if (fresh < *kept) *kept = fresh;
}

int32_t check_weigh_wholes(const struct check *check, const struct wholes *wholes, int32_t *doubled)
{
    const struct weigher *weigher = check->weigher;
    uint32_t a = wholes->a[0], b = wholes->b[0];
    struct weigh_levels all = weigher_levels(weigher, a, b);
    for (uint32_t i = 0; i < wholes->a_count; i++) {
        for (uint32_t j = 0; j < wholes->b_count; j++) {
            struct weigh_levels levels = weigher_levels(weigher, wholes->a[i], wholes->b[j]);
            if (levels.name < all.name) {
                a = wholes->a[i];
                b = wholes->b[j];
            }
            keep_closer(&all.name, levels.name);
            keep_closer(&all.birth, levels.birth);
            keep_closer(&all.id, levels.id);
            keep_closer(&all.kin, levels.kin);
            keep_closer(&all.home, levels.home);
            keep_closer(&all.sex, levels.sex);
            keep_closer(&all.grade, levels.grade);
            keep_closer(&all.school, levels.school);
        }
    }
    int32_t weight = weigher_of_levels(weigher, all, a, b);
    /* A child registered twice got two numbers: that they differ says nothing. Only twins share a
     * birthday and have numbers of their own, and twins do not share a name. */
    if (all.name == WEIGH_NAME_EQUAL && all.birth == WEIGH_BIRTH_EQUAL
        && all.id == WEIGH_ID_OTHER) {
        all.id = WEIGH_ID_MISSING;
    }
    *doubled = weigher_of_levels(weigher, all, a, b);
    return weight;
}

void check_add_to_wholes(uint32_t list[WHOLE_RECORDS_MAX], uint32_t *count, uint32_t record)
{
    if (*count < WHOLE_RECORDS_MAX) list[(*count)++] = record;
}

/* Weighs a unit against all that is known of the person it met, the two records that agree best
 * first. */
static void weigh_whole(const struct looking *looking, struct meeting *meeting)
{
    struct wholes wholes = {0};
    const struct unit *unit = &looking->look->units[meeting->asked];
    struct unit other = check_whole(looking->check, meeting->other);
    check_add_to_wholes(wholes.a, &wholes.a_count, meeting->record);
    check_add_to_wholes(wholes.b, &wholes.b_count, meeting->theirs);
    for (uint32_t i = 0; i < unit->count; i++) {
        if (unit->records[i] == meeting->record) continue;
        check_add_to_wholes(wholes.a, &wholes.a_count, unit->records[i]);
    }
    for (uint32_t j = 0; j < other.count; j++) {
        uint32_t record = other.records[j];
        if (record == meeting->theirs || looking->unit_of[record] != 0) continue;
        check_add_to_wholes(wholes.b, &wholes.b_count, record);
    }
    meeting->weight = check_weigh_wholes(looking->check, &wholes, &meeting->doubled_weight);
}

/* One meeting a unit and person: the best, with the best wanted record beside. */
static void merge_meetings(struct looking *looking)
{
    struct meeting *meetings = looking->meetings;
    if (looking->meeting_count == 0) return;
    qsort(meetings, looking->meeting_count, sizeof *meetings, compare_meetings);
    size_t kept = 0;
    for (size_t i = 0; i < looking->meeting_count; i++) {
        const struct meeting *now = &meetings[i];
        struct meeting *before = kept > 0 ? &meetings[kept - 1] : NULL;
        if (before != NULL && before->asked == now->asked && before->other == now->other) {
            if (now->wanted_weight > before->wanted_weight) {
                before->wanted_weight = now->wanted_weight;
                before->wanted = now->wanted;
            }
            continue;
        }
        meetings[kept++] = *now;
    }
    looking->meeting_count = kept;
}

/* How well a record sits where it is: against the records of its person that say `mine`. */
static int32_t weight_at_home(const struct looking *looking, uint32_t asked, uint32_t record)
{
    const struct check *check = looking->check;
    struct unit home = check_whole(check, check->people->records[record].person);
    int32_t best = INT32_MIN;
    for (uint32_t r = 0; r < home.count; r++) {
        uint32_t other = home.records[r];
        if (other == record || looking->unit_of[other] == asked + 1) continue;
        if ((check->says[other] & looking->look->mine) == 0) continue;
        int32_t weight = weigher_pair(check->weigher, record, other);
        if (weight > best) best = weight;
    }
    return best;
}

/* True when the person already has a record of the register by which the unit is known: a register
 * lists a child once, as a rule. */
static bool is_complete(const struct looking *looking, const struct meeting *meeting)
{
    const struct check *check = looking->check;
    uint32_t class = looking->classes[meeting->asked] % REGISTERS_MAX;
    const struct unit *unit = &looking->look->units[meeting->asked];
    if (unit->person != meeting->other) {
        return (looking->registers[meeting->other] >> class & 1) != 0;
    }
    struct unit all = check_whole(check, meeting->other);
    for (uint32_t r = 0; r < all.count; r++) {
        uint32_t record = all.records[r];
        if (looking->unit_of[record] == meeting->asked + 1) continue;
        if ((check->says[record] & looking->look->mine) != 0
            && register_of(check, record) == class) {
            return true;
        }
    }
    return false;
}

/* Evidence for a meeting before the shares are known: how many times likelier it is one child. A
 * person who lacks nothing can only be met as a second registration of the same child (`doubled`),
 * or because one of its records is another's (`misplaced`). */
struct evidence {
    double orphan, doubled;
    double misplaced, at_home; /* of the wanted record: here, and where it is */
};

static struct evidence weigh_evidence(const struct looking *looking, const struct meeting *meeting)
{
    struct evidence out = {0};
    if (!is_complete(looking, meeting)) {
        out.orphan = exp2(meeting->weight / 1000.0);
        return out;
    }
    out.doubled = exp2(meeting->doubled_weight / 1000.0);
    if (meeting->wanted != UINT32_MAX
        && looking->look->units[meeting->asked].person != meeting->other) {
        out.misplaced = exp2(meeting->wanted_weight / 1000.0);
        out.at_home = exp2(weight_at_home(looking, meeting->asked, meeting->wanted) / 1000.0);
    }
    return out;
}

static void weigh_task(void *context, size_t number, size_t thread)
{
    (void)thread;
    const struct looking *looking = context;
    size_t from = number * MEETINGS_A_TASK;
    for (size_t i = from; i < looking->meeting_count && i < from + MEETINGS_A_TASK; i++) {
        weigh_whole(looking, &looking->meetings[i]);
        looking->evidence[i] = weigh_evidence(looking, &looking->meetings[i]);
    }
}

static void weigh_meetings(struct looking *looking)
{
    looking->evidence = arena_array(looking->work, struct evidence, looking->meeting_count);
    thread_run(looking->threads, tasks_of(looking->meeting_count, MEETINGS_A_TASK), weigh_task,
               looking);
}

/* Of the units of one class: how many are met as an orphan of each register, or as a double; and
 * how many persons there are to be met in either way. A child on the list of those at school
 * elsewhere who is in no register of residents is nearly always one of those asked about; a pupil
 * with a roll here may have come from anywhere. */
struct shares {
    double asked, doubled, complete;
    double orphan[KINDS_MAX], orphans[KINDS_MAX]; /* by kind */
    double neither;
};

/* What the shares are taken to be before anything is seen, and how many units' worth of it. */
static const double orphan_before = 0.3, doubled_before = 0.03, units_before = 10;

static void settle_neither(struct shares *shares)
{
    shares->neither = 1 - shares->doubled;
    for (int q = 0; q < KINDS_MAX; q++) shares->neither -= shares->orphan[q];
    if (shares->neither < 0.02) shares->neither = 0.02;
}

/* The part that the orphans of one kind are of all. The many rolls of kindergartens and senior
 * schools that no list of pupils answers must not make the few others unlikely. */
static double part_of(const struct shares *shares, int q)
{
    static const double other_stage = 0.01;
    double all = 0, each[2] = {1, other_stage};
    for (int i = 0; i < KINDS_MAX; i++) all += shares->orphans[i] * each[i >= KINDS_MAX / 2];
    return shares->orphans[q] * each[q >= KINDS_MAX / 2] / all;
}

static void count_persons(const struct looking *looking, struct shares shares[CLASSES_MAX])
{
    const struct check *check = looking->check;
    for (int c = 0; c < CLASSES_MAX; c++) {
        shares[c].complete = 1;
        for (int q = 0; q < KINDS_MAX; q++) shares[c].orphans[q] = 0.5;
    }
    for (size_t p = 0; p < check->people->person_count; p++) {
        if ((check->children[p].says & looking->look->wanted) == 0) continue;
        for (int c = 0; c < CLASSES_MAX; c++) {
            bool complete = (looking->registers[p] >> c % REGISTERS_MAX & 1) != 0;
            *(complete ? &shares[c].complete : &shares[c].orphans[looking->kinds[p]]) += 1;
        }
    }
    for (int c = 0; c < CLASSES_MAX; c++) {
        for (int q = 0; q < KINDS_MAX; q++) {
            shares[c].orphan[q] = orphan_before * part_of(&shares[c], q);
        }
        shares[c].doubled = doubled_before;
        settle_neither(&shares[c]);
    }
    for (size_t u = 0; u < looking->look->count; u++) shares[looking->classes[u]].asked++;
}

static double odds_of(const struct evidence *evidence, const struct shares *shares, uint32_t kind)
{
    double each = shares->orphan[kind] / shares->orphans[kind];
    return (each * evidence->orphan + each * evidence->misplaced / (1 + each * evidence->at_home)
            + shares->doubled * evidence->doubled / shares->complete)
           / shares->neither;
}

/* Chances of all meetings of each unit, given the shares; a person met can be only one of those who
 * meet it, so what they claim together beyond 1 is scaled down (`claimed`, by person). */
static void settle_chances(struct looking *looking, const struct evidence *evidence,
                           const struct shares *shares, double *claimed, double *fresh)
{
    struct meeting *meetings = looking->meetings;
    size_t count = looking->meeting_count, persons = looking->check->people->person_count;
    for (size_t p = 0; p < persons; p++) fresh[p] = 0;
    for (size_t i = 0; i < count;) {
        size_t end = i;
        double total = 1;
        for (; end < count && meetings[end].asked == meetings[i].asked; end++) {
            double odds = odds_of(&evidence[end], &shares[looking->classes[meetings[i].asked]],
                                  looking->kinds[meetings[end].other]);
            meetings[end].chance = odds / claimed[meetings[end].other];
            total += meetings[end].chance;
        }
        for (; i < end; i++) {
            meetings[i].chance /= total;
            if (evidence[i].orphan > 0) fresh[meetings[i].other] += meetings[i].chance;
        }
    }
    for (size_t p = 0; p < persons; p++) {
        claimed[p] *= fresh[p];
        if (claimed[p] < 1) claimed[p] = 1;
    }
}

static void settle_shares(struct looking *looking, const struct evidence *evidence,
                          struct shares shares[CLASSES_MAX])
{
    double orphan[CLASSES_MAX][KINDS_MAX] = {{0}}, doubled[CLASSES_MAX] = {0};
    for (size_t i = 0; i < looking->meeting_count; i++) {
        const struct meeting *meeting = &looking->meetings[i];
        uint32_t class = looking->classes[meeting->asked];
        bool other = evidence[i].orphan > 0 || evidence[i].misplaced > evidence[i].at_home;
        *(other ? &orphan[class][looking->kinds[meeting->other]] : &doubled[class]) +=
            meeting->chance;
    }
    for (int c = 0; c < CLASSES_MAX; c++) {
        double all = shares[c].asked + units_before;
        for (int q = 0; q < KINDS_MAX; q++) {
            double before = orphan_before * part_of(&shares[c], q);
            shares[c].orphan[q] = (orphan[c][q] + before * units_before) / all;
        }
        shares[c].doubled = (doubled[c] + doubled_before * units_before) / all;
        settle_neither(&shares[c]);
    }
}

/* The shares are learnt from the meetings themselves, round by round: a city with many errors
 * explains more of its missing children by them than a city with few. */
static void learn_shares(struct looking *looking)
{
    size_t persons = looking->check->people->person_count;
    const struct evidence *evidence = looking->evidence;
    double *claimed = arena_array(looking->work, double, persons);
    double *fresh = arena_array(looking->work, double, persons);
    struct shares shares[CLASSES_MAX] = {0};
    count_persons(looking, shares);
    for (size_t p = 0; p < persons; p++) claimed[p] = 1;
    for (int round = 0; round < ROUNDS; round++) {
        settle_chances(looking, evidence, shares, claimed, fresh);
        settle_shares(looking, evidence, shares);
    }
    settle_chances(looking, evidence, shares, claimed, fresh);
}

void check_second_look(struct check *check, const struct second_look *look,
                       struct second_answer *answers)
{
    struct arena work = {0};
    size_t threads = check->threads == 0 ? thread_count_default() : check->threads;
    struct looking looking = {.check = check, .work = &work, .threads = threads, .look = look};
    for (size_t i = 0; i < look->count; i++) {
        answers[i] = (struct second_answer){.record = UINT32_MAX, .nearest = UINT32_MAX};
    }
    if (look->count == 0) return;
    prepare(&looking);
    collect_keys(&looking);
    find_meetings(&looking);
    merge_meetings(&looking);
    weigh_meetings(&looking);
    learn_shares(&looking);
    for (size_t i = 0; i < looking.meeting_count; i++) {
        const struct meeting *meeting = &looking.meetings[i];
        struct second_answer *answer = &answers[meeting->asked];
        answer->found += meeting->chance;
        if (answer->nearest != UINT32_MAX && meeting->chance <= answer->nearest_found) continue;
        answer->nearest_found = meeting->chance;
        answer->record = meeting->record;
        answer->nearest = meeting->wanted != UINT32_MAX ? meeting->wanted : meeting->theirs;
        answer->weight_millibits = meeting->weight;
    }
    arena_free(&work);
}
