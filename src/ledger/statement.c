#include "ledger/statement.h"

#include "base/file.h"
#include "ledger/pay_internal.h"
#include "ledger/reference.h"

static bool read_amounts(const struct str *cells, struct statement_line *line, struct err *err)
{
    struct str amount = cells[STATEMENT_AMOUNT], balance = cells[STATEMENT_BALANCE];
    bool below = str_starts(balance, STR("-"));
    struct str bare = below ? str_slice(balance, 1, balance.len) : balance;
    if (!money_read(bare, &line->balance_fen)) {
        return err_set(err, ERR_INPUT, "\"%.*s\" is no balance", "“%.*s”不是余额",
                       STR_ARG(balance));
    }
    if (below) line->balance_fen = -line->balance_fen;
    const struct {
        struct str cell;
        int64_t *to;
    } sides[] = {{cells[STATEMENT_OUT], &line->out_fen}, {cells[STATEMENT_IN], &line->in_fen}};
    for (size_t i = 0; i < sizeof sides / sizeof *sides; i++) {
        if (sides[i].cell.len == 0 || str_is(sides[i].cell, "-")) continue;
        if (!money_read(sides[i].cell, sides[i].to)) {
            return err_set(err, ERR_INPUT, "\"%.*s\" is no amount", "“%.*s”不是金额",
                           STR_ARG(sides[i].cell));
        }
    }
    if (amount.len > 0) {
        bool out = str_starts(amount, STR("-"));
        struct str size =
            out || str_starts(amount, STR("+")) ? str_slice(amount, 1, amount.len) : amount;
        if (!money_read(size, out ? &line->out_fen : &line->in_fen)) {
            return err_set(err, ERR_INPUT, "\"%.*s\" is no amount", "“%.*s”不是金额",
                           STR_ARG(amount));
        }
    }
    return true;
}

static bool read_line(struct arena *arena, const struct bank_row *row, struct statement_line *out,
                      struct err *err)
{
    const struct str *cells = row->cells;
    struct statement_line line = {.row = row->row,
                                  .serial = reference_serial(arena, cells[STATEMENT_SERIAL]),
                                  .words = str_slice(cells[STATEMENT_WORDS], 0, 1000)};
    if (!bank_day(cells[STATEMENT_DAY], &line.on)) {
        return err_set(err, ERR_INPUT, "\"%.*s\" is no day", "“%.*s”不是日期",
                       STR_ARG(cells[STATEMENT_DAY]));
    }
    if (line.serial.len == 0 || line.serial.len > LEDGER_TEXT_BYTES_MAX) {
        return err_set(err, ERR_INPUT, "the serial number is missing", "缺少流水号");
    }
    if (!read_amounts(cells, &line, err)) return false;
    *out = line;
    return true;
}

static bool follows(const struct statement_line *line, int64_t before)
{
    return line->balance_fen == before - line->out_fen + line->in_fen;
}

/* Where the balances do not follow, forwards. The count when they all do. */
static size_t broken_at(const struct statement_line *lines, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        if (!follows(&lines[i], lines[i - 1].balance_fen)) return i;
    }
    return count;
}

/* Banks write the newest first or last: the direction in which the balances follow. */
static bool put_in_order(struct statement_file *file, struct err *err)
{
    size_t broken = broken_at(file->lines, file->count);
    if (broken == file->count) return true;
    for (size_t i = 0; i < file->count / 2; i++) {
        struct statement_line line = file->lines[i];
        file->lines[i] = file->lines[file->count - 1 - i];
        file->lines[file->count - 1 - i] = line;
    }
    if (broken_at(file->lines, file->count) == file->count) return true;
    uint64_t row = file->lines[file->count - 1 - broken].row;
    return err_set(
        err, ERR_INPUT, "%.*s: line %llu: the balance does not follow from the line before",
        "%.*s：第 %llu 行：余额与上一行不衔接", STR_ARG(file->name), (unsigned long long)row);
}

