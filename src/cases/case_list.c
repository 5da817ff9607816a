#include "base/dict.h"
#include "base/list.h"
#include "cases/case_store.h"

enum { FILTER_ALL = -2, TOWNSHIP_DIGITS = 9 };

/* The columns of a line, in the order in which read_row takes them. */
#define LINE_COLUMNS                                                                               \
    "c.number, c.person, c.version, c.procedure, c.unit, c.status, c.state, c.name, c.id_masked, " \
    "c.birth, c.area, c.stated_area, c.school, c.school_code, c.kinds, c.queue, c.reason, "        \
    "c.findings, c.outcome, c.settle, c.opened, c.reopened, c.confirmed, c.returned, c.closed, "   \
    "c.last_contact, c.found, c.unfound, c.relapses, c.contacts "

struct lister {
    const struct casework *work;
    struct arena *arena;
    const struct case_filter *filter;
    struct store_statement *turn; /* with whom a step lies */
    LIST(struct case_row) rows;
    struct u64_map seen; /* cases already taken or passed over */
    size_t skipped;
};

static struct str column(struct lister *lister, struct store_statement *row, int number)
{
    return str_copy(lister->arena, store_str(row, number));
}

static struct case_row read_row(struct lister *lister, struct store_statement *row)
{
    struct case_row out = {
        .number = store_i64(row, 0),
        .person = store_i64(row, 1),
        .version = store_i64(row, 2),
        .procedure_key = column(lister, row, 3),
        .unit = column(lister, row, 4),
        .state = column(lister, row, 6),
        .name = column(lister, row, 7),
        .id_masked = column(lister, row, 8),
        .birth = column(lister, row, 9),
        .area = column(lister, row, 10),
        .stated_area = column(lister, row, 11),
        .school = column(lister, row, 12),
        .school_code = column(lister, row, 13),
        .kinds = column(lister, row, 14),
        .queue = column(lister, row, 15),
        .reason = column(lister, row, 16),
        .findings = column(lister, row, 17),
        .outcome = column(lister, row, 18),
        .settle = column(lister, row, 19),
        .opened = store_day(row, 20),
        .reopened = store_day(row, 21),
        .confirmed = store_day(row, 22),
        .returned = store_day(row, 23),
        .closed = store_day(row, 24),
        .last_contact = store_day(row, 25),
        .found = store_i64(row, 26) != 0,
        .unfound = store_i64(row, 27) != 0,
        .relapses = store_i64(row, 28),
        .contacts = store_i64(row, 29),
        .due = DAY_NONE,
    };
    int status = case_status_of(store_str(row, 5));
    CHECK(status >= 0); /* the table admits no other */
    out.status = (enum case_status)status;
    out.procedure = procedure_find(lister->work->procedures, out.procedure_key);
    return out;
}

/* With whom the step lies on the day asked about: as far up the chain as it came. */
static bool find_turn(struct lister *lister, struct case_row *row, struct err *err)
{
    struct store_statement *turn = lister->turn;
    bool there = false;
    char at[DAY_TEXT_SIZE];
    if (row->step.len == 0) return true;
    store_reset(turn);
    store_bind_i64(turn, "$number", row->number);
    store_bind_str(turn, "$step", row->step);
    store_bind_str(turn, "$at", str_from(day_format(lister->filter->at, at)));
    if (!store_step(turn, &there, err)) return false;
    if (!there) return true;
    row->position = column(lister, turn, 0);
    row->level = (int)store_i64(turn, 1);
    const struct procedure *procedure = row->procedure;
    int step = procedure == NULL ? -1 : procedure_step_find(procedure, row->step);
    if (row->level == 0 && step >= 0 && !store_i64(turn, 2)) {
        row->position = procedure->steps[step].owes[0];
    }
    return true;
}

static bool fits(const struct lister *lister, const struct asker *asker,
                 struct store_statement *row)
{
    const struct case_filter *filter = lister->filter;
    struct str area = store_str(row, 10);
    if (!asker_sees(asker, area)
        && !(asker->school.len > 0 && str_equal(asker->school, store_str(row, 13)))) {
        return false;
    }
    if (filter->area.len > 0 && !area_covers(filter->area, area)) return false;
    if (filter->person != 0 && store_i64(row, 1) != filter->person) return false;
    return filter->procedure.len == 0 || str_equal(filter->procedure, store_str(row, 3));
}

