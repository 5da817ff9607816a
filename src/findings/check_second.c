#include "findings/check_internal.h"

#include <math.h>
#include <stdlib.h>

enum {
    RECORDS_LOOKED_AT_MAX = 12, /* of a person */
    MEETINGS_MAX = 400,         /* persons asked about that one key may bring together */
    ROUNDS = 12,
};

/* A person asked about and one that may be the same. */
struct meeting {
    uint32_t asked;          /* number in look->persons */
    uint32_t other;          /* person */
    uint32_t record, theirs; /* the two records that agree best */
    int32_t weight;          /* of the two */
    int32_t wanted_weight;   /* of the best that says what is wanted; INT32_MIN: none met */
    uint32_t wanted;         /* that record */
    double chance;
};

struct key_entry {
    uint64_t key;
    uint32_t asked;
};

struct looking {
    struct check *check;
    const struct second_look *look;
    struct key_entry *keys; /* by key, asked */
    size_t key_count;
    uint32_t *starts;    /* by the upper bits of the key: first entry */
    uint32_t *last_seen; /* by person asked about: record that met it last, plus 1 */
    LIST(struct meeting) meetings;
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

/* A record by which the person asked about is itself: not one of the wanted kind. */
static bool is_own(const struct looking *looking, uint32_t record)
{
    return (looking->check->says[record] & looking->look->wanted) == 0;
}

enum { START_BITS = 16 };

static void collect_keys(struct looking *looking)
{
    struct check *check = looking->check;
    const struct people *people = check->people;
    LIST(struct key_entry) keys = {0};
    for (size_t i = 0; i < looking->look->count; i++) {
        const struct person *person = &people->persons[looking->look->persons[i]];
        uint32_t seen = 0;
        for (uint32_t r = 0; r < person->count && seen < RECORDS_LOOKED_AT_MAX; r++) {
            uint32_t record = people->order[person->first + r];
            uint64_t of_record[WEIGHER_KEYS_MAX];
            if (!is_own(looking, record)) continue;
            seen++;
            size_t count = weigher_keys(check->weigher, record, false, of_record);
            for (size_t k = 0; k < count; k++) {
                *list_push(check->arena, &keys) = (struct key_entry){of_record[k], (uint32_t)i};
            }
        }
    }
    if (keys.count > 0) qsort(keys.items, keys.count, sizeof *keys.items, compare_keys);
    looking->keys = keys.items;
    looking->key_count = keys.count;
    looking->starts = arena_array(check->arena, uint32_t, ((size_t)1 << START_BITS) + 1);
    size_t at = 0;
    for (size_t bucket = 0; bucket <= (size_t)1 << START_BITS; bucket++) {
        while (at < keys.count && keys.items[at].key >> (64 - START_BITS) < bucket) at++;
        looking->starts[bucket] = (uint32_t)at;
    }
}

/* Weighs a record against all records of a person asked about; the best is kept. */
static void meet(struct looking *looking, uint32_t asked, uint32_t theirs)
{
    struct check *check = looking->check;
    const struct people *people = check->people;
    const struct person *person = &people->persons[looking->look->persons[asked]];
    struct meeting best = {.asked = asked,
                           .other = people->records[theirs].person,
                           .theirs = theirs,
                           .weight = INT32_MIN,
                           .wanted_weight = INT32_MIN,
                           .wanted = UINT32_MAX};
    uint32_t seen = 0;
    for (uint32_t r = 0; r < person->count && seen < RECORDS_LOOKED_AT_MAX; r++) {
        uint32_t record = people->order[person->first + r];
        if (!is_own(looking, record)) continue;
        seen++;
        int32_t weight = weigher_pair(check->weigher, record, theirs);
        if (weight > best.weight) {
            best.weight = weight;
            best.record = record;
        }
    }
    /* Below this no number of other persons makes the odds worth keeping. */
    if (best.weight < 4000) return;
    if ((check->says[theirs] & looking->look->wanted) != 0) {
        best.wanted_weight = best.weight;
        best.wanted = theirs;
    }
    *list_push(check->arena, &looking->meetings) = best;
}

static void look_up(struct looking *looking, uint32_t record, uint64_t key)
{
    size_t bucket = key >> (64 - START_BITS);
    size_t at = looking->starts[bucket], end = looking->starts[bucket + 1], first;
    while (at < end && looking->keys[at].key < key) at++;
    first = at;
    while (at < end && looking->keys[at].key == key) at++;
    if (at - first > MEETINGS_MAX) return;
    for (size_t i = first; i < at; i++) {
        uint32_t asked = looking->keys[i].asked;
        if (looking->last_seen[asked] == record + 1) continue;
        looking->last_seen[asked] = record + 1;
        meet(looking, asked, record);
    }
}

/* All records of persons that hold what is wanted look for those asked about. Those that hold
 * nothing of `mine`, who are the likely ones, also by sound and by single characters. */
static void find_meetings(struct looking *looking)
{
    struct check *check = looking->check;
    const struct people *people = check->people;
    uint32_t *asked_of = arena_array(check->arena, uint32_t, people->person_count);
    looking->last_seen = arena_array(check->arena, uint32_t, looking->look->count);
    for (size_t i = 0; i < looking->look->count; i++) {
        asked_of[looking->look->persons[i]] = (uint32_t)i + 1;
    }
    for (uint32_t record = 0; record < people->record_count; record++) {
        uint32_t person = people->records[record].person;
        uint32_t says = check->children[person].says;
        if ((says & looking->look->wanted) == 0) continue;
        bool asked = asked_of[person] != 0;
        if (asked && is_own(looking, record)) continue;
        bool quick = !asked && (says & looking->look->mine) != 0;
        if (asked) {
            looking->last_seen[asked_of[person] - 1] = record + 1;
            meet(looking, asked_of[person] - 1, record);
        }
        uint64_t keys[WEIGHER_KEYS_MAX];
        size_t count = weigher_keys(check->weigher, record, quick, keys);
        for (size_t k = 0; k < count; k++) look_up(looking, record, keys[k]);
    }
}

/* One meeting a pair of persons: the best, with the best wanted record beside. */
static void merge_meetings(struct looking *looking)
{
    if (looking->meetings.count == 0) return;
    qsort(looking->meetings.items, looking->meetings.count, sizeof *looking->meetings.items,
          compare_meetings);
    size_t kept = 0;
    for (size_t i = 0; i < looking->meetings.count; i++) {
        struct meeting *now = &looking->meetings.items[i];
        struct meeting *before = kept > 0 ? &looking->meetings.items[kept - 1] : NULL;
        if (before != NULL && before->asked == now->asked && before->other == now->other) {
            if (now->wanted_weight > before->wanted_weight) {
                before->wanted_weight = now->wanted_weight;
                before->wanted = now->wanted;
            }
            continue;
        }
        looking->meetings.items[kept++] = *now;
    }
    looking->meetings.count = kept;
}

/* How well a record sits where it is: against the records of its person that say `mine`. */
static int32_t weight_at_home(struct looking *looking, uint32_t record)
{
    struct check *check = looking->check;
    const struct people *people = check->people;
    const struct person *person = &people->persons[people->records[record].person];
    int32_t best = INT32_MIN;
    for (uint32_t r = 0; r < person->count && r < RECORDS_LOOKED_AT_MAX; r++) {
        uint32_t other = people->order[person->first + r];
        if (other == record || (check->says[other] & looking->look->mine) == 0) continue;
        int32_t weight = weigher_pair(check->weigher, record, other);
        if (weight > best) best = weight;
    }
    return best;
}

/* Evidence for a meeting before the shares are known: how many times likelier it is one person. A
 * person who lacks nothing can only be met as a second registration of the same child (`doubled`),
 * or because one of its records is another's (`misplaced`). */
struct evidence {
    double orphan, doubled, misplaced;
};

static struct evidence weigh_evidence(struct looking *looking, const struct meeting *meeting)
{
    struct check *check = looking->check;
    struct evidence out = {0};
    bool self = looking->look->persons[meeting->asked] == meeting->other;
    double ratio = exp2(meeting->weight / 1000.0);
    if (self || (check->children[meeting->other].says & looking->look->mine) == 0) {
        out.orphan = ratio;
        return out;
    }
    out.doubled = ratio;
    if (meeting->wanted != UINT32_MAX) {
        double here = exp2(meeting->wanted_weight / 1000.0);
        double home = exp2(weight_at_home(looking, meeting->wanted) / 1000.0);
        out.misplaced = here / (1 + home);
    }
    return out;
}

struct shares {
    double orphan, doubled;   /* of the persons asked about: how many are met so */
    double orphans, complete; /* persons of each kind that could be met */
};

static void count_persons(const struct looking *looking, struct shares *shares)
{
    const struct check *check = looking->check;
    shares->orphans = shares->complete = 1;
    for (size_t p = 0; p < check->people->person_count; p++) {
        uint32_t says = check->children[p].says;
        if ((says & looking->look->wanted) == 0) continue;
        if ((says & looking->look->mine) == 0)
            shares->orphans++;
        else
            shares->complete++;
    }
}

static double odds_of(const struct evidence *evidence, const struct shares *shares)
{
    double one = 1 - shares->orphan - shares->doubled;
    if (one < 0.02) one = 0.02;
    return (shares->orphan * (evidence->orphan + evidence->misplaced) / shares->orphans
            + shares->doubled * evidence->doubled / shares->complete)
           / one;
}

/* Chances of all meetings of each person asked about, given the shares; a person met can be only
 * one of those who meet it, so what they claim together beyond 1 is scaled down (`claimed`, by
 * person). */
static void settle_chances(struct looking *looking, const struct evidence *evidence,
                           const struct shares *shares, double *claimed)
{
    struct meeting *meetings = looking->meetings.items;
    size_t count = looking->meetings.count;
    double *fresh =
        arena_array(looking->check->arena, double, looking->check->people->person_count);
    for (size_t i = 0; i < count;) {
        size_t end = i;
        double total = 1;
        for (; end < count && meetings[end].asked == meetings[i].asked; end++) {
            double odds = odds_of(&evidence[end], shares);
            if (claimed[meetings[end].other] > 1) odds /= claimed[meetings[end].other];
            meetings[end].chance = odds;
            total += odds;
        }
        for (; i < end; i++) {
            meetings[i].chance /= total;
            if (evidence[i].orphan > 0) fresh[meetings[i].other] += meetings[i].chance;
        }
    }
    for (size_t p = 0; p < looking->check->people->person_count; p++) {
        double before = claimed[p] > 1 ? claimed[p] : 1;
        claimed[p] = fresh[p] > 1 ? before * fresh[p] : before > 1 ? before * fresh[p] : 1;
    }
}

/* The shares of those who are met are learnt from the meetings themselves, round by round: a city
 * with many errors explains more of its missing children by them than a city with few. */
static void learn_shares(struct looking *looking)
{
    struct check *check = looking->check;
    size_t count = looking->meetings.count;
    struct evidence *evidence = arena_array(check->arena, struct evidence, count);
    double *claimed = arena_array(check->arena, double, check->people->person_count);
    struct shares shares = {.orphan = 0.3, .doubled = 0.03};
    count_persons(looking, &shares);
    for (size_t i = 0; i < count; i++) {
        evidence[i] = weigh_evidence(looking, &looking->meetings.items[i]);
    }
    double asked = (double)looking->look->count;
    for (int round = 0; round < ROUNDS; round++) {
        settle_chances(looking, evidence, &shares, claimed);
        double orphan = 0, doubled = 0;
        for (size_t i = 0; i < count; i++) {
            bool other = evidence[i].orphan > 0 || evidence[i].misplaced > evidence[i].doubled;
            *(other ? &orphan : &doubled) += looking->meetings.items[i].chance;
        }
        shares.orphan = (orphan + 0.3 * 10) / (asked + 10);
        shares.doubled = (doubled + 0.03 * 10) / (asked + 10);
    }
    settle_chances(looking, evidence, &shares, claimed);
}

void check_second_look(struct check *check, const struct second_look *look,
                       struct second_answer *answers)
{
    struct looking looking = {.check = check, .look = look};
    for (size_t i = 0; i < look->count; i++) {
        answers[i] = (struct second_answer){.record = UINT32_MAX, .nearest = UINT32_MAX};
    }
    if (look->count == 0) return;
    collect_keys(&looking);
    find_meetings(&looking);
    merge_meetings(&looking);
    learn_shares(&looking);
    for (size_t i = 0; i < looking.meetings.count; i++) {
        const struct meeting *meeting = &looking.meetings.items[i];
        struct second_answer *answer = &answers[meeting->asked];
        answer->found += meeting->chance;
        if (answer->nearest != UINT32_MAX && meeting->chance <= answer->nearest_found) continue;
        answer->nearest_found = meeting->chance;
        answer->record = meeting->record;
        answer->nearest = meeting->wanted != UINT32_MAX ? meeting->wanted : meeting->theirs;
        answer->weight_millibits = meeting->weight;
    }
}

/* Two records that no second child would share: number and name or day, or name, day and family. */
static bool surely_one(struct check *check, uint32_t a, uint32_t b)
{
    const struct people *people = check->people;
    const struct person_record *x = &people->records[a], *y = &people->records[b];
    bool name = x->values[PERSON_NAME] == y->values[PERSON_NAME] && x->values[PERSON_NAME] != 0;
    bool stated = x->birth_source == PERSON_BIRTH_STATED && y->birth_source == PERSON_BIRTH_STATED;
    bool birth = !day_is_none(x->birth) && x->birth.days == y->birth.days;
    bool number = x->id_kind == PERSON_ID_OWN && y->id_kind == PERSON_ID_OWN
                  && x->values[PERSON_ID_NUMBER] == y->values[PERSON_ID_NUMBER];
    if (number && (name || (birth && stated))) return true;
    if (!name || !birth) return false;
    return weigher_levels(check->weigher, a, b).kin <= WEIGH_KIN_NAME;
}

bool check_hangs_by_a_thread(struct check *check, uint32_t person, uint32_t mine, uint32_t wanted)
{
    const struct people *people = check->people;
    const struct person *p = &people->persons[person];
    uint32_t group[RECORDS_LOOKED_AT_MAX], count = p->count;
    if (count > RECORDS_LOOKED_AT_MAX) count = RECORDS_LOOKED_AT_MAX;
    for (uint32_t i = 0; i < count; i++) group[i] = i;
    for (uint32_t i = 1; i < count; i++) {
        for (uint32_t j = 0; j < i; j++) {
            if (group[i] == group[j]) continue;
            if (!surely_one(check, people->order[p->first + i], people->order[p->first + j])) {
                continue;
            }
            uint32_t from = group[i], to = group[j];
            for (uint32_t k = 0; k < count; k++) {
                if (group[k] == from) group[k] = to;
            }
        }
    }
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t j = 0; j < count; j++) {
            if (group[i] == group[j] && (check->says[people->order[p->first + i]] & mine) != 0
                && (check->says[people->order[p->first + j]] & wanted) != 0) {
                return false;
            }
        }
    }
    return true;
}
