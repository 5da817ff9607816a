#include "verifying/world.h"

#include <string.h>

/* Which files each taker got: a group, or, in a batch that allots seats, what a group gives to one
 * junior school.
 *
 * Each choice has a moment: in a parallel batch the applicant's place first, then the rank; in a
 * sequential one the rank first; equals share their moments. A group takes every file that asks at
 * a moment before which it got fewer than it takes. So a group that has enough turns away whoever
 * asked last, all of one moment together, and who is turned away asks for the next choice. The
 * order in which one lets people ask does not matter: who was turned away once would be turned away
 * by any later crowd as well. */

enum { RANK_BITS = 10 }; /* of VERIFY_CHOICES_MAX */

struct file {
    uint64_t moment;
    uint32_t applicant;
};

/* The files of a group: a heap, the last moment on top. */
struct pile {
    LIST(struct file) files;
    size_t on_top; /* that share the last moment */
    int64_t takes;
    uint64_t closed; /* who asks at this moment or later is turned away */
};

struct sending {
    const struct verify_world *world;
    struct arena scratch;
    uint32_t batch;
    struct pile *piles; /* by taker: groups, and behind them allotments */
    size_t takers;
    uint64_t *asks;    /* by applicant: the choice at which it is */
    uint32_t *waiting; /* applicants who have to ask */
    size_t waiting_count;
};

static uint64_t moment_of(const struct sending *sending, const struct verify_choice *choice)
{
    uint64_t equals = sending->world->applicants[choice->applicant].equals;
    uint64_t rank = choice->rank;
    return sending->world->batches[sending->batch].sequential ? rank << 32 | equals
                                                              : equals << RANK_BITS | rank;
}

static void swap(struct file *x, struct file *y)
{
    struct file kept = *x;
    *x = *y;
    *y = kept;
}

static void lift(struct pile *pile, size_t at)
{
    struct file *files = pile->files.items;
    for (; at > 0 && files[at].moment > files[(at - 1) / 2].moment; at = (at - 1) / 2) {
        swap(&files[at], &files[(at - 1) / 2]);
    }
}

static struct file take_top(struct pile *pile)
{
    struct file *files = pile->files.items, top = files[0];
    size_t count = --pile->files.count, at = 0;
    files[0] = files[count];
    for (;;) {
        size_t larger = at, left = 2 * at + 1;
        if (left < count && files[left].moment > files[larger].moment) larger = left;
        if (left + 1 < count && files[left + 1].moment > files[larger].moment) larger = left + 1;
        if (larger == at) return top;
        swap(&files[at], &files[larger]);
        at = larger;
    }
}

/* Files of this moment from here down: in a heap those that share the top hang together. */
static size_t count_equal(const struct pile *pile, size_t at, uint64_t moment)
{
    if (at >= pile->files.count || pile->files.items[at].moment != moment) return 0;
    return 1 + count_equal(pile, 2 * at + 1, moment) + count_equal(pile, 2 * at + 2, moment);
}

/* Those of the last moment go when there is enough without them. */
static void turn_away(struct sending *sending, struct pile *pile)
{
    if ((int64_t)(pile->files.count - pile->on_top) < pile->takes) return;
    for (size_t away = pile->on_top; away > 0; away--) {
        uint32_t applicant = take_top(pile).applicant;
        sending->asks[applicant]++;
        sending->waiting[sending->waiting_count++] = applicant;
    }
    pile->on_top = pile->files.count == 0 ? 0 : count_equal(pile, 0, pile->files.items[0].moment);
}

static void put(struct sending *sending, struct pile *pile, uint64_t moment, uint32_t applicant)
{
    uint64_t last = pile->files.count > 0 ? pile->files.items[0].moment : 0;
    *list_push(&sending->scratch, &pile->files) = (struct file){moment, applicant};
    lift(pile, pile->files.count - 1);
    if (pile->files.count == 1 || moment > last) {
        pile->on_top = 1;
    } else if (moment == last) {
        pile->on_top++;
    }
    turn_away(sending, pile);
    if ((int64_t)pile->files.count >= pile->takes) pile->closed = pile->files.items[0].moment + 1;
}

static bool in_batch(const struct sending *sending, uint32_t applicant, uint64_t choice)
{
    const struct verify_applicant *who = &sending->world->applicants[applicant];
    return choice < who->first + who->count
           && sending->world->choices[choice].batch == sending->batch;
}

static bool may_ask(const struct sending *sending, const struct verify_choice *choice)
{
    const struct verify_world *world = sending->world;
    const struct verify_applicant *who = &world->applicants[choice->applicant];
    const struct verify_group *group = &world->groups[choice->group];
    return verify_bar(world, sending->batch, who, group) == NULL
           && verify_floor_bar(world, sending->batch, who, group) == NULL;
}

/* The taker of a choice that the applicant may make, else the group. */
static size_t taker_of(const struct sending *sending, const struct verify_choice *choice)
{
    const struct verify_world *world = sending->world;
    if (!world->batches[sending->batch].allotting.gives) return choice->group;
    size_t given = verify_allotment_of(world, sending->batch, choice->group,
                                       world->applicants[choice->applicant].source);
    return given == SIZE_MAX ? choice->group : world->group_count + given;
}

