#include "cases/case_unpack.h"

#include "access/audit.h"
#include "intake/date.h"

enum { MARK_BYTES_MAX = 64, HASHED_BYTES_MAX = 1 << 17, HASH_BYTES = 32, HASH_DIGITS = 16 };

struct unpacking {
    const struct casework *work;
    struct arena *arena;
    const struct asker *asker;
    const struct unpack_wish *wish;
    LIST(struct str) marks; /* of the rows met in the file */
};

/* What is done for one row. */
struct unpack_one {
    struct unpack_row *out;
    struct case_sheet_seal seal;
    struct str mark, hash;
    struct case_file file;
    struct case_event events[CASE_WRITES_MAX];
    size_t count;
};

const char *unpack_result_key(enum unpack_result result)
{
    static const char *const keys[] = {"empty", "taken", "already", "conflict", "refused"};
    CHECK(result < UNPACK_RESULT_COUNT);
    return keys[result];
}

const char *unpack_result_text(enum unpack_result result, enum lang lang)
{
    static const char *const zh[] = {"未填", "已录入", "此前已录入", "有冲突", "未录入"};
    static const char *const en[] = {"empty", "taken", "taken before", "in conflict", "refused"};
    CHECK(result < UNPACK_RESULT_COUNT);
    return lang == LANG_ZH ? zh[result] : en[result];
}

/* The numbers of one line, behind the sheet's name where there is one. */
static bool read_keep_line(struct str line, struct unpack_keep *keep, size_t *count,
                           struct err *err)
{
    struct str sheet = STR_EMPTY, rest = line, part;
    for (size_t i = line.len; i > 0 && sheet.len == 0; i--) {
        if (line.ptr[i - 1] != ':') continue;
        sheet = str_slice(line, 0, i - 1);
        rest = str_slice(line, i, line.len);
    }
    while (str_split(&rest, ',', &part)) {
        int64_t number;
        if (!str_to_i64(str_trim(part), &number) || number < 1) {
            return err_set(err, ERR_USAGE, "rows to be kept are numbers of rows: 5,9",
                           "要保留的行应为行号，如 5,9");
        }
        if (*count == UNPACK_KEEP_MAX) {
            return err_set(err, ERR_USAGE, "at most %d rows are kept at once", "一次最多保留 %d 行",
                           (int)UNPACK_KEEP_MAX);
        }
        keep[(*count)++] = (struct unpack_keep){sheet, (uint64_t)number};
    }
    return true;
}

bool unpack_keep_read(struct arena *arena, struct str written, struct unpack_keep **out,
                      size_t *count, struct err *err)
{
    struct str rest = written, line;
    struct unpack_keep *keep = arena_array(arena, struct unpack_keep, UNPACK_KEEP_MAX);
    size_t kept = 0;
    while (str_split(&rest, '\n', &line)) {
        line = str_trim(line);
        if (line.len > 0 && !read_keep_line(line, keep, &kept, err)) return false;
    }
    *out = keep;
    *count = kept;
    return true;
}

static bool is_filled(const struct case_sheet_row *row)
{
    for (int c = SHEET_DAY; c < SHEET_SEAL; c++) {
        if (row->cells[c].len > 0) return true;
    }
    return false;
}

static bool check_fixed(struct unpack_one *one, struct err *err)
{
    const struct case_sheet_row *row = one->out->row;
    for (int c = 0; c < SHEET_FIXED_COUNT; c++) {
        if (str_equal(row->cells[c], one->seal.fixed[c])) continue;
        return err_set(err, ERR_INPUT, "the fixed cell \"%s\" was changed%.0s",
                       "%.0s固定格“%s”被改动过",
                       case_sheet_heading((enum case_sheet_column)c, LANG_EN),
                       case_sheet_heading((enum case_sheet_column)c, LANG_ZH));
    }
    return true;
}

static bool check_twice(struct unpacking *unpacking, struct unpack_one *one, struct err *err)
{
    for (size_t i = 0; i < unpacking->marks.count; i++) {
        if (!str_equal(unpacking->marks.items[i], one->mark)) continue;
        return err_set(err, ERR_INPUT, "the same row stands further up in this file already",
                       "本文件前面已有同一行");
    }
    *list_push(unpacking->arena, &unpacking->marks) = one->mark;
    return true;
}

