#include "cases/case_pack.h"

#include "access/audit.h"

enum { CELL_TEXT_BYTES_MAX = 4096, PACK_DIGITS = 16, PACK_HASH_BYTES = 32 };

struct packing {
    const struct casework *work;
    struct arena *arena;
    const struct asker *asker;
    const struct divisions *divisions;
    const struct case_pack_wish *wish;
    LIST(struct case_sheet_row) rows;
    LIST(struct case_sheet_seal) seals; /* by row */
    size_t cases;
};

/* One line, without what a cell cannot hold. */
static struct str clean(struct arena *arena, struct str written)
{
    struct text text;
    size_t at = 0;
    uint32_t code;
    text_init(&text, arena, CELL_TEXT_BYTES_MAX);
    while (utf8_next(written, &at, &code)) text_add_code(&text, code < 0x20 ? ' ' : code);
    return str_trim(text_str(&text));
}

/* With whom the step lies on the day: the position asked for, else as far up the chain as it came.
 * -1: with nobody, or not with the position asked for. */
static int position_of(const struct packing *packing, const struct case_state *state,
                       const struct duty *duties, size_t count, size_t step)
{
    const struct duty *best = NULL;
    for (size_t i = 0; i < count; i++) {
        const struct duty *duty = &duties[i];
        if (duty->step != step || duty->since.days > packing->wish->at.days) continue;
        if (packing->wish->position == (int)duty->position) return (int)duty->position;
        if (best == NULL || duty->level > best->level) best = duty;
    }
    if (packing->wish->position >= 0 || best == NULL) return -1;
    if (best->level > 0 || best->covers) return (int)best->position;
    return position_find(packing->work->chains, state->procedure->steps[step].owes[0]);
}

static struct str holder_text(const struct packing *packing, const struct case_state *state,
                              int position)
{
    const struct casework *work = packing->work;
    struct text text;
    if (position < 0) return STR_EMPTY;
    const struct holder *holder =
        duty_holder(work->chains, &work->holders, state, (size_t)position);
    text_init(&text, packing->arena, CELL_TEXT_BYTES_MAX);
    text_add(&text, work->chains->positions[position].zh);
    text_add_c(&text, " ");
    text_add(&text, holder == NULL ? STR("（未指定）") : holder->name);
    return text_str(&text);
}

static void add_row(struct packing *packing, const struct case_file *file, size_t step,
                    int position)
{
    const struct case_state *state = &file->state;
    struct arena *arena = packing->arena;
    day due = state->steps[step].due;
    char written[DAY_TEXT_SIZE];
    int32_t late = packing->wish->at.days - due.days;
    struct case_sheet_row row = {.procedure = file->procedure};
    struct str fixed[SHEET_FIXED_COUNT] = {
        [SHEET_CASE] = str_i64(arena, file->number),
        [SHEET_NAME] = state->person != 0      ? state->name
                       : state->school.len > 0 ? state->school
                                               : state->unit,
        [SHEET_ID_NUMBER] = state->id_masked,
        [SHEET_SCHOOL] = state->school,
        [SHEET_AREA] = division_name_of(packing->divisions, state->area),
        [SHEET_STATE] = state->state->zh,
        [SHEET_STEP] = state->procedure->steps[step].zh,
        [SHEET_OWES] = holder_text(packing, state, position),
        [SHEET_DUE] = str_from(day_format(due, written)),
        [SHEET_OVERDUE] = str_i64(arena, late > 0 ? late : 0),
    };
    struct case_sheet_seal seal = {.number = file->number,
                                   .version = state->version,
                                   .step = state->procedure->steps[step].key,
                                   .by = clean(arena, packing->asker->name),
                                   .at = packing->wish->at};
    for (int c = 0; c < SHEET_FIXED_COUNT; c++) {
        seal.fixed[c] = row.cells[c] = clean(arena, fixed[c]);
    }
    *list_push(arena, &packing->rows) = row;
    *list_push(arena, &packing->seals) = seal;
}

