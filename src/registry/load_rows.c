#include "registry/load.h"

bool load_read_slot(struct load *load, struct load_slot *slot, struct err *err)
{
    arena_reset(&slot->arena);
    slot->rows = arena_array(&slot->arena, struct load_row, LOAD_SLOT_ROWS);
    slot->count = 0;
    slot->more = true;
    while (slot->count < LOAD_SLOT_ROWS && slot->more) {
        struct load_row *item = &slot->rows[slot->count];
        if (!intake_next(&load->walk, &slot->arena, &item->row, &slot->more, err)) return false;
        if (!slot->more) break;
        CHECK(item->row.sheet < load->file->plan_count);
        item->plan = &load->file->plans[item->row.sheet];
        slot->count++;
    }
    slot->done_permille = workbook_done_permille(load->file->workbook);
    return true;
}

/* What a column of codes holds may be something else that slipped into it. */
static bool is_area(struct str area)
{
    if (area.len != 6 && area.len != 9 && area.len != 12) return false;
    for (size_t i = 0; i < area.len; i++) {
        if (area.ptr[i] < '0' || area.ptr[i] > '9') return false;
    }
    return true;
}

static struct str value_of(const struct load *load, const struct intake_row *row, const char *key)
{
    int field = profile_field_number(load->profile, key);
    return field < 0 ? STR_EMPTY : row->values[field];
}

/* The village that the row names, inside what is known of its area. */
static struct str village_of(const struct load *load, const struct intake_row *row, struct str area)
{
    if (load->villages.count == 0 || area.len == 12) return STR_EMPTY;
    return villages_find(&load->villages, value_of(load, row, "village"),
                         value_of(load, row, "township"), value_of(load, row, "county"), area);
}

static struct str area_of(const struct load *load, const struct intake_row *row)
{
    struct str area = is_area(row->area) ? row->area : load->options->intake.area;
    struct str village = village_of(load, row, area);
    if (village.len > 0) return village;
    if (is_area(row->area)) return row->area;
    struct str school = scope_school_area(&load->past.scope, &load->schools, row->values);
    return school.len > 0 ? school : load->options->intake.area;
}

static bool fill(void *context, size_t slot_number, bool *more, struct err *err)
{
    struct load *load = context;
    struct load_slot *slot = &load->slots[slot_number];
    if (!load->first_ready && !load_read_slot(load, slot, err)) return false;
    load->first_ready = false;
    for (size_t i = 0; i < slot->count; i++) {
        struct load_row *item = &slot->rows[i];
        item->area = area_of(load, &item->row);
        item->rejected = item->row.outcome == ROW_REJECTED;
        item->number = item->rejected ? load->reject_next++ : load->statement_next++;
    }
    *more = slot->more;
    return true;
}

struct str load_row_written(struct arena *arena, const struct sheet_plan *plan,
                            const struct intake_row *row)
{
    struct text text;
    text_init(&text, arena, (size_t)WORKBOOK_COLUMNS_MAX * WORKBOOK_CELL_BYTES_MAX);
    size_t pair = 0;
    for (size_t place = 0; place < plan->column_count; place++) {
        if (place > 0) text_add_byte(&text, '\t');
        int field = plan->fields[place];
        if (field >= 0) {
            text_add(&text,
                     row->written[field].ptr != NULL ? row->written[field] : row->values[field]);
        } else if (pair < row->extra_count
                   && str_equal(row->extra[2 * pair], plan->headings[place])) {
            text_add(&text, row->extra[2 * pair + 1]);
            pair++;
        }
    }
    return text_str(&text);
}

static void seal_row(struct load *load, struct arena *arena, struct codec *codec,
                     struct load_row *item)
{
    char buffer[LAYOUT_CONTEXT_BYTES];
    struct str context, plain;
    if (item->rejected) {
        char table[LAYOUT_CONTEXT_BYTES];
        layout_context("reject", load->batch, table);
        context = layout_context(table, item->number, buffer);
        plain = load_row_written(arena, item->plan, &item->row);
    } else {
        context = layout_context(load->layout.table, item->number, buffer);
        plain = layout_pack(arena, load->profile, item->plan, &item->row);
        int field = load->layout.id_field;
        if (field >= 0 && item->row.values[field].len > 0) {
            unsigned char blind[CODEC_BLIND_BYTES];
            codec_blind(codec, item->row.values[field], blind);
            item->blind = layout_blind(blind);
            item->has_blind = true;
        }
    }
    item->sealed = codec_seal(codec, arena, context, plain);
}

