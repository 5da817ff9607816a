#include "registry/load.h"

enum { ENDED_PERCENT_MAX = 5 };

/* What the file covers. */
struct cover {
    struct dict units; /* of the file's own rows */
    bool all;
};

static bool insert_ending(struct load *load, const struct past_entry *entry, struct err *err)
{
    store_bind_i64(load->ending, "$statement", entry->number);
    store_bind_day(load->ending, "$ended_on", load->at);
    store_bind_i64(load->ending, "$because", entry->batch);
    return store_run(load->ending, err);
}

/* A record may have moved here from a unit that came further down in the file. */
static void match_again(struct load *load)
{
    for (size_t i = 0; i < load->again.count; i++) {
        const struct load_again *again = &load->again.items[i];
        bool same_past = again->past_count == load->past.count
                         && again->unit_count == load->past.file_unit_count;
        if (!again->fresh || same_past) continue;
        bool elsewhere = false;
        uint32_t match = past_match(&load->past, &again->key, &elsewhere);
        if (match == PAST_NONE) continue;
        /* It has its own statement by now, whatever the old one says. */
        load->past.entries[match].repeated = false;
        *list_push(&load->job, &load->replaced) = match;
        load->result->fresh--;
    }
}

/* A statement that comes after the fact holds only until its record is stated again. */
static bool end_later(struct load *load, struct err *err)
{
    for (size_t i = 0; load->past.after_the_fact && i < load->again.count; i++) {
        const struct load_again *again = &load->again.items[i];
        int64_t by = 0;
        day later = past_stated_later(&load->past, &again->key, &by);
        if (day_is_none(later)) continue;
        store_bind_i64(load->ending, "$statement", again->number);
        store_bind_day(load->ending, "$ended_on", later);
        store_bind_i64(load->ending, "$because", by);
        if (!store_run(load->ending, err)) return false;
    }
    return true;
}

/* A record that moved here from a place that the file does not cover is new here, and the other
 * place's statement is not ours to end: that both hold is a finding. */
static bool end_replaced(struct load *load, struct err *err)
{
    for (size_t i = 0; i < load->replaced.count; i++) {
        const struct past_entry *entry = &load->past.entries[load->replaced.items[i]];
        CHECK(past_covers(&load->past, entry->unit));
        load->result->replaced++;
        if (!insert_ending(load, entry, err)) return false;
    }
    return true;
}

static bool covered(const struct load *load, const struct cover *cover,
                    const struct past_entry *entry)
{
    return entry->holds
           && (cover->all
               || dict_find(&cover->units, dict_text(&load->past.units, entry->unit)) != DICT_NONE);
}

static bool end_gone(struct load *load, const struct cover *cover, struct err *err)
{
    uint64_t held = 0, gone = 0;
    for (size_t i = 0; i < load->past.count; i++) {
        const struct past_entry *entry = &load->past.entries[i];
        if (!covered(load, cover, entry)) continue;
        held++;
        if (!entry->taken) gone++;
    }
    if (gone * 100 > held * ENDED_PERCENT_MAX && !load->options->yes) {
        err_set(err, ERR_CONFLICT,
                "%llu of the %llu records of its scope are not in this export and would "
                "end, more than %d %%; say so if it really is complete",
                "有 %llu 条记录（其范围内原有 %llu 条）不在本次导出里，将被视为终止，超过 %d%%；"
                "如确属完整导出，请确认",
                (unsigned long long)gone, (unsigned long long)held, ENDED_PERCENT_MAX);
        return err_hint(err, "--yes", "--yes");
    }
    for (size_t i = 0; i < load->past.count; i++) {
        const struct past_entry *entry = &load->past.entries[i];
        if (entry->taken || !covered(load, cover, entry)) continue;
        if (!insert_ending(load, entry, err)) return false;
        load->result->ended++;
    }
    return true;
}

static bool insert_repeat(struct load *load, struct store_statement *insert, size_t first,
                          size_t last, struct err *err)
{
    store_bind_i64(insert, "$batch", load->batch);
    store_bind_i64(insert, "$first", load->past.entries[first].number);
    store_bind_i64(insert, "$last", load->past.entries[last].number);
    return store_run(insert, err);
}

/* Neighbours in one batch make one range: most exports repeat most of the last one, so a whole
 * register costs a few rows. A range leaves out no number, for the statement of a number between
 * may have ended. */
