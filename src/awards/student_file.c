#include "awards/student_file.h"

#include "awards/student_cell.h"
#include "base/file.h"
#include "base/thread.h"
#include "intake/table.h"
#include "link/match_code.h"
#include "link/match_load.h"

/* The engine's loader gives each column as numbers of its distinct texts, so that a word is
 * understood once however many rows write it. The numbers stay: they are the codes of the rows. */

enum { SENTENCE_BYTES_MAX = 900, CELL_SHOWN_BYTES = 60, STATE_WRONG = 100, STATE_EMPTY };

enum fault_kind { FAULT_WRONG, FAULT_EMPTY, FAULT_REPEATED };

struct fault {
    enum fault_kind kind;
    size_t row, first; /* first: the row that has the id already */
    int input;         /* of the column, or -1 */
    size_t column;     /* of the file's wanted columns */
    struct str cell;
};

/* The first ones by row, and how many there are. */
struct faults {
    struct fault items[STUDENT_FAULTS_SHOWN];
    size_t kept;
    uint64_t count;
};

struct reading {
    struct arena *arena;
    const struct student_wish *wish;
    struct match_wanted wanted; /* column c is of input inputs[c] */
    int inputs[MATCH_COLUMNS_MAX];
    size_t name; /* the column of names, or SIZE_MAX */
    struct match_wish load;
    const char *path;
    struct str place;
    struct match_loaded loaded;
    struct policy_rows *rows;
    bool required[POLICY_INPUTS_MAX];
    struct arena arenas[MATCH_COLUMNS_MAX]; /* by column */
    struct faults faults[MATCH_COLUMNS_MAX];
};

static void keep_fault(struct faults *faults, struct fault fault)
{
    size_t at = faults->kept;
    faults->count++;
    while (at > 0 && faults->items[at - 1].row > fault.row) at--;
    if (at == STUDENT_FAULTS_SHOWN) return;
    if (faults->kept < STUDENT_FAULTS_SHOWN) faults->kept++;
    for (size_t i = faults->kept - 1; i > at; i--) faults->items[i] = faults->items[i - 1];
    faults->items[at] = fault;
}

/* Inputs that a condition reads, as bits; definitions included. */
static uint64_t inputs_of(const struct policy *policy, const struct policy_expr *expr)
{
    uint64_t bits = 0;
    switch (expr->kind) {
    case POLICY_IS:
    case POLICY_IN:
    case POLICY_HAS_ANY:
    case POLICY_HAS_ALL:
    case POLICY_INPUT: bits = UINT64_C(1) << expr->target; break;
    case POLICY_HOLDS: {
        const struct policy_definition *definition = &policy->definitions[expr->target];
        for (size_t i = 0; i < definition->version_count; i++) {
            bits |= inputs_of(policy, definition->versions[i].expr);
        }
        break;
    }
    default: break;
    }
    for (size_t i = 0; i < expr->part_count; i++) bits |= inputs_of(policy, expr->parts[i]);
    return bits;
}

static void find_required(struct reading *reading)
{
    const struct policy *policy = reading->wish->policy;
    uint64_t bits = UINT64_MAX;
    bool any = false;
    for (size_t i = 0; i < policy->scheme_count; i++) {
        const struct policy_scheme *scheme = &policy->schemes[i];
        if (scheme->subject != reading->wish->subject || scheme->form == POLICY_DECLARED) continue;
        bits &= scheme->applies == NULL ? 0 : inputs_of(policy, scheme->applies);
        any = true;
    }
    for (size_t i = 0; any && i < policy->input_count; i++) {
        reading->required[i] = (bits >> i & 1) != 0;
    }
}

static bool missing_column(struct str name_en, struct str name_zh, struct err *err)
{
    return err_set(err, ERR_INPUT, "there is no column \"%.*s\" (%.*s)", "没有“%.*s”（%.*s）这一列",
                   STR_ARG(name_en), STR_ARG(name_zh));
}

static bool check_columns(const struct reading *reading, struct err *err)
{
    const struct policy *policy = reading->wish->policy;
    if (reading->wanted.id == SIZE_MAX) return missing_column(STR("id"), STR("编号"), err);
    for (size_t i = 0; i < policy->input_count; i++) {
        bool found = !reading->required[i];
        for (size_t c = 0; c < reading->wanted.count; c++) {
            found = found || reading->inputs[c] == (int)i;
        }
        const struct policy_name *name = &policy->inputs[i].name;
        if (!found) return missing_column(name->key, name->zh, err);
    }
    return true;
}