static bool work(void *context, size_t slot_number, size_t worker, struct err *err)
{
    (void)err;
    struct load *load = context;
    struct load_slot *slot = &load->slots[slot_number];
    for (size_t i = 0; i < slot->count; i++) {
        struct load_row *item = &slot->rows[i];
        if (load->timeline.batch_count > 0 && !item->rejected) {
            past_hash(&load->past, item->row.values, item->area, &item->key);
        }
        /* Also rows that will turn out to repeat: whether they do is known only in file order. */
        seal_row(load, &slot->arena, load->codecs[worker], item);
    }
    return true;
}

static struct str null_if_empty(struct str s)
{
    return s.len == 0 ? STR_EMPTY : s;
}

/* Places in the insert are those of the columns, from 1. */
static bool insert_statement(struct load *load, const struct load_row *item, struct err *err)
{
    struct store_statement *insert = load->insert;
    store_bind_i64_at(insert, COLUMN_STATEMENT + 1, item->number);
    store_bind_i64_at(insert, COLUMN_BATCH + 1, load->batch);
    store_bind_i64_at(insert, COLUMN_SHEET + 1, (int64_t)item->row.sheet);
    store_bind_i64_at(insert, COLUMN_ROW + 1, (int64_t)item->row.number);
    store_bind_str_at(insert, COLUMN_AREA + 1, null_if_empty(item->area));
    if (item->has_blind)
        store_bind_i64_at(insert, COLUMN_BLIND + 1, item->blind);
    else
        store_bind_null_at(insert, COLUMN_BLIND + 1);
    store_bind_blob_at(insert, COLUMN_SEALED + 1, item->sealed);
    for (size_t i = COLUMN_FIELDS; i < load->layout.count; i++) {
        struct str value = item->row.values[load->layout.fields[i - COLUMN_FIELDS]];
        store_bind_str_at(insert, (int)i + 1, null_if_empty(value));
    }
    return store_run(insert, err);
}

static bool insert_reject(struct load *load, const struct load_row *item, struct err *err)
{
    store_bind_i64(load->reject, "$batch", load->batch);
    store_bind_i64(load->reject, "$ordinal", item->number);
    store_bind_i64(load->reject, "$sheet", (int64_t)item->row.sheet);
    store_bind_i64(load->reject, "$row", (int64_t)item->row.number);
    store_bind_str(load->reject, "$area", null_if_empty(item->area));
    store_bind_blob(load->reject, "$sealed", item->sealed);
    return store_run(load->reject, err);
}

/* `about`: the number of the row's statement, or of its reject. */
static bool insert_notes(struct load *load, const struct load_row *item, int64_t about,
                         struct err *err)
{
    for (size_t i = 0; i < item->row.note_count; i++) {
        const struct intake_note *note = &item->row.notes[i];
        store_bind_i64(load->note, "$batch", load->batch);
        store_bind_i64(load->note, "$ordinal", load->note_next++);
        store_bind_i64(load->note, "$sheet", (int64_t)item->row.sheet);
        store_bind_i64(load->note, "$row", (int64_t)item->row.number);
        store_bind_null(load->note, item->rejected ? "$statement" : "$reject");
        store_bind_i64(load->note, item->rejected ? "$reject" : "$statement", about);
        if (note->column == SIZE_MAX)
            store_bind_null(load->note, "$place");
        else
            store_bind_i64(load->note, "$place", (int64_t)note->column);
        store_bind_str(load->note, "$code", note->code);
        if (!store_run(load->note, err)) return false;
    }
    return true;
}

static void count_row(struct load *load, const struct load_row *item)
{
    struct load_result *result = load->result;
    struct load_sheet *sheet = &result->sheets[item->row.sheet];
    bool warned = item->row.outcome == ROW_WARNED;
    result->rows++;
    sheet->rows++;
    *(item->rejected ? &result->rejected : warned ? &result->warned : &result->accepted) += 1;
    *(item->rejected ? &sheet->rejected : warned ? &sheet->warned : &sheet->accepted) += 1;
    tally_row(&load->tally, item->area,
              load->school_field < 0 ? STR_EMPTY : item->row.values[load->school_field],
              item->row.outcome);
}

