#include "ledger/statement.h"

#include "base/file.h"
#include "ledger/pay_internal.h"

#include <stdio.h>

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

static bool read_line(const struct bank_row *row, struct statement_line *out, struct err *err)
{
    const struct str *cells = row->cells;
    struct statement_line line = {.row = row->row,
                                  .serial = cells[STATEMENT_SERIAL],
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
        if (read_line(&rows.items[i], &file.lines[file.count], err)) {
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

static bool closed_already(day closed, struct err *err)
{
    char text[DAY_TEXT_SIZE];
    return err_set(err, ERR_CONFLICT, "the books are closed up to %s", "已结账至 %s",
                   day_format(closed, text));
}

bool statement_check_open(struct ledger *ledger, struct str account, day on, struct err *err)
{
    day closed;
    if (!statement_closed(ledger, account, &closed, err)) return false;
    if (day_is_none(closed) || on.days > closed.days) return true;
    return closed_already(closed, err);
}

struct taking {
    struct ledger *ledger;
    struct statement_file *file;
    struct store_statement *find, *put;
    int64_t number; /* of the file */
    bool has_last;  /* something of the account is kept already */
    int64_t last_fen;
    day closed;
};

static bool read_last(struct taking *taking, struct err *err)
{
    struct store_statement *last = NULL;
    if (!store_prepare(taking->ledger->store, &last,
                       "SELECT balance_fen FROM pay_statement WHERE account = $account ORDER BY "
                       "number DESC LIMIT 1",
                       err)) {
        return false;
    }
    store_bind_text(last, "$account", taking->file->account);
    bool good = store_step(last, &taking->has_last, err);
    if (good && taking->has_last) taking->last_fen = store_i64(last, 0);
    store_finish(last);
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

static bool put_line(struct taking *taking, const struct statement_line *line, struct err *err)
{
    struct store_statement *put = taking->put;
    char before[32];
    if (taking->has_last && !follows(line, taking->last_fen)) {
        struct arena scratch = {0};
        struct str known = money_yuan(&scratch, taking->last_fen);
        snprintf(before, sizeof before, "%.*s", STR_ARG(known));
        arena_free(&scratch);
        return err_set(err, ERR_INPUT,
                       "the balance does not follow from the last that is kept, %s: a part is "
                       "missing",
                       "余额与已存的最后余额 %s 不衔接：中间缺了一段", before);
    }
    if (!day_is_none(taking->closed) && line->on.days <= taking->closed.days) {
        return closed_already(taking->closed, err);
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

/* A new line follows the last that is kept, not a known one that the file repeats before it: else a
 * line could be slipped in between kept ones. */
static bool take_lines(struct taking *taking, uint64_t *fresh, struct err *err)
{
    struct statement_file *file = taking->file;
    for (size_t i = 0; i < file->count; i++) {
        struct statement_line *line = &file->lines[i];
        bool known;
        if (!is_known(taking, line, &known, err) || (!known && !put_line(taking, line, err))) {
            return err_at(err, "%.*s: line %llu", "%.*s：第 %llu 行", STR_ARG(file->name),
                          (unsigned long long)line->row);
        }
        line->fresh = !known;
        *fresh += !known;
        if (known) continue;
        taking->has_last = true;
        taking->last_fen = line->balance_fen;
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
        read_last(&taking, err) && statement_closed(ledger, file->account, &taking.closed, err)
        && store_prepare(ledger->store, &taking.find,
                         "SELECT day, out_fen, in_fen, balance_fen FROM pay_statement WHERE "
                         "account = $account AND bank_serial = $serial",
                         err)
        && store_prepare(ledger->store, &taking.put,
                         "INSERT INTO pay_statement (file, row, account, day, bank_serial, words, "
                         "out_fen, in_fen, balance_fen) VALUES ($file, $row, $account, $day, "
                         "$serial, $words, $out, $in, $balance)",
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