static bool insert_repeats(struct load *load, struct err *err)
{
    struct store_statement *insert = NULL;
    if (!store_prepare(load->registry->store, &insert,
                       "INSERT INTO repeat (batch, first, last) VALUES ($batch, $first, $last)",
                       err)) {
        return false;
    }
    const struct past_entry *entries = load->past.entries;
    size_t count = load->past.count;
    bool done = true;
    for (size_t first = 0; done && first < count; first++) {
        if (!entries[first].repeated) continue;
        size_t last = first;
        while (last + 1 < count && entries[last + 1].repeated
               && entries[last + 1].number == entries[last].number + 1
               && entries[last + 1].batch == entries[first].batch) {
            last++;
        }
        done = insert_repeat(load, insert, first, last, err);
        first = last;
    }
    store_finish(insert);
    return done;
}

static bool insert_scope(struct load *load, const struct dict *units, struct err *err)
{
    struct store_statement *insert = NULL;
    if (!store_prepare(load->registry->store, &insert,
                       "INSERT INTO batch_scope (batch, unit) VALUES ($batch, $unit)", err)) {
        return false;
    }
    store_bind_i64(insert, "$batch", load->batch);
    bool done = true;
    for (uint32_t i = 0; done && i < units->count; i++) {
        store_bind_str(insert, "$unit", dict_text(units, i));
        done = store_run(insert, err);
    }
    store_finish(insert);
    return done;
}

static bool insert_sheet(struct load *load, struct store_statement *insert, size_t number,
                         struct err *err)
{
    const struct load_sheet *sheet = &load->result->sheets[number];
    store_bind_i64(insert, "$batch", load->batch);
    store_bind_i64(insert, "$sheet", (int64_t)number);
    store_bind_str(insert, "$name", sheet->name);
    store_bind_str(insert, "$register", sheet->register_key);
    store_bind_i64(insert, "$rows", (int64_t)sheet->rows);
    store_bind_i64(insert, "$accepted", (int64_t)sheet->accepted);
    store_bind_i64(insert, "$warned", (int64_t)sheet->warned);
    store_bind_i64(insert, "$rejected", (int64_t)sheet->rejected);
    return store_run(insert, err);
}

static bool insert_columns(struct load *load, struct store_statement *insert, size_t number,
                           struct err *err)
{
    const struct sheet_plan *plan = &load->file->plans[number];
    if (plan->profile != load->profile) return true;
    store_bind_i64(insert, "$batch", load->batch);
    store_bind_i64(insert, "$sheet", (int64_t)number);
    for (size_t place = 0; place < plan->column_count; place++) {
        struct str heading = plan->headings[place];
        int field = plan->fields[place];
        store_bind_i64(insert, "$place", (int64_t)place);
        store_bind_text(insert, "$heading", heading);
        store_bind_str(insert, "$field", field < 0 ? STR_EMPTY : load->profile->fields[field].key);
        if (!store_run(insert, err)) return false;
    }
    return true;
}

static bool insert_sheets(struct load *load, struct err *err)
{
    struct store_statement *sheets = NULL, *columns = NULL;
    bool done = store_prepare(load->registry->store, &sheets,
                              "INSERT INTO batch_sheet (batch, sheet, name, register_key, rows, "
                              "accepted, warned, rejected) VALUES ($batch, $sheet, $name, "
                              "$register, $rows, $accepted, $warned, $rejected)",
                              err)
                && store_prepare(load->registry->store, &columns,
                                 "INSERT INTO batch_column (batch, sheet, place, heading, field) "
                                 "VALUES ($batch, $sheet, $place, $heading, $field)",
                                 err);
    for (size_t i = 0; done && i < load->file->plan_count; i++) {
        if (load->result->sheets[i].elsewhere) continue;
        done = insert_sheet(load, sheets, i, err) && insert_columns(load, columns, i, err);
    }
    store_finish(sheets);
    store_finish(columns);
    return done;
}

static bool update_batch(struct load *load, struct err *err)
{
    const struct load_result *result = load->result;
    struct store_statement *update = NULL;
    if (!store_prepare(load->registry->store, &update,
                       "UPDATE batch SET scope = $scope, last_statement = $last, rows = $rows, "
                       "accepted = $accepted, warned = $warned, rejected = $rejected, "
                       "passed_over = $passed_over, fresh = $fresh, repeated = $repeated, "
                       "replaced = $replaced, ended = $ended WHERE number = $number",
                       err)) {
        return false;
    }
    store_bind_i64(update, "$number", load->batch);
    store_bind_str(update, "$scope", result->scope);
    store_bind_i64(update, "$last", load->statement_next - 1);
    store_bind_i64(update, "$rows", (int64_t)result->rows);
    store_bind_i64(update, "$accepted", (int64_t)result->accepted);
    store_bind_i64(update, "$warned", (int64_t)result->warned);
    store_bind_i64(update, "$rejected", (int64_t)result->rejected);
    store_bind_i64(update, "$passed_over", (int64_t)result->passed_over);
    store_bind_i64(update, "$fresh", (int64_t)result->fresh);
    store_bind_i64(update, "$repeated", (int64_t)result->repeated);
    store_bind_i64(update, "$replaced", (int64_t)result->replaced);
    store_bind_i64(update, "$ended", (int64_t)result->ended);
    bool done = store_run(update, err);
    store_finish(update);
    return done;
}