static bool add_case(struct packing *packing, const struct case_row *line, struct err *err)
{
    const struct casework *work = packing->work;
    struct case_file file;
    struct duty *duties;
    size_t duty_count, before = packing->rows.count;
    day at = packing->wish->at;
    if (!case_read(work, packing->arena, packing->asker, line->number, (day){INT32_MAX}, &file,
                   err)) {
        return false;
    }
    for (size_t i = 0; i < file.event_count; i++) {
        if (file.events[i].on.days > at.days) at = file.events[i].on;
    }
    if (!case_replay(work->procedures, file.procedure, file.events, file.event_count, at,
                     &file.state, err)) {
        return false;
    }
    duties_of(packing->arena, work->procedures, work->chains, &work->holders, &file.state, &duties,
              &duty_count);
    for (size_t s = 0; s < file.procedure->step_count; s++) {
        const struct case_step *step = &file.state.steps[s];
        if (step->standing != STEP_OWED || step->since.days > at.days) continue;
        int position = position_of(packing, &file.state, duties, duty_count, s);
        if (packing->wish->position >= 0 && position < 0) continue;
        if (packing->rows.count == CASE_SHEET_ROWS_MAX) {
            return err_set(err, ERR_LIMIT,
                           "more than %d steps are owed there; name a smaller area or one position",
                           "待办超过 %d 项，请缩小区划或只选一个职务", (int)CASE_SHEET_ROWS_MAX);
        }
        add_row(packing, &file, s, position);
    }
    packing->cases += packing->rows.count > before;
    return true;
}

static bool collect(struct packing *packing, struct err *err)
{
    const struct case_pack_wish *wish = packing->wish;
    struct case_filter filter = {.area = wish->area,
                                 .role = -1,
                                 .status = -1,
                                 .due = DAY_NONE,
                                 .at = wish->at,
                                 .bare = true};
    struct case_row *lines;
    size_t count;
    if (!case_list(packing->work, packing->arena, packing->asker, &filter, &lines, &count, err)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (lines[i].procedure == NULL) continue;
        if (wish->school.len > 0 && !str_equal(wish->school, lines[i].school_code)
            && !str_equal(wish->school, lines[i].school)) {
            continue;
        }
        if (!add_case(packing, &lines[i], err)) return false;
    }
    if (packing->rows.count > 0) return true;
    return err_set(err, ERR_NOT_FOUND, "no step is owed there: there is nothing to pack",
                   "那里没有待办的步骤，无需写出");
}

/* Which workbook it is: who packed what and when. */
static struct str pack_number(const struct packing *packing, struct str workspace)
{
    const struct case_pack_wish *wish = packing->wish;
    unsigned char hash[PACK_HASH_BYTES];
    char hex[PACK_HASH_BYTES * 2 + 1];
    struct text text;
    text_init(&text, packing->arena, CELL_TEXT_BYTES_MAX);
    text_add(&text, workspace);
    text_add_f(&text, " %lld %d %d ", (long long)clock_now_ms(&packing->work->registry->clock),
               wish->at.days, wish->position);
    text_add_f(&text, "%.*s %.*s ", STR_ARG(wish->area), STR_ARG(wish->school));
    text_add(&text, packing->asker->name);
    sm3_hash(text_str(&text), hash);
    hex_of(hash, sizeof hash, hex);
    return str_copy(packing->arena, str_slice(str_from(hex), 0, PACK_DIGITS));
}

static bool audit(const struct packing *packing, struct str pack, struct err *err)
{
    struct text object;
    text_init(&object, packing->arena, CELL_TEXT_BYTES_MAX);
    text_add_f(&object, "case sheet %.*s area %.*s rows %zu", STR_ARG(pack),
               STR_ARG(packing->wish->area.len > 0 ? packing->wish->area : STR("all")),
               packing->rows.count);
    return audit_append(packing->work->registry->store, &packing->work->registry->clock,
                        packing->asker, AUDIT_EXPORT, text_str(&object), STR_EMPTY, err);
}

bool case_pack(const struct casework *work, struct arena *arena, const struct asker *asker,
               const struct divisions *divisions, const struct case_pack_wish *wish,
               struct case_pack_result *out, struct err *err)
{
    struct packing packing = {work, arena, asker, divisions, wish, {0}, {0}, 0};
    struct codec *codec = work->registry->codec;
    CHECK(!day_is_none(wish->at));
    if (!collect(&packing, err)) return false;
    struct case_sheet_head head = {
        .workspace = case_sheet_workspace(codec, arena),
        .by = clean(arena, asker->name),
        .area_name = wish->area.len > 0 ? division_name_of(divisions, wish->area) : STR_EMPTY,
        .at = wish->at};
    head.pack = pack_number(&packing, head.workspace);
    for (size_t i = 0; i < packing.rows.count; i++) {
        struct case_sheet_seal *seal = &packing.seals.items[i];
        seal->pack = head.pack;
        seal->row = (int64_t)i + 1;
        seal->rows = (int64_t)packing.rows.count;
        packing.rows.items[i].cells[SHEET_SEAL] = case_sheet_seal_write(codec, arena, seal);
    }
    if (!audit(&packing, head.pack, err)
        || !case_sheet_write(arena, work->procedures, &head, packing.rows.items, packing.rows.count,
                             wish->path, err)) {
        return false;
    }
    *out = (struct case_pack_result){head.pack, packing.rows.count, packing.cases};
    return true;
}
