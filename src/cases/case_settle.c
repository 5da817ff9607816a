#include "cases/case_run_internal.h"

/* What follows for a case whose findings are gone, by the evidence: an event of this kind, or none
 * (EVENT_KIND_COUNT). */
static enum case_event_kind event_of_gone(const struct case_runner *run, const struct case_row *row,
                                          const struct procedure_settle *settle)
{
    if (row->status == CASE_CLOSED) return row->found ? EVENT_UNFOUND : EVENT_KIND_COUNT;
    if (settle == NULL) {
        bool told = row->status == CASE_RETURNED ? !row->found : row->unfound;
        return told ? EVENT_KIND_COUNT : EVENT_UNFOUND;
    }
    if (settle->watch_days == 0) return EVENT_CLOSED;
    /* A return that people reported is watched from the day on which the registers show it. */
    if (row->status != CASE_RETURNED || row->settle.len == 0) return EVENT_RETURNED;
    if (run->check->at.days < row->returned.days + settle->watch_days) return EVENT_KIND_COUNT;
    return EVENT_CLOSED;
}

/* A case that followed from another's outcome and of which no run ever found anything: that nothing
 * is found says nothing of it. */
static bool was_never_found(const struct case_row *row)
{
    return row->person != 0 && row->kinds.len == 0 && row->procedure->lawful_count == 0;
}

static bool settle_row(struct case_runner *run, struct case_row *row, struct err *err)
{
    uint32_t person =
        row->person == 0 ? DICT_NONE : u64_map_find(&run->persons, (uint64_t)row->person);
    struct case_fields fields = {.arena = run->arena};
    struct str evidence = STR_EMPTY;
    const struct procedure_settle *settle = NULL;
    if (was_never_found(row)) return true;
    if (row->status != CASE_CLOSED) {
        settle = case_settlement(run->arena, run->check, row->procedure, row->status, row->kinds,
                                 person, row->birth, &evidence);
    }
    enum case_event_kind kind = event_of_gone(run, row, settle);
    if (kind == EVENT_KIND_COUNT) return true;
    if (kind == EVENT_CLOSED || kind == EVENT_RETURNED) {
        case_fields_add(&fields, "settle", str_from(settle_by_key(settle->by)));
        case_fields_add(&fields, "outcome", settle->outcome);
        case_fields_add(&fields, "evidence", evidence);
    }
    run->out->closed += kind == EVENT_CLOSED;
    run->out->returned += kind == EVENT_RETURNED;
    run->out->unfound += kind == EVENT_UNFOUND;
    struct case_event event = case_run_event(run, kind, &fields);
    return case_run_append(run, row, &event, 1, err);
}

bool case_run_settle(struct case_runner *run, struct err *err)
{
    for (size_t i = 0; i < run->row_count; i++) {
        struct case_row *row = &run->rows[i];
        if (run->subject_of[i] != DICT_NONE || row->procedure == NULL) continue;
        if (!settle_row(run, row, err)) return false;
    }
    return true;
}

/* The row of the case that a person has under a procedure, or SIZE_MAX. */
static size_t row_of(const struct case_runner *run, const struct case_row *like, int64_t person)
{
    for (size_t i = 0; i < run->row_count; i++) {
        if (run->rows[i].person == person && run->rows[i].procedure == like->procedure) return i;
    }
    return SIZE_MAX;
}

/* The number under which most of the person's records go on; 0 when none does. */
static bool follow(struct case_runner *run, int64_t person, int64_t *to, struct err *err)
{
    struct person_past past;
    uint64_t most = 0;
    *to = 0;
    if (!person_past(&run->scratch, run->work->registry, person, &past, err)) return false;
    if (!past.ended) return true;
    for (size_t i = 0; i < past.part_count; i++) {
        const struct person_part *part = &past.parts[i];
        uint32_t there = u64_map_find(&run->persons, (uint64_t)part->person);
        if (there == DICT_NONE || part->records <= most) continue;
        most = part->records;
        *to = part->person;
    }
    return true;
}

/* The case goes on under the other number, or ends in the case that is there. */
static bool move_row(struct case_runner *run, size_t number, int64_t to, struct err *err)
{
    struct case_row *row = &run->rows[number];
    struct case_fields fields = {.arena = run->arena};
    size_t other = row_of(run, row, to);
    if (other != SIZE_MAX && row->status == CASE_CLOSED) return true;
    bool merges = other != SIZE_MAX;
    if (merges) case_fields_add_number(&fields, "into", run->rows[other].number);
    if (!merges) case_fields_add_number(&fields, "person", to);
    struct case_event event = case_run_event(run, merges ? EVENT_MERGED : EVENT_PERSON, &fields);
    if (!case_run_append(run, row, &event, 1, err)) return false;
    run->out->merged += merges;
    row->found = merges ? false : row->found;
    if (merges) {
        row->status = CASE_CLOSED;
        return true;
    }
    row->person = to;
    size_t subject = case_run_subject(run, row->procedure_key, to);
    if (subject == SIZE_MAX) return true;
    run->subjects[subject].row = number;
    run->subject_of[number] = (uint32_t)subject;
    return true;
}

bool case_run_move(struct case_runner *run, struct err *err)
{
    for (size_t i = 0; i < run->row_count; i++) {
        struct case_row *row = &run->rows[i];
        int64_t to;
        if (row->person == 0 || row->procedure == NULL) continue;
        if (u64_map_find(&run->persons, (uint64_t)row->person) != DICT_NONE) continue;
        arena_reset(&run->scratch);
        if (!follow(run, row->person, &to, err)) return false;
        if (to != 0 && !move_row(run, i, to, err)) return false;
    }
    return true;
}