/* Made when the first rows are in, for sorting them all is cheaper than putting one after the other
 * into its place. */
static bool make_index(struct load *load, struct err *err)
{
    return load->layout.id_field < 0
           || store_ensure_index(load->registry->store, load->layout.table, "blind", err);
}

/* What stood in a corrected cell and what was taken instead: neither holds the mark between them.
 */
static struct str seal_correction(struct load *load, const struct intake_corrected *corrected,
                                  int64_t ordinal)
{
    char table[LAYOUT_CONTEXT_BYTES], buffer[LAYOUT_CONTEXT_BYTES];
    struct text both;
    text_init(&both, &load->job, corrected->was.len + corrected->value.len + 1);
    text_add(&both, corrected->was);
    text_add_byte(&both, '\x1F');
    text_add(&both, corrected->value);
    layout_context("correction", load->batch, table);
    return codec_seal(load->registry->codec, &load->job, layout_context(table, ordinal, buffer),
                      text_str(&both));
}

static bool insert_corrections(struct load *load, struct err *err)
{
    struct store_statement *insert = NULL;
    if (load->walk.corrected.count == 0) return true;
    if (!store_prepare(load->registry->store, &insert,
                       "INSERT INTO correction (batch, ordinal, sheet, row, place, sealed) "
                       "VALUES ($batch, $ordinal, $sheet, $row, $place, $sealed)",
                       err)) {
        return false;
    }
    store_bind_i64(insert, "$batch", load->batch);
    bool done = true;
    for (size_t i = 0; done && i < load->walk.corrected.count; i++) {
        const struct intake_corrected *corrected = &load->walk.corrected.items[i];
        store_bind_i64(insert, "$ordinal", (int64_t)i + 1);
        store_bind_i64(insert, "$sheet", (int64_t)corrected->sheet);
        store_bind_i64(insert, "$row", (int64_t)corrected->row);
        store_bind_i64(insert, "$place", (int64_t)corrected->place);
        store_bind_blob(insert, "$sealed", seal_correction(load, corrected, (int64_t)i + 1));
        done = store_run(insert, err);
    }
    store_finish(insert);
    return done;
}

/* Nobody speaks for an area or school that is not theirs: their file would replace and end what
 * others state. */
static bool check_rights(const struct load *load, const struct dict *units, struct err *err)
{
    for (uint32_t i = 0; i < units->count; i++) {
        struct str unit = dict_text(units, i);
        if (scope_belongs(&load->schools, load->asker, unit)) continue;
        return err_set(err, ERR_DENIED,
                       "the file speaks of %.*s, which is not among your areas or schools; take "
                       "those rows out, or have the file imported by who is responsible",
                       "文件涉及不属于您的单位（%.*s）；请删去这些行，或由负责该单位的人员导入",
                       STR_ARG(unit));
    }
    return true;
}

bool load_settle(struct load *load, struct err *err)
{
    struct load_result *result = load->result;
    struct cover cover = {.all = load->past.scope.all};
    dict_init(&cover.units, &load->job);
    /* The past has put its own units into the dictionary too; the file's are those of its rows. */
    for (uint32_t i = 0; i < load->past.units.count; i++) {
        if (past_unit_in_file(&load->past, i))
            dict_put(&cover.units, dict_text(&load->past.units, i));
    }
    result->passed_over = load->walk.passed_over;
    result->scope = scope_print(load->arena, &cover.units);
    CHECK(result->rows == result->accepted + result->warned + result->rejected);
    match_again(load);
    return check_rights(load, &cover.units, err) && end_later(load, err) && end_replaced(load, err)
           && (!load->options->complete || end_gone(load, &cover, err)) && insert_repeats(load, err)
           && tally_write(&load->tally, load->registry->store, load->batch, err)
           && insert_corrections(load, err) && insert_scope(load, &cover.units, err)
           && insert_sheets(load, err) && update_batch(load, err) && make_index(load, err);
}