bool statement_read(struct arena *arena, const char *path, const struct bank *banks, size_t count,
                    struct statement_file *out, struct err *err)
{
    struct statement_file file = {.name = file_name(path)};
    struct bank_rows rows;
    struct str content;
    const uint32_t needed = 1u << STATEMENT_DAY | 1u << STATEMENT_SERIAL | 1u << STATEMENT_BALANCE;
    bool found = false;
    for (size_t i = 0; !found && i < count; i++) {
        file.bank = &banks[i];
        if (!bank_rows_read(arena, path, banks[i].statement, STATEMENT_COLUMNS, needed, &rows,
                            &found, err)) {
            return false;
        }
    }
    if (!found) {
        return err_set(err, ERR_INPUT, "%.*s: no bank's statement has such headings",
                       "%.*s：没有哪家银行的对账单是这样的表头", STR_ARG(file.name));
    }
    file.lines = arena_array(arena, struct statement_line, rows.count);
    for (size_t i = 0; i < rows.count; i++) {
        const struct str *cells = rows.items[i].cells;
        /* A line of totals has a balance and neither day nor serial number. */
        if (cells[STATEMENT_SERIAL].len == 0
            && (cells[STATEMENT_DAY].len == 0
                || bank_says(&file.bank->totals, cells[STATEMENT_DAY]))) {
            continue;
        }
        if (read_line(arena, &rows.items[i], &file.lines[file.count], err)) {
            file.count++;
            continue;
        }
        return err_at(err, "%.*s: line %llu", "%.*s：第 %llu 行", STR_ARG(file.name),
                      (unsigned long long)rows.items[i].row);
    }
    if (!put_in_order(&file, err) || !sm3_file(path, file.hash, err)
        || !file_map(path, &content, err)) {
        return false;
    }
    file.bytes = (int64_t)content.len;
    file_unmap(content);
    *out = file;
    return true;
}

bool statement_closed(struct ledger *ledger, struct str account, day *out, struct err *err)
{
    struct store_statement *find = NULL;
    if (!store_prepare(ledger->store, &find,
                       "SELECT max(through) FROM pay_close WHERE account = $account", err)) {
        return false;
    }
    store_bind_text(find, "$account", account);
    bool good = store_step_row(find, err);
    if (good) *out = store_day(find, 0);
    store_finish(find);
    return good;
}

day statement_booked(const struct ledger *ledger, day closed, day on)
{
    if (day_is_none(on)) on = clock_today(ledger->clock);
    if (day_is_none(closed) || on.days > closed.days) return DAY_NONE;
    return (day){closed.days + 1};
}

static bool closed_already(day closed, struct err *err)
{
    char text[DAY_TEXT_SIZE];
    return err_set(err, ERR_CONFLICT, "the books are closed up to %s", "已结账至 %s",
                   day_format(closed, text));
}

bool statement_check_open(struct ledger *ledger, struct str account, day on, struct err *err)
{
    day closed, today = clock_today(ledger->clock);
    char text[DAY_TEXT_SIZE];
    if (on.days > today.days) {
        return err_set(err, ERR_INPUT,
                       "%s is still to come: look at the day again, or at this machine's clock",
                       "%s 还没有到：请核对日期，或本机的时钟", day_format(on, text));
    }
    if (!statement_closed(ledger, account, &closed, err)) return false;
    if (day_is_none(closed) || on.days > closed.days) return true;
    return closed_already(closed, err);
}

/* An end of what is kept of an account. */
struct kept {
    day on;
    int64_t fen; /* the balance: before the first line, or after the last */
};

struct taking {
    struct ledger *ledger;
    struct statement_file *file;
    struct store_statement *find, *put;
    int64_t number; /* of the file */
    bool has_kept;  /* something of the account is kept already */
    struct kept first, last;
    day closed;
    int64_t next; /* number of the next earlier line; 0: the line is behind all that is kept */
};

static bool read_kept(struct taking *taking, struct err *err)
{
    struct store_statement *ends = NULL;
    if (!store_prepare(taking->ledger->store, &ends,
                       "SELECT f.day, f.balance_fen + f.out_fen - f.in_fen, l.day, l.balance_fen "
                       "FROM pay_statement AS f, pay_statement AS l WHERE f.number = (SELECT "
                       "min(number) FROM pay_statement WHERE account = $account) AND l.number = "
                       "(SELECT max(number) FROM pay_statement WHERE account = $account)",
                       err)) {
        return false;
    }
    store_bind_text(ends, "$account", taking->file->account);
    bool good = store_step(ends, &taking->has_kept, err);
    if (good && taking->has_kept) {
        taking->first = (struct kept){store_day(ends, 0), store_i64(ends, 1)};
        taking->last = (struct kept){store_day(ends, 2), store_i64(ends, 3)};
    }
    store_finish(ends);
    return good;
}