static bool read_day(const struct unpacking *unpacking, const struct case_sheet_row *row, day *out,
                     struct err *err)
{
    struct date date;
    struct str cell = row->cells[SHEET_DAY];
    if (cell.len == 0) return err_set(err, ERR_INPUT, "the day is missing", "没有填联系日期");
    date_read(cell, row->number_day, DATE_ORDER_UNKNOWN, &date);
    if (date.state != DATE_READ || date.span || !day_parse(str_from(date.from), out)) {
        return err_set(err, ERR_INPUT, "\"%.*s\" is no day; write it as 2020-11-25",
                       "“%.*s”不是日期，请写成 2020-11-25", STR_ARG(cell));
    }
    if (out->days <= clock_today(&unpacking->work->registry->clock).days) return true;
    return err_set(err, ERR_INPUT, "the day %s has not come yet", "日期 %s 还没有到", date.from);
}

/* The key of a word chosen or typed: its key, a text in one language, or both as the list has it;
 * what is none stays as it is, and is refused by name where it is written. */
static struct str word_key(struct arena *arena, const struct procedure_words *words,
                           struct str cell)
{
    for (size_t i = 0; i < words->count; i++) {
        const struct procedure_word *word = &words->items[i];
        if (str_equal(cell, word->key) || str_equal(cell, word->zh) || str_equal(cell, word->en)
            || str_equal(cell, case_sheet_choice(arena, word))) {
            return word->key;
        }
    }
    return cell;
}

/* "03 省外就读 …", "03", or 3 from a cell that took it for a number. */
static struct str outcome_code(struct arena *arena, const struct procedure *procedure,
                               struct str cell)
{
    struct str rest = cell, code;
    struct text padded;
    if (!str_split(&rest, ' ', &code)) return cell;
    if (procedure_outcome_find(procedure, code) != NULL) return code;
    text_init(&padded, arena, code.len + 2);
    text_add_c(&padded, "0");
    text_add(&padded, code);
    return procedure_outcome_find(procedure, text_str(&padded)) != NULL ? text_str(&padded) : code;
}

static struct case_fields *new_fields(const struct unpacking *unpacking)
{
    struct case_fields *fields = arena_new(unpacking->arena, struct case_fields);
    fields->arena = unpacking->arena;
    return fields;
}

static void add_event(struct unpack_one *one, enum case_event_kind kind, day on,
                      struct case_fields *fields)
{
    one->events[one->count++] = (struct case_event){
        .kind = kind, .on = on, .fields = fields->items.items, .field_count = fields->items.count};
}

/* What the cells of a row say, as events of its case. A contact, a step that is done by what is
 * recorded, and a verdict; the note goes to the first of them, the evidence to the last. */
static bool make_events(struct unpacking *unpacking, struct unpack_one *one, struct err *err)
{
    const struct case_sheet_row *row = one->out->row;
    const struct str *cells = row->cells;
    const struct procedures *texts = unpacking->work->procedures;
    const struct procedure *procedure = one->file.procedure;
    int step = procedure_step_find(procedure, one->seal.step);
    bool contact = cells[SHEET_WAY].len > 0 || cells[SHEET_WHO].len > 0 || cells[SHEET_SAID].len > 0
                   || cells[SHEET_RESULT].len > 0;
    bool verdict = cells[SHEET_OUTCOME].len > 0;
    bool record = !verdict && cells[SHEET_EVIDENCE].len > 0 && step >= 0
                  && procedure->steps[step].done_by == STEP_BY_RECORD;
    struct case_fields *met = new_fields(unpacking), *done = new_fields(unpacking),
                       *came = new_fields(unpacking);
    struct case_fields *first = contact ? met : record ? done : came;
    struct case_fields *last = verdict ? came : record ? done : met;
    day on;
    if (!read_day(unpacking, row, &on, err)) return false;
    if (!contact && !verdict && !record) {
        return err_set(
            err, ERR_INPUT,
            "nothing to record: a contact (way, who, result), an outcome, or the "
            "evidence of a step that is done by a record",
            "没有可录入的内容：联系（方式、见了谁、联系结果）、核查结果，或书面类步骤的佐证");
    }
    if (contact) {
        case_fields_add(met, "way", word_key(unpacking->arena, &texts->ways, cells[SHEET_WAY]));
        case_fields_add(met, "who", cells[SHEET_WHO]);
        case_fields_add(met, "said", cells[SHEET_SAID]);
        case_fields_add(met, "result",
                        word_key(unpacking->arena, &texts->results, cells[SHEET_RESULT]));
    }
    struct str code = outcome_code(unpacking->arena, procedure, cells[SHEET_OUTCOME]);
    const struct procedure_outcome *outcome = procedure_outcome_find(procedure, code);
    if (record) case_fields_add(done, "step", one->seal.step);
    if (verdict) case_fields_add(came, "outcome", code);
    case_fields_add(first, "note", cells[SHEET_NOTE]);
    case_fields_add(last, "evidence", cells[SHEET_EVIDENCE]);
    if (contact) add_event(one, EVENT_CONTACT, on, met);
    if (record) add_event(one, EVENT_STEP, on, done);
    if (verdict) {
        bool closes = outcome != NULL && outcome->closes;
        add_event(one, closes ? EVENT_CLOSED : EVENT_CONFIRMED, on, came);
    }
    return true;
}