/* An amount that may be yuan or fen is a hundred times too much or too little. */
static bool has_unit(const struct reading *reading, int means, struct str heading, struct err *err)
{
    bool money = means >= 0 && reading->wish->policy->inputs[means].type == POLICY_MONEY;
    if (!money || student_unit(heading) != STUDENT_UNIT_NONE) return true;
    return err_set(err, ERR_INPUT,
                   "line 1: the heading \"%.*s\" names no unit; write \"%.*s (yuan)\" or "
                   "\"%.*s (fen)\"",
                   "第 1 行：标题“%.*s”没有写单位，请写“%.*s（元）”或“%.*s（分）”",
                   STR_ARG(heading), STR_ARG(heading), STR_ARG(heading));
}

/* Gives each heading its meaning; those without one are left aside. */
static bool take_heading(struct reading *reading, struct str heading, struct student_file *out,
                         struct err *err)
{
    struct match_wanted *wanted = &reading->wanted;
    int means = student_heading(reading->wish->policy, reading->wish->subject, heading);
    if (means == STUDENT_UNKNOWN || (means == STUDENT_NAME && !reading->wish->with_names)) {
        if (means == STUDENT_UNKNOWN && heading.len > 0) {
            out->ignored[out->ignored_count++] = heading;
        }
        return true;
    }
    for (size_t c = 0; c < wanted->count; c++) {
        if (reading->inputs[c] != means) continue;
        return err_set(err, ERR_INPUT, "the columns \"%.*s\" and \"%.*s\" mean the same",
                       "“%.*s”和“%.*s”两列说的是同一项", STR_ARG(wanted->names[c]),
                       STR_ARG(heading));
    }
    if (!has_unit(reading, means, heading, err)) return false;
    CHECK(wanted->count < MATCH_COLUMNS_MAX);
    if (means == STUDENT_ID) wanted->id = wanted->count;
    if (means == STUDENT_NAME) reading->name = wanted->count;
    reading->inputs[wanted->count] = means;
    wanted->names[wanted->count++] = heading;
    return true;
}

static bool choose_columns(struct reading *reading, struct student_file *out, struct err *err)
{
    struct str *cells;
    size_t count;
    if (!table_read_headings(reading->arena, reading->wish->path, &cells, &count, err))
        return false;
    reading->wanted.id = reading->wanted.source = reading->name = SIZE_MAX;
    out->ignored = arena_array(reading->arena, struct str, count);
    bool good = true;
    for (size_t i = 0; good && i < count; i++) {
        good = take_heading(reading, str_trim(cells[i]), out, err);
    }
    find_required(reading);
    good = good && check_columns(reading, err);
    return good || err_at(err, "%.*s", "%.*s", STR_ARG(reading->place));
}

/* By distinct text of a column: what it says. */
struct meanings {
    uint8_t *states;
    int64_t *values;
};

static struct meanings understand(struct arena *arena, const struct reading *reading, size_t column)
{
    const struct link_column *texts = &reading->loaded.columns[column];
    int number = reading->inputs[column];
    struct meanings meanings = {arena_array(arena, uint8_t, texts->text_count + 1),
                                arena_array(arena, int64_t, texts->text_count + 1)};
    struct arena scratch = {0};
    struct student_words words;
    student_words_make(arena, &reading->wish->policy->inputs[number], reading->wanted.names[column],
                       &words);
    meanings.states[0] = reading->required[number] ? STATE_EMPTY : POLICY_MISSING;
    for (uint32_t t = 1; t < texts->text_count; t++) {
        bool good = student_cell(&scratch, &words, texts->texts[t], &meanings.values[t]);
        meanings.states[t] = good ? POLICY_KNOWN : STATE_WRONG;
        if (scratch.bytes > 0) arena_reset(&scratch);
    }
    arena_free(&scratch);
    return meanings;
}

static void find_faults(struct reading *reading, size_t column, const uint8_t *states)
{
    const struct link_column *texts = &reading->loaded.columns[column];
    for (size_t r = 0; r < reading->loaded.record_count; r++) {
        uint32_t text = texts->values[r];
        if (states[text] < STATE_WRONG) continue;
        keep_fault(&reading->faults[column],
                   (struct fault){.kind = states[text] == STATE_EMPTY ? FAULT_EMPTY : FAULT_WRONG,
                                  .row = r,
                                  .input = reading->inputs[column],
                                  .column = column,
                                  .cell = texts->texts[text]});
    }
}