static bool is_known(struct taking *taking, const struct statement_line *line, bool *known,
                     struct err *err)
{
    struct store_statement *find = taking->find;
    store_bind_text(find, "$account", taking->file->account);
    store_bind_text(find, "$serial", line->serial);
    bool good = store_step(find, known, err);
    bool same = good && *known && store_day(find, 0).days == line->on.days
                && store_i64(find, 1) == line->out_fen && store_i64(find, 2) == line->in_fen
                && store_i64(find, 3) == line->balance_fen;
    store_reset(find);
    if (!good || !*known || same) return good;
    return err_set(err, ERR_INPUT, "serial number %.*s stood for another movement before",
                   "流水号 %.*s 先前是另一笔", STR_ARG(line->serial));
}

/* Neither behind what is kept nor, of an earlier day, before it. */
static bool does_not_follow(const struct taking *taking, day on, struct err *err)
{
    struct arena scratch = {0};
    bool earlier = on.days < taking->first.on.days;
    struct str known = money_yuan(&scratch, earlier ? taking->first.fen : taking->last.fen);
    if (earlier) {
        err_set(err, ERR_INPUT,
                "the earlier statement has to end with the balance before the first line that is "
                "kept, %.*s",
                "更早的对账单，末行余额须等于已存首行之前的余额 %.*s", STR_ARG(known));
    } else {
        err_set(err, ERR_INPUT,
                "the balance does not follow from the last that is kept, %.*s: a part is missing",
                "余额与已存的最后余额 %.*s 不衔接：中间缺了一段", STR_ARG(known));
    }
    arena_free(&scratch);
    return false;
}

static bool put_line(struct taking *taking, const struct statement_line *line, struct err *err)
{
    struct store_statement *put = taking->put;
    bool earlier = taking->next != 0;
    if (taking->has_kept && !earlier && !follows(line, taking->last.fen)) {
        return does_not_follow(taking, line->on, err);
    }
    if (!day_is_none(taking->closed) && line->on.days <= taking->closed.days) {
        return closed_already(taking->closed, err);
    }
    if (earlier) {
        store_bind_i64(put, "$number", taking->next++);
    } else {
        store_bind_null(put, "$number");
    }
    store_bind_i64(put, "$file", taking->number);
    store_bind_i64(put, "$row", (int64_t)line->row);
    store_bind_text(put, "$account", taking->file->account);
    store_bind_day(put, "$day", line->on);
    store_bind_text(put, "$serial", line->serial);
    store_bind_text(put, "$words", line->words);
    store_bind_i64(put, "$out", line->out_fen);
    store_bind_i64(put, "$in", line->in_fen);
    store_bind_i64(put, "$balance", line->balance_fen);
    return store_run(put, err);
}

static bool put_file(struct taking *taking, const struct asker *asker, bool *again, struct err *err)
{
    struct store_statement *put = NULL;
    const struct statement_file *file = taking->file;
    if (!store_prepare(taking->ledger->store, &put,
                       "INSERT INTO pay_file (kind, batch, account, name, hash, bytes, lines, "
                       "bank, form, user, at_ms) VALUES ('statement', 0, $account, $name, $hash, "
                       "$bytes, $lines, $bank, '', $user, $now) ON CONFLICT DO NOTHING",
                       err)) {
        return false;
    }
    store_bind_text(put, "$account", file->account);
    store_bind_text(put, "$name", file->name);
    store_bind_blob(put, "$hash", (struct str){(const char *)file->hash, sizeof file->hash});
    store_bind_i64(put, "$bytes", file->bytes);
    store_bind_i64(put, "$lines", (int64_t)file->count);
    store_bind_text(put, "$bank", file->bank == NULL ? STR_EMPTY : file->bank->key);
    store_bind_text(put, "$user", asker->name);
    store_bind_i64(put, "$now", clock_now_ms(taking->ledger->clock));
    if (!store_run_once(put, err)) return false;
    *again = store_changed(taking->ledger->store) == 0;
    taking->number = store_last_id(taking->ledger->store);
    return true;
}

static bool at_line(const struct taking *taking, size_t i, struct err *err)
{
    return err_at(err, "%.*s: line %llu", "%.*s：第 %llu 行", STR_ARG(taking->file->name),
                  (unsigned long long)taking->file->lines[i].row);
}