/* Marks the events with the row, and what it says, that they come from. */
static void mark_events(struct unpacking *unpacking, struct unpack_one *one)
{
    struct text text;
    unsigned char hash[HASH_BYTES];
    char hex[HASH_BYTES * 2 + 1], on[DAY_TEXT_SIZE];
    text_init(&text, unpacking->arena, HASHED_BYTES_MAX * 8);
    for (size_t i = 0; i < one->count; i++) {
        text_add_f(&text, "%s %s\n", case_event_key(one->events[i].kind),
                   day_format(one->events[i].on, on));
        for (size_t f = 0; f < one->events[i].field_count; f++) {
            text_add(&text, one->events[i].fields[f].key);
            text_add_c(&text, "=");
            text_add(&text, one->events[i].fields[f].value);
            text_add_c(&text, "\n");
        }
    }
    sm3_hash(text_str(&text), hash);
    hex_of(hash, sizeof hash, hex);
    one->hash = str_copy(unpacking->arena, str_slice(str_from(hex), 0, HASH_DIGITS));
    for (size_t i = 0; i < one->count; i++) {
        struct case_event *event = &one->events[i];
        struct case_fields *fields = new_fields(unpacking);
        for (size_t f = 0; f < event->field_count; f++) {
            case_fields_put(fields, event->fields[f].key, event->fields[f].value);
        }
        case_fields_add(fields, "sheet", one->mark);
        case_fields_add(fields, "sheet_hash", one->hash);
        event->fields = fields->items.items;
        event->field_count = fields->items.count;
    }
}

static bool was_taken(const struct unpack_one *one)
{
    for (size_t i = 0; i < one->file.event_count; i++) {
        const struct case_event *event = &one->file.events[i];
        if (str_equal(case_event_get(event, "sheet"), one->mark)
            && str_equal(case_event_get(event, "sheet_hash"), one->hash)) {
            return true;
        }
    }
    return false;
}

/* Whether an event means that the case went on beside this workbook. */
static bool went_on(const struct unpack_one *one, const struct case_event *event)
{
    struct str sheet = case_event_get(event, "sheet");
    if (event->version <= one->seal.version) return false;
    if (sheet.len > 0 && str_starts(sheet, one->seal.pack)) return str_equal(sheet, one->mark);
    return event->kind != EVENT_FACTS && event->kind != EVENT_FOUND && event->kind != EVENT_UNFOUND
           && event->kind != EVENT_PERSON;
}

static struct str mine_of(const struct unpack_one *one, struct str key)
{
    for (size_t i = 0; i < one->count; i++) {
        for (size_t f = 0; f < one->events[i].field_count; f++) {
            if (str_equal(one->events[i].fields[f].key, key)) return one->events[i].fields[f].value;
        }
    }
    return STR_EMPTY;
}

static void find_conflicts(struct unpacking *unpacking, struct unpack_one *one)
{
    LIST(struct unpack_conflict) list = {0};
    struct arena *arena = unpacking->arena;
    char day_text[DAY_TEXT_SIZE];
    for (size_t i = 0; i < one->file.event_count; i++) {
        const struct case_event *event = &one->file.events[i];
        if (!went_on(one, event)) continue;
        *list_push(arena, &list) = (struct unpack_conflict){
            STR("event"), str_from(case_event_key(one->events[0].kind)),
            str_from(case_event_key(event->kind)), event->user, event->version};
        struct str yours = str_copy(arena, str_from(day_format(one->events[0].on, day_text)));
        struct str theirs = str_copy(arena, str_from(day_format(event->on, day_text)));
        *list_push(arena, &list) =
            (struct unpack_conflict){STR("day"), yours, theirs, event->user, event->version};
        for (size_t f = 0; f < event->field_count; f++) {
            struct str key = event->fields[f].key;
            if (str_starts(key, STR("sheet"))) continue;
            *list_push(arena, &list) = (struct unpack_conflict){
                key, mine_of(one, key), event->fields[f].value, event->user, event->version};
        }
    }
    one->out->conflicts = list.items;
    one->out->conflict_count = list.count;
}