/* The numbers of a column's texts, in as few bytes as hold them. */
static struct policy_codes codes_of(struct arena *arena, const struct link_column *texts,
                                    size_t count)
{
    struct policy_codes codes = {texts->values, sizeof *texts->values, texts->text_count};
    if (texts->text_count <= UINT8_MAX + 1) {
        uint8_t *narrow = arena_array(arena, uint8_t, count);
        for (size_t r = 0; r < count; r++) narrow[r] = (uint8_t)texts->values[r];
        codes.by_row = narrow;
        codes.width = sizeof *narrow;
    } else if (texts->text_count <= UINT16_MAX + 1) {
        uint16_t *narrow = arena_array(arena, uint16_t, count);
        for (size_t r = 0; r < count; r++) narrow[r] = (uint16_t)texts->values[r];
        codes.by_row = narrow;
        codes.width = sizeof *narrow;
    }
    return codes;
}

static void fill_column(void *context, size_t column, size_t thread)
{
    (void)thread;
    struct reading *reading = context;
    int number = reading->inputs[column];
    if (number < 0) return;
    const struct link_column *texts = &reading->loaded.columns[column];
    struct arena *arena = &reading->arenas[column];
    struct meanings meanings = understand(arena, reading, column);
    bool faulty = false;
    for (uint32_t t = 0; t < texts->text_count; t++) {
        faulty = faulty || meanings.states[t] >= STATE_WRONG;
    }
    if (faulty) find_faults(reading, column, meanings.states);
    for (uint32_t t = 0; t < texts->text_count; t++) {
        if (meanings.states[t] >= STATE_WRONG) meanings.states[t] = POLICY_MISSING;
    }
    reading->rows->columns[number] = (struct policy_column){meanings.states, meanings.values};
    reading->rows->codes[number] = codes_of(arena, texts, reading->loaded.record_count);
}

static void check_ids(const struct reading *reading, const uint32_t *order, struct faults *faults)
{
    const struct str *ids = reading->loaded.ids;
    size_t first = 0;
    for (size_t i = 1; i < reading->loaded.record_count; i++) {
        if (!str_equal(ids[order[i]], ids[order[first]])) {
            first = i;
            continue;
        }
        keep_fault(faults, (struct fault){.kind = FAULT_REPEATED,
                                          .row = order[i],
                                          .first = order[first],
                                          .input = -1,
                                          .column = reading->wanted.id,
                                          .cell = ids[order[i]]});
    }
}

/* A cell as far as a message shows it. */
static struct str shown(struct str cell)
{
    if (cell.len <= CELL_SHOWN_BYTES) return cell;
    size_t at = 0, end = 0;
    uint32_t code;
    while (utf8_next(cell, &at, &code) && at <= CELL_SHOWN_BYTES) end = at;
    return str_slice(cell, 0, end);
}

static void say_fault(const struct reading *reading, const struct fault *fault,
                      const uint64_t *lines, enum lang lang, struct text *text)
{
    bool zh = lang == LANG_ZH;
    struct str cell = shown(fault->cell), heading = shown(reading->wanted.names[fault->column]);
    text_add_f(text, zh ? "第 %llu 行：" : "line %llu: ", (unsigned long long)lines[fault->row]);
    switch (fault->kind) {
    case FAULT_EMPTY:
        text_add_f(text, zh ? "“%.*s”是空的" : "\"%.*s\" is empty", STR_ARG(heading));
        return;
    case FAULT_REPEATED:
        text_add_f(text,
                   zh ? "编号“%.*s”在第 %llu 行已出现" : "id \"%.*s\" stands already in line %llu",
                   STR_ARG(cell), (unsigned long long)lines[fault->first]);
        return;
    case FAULT_WRONG: break;
    }
    struct student_words words;
    student_words_make(reading->arena, &reading->wish->policy->inputs[fault->input],
                       reading->wanted.names[fault->column], &words);
    struct str expected = student_expected(reading->arena, &words, lang);
    text_add_f(text,
               zh ? "“%.*s”列的“%.*s”无法识别，应为 %.*s"
                  : "under \"%.*s\", \"%.*s\" is not understood; expected %.*s",
               STR_ARG(heading), STR_ARG(cell), STR_ARG(expected));
}

