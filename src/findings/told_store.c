#include "findings/told_store.h"

#include "base/list.h"

static bool put_run(struct store *store, const struct told_run *run, struct err *err)
{
    struct store_statement *put = NULL;
    if (!store_exec(store, "DELETE FROM told_finding; DELETE FROM told_run", err)
        || !store_prepare(store, &put,
                          "INSERT INTO told_run (only, rests, case_event, aid) "
                          "VALUES (1, $rests, $event, $aid)",
                          err)) {
        return false;
    }
    store_bind_text(put, "$rests", run->rests);
    store_bind_i64(put, "$event", run->case_event);
    store_bind_i64(put, "$aid", run->aid);
    return store_run_once(put, err);
}

static void bind_nearest(struct store_statement *put, const struct people *people, uint32_t nearest)
{
    if (nearest == UINT32_MAX) {
        store_bind_null(put, "$nearest");
        store_bind_null(put, "$register");
        store_bind_null(put, "$statement");
        store_bind_null(put, "$part");
        return;
    }
    const struct person_record *record = &people->records[nearest];
    store_bind_i64(put, "$nearest", people->persons[record->person].number);
    store_bind_str(put, "$register", people->registers[record->register_number]->key);
    store_bind_i64(put, "$statement", record->statement);
    store_bind_i64(put, "$part", record->part);
}

static bool put_findings(struct store_statement *put, const struct people *people,
                         const struct finding *findings, const struct finding_entry *entries,
                         size_t count, struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        const struct finding *finding = &findings[i];
        if (finding->person == UINT32_MAX) continue;
        store_reset(put);
        store_bind_i64(put, "$place", (int64_t)i);
        store_bind_i64(put, "$person", people->persons[finding->person].number);
        store_bind_i64(put, "$number", entries[i].number);
        store_bind_str(put, "$kind", str_from(finding_kind_key(finding->kind)));
        store_bind_str(put, "$queue", str_from(queue_key(finding->queue)));
        store_bind_i64(put, "$probability", finding->probability_ppm);
        store_bind_text(put, "$reason", finding->reason);
        bind_nearest(put, people, finding->nearest);
        if (!store_run(put, err)) return false;
    }
    return true;
}

bool told_save(struct store *store, const struct told_run *run, const struct people *people,
               const struct finding *findings, const struct finding_entry *entries, size_t count,
               struct err *err)
{
    CHECK(store_in_transaction(store));
    struct store_statement *put = NULL;
    if (!put_run(store, run, err)
        || !store_prepare(store, &put,
                          "INSERT INTO told_finding (place, person, number, kind, queue, "
                          "probability_ppm, reason, nearest_person, nearest_register, "
                          "nearest_statement, nearest_part) VALUES ($place, $person, $number, "
                          "$kind, $queue, $probability, $reason, $nearest, $register, $statement, "
                          "$part)",
                          err)) {
        return false;
    }
    bool good = put_findings(put, people, findings, entries, count, err);
    store_finish(put);
    return good;
}

bool told_read(struct store *store, struct arena *arena, struct told_run *out, bool *there,
               struct err *err)
{
    struct store_statement *find = NULL;
    if (!store_prepare(store, &find, "SELECT rests, case_event, aid FROM told_run", err)) {
        return false;
    }
    bool good = store_step(find, there, err);
    if (good && *there) {
        *out = (struct told_run){.rests = str_copy(arena, store_str(find, 0)),
                                 .case_event = store_i64(find, 1),
                                 .aid = store_i64(find, 2) != 0};
    }
    store_finish(find);
    return good;
}

static bool read_finding(struct store_statement *row, struct arena *arena, struct told_finding *out,
                         struct err *err)
{
    int kind = finding_kind_of(store_str(row, 1)), queue = queue_of(store_str(row, 2));
    if (kind < 0 || queue < 0) {
        return err_set(err, ERR_STORE, "a finding that was kept is of no known kind",
                       "有一条保存的线索类别不明");
    }
    *out = (struct told_finding){.number = store_i64(row, 0),
                                 .kind = (enum finding_kind)kind,
                                 .queue = (enum queue)queue,
                                 .probability_ppm = (uint32_t)store_i64(row, 3),
                                 .reason = str_copy(arena, store_str(row, 4)),
                                 .nearest_person = store_i64(row, 5),
                                 .nearest_register = str_copy(arena, store_str(row, 6)),
                                 .nearest_statement = store_i64(row, 7),
                                 .nearest_part = (uint32_t)store_i64(row, 8)};
    return true;
}

bool told_findings(struct store *store, struct arena *arena, int64_t person,
                   struct told_finding **out, size_t *count, struct err *err)
{
    struct store_statement *find = NULL;
    LIST(struct told_finding) list = {0};
    bool row = false, good;
    if (!store_prepare(store, &find,
                       "SELECT number, kind, queue, probability_ppm, reason, nearest_person, "
                       "nearest_register, nearest_statement, nearest_part FROM told_finding "
                       "WHERE person = $person ORDER BY place",
                       err)) {
        return false;
    }
    store_bind_i64(find, "$person", person);
    while ((good = store_step(find, &row, err)) && row) {
        struct told_finding finding;
        if (!(good = read_finding(find, arena, &finding, err))) break;
        *list_push(arena, &list) = finding;
    }
    store_finish(find);
    *out = list.items;
    *count = list.count;
    return good;
}