/* Asks for the first choice, from where the applicant is, that does not turn it away at once. */
static void ask(struct sending *sending, uint32_t applicant)
{
    for (; in_batch(sending, applicant, sending->asks[applicant]); sending->asks[applicant]++) {
        const struct verify_choice *choice = &sending->world->choices[sending->asks[applicant]];
        struct pile *pile = &sending->piles[taker_of(sending, choice)];
        uint64_t moment = moment_of(sending, choice);
        if (moment >= pile->closed || !may_ask(sending, choice)) continue;
        put(sending, pile, moment, applicant);
        return;
    }
}

/* Everybody whom the result does not place before this batch, at their first choice in it. */
static void begin(struct sending *sending, const int64_t *free)
{
    const struct verify_world *world = sending->world;
    const struct verify_batch *batch = &world->batches[sending->batch];
    for (size_t g = 0; g < world->group_count; g++) {
        const struct verify_group *group = &world->groups[g];
        int64_t seats = 0;
        for (uint32_t p = 0; p < group->count; p++) seats += free[group->first + p];
        bool takes = group->batch == batch->home && !batch->allotting.gives;
        sending->piles[g].takes = takes ? verify_takes(batch, seats) : 0;
    }
    for (size_t i = 0; i < world->allotment_count; i++) {
        bool takes = batch->allotting.gives && world->allotments[i].batch == batch->own;
        sending->piles[world->group_count + i].takes =
            takes ? verify_takes(batch, free[world->programme_count + i]) : 0;
    }
    for (size_t t = 0; t < sending->takers; t++) {
        sending->piles[t].closed = sending->piles[t].takes > 0 ? UINT64_MAX : 0;
    }
    for (size_t a = 0; a < world->applicant_count; a++) {
        const struct verify_applicant *who = &world->applicants[a];
        uint64_t choice = who->first, end = who->first + who->count;
        while (choice < end && world->choices[choice].batch < sending->batch) choice++;
        sending->asks[a] = choice;
        if (who->row != VERIFY_NONE && world->rows.items[who->row].batch < sending->batch) {
            sending->asks[a] = end;
        } else if (in_batch(sending, (uint32_t)a, choice)) {
            sending->waiting[sending->waiting_count++] = (uint32_t)a;
        }
    }
}

/* What a taker got, counted anew from where each file is. */
struct count {
    uint64_t last; /* moment */
    int64_t files, files_last;
};

/* No taker got a file after it had enough; whoever was not sent by an earlier choice asked too
 * late there. These two together say all that the promise says of sending. */
static void prove(struct sending *sending, const uint64_t *sent)
{
    const struct verify_world *world = sending->world;
    struct count *counts = arena_array(&sending->scratch, struct count, sending->takers);
    for (size_t a = 0; a < world->applicant_count; a++) {
        if (sent[a] == SIZE_MAX) continue;
        const struct verify_choice *choice = &world->choices[sent[a]];
        struct count *count = &counts[taker_of(sending, choice)];
        uint64_t moment = moment_of(sending, choice);
        CHECK(may_ask(sending, choice));
        if (count->files++ == 0 || moment > count->last) {
            count->last = moment;
            count->files_last = 0;
        }
        if (moment == count->last) count->files_last++;
    }
    for (size_t t = 0; t < sending->takers; t++) {
        CHECK(counts[t].files == 0
              || counts[t].files - counts[t].files_last < sending->piles[t].takes);
    }
    for (size_t a = 0; a < world->applicant_count; a++) {
        const struct verify_applicant *who = &world->applicants[a];
        if (who->row != VERIFY_NONE && world->rows.items[who->row].batch < sending->batch) continue;
        for (uint64_t c = who->first; c < who->first + who->count && c != sent[a]; c++) {
            const struct verify_choice *choice = &world->choices[c];
            if (choice->batch != sending->batch || !may_ask(sending, choice)) continue;
            size_t taker = taker_of(sending, choice);
            const struct count *count = &counts[taker];
            CHECK(count->files >= sending->piles[taker].takes);
            CHECK(count->files == 0 || moment_of(sending, choice) > count->last);
        }
    }
}

void verify_send(const struct verify_world *world, uint32_t batch, const int64_t *free,
                 uint64_t *sent)
{
    struct sending sending = {.world = world, .batch = batch};
    sending.takers = world->group_count + world->allotment_count;
    sending.piles = arena_array(&sending.scratch, struct pile, sending.takers);
    sending.asks = arena_array(&sending.scratch, uint64_t, world->applicant_count);
    sending.waiting = arena_array(&sending.scratch, uint32_t, world->applicant_count);
    begin(&sending, free);
    while (sending.waiting_count > 0) ask(&sending, sending.waiting[--sending.waiting_count]);
    for (size_t a = 0; a < world->applicant_count; a++) {
        bool waits = in_batch(&sending, (uint32_t)a, sending.asks[a]);
        sent[a] = waits ? sending.asks[a] : SIZE_MAX;
    }
    prove(&sending, sent);
    arena_free(&sending.scratch);
}