static bool refuse(const struct reading *reading, const struct faults *faults, struct err *err)
{
    struct match_table table;
    struct text zh, en;
    const char *path = reading->wish->path;
    text_init(&zh, reading->arena, SENTENCE_BYTES_MAX);
    text_init(&en, reading->arena, SENTENCE_BYTES_MAX);
    if (!match_table_read(reading->arena, path, &reading->wanted.names[reading->wanted.id], 1,
                          &table, err)) {
        return false;
    }
    for (size_t i = 0; i < faults->kept; i++) {
        text_add_c(&zh, i > 0 ? "；" : "");
        text_add_c(&en, i > 0 ? "; " : "");
        say_fault(reading, &faults->items[i], table.lines, LANG_ZH, &zh);
        say_fault(reading, &faults->items[i], table.lines, LANG_EN, &en);
    }
    if (faults->count > faults->kept) {
        unsigned long long more = faults->count - faults->kept;
        text_add_f(&zh, "；另有 %llu 处", more);
        text_add_f(&en, "; and %llu more", more);
    }
    err_set(err, ERR_INPUT, "%s%.0s", "%.0s%s", en.ptr, zh.ptr);
    return err_at(err, "%.*s", "%.*s", STR_ARG(reading->place));
}

static bool finish(struct reading *reading, struct student_file *out, struct err *err)
{
    struct faults all = {0};
    struct match_loaded *loaded = &reading->loaded;
    uint32_t *order = match_order_ids(reading->arena, loaded->ids, (uint32_t)loaded->record_count);
    check_ids(reading, order, &all);
    for (size_t c = 0; c < reading->wanted.count; c++) {
        for (size_t i = 0; i < reading->faults[c].kept; i++) {
            keep_fault(&all, reading->faults[c].items[i]);
        }
        all.count += reading->faults[c].count - reading->faults[c].kept;
    }
    if (all.count > 0) return refuse(reading, &all, err);
    struct award_people *people = &out->people;
    people->ids = loaded->ids;
    people->order = order;
    people->rows.subject = reading->wish->subject;
    people->rows.count = loaded->record_count;
    if (reading->name == SIZE_MAX) return true;
    const struct link_column *names = &loaded->columns[reading->name];
    struct str *list = arena_array(reading->arena, struct str, loaded->record_count);
    for (size_t r = 0; r < loaded->record_count; r++) list[r] = names->texts[names->values[r]];
    people->names = list;
    return true;
}

/* Gives back the numbers of texts that stand in fewer bytes elsewhere. */
static bool leave_numbers(struct reading *reading)
{
    for (size_t c = 0; c < reading->wanted.count; c++) {
        const uint32_t *values = reading->loaded.columns[c].values;
        int number = reading->inputs[c];
        if (number < 0 || reading->rows->codes[number].by_row == values) continue;
        arena_give_back(reading->arena, (void *)(uintptr_t)values,
                        reading->loaded.row_room * sizeof *values);
    }
    return true;
}

static bool read_all(struct reading *reading, struct student_file *out, struct err *err)
{
    if (!choose_columns(reading, out, err)) return false;
    reading->load = (struct match_wish){.wanted = &reading->wanted,
                                        .count = 1,
                                        .paths = &reading->path,
                                        .places = &reading->place,
                                        .simd = reading->wish->simd};
    if (!match_load(reading->arena, &reading->load, &reading->loaded, err)) return false;
    if (reading->loaded.record_count > STUDENT_ROWS_MAX) {
        return err_set(err, ERR_LIMIT, "%.*s: more than %d rows", "%.*s：超过 %d 行",
                       STR_ARG(reading->place), STUDENT_ROWS_MAX);
    }
    reading->rows = &out->people.rows;
    thread_run(0, reading->wanted.count, fill_column, reading);
    for (size_t c = 0; c < reading->wanted.count; c++) {
        arena_join(reading->arena, &reading->arenas[c]);
    }
    return finish(reading, out, err) && leave_numbers(reading);
}

bool student_file_read(struct arena *arena, const struct student_wish *wish,
                       struct student_file *out, struct err *err)
{
    CHECK(wish->policy != NULL);
    CHECK(wish->path != NULL);
    struct student_file file = {0};
    struct reading *reading = arena_new(arena, struct reading);
    *reading = (struct reading){
        .arena = arena, .wish = wish, .path = wish->path, .place = file_name(wish->path)};
    if (!read_all(reading, &file, err)) return false;
    *out = file;
    return true;
}

size_t award_people_find(const struct award_people *people, struct str id)
{
    for (size_t r = 0; r < people->rows.count; r++) {
        if (str_equal(people->ids[r], id)) return r;
    }
    return SIZE_MAX;
}