/* Takes the lines of a statement whose columns 30 and 31 are the due day and the step. */
static bool take_rows(struct lister *lister, const struct asker *asker,
                      struct store_statement *rows, struct err *err)
{
    const struct case_filter *filter = lister->filter;
    bool row = true;
    while (filter->most == 0 || lister->rows.count < filter->most) {
        if (!store_step(rows, &row, err)) return false;
        if (!row) return true;
        if (!fits(lister, asker, rows)) continue;
        uint64_t number = (uint64_t)store_i64(rows, 0);
        if (u64_map_find(&lister->seen, number) != DICT_NONE) continue;
        if (filter->role >= 0) u64_map_put(&lister->seen, number, 0);
        if (lister->skipped < filter->skip) {
            lister->skipped++;
            continue;
        }
        struct case_row taken = read_row(lister, rows);
        day due;
        if (day_parse(store_str(rows, 30), &due)) taken.due = due;
        taken.step = column(lister, rows, 31);
        if (filter->role >= 0) {
            taken.position = column(lister, rows, 32);
            taken.level = (int)store_i64(rows, 33);
        } else if (!filter->bare && !find_turn(lister, &taken, err)) {
            return false;
        }
        *list_push(lister->arena, &lister->rows) = taken;
    }
    return true;
}

/* The first code behind all that begin with `prefix`; '~' when there is no prefix. */
static struct str behind(struct arena *arena, struct str prefix)
{
    struct text text;
    text_init(&text, arena, prefix.len + 2);
    text_add(&text, prefix);
    text_add_byte(&text, '~');
    return text_str(&text);
}

static struct str area_asked(const struct asker *asker, const struct case_filter *filter)
{
    if (filter->area.len > 0) return area_prefix(filter->area);
    if (!asker->all_areas && asker->area_count == 1 && asker->school.len == 0) {
        return area_prefix(asker->areas[0]);
    }
    return STR_EMPTY;
}

/* How the area asked about is looked up: by its codes, by its township, or by the one school that
 * the asker sees. */
enum scope { SCOPE_AREA, SCOPE_TOWNSHIP, SCOPE_SCHOOL };

static enum scope scope_of(const struct asker *asker, struct str prefix)
{
    if (asker->school.len > 0 && asker->area_count == 0 && !asker->all_areas) return SCOPE_SCHOOL;
    return prefix.len >= TOWNSHIP_DIGITS ? SCOPE_TOWNSHIP : SCOPE_AREA;
}

static bool prepare_role(struct store *store, enum scope scope, struct store_statement **out,
                         struct err *err)
{
    if (scope == SCOPE_SCHOOL) {
        return store_prepare(store, out,
                             "SELECT " LINE_COLUMNS
                             ", s.due, s.step, s.position, s.level FROM case_step s "
                             "JOIN case_file c ON c.number = s.case_number "
                             "WHERE s.role = $role AND s.school_code = $school "
                             "AND s.since <= $at AND s.due <= $due "
                             "ORDER BY s.due, s.case_number, s.level DESC, s.step, s.position",
                             err);
    }
    if (scope == SCOPE_TOWNSHIP) {
        return store_prepare(store, out,
                             "SELECT " LINE_COLUMNS
                             ", s.due, s.step, s.position, s.level FROM case_step s "
                             "JOIN case_file c ON c.number = s.case_number "
                             "WHERE s.role = $role AND substr(s.area, 1, 9) = $township "
                             "AND s.since <= $at AND s.due <= $due "
                             "AND s.area >= $low AND s.area < $high "
                             "ORDER BY s.due, s.case_number, s.level DESC, s.step, s.position",
                             err);
    }
    return store_prepare(store, out,
                         "SELECT " LINE_COLUMNS
                         ", s.due, s.step, s.position, s.level FROM case_step s "
                         "JOIN case_file c ON c.number = s.case_number "
                         "WHERE s.role = $role AND s.since <= $at AND s.due <= $due "
                         "AND s.area >= $low AND s.area < $high "
                         "ORDER BY s.due, s.case_number, s.level DESC, s.step, s.position",
                         err);
}