/* How many lines at the start of the file are new. */
static bool count_fresh(struct taking *taking, size_t *out, struct err *err)
{
    size_t count = 0;
    bool known = false;
    for (; count < taking->file->count; count++) {
        if (!is_known(taking, &taking->file->lines[count], &known, err)) {
            return at_line(taking, count, err);
        }
        if (known) break;
    }
    *out = count;
    return true;
}

/* Whether these first lines of the file are of before all that is kept, and lead to it; where they
 * follow the last that is kept as well (an account that was empty at both ends), their day tells.
 */
static bool leads_to_first(const struct taking *taking, size_t count)
{
    const struct statement_line *lines = taking->file->lines;
    if (!taking->has_kept || count == 0) return false;
    const struct statement_line *end = &lines[count - 1];
    if (end->balance_fen != taking->first.fen || end->on.days > taking->first.on.days
        || broken_at(lines, count) < count) {
        return false;
    }
    return !follows(&lines[0], taking->last.fen) || lines[0].on.days < taking->last.on.days;
}

/* Numbers of earlier lines are below all others, and below 0. */
static bool number_earlier(struct taking *taking, size_t count, struct err *err)
{
    struct store_statement *least = NULL;
    if (!store_prepare(taking->ledger->store, &least,
                       "SELECT min(0, coalesce(min(number), 0)) FROM pay_statement", err)) {
        return false;
    }
    bool good = store_step_row(least, err);
    if (good) taking->next = store_i64(least, 0) - (int64_t)count;
    store_finish(least);
    return good;
}

/* A new line follows the last that is kept, not a known one that the file repeats before it: else a
 * line could be slipped in between kept ones. */
static bool take_lines(struct taking *taking, uint64_t *fresh, struct err *err)
{
    struct statement_file *file = taking->file;
    size_t earlier = 0;
    if (!count_fresh(taking, &earlier, err)) return false;
    if (!leads_to_first(taking, earlier)) earlier = 0;
    if (earlier > 0 && !number_earlier(taking, earlier, err)) return false;
    for (size_t i = 0; i < file->count; i++) {
        struct statement_line *line = &file->lines[i];
        bool known;
        if (i == earlier) taking->next = 0;
        if (!is_known(taking, line, &known, err) || (!known && !put_line(taking, line, err))) {
            return at_line(taking, i, err);
        }
        line->fresh = !known;
        *fresh += !known;
        if (known || i < earlier) continue;
        taking->has_kept = true;
        taking->last = (struct kept){line->on, line->balance_fen};
    }
    return true;
}

static bool take_in(struct ledger *ledger, const struct asker *asker, struct statement_file *file,
                    uint64_t *fresh, struct err *err)
{
    struct taking taking = {.ledger = ledger, .file = file};
    bool again;
    if (!put_file(&taking, asker, &again, err)) return false;
    if (again) return true;
    bool good =
        read_kept(&taking, err) && statement_closed(ledger, file->account, &taking.closed, err)
        && store_prepare(ledger->store, &taking.find,
                         "SELECT day, out_fen, in_fen, balance_fen FROM pay_statement WHERE "
                         "account = $account AND bank_serial = $serial",
                         err)
        && store_prepare(ledger->store, &taking.put,
                         "INSERT INTO pay_statement (number, file, row, account, day, bank_serial, "
                         "words, out_fen, in_fen, balance_fen) VALUES ($number, $file, $row, "
                         "$account, $day, $serial, $words, $out, $in, $balance)",
                         err)
        && take_lines(&taking, fresh, err)
        && pay_audit(ledger, asker, AUDIT_PAY_ANSWER, "pay_file", taking.number, STR_EMPTY, err);
    store_finish(taking.find);
    store_finish(taking.put);
    return good;
}

bool statement_take(struct ledger *ledger, const struct asker *asker, struct statement_file *file,
                    uint64_t *fresh, struct err *err)
{
    uint64_t taken = 0;
    if (!fund_check_account(ledger, asker, file->account, err)
        || !store_begin(ledger->store, err)) {
        return false;
    }
    bool done = take_in(ledger, asker, file, &taken, err);
    if (!store_end(ledger->store, done, err)) return false;
    *fresh = taken;
    return true;
}