static bool keeps(const struct unpack_keep *keep, const struct case_sheet_row *row)
{
    return keep->number == row->number
           && (keep->sheet.len == 0 || str_equal(keep->sheet, row->sheet));
}

static bool is_kept(const struct unpacking *unpacking, const struct case_sheet_row *row)
{
    for (size_t i = 0; i < unpacking->wish->keep_count; i++) {
        if (keeps(&unpacking->wish->keep[i], row)) return true;
    }
    return false;
}

/* Reads and writes one row inside a savepoint; an error of the row is its own, one of the machine
 * ends the run. */
static bool take_filled(struct unpacking *unpacking, struct unpack_one *one, struct err *err)
{
    struct unpack_row *out = one->out;
    const struct casework *work = unpacking->work;
    if (!case_read(work, unpacking->arena, unpacking->asker, one->seal.number, (day){INT32_MAX},
                   &one->file, err)) {
        return false;
    }
    out->row->procedure = one->file.procedure;
    if (!make_events(unpacking, one, err)) return false;
    mark_events(unpacking, one);
    if (was_taken(one)) {
        out->result = UNPACK_ALREADY;
        return true;
    }
    find_conflicts(unpacking, one);
    if (out->conflict_count > 0 && !is_kept(unpacking, out->row)) {
        out->result = UNPACK_CONFLICT;
        return err_set(err, ERR_CONFLICT,
                       "case %lld went on since it was packed (version %lld, now %lld): nothing "
                       "was written",
                       "案卷 %lld 在写出之后（第 %lld 版）已有新进展，现为第 %lld 版：未录入",
                       (long long)one->seal.number, (long long)one->seal.version,
                       (long long)one->file.state.version);
    }
    struct case_write write = {.number = one->seal.number,
                               .seen = CASE_SEEN_ANY,
                               .events = one->events,
                               .count = one->count};
    if (!case_write_within(work, unpacking->arena, unpacking->asker, &write, NULL, NULL,
                           &out->version, err)) {
        return false;
    }
    out->result = UNPACK_TAKEN;
    return true;
}

static bool take_row(struct unpacking *unpacking, struct unpack_one *one, struct err *err)
{
    struct unpack_row *out = one->out;
    const struct case_sheet_row *row = out->row;
    struct text mark;
    if (!case_sheet_seal_read(unpacking->work->registry->codec, unpacking->arena,
                              row->cells[SHEET_SEAL], &one->seal, err)) {
        return false;
    }
    out->number = one->seal.number;
    out->step = one->seal.step;
    text_init(&mark, unpacking->arena, MARK_BYTES_MAX);
    text_add_f(&mark, "%.*s/%lld", STR_ARG(one->seal.pack), (long long)one->seal.row);
    one->mark = text_str(&mark);
    if (!check_fixed(one, err)) return false;
    if (!is_filled(row)) return true;
    return check_twice(unpacking, one, err) && take_filled(unpacking, one, err);
}

/* What was wrong, with its sheet and row, as it stands in the list and in the workbook. */
static void keep_problem(struct unpacking *unpacking, struct unpack_one *one, struct err *err)
{
    struct unpack_row *out = one->out;
    struct case_sheet_row *row = out->row;
    if (out->result != UNPACK_CONFLICT) out->result = UNPACK_REFUSED;
    err_at(err, "sheet \"%.*s\" row %llu", "工作表“%.*s”第 %llu 行", STR_ARG(row->sheet),
           (unsigned long long)row->number);
    out->why_zh = row->problem_zh = str_copy(unpacking->arena, str_from(err->zh));
    out->why_en = row->problem_en = str_copy(unpacking->arena, str_from(err->en));
    struct text zh;
    text_init(&zh, unpacking->arena, HASHED_BYTES_MAX);
    text_add(&zh, row->problem_zh);
    for (size_t i = 0; i < out->conflict_count; i++) {
        const struct unpack_conflict *other = &out->conflicts[i];
        text_add_f(&zh, "\n%.*s：%.*s｜%.*s（%.*s）", STR_ARG(other->field), STR_ARG(other->yours),
                   STR_ARG(other->theirs), STR_ARG(other->user));
    }
    row->problem_zh = text_str(&zh);
}