/* What the row is against the past; `*match` is the entry of its record. */
static enum load_fate match_row(struct load *load, const struct load_row *item, uint32_t *match,
                                bool *elsewhere)
{
    *match = past_match(&load->past, &item->key, elsewhere);
    if (*match != PAST_NONE) {
        return load->past.entries[*match].repeated ? FATE_REPEATS : FATE_REPLACES;
    }
    return FATE_FRESH;
}

static bool take_row(struct load *load, struct load_row *item, struct err *err)
{
    uint32_t match = PAST_NONE;
    bool elsewhere = false;
    if (!past_unit(&load->past, item->row.values, item->area, &item->key.unit, err)) return false;
    enum load_fate fate = match_row(load, item, &match, &elsewhere);
    if (fate == FATE_REPEATS) {
        load->result->repeated++;
        return insert_notes(load, item, load->past.entries[match].number, err);
    }
    bool fresh = fate == FATE_FRESH;
    if (fresh) load->result->fresh++;
    if (!fresh) *list_push(&load->job, &load->replaced) = match;
    if (load->past.after_the_fact || (fresh && (elsewhere || load->past.batches_waiting > 0))) {
        *list_push(&load->job, &load->again) = (struct load_again){
            item->key, item->number, load->past.count, load->past.file_unit_count, fresh};
    }
    return insert_statement(load, item, err) && insert_notes(load, item, item->number, err);
}

static bool drain(void *context, size_t slot_number, bool *go_on, struct err *err)
{
    (void)go_on;
    struct load *load = context;
    struct load_slot *slot = &load->slots[slot_number];
    for (size_t i = 0; i < slot->count; i++) {
        struct load_row *item = &slot->rows[i];
        count_row(load, item);
        if (!item->rejected) {
            if (!take_row(load, item, err)) return false;
            continue;
        }
        CHECK(item->row.note_count > 0);
        if (!insert_reject(load, item, err) || !insert_notes(load, item, item->number, err))
            return false;
    }
    progress_report(load->progress, "reading rows", "读取数据", slot->done_permille, 1000);
    return true;
}

static bool prepare(struct load *load, struct err *err)
{
    struct store *store = load->registry->store;
    if (!store_prepare_table(store, &load->insert, "INSERT INTO @table (@columns) VALUES (@values)",
                             load->layout.table, load->layout.names, load->layout.count, err)) {
        return false;
    }
    if (!store_prepare(
            store, &load->note,
            "INSERT INTO note (batch, ordinal, sheet, row, statement, place, code, reject) "
            "VALUES ($batch, $ordinal, $sheet, $row, $statement, $place, $code, "
            "$reject)",
            err)
        || !store_prepare(store, &load->reject,
                          "INSERT INTO reject (batch, ordinal, sheet, row, area, sealed) "
                          "VALUES ($batch, $ordinal, $sheet, $row, $area, $sealed)",
                          err)
        || !store_prepare(store, &load->ending,
                          "INSERT INTO ending (batch, statement, ended_on, because) "
                          "VALUES ($batch, $statement, $ended_on, $because)",
                          err)) {
        return false;
    }
    store_bind_i64(load->ending, "$batch", load->batch);
    return true;
}

bool load_rows(struct load *load, bool *refused, struct err *err)
{
    *refused = false;
    if (!prepare(load, err)) return false;
    tally_init(&load->tally, &load->job);
    load->school_field = profile_field_number(load->profile, "school_code");
    if (load->school_field >= 0 && load->profile->fields[load->school_field].identifying)
        load->school_field = -1;
    size_t workers = conveyor_workers();
    for (size_t i = 0; i < workers; i++) load->codecs[i] = codec_worker(load->registry->codec);
    load->codecs[workers] = load->registry->codec;
    const struct conveyor conveyor = {.context = load,
                                      .fill = fill,
                                      .work = work,
                                      .drain = drain,
                                      .fill_apart = true,
                                      .workers = workers};
    bool done = conveyor_run(&conveyor, refused, err);
    for (size_t i = 0; i < workers; i++) codec_close(load->codecs[i]);
    return done;
}