static bool prepare_open(struct store *store, enum scope scope, struct store_statement **out,
                         struct err *err)
{
    if (scope == SCOPE_SCHOOL) {
        return store_prepare(store, out,
                             "SELECT " LINE_COLUMNS
                             ", c.due, c.step FROM case_file c WHERE c.status <> 'closed' "
                             "AND c.school_code = $school AND c.due <= $due "
                             "ORDER BY c.due, c.number",
                             err);
    }
    if (scope == SCOPE_TOWNSHIP) {
        return store_prepare(store, out,
                             "SELECT " LINE_COLUMNS
                             ", c.due, c.step FROM case_file c WHERE c.status <> 'closed' "
                             "AND substr(c.area, 1, 9) = $township AND c.due <= $due "
                             "AND c.area >= $low AND c.area < $high ORDER BY c.due, c.number",
                             err);
    }
    return store_prepare(store, out,
                         "SELECT " LINE_COLUMNS
                         ", c.due, c.step FROM case_file c WHERE c.status <> 'closed' "
                         "AND c.due <= $due AND c.area >= $low AND c.area < $high "
                         "ORDER BY c.due, c.number",
                         err);
}

static bool prepare_any(struct store *store, bool of_person, struct store_statement **out,
                        struct err *err)
{
    if (of_person) {
        return store_prepare(store, out,
                             "SELECT " LINE_COLUMNS
                             ", c.due, c.step FROM case_file c WHERE c.person = $person "
                             "AND ($status = '*' OR c.status = $status "
                             "OR ($status = '' AND c.status <> 'closed')) "
                             "AND c.due <= $due AND c.area >= $low AND c.area < $high "
                             "ORDER BY c.due, c.number",
                             err);
    }
    return store_prepare(store, out,
                         "SELECT " LINE_COLUMNS ", c.due, c.step FROM case_file c "
                         "WHERE ($status = '*' OR c.status = $status) "
                         "AND c.due <= $due AND c.area >= $low AND c.area < $high "
                         "ORDER BY c.due, c.number",
                         err);
}

static struct str status_asked(const struct case_filter *filter)
{
    if (filter->status == FILTER_ALL) return STR("*");
    if (filter->status < 0) return STR("");
    return str_from(case_status_key((enum case_status)filter->status));
}

/* The statement for what is asked, with its values bound. `days` must live as long. */
static bool prepare(struct lister *lister, const struct asker *asker, char days[2][DAY_TEXT_SIZE],
                    struct store_statement **out, struct err *err)
{
    const struct case_filter *filter = lister->filter;
    struct store *store = lister->work->registry->store;
    struct str prefix = area_asked(asker, filter);
    bool any = filter->role < 0 && (filter->person != 0 || filter->status != -1);
    enum scope scope = any ? SCOPE_AREA : scope_of(asker, prefix);
    bool good = any                 ? prepare_any(store, filter->person != 0, out, err)
                : filter->role >= 0 ? prepare_role(store, scope, out, err)
                                    : prepare_open(store, scope, out, err);
    if (!good) return false;
    struct str due =
        day_is_none(filter->due) ? STR("~") : str_from(day_format(filter->due, days[0]));
    store_bind_str(*out, "$due", due);
    if (scope != SCOPE_SCHOOL) {
        store_bind_text(*out, "$low", prefix);
        store_bind_str(*out, "$high", behind(lister->arena, prefix));
    }
    if (scope == SCOPE_SCHOOL) store_bind_str(*out, "$school", asker->school);
    if (scope == SCOPE_TOWNSHIP) {
        store_bind_str(*out, "$township", str_slice(prefix, 0, TOWNSHIP_DIGITS));
    }
    if (any && filter->person != 0) store_bind_i64(*out, "$person", filter->person);
    if (any) store_bind_str(*out, "$status", status_asked(filter));
    if (filter->role < 0) return true;
    store_bind_str(*out, "$role", str_from(role_key((enum role)filter->role)));
    store_bind_str(*out, "$at", str_from(day_format(filter->at, days[1])));
    return true;
}

bool case_list(const struct casework *work, struct arena *arena, const struct asker *asker,
               const struct case_filter *filter, struct case_row **out, size_t *count,
               struct err *err)
{
    struct lister lister = {.work = work, .arena = arena, .filter = filter};
    struct store_statement *rows = NULL;
    struct store *store = work->registry->store;
    char days[2][DAY_TEXT_SIZE];
    CHECK(!day_is_none(filter->at));
    u64_map_init(&lister.seen, arena);
    bool good = prepare(&lister, asker, days, &rows, err)
                && store_prepare(store, &lister.turn,
                                 "SELECT position, level, covers FROM case_step "
                                 "WHERE case_number = $number AND step = $step AND since <= $at "
                                 "ORDER BY level DESC, covers DESC, position LIMIT 1",
                                 err);
    if (good) good = take_rows(&lister, asker, rows, err);
    store_finish(rows);
    store_finish(lister.turn);
    if (!good) return false;
    *out = lister.rows.items;
    *count = lister.rows.count;
    return true;
}