static bool take_rows(struct unpacking *unpacking, struct unpack_outcome *out, struct err *err)
{
    struct store *store = unpacking->work->registry->store;
    for (size_t i = 0; i < out->count; i++) {
        struct unpack_one one = {.out = &out->rows[i]};
        struct err problem = ERR_INIT;
        if (!store_savepoint(store, err)) return false;
        if (take_row(unpacking, &one, &problem)) {
            if (!store_savepoint_keep(store, err)) return false;
        } else {
            store_savepoint_undo(store);
            if (problem.kind == ERR_STORE || problem.kind == ERR_IO) {
                *err = problem;
                return false;
            }
            keep_problem(unpacking, &one, &problem);
        }
        out->counts[out->rows[i].result]++;
    }
    return true;
}

static bool write_rejects(struct unpacking *unpacking, const struct unpack_outcome *out,
                          struct err *err)
{
    LIST(struct case_sheet_row) rows = {0};
    struct case_sheet_head head = {
        .workspace = case_sheet_workspace(unpacking->work->registry->codec, unpacking->arena),
        .by = unpacking->asker->name,
        .at = clock_today(&unpacking->work->registry->clock),
        .problems = true};
    if (unpacking->wish->rejects == NULL) return true;
    for (size_t i = 0; i < out->count; i++) {
        if (out->rows[i].result < UNPACK_CONFLICT) continue;
        *list_push(unpacking->arena, &rows) = *out->rows[i].row;
    }
    if (rows.count == 0) return true;
    return case_sheet_write(unpacking->arena, unpacking->work->procedures, &head, rows.items,
                            rows.count, unpacking->wish->rejects, err);
}

static bool check_keep(const struct unpack_wish *wish, const struct unpack_outcome *out,
                       struct err *err)
{
    for (size_t k = 0; k < wish->keep_count; k++) {
        size_t found = 0;
        for (size_t i = 0; i < out->count; i++) found += keeps(&wish->keep[k], out->rows[i].row);
        if (found == 1) continue;
        return err_set(err, ERR_USAGE, "row %llu stands %zu times in the file, not once",
                       "第 %llu 行在文件中有 %zu 处，应为一处",
                       (unsigned long long)wish->keep[k].number, found);
    }
    return true;
}

static bool audit(struct unpacking *unpacking, const struct unpack_outcome *out, struct err *err)
{
    struct text reason;
    text_init(&reason, unpacking->arena, MARK_BYTES_MAX * 4);
    text_add_f(&reason, "taken %zu conflict %zu refused %zu", out->counts[UNPACK_TAKEN],
               out->counts[UNPACK_CONFLICT], out->counts[UNPACK_REFUSED]);
    return audit_append(unpacking->work->registry->store, &unpacking->work->registry->clock,
                        unpacking->asker, AUDIT_IMPORT, STR("case sheet"), text_str(&reason), err);
}

bool case_unpack(const struct casework *work, struct arena *arena, const struct asker *asker,
                 const struct unpack_wish *wish, struct unpack_outcome *out, struct err *err)
{
    struct unpacking unpacking = {work, arena, asker, wish, {0}};
    struct unpack_outcome outcome = {0};
    struct case_sheet_row *rows;
    struct store *store = work->registry->store;
    if (!case_sheet_read(arena, wish->path, &rows, &outcome.count, err)) return false;
    outcome.rows = arena_array(arena, struct unpack_row, outcome.count);
    for (size_t i = 0; i < outcome.count; i++) outcome.rows[i].row = &rows[i];
    if (!check_keep(wish, &outcome, err) || !store_begin(store, err)) return false;
    bool good = take_rows(&unpacking, &outcome, err) && audit(&unpacking, &outcome, err)
                && write_rejects(&unpacking, &outcome, err);
    if (good && wish->dry_run) {
        store_rollback(store);
    } else if (!store_end(store, good, err)) {
        return false;
    }
    *out = outcome;
    return true;
}
