#include "jobs/sample_bank.h"

#include "base/csv.h"
#include "base/file.h"
#include "ledger/ledger.h"
#include "profile/profile.h"
#include "sample/clerk.h"

#include <stdlib.h>

enum {
    ORDER_REFERENCE,
    ORDER_ACCOUNT,
    ORDER_HOLDER,
    ORDER_YUAN,
    ORDER_COLUMNS,
    ANSWER_WIDTH = ANSWER_COLUMNS + 2,
    STATEMENT_WIDTH = 6,
    PATH_BYTES_MAX = 4096
};

static const enum bank_value order_values[ORDER_COLUMNS] = {[ORDER_REFERENCE] = BANK_REFERENCE,
                                                            [ORDER_ACCOUNT] = BANK_ACCOUNT,
                                                            [ORDER_HOLDER] = BANK_HOLDER,
                                                            [ORDER_YUAN] = BANK_YUAN};

/* Columns of the truth: child, account, holder, bank, kind. */
static void keep_account(struct sample_bank *bank, const struct csv_row *row)
{
    if (row->count < 5 || row->cells[1].len == 0) return;
    struct str number_text = row->cells[1], holder = row->cells[2], kind = row->cells[4];
    bool stopped = str_is(kind, sample_account_key(ACCOUNT_CLOSED))
                   || str_is(kind, sample_account_key(ACCOUNT_STOPPED));
    uint32_t number = dict_put(&bank->numbers, number_text);
    if (number < bank->accounts.count) {
        bank->accounts.items[number].stopped |= stopped;
        return;
    }
    *list_push(bank->arena, &bank->accounts) =
        (struct sample_bank_account){str_copy(bank->arena, holder), stopped};
}

bool sample_bank_open(struct sample_bank *bank, struct arena *arena, const char *folder,
                      const struct bank *form, const struct cashier_text *text, struct err *err)
{
    struct arena scratch = {0};
    struct csv_reader reader;
    struct csv_row row;
    struct str content;
    struct text path;
    bool more = true, good = true;
    *bank = (struct sample_bank){.arena = arena, .form = form, .text = text};
    dict_init(&bank->numbers, arena);
    text_init(&path, arena, PATH_BYTES_MAX);
    text_add_f(&path, "%s/truth/accounts.csv", folder);
    if (!file_map(path.ptr, &content, err)) return false;
    csv_open(&reader, content, ',');
    good = csv_next(&reader, &scratch, &row, &more, err); /* the headings */
    while (good && (good = csv_next(&reader, &scratch, &row, &more, err)) && more) {
        keep_account(bank, &row);
        arena_reset(&scratch);
    }
    file_unmap(content);
    arena_free(&scratch);
    return good || err_at(err, "%s", "%s", path.ptr);
}

/* By day, and on it by the order in which it happened. */
static struct str next_serial(const struct sample_bank *bank, day on)
{
    int year, month, day_of_month;
    struct text text;
    day_to_ymd(on, &year, &month, &day_of_month);
    text_init(&text, bank->arena, 40);
    text_add_f(&text, "%04d%02d%02d%08zu", year, month, day_of_month, bank->moves.count + 1);
    return text_str(&text);
}

static struct str words_of(const struct sample_bank *bank, struct str what, struct str name)
{
    struct text text;
    text_init(&text, bank->arena, 4 * LEDGER_TEXT_BYTES_MAX);
    text_add_f(&text, "%.*s %.*s", STR_ARG(what), STR_ARG(name));
    return text_str(&text);
}

void sample_bank_receive(struct sample_bank *bank, day on, struct str voucher, int64_t fen)
{
    CHECK(fen > 0);
    struct str serial = next_serial(bank, on);
    struct str words = words_of(bank, bank->text->received_words, voucher);
    *list_push(bank->arena, &bank->moves) =
        (struct sample_bank_move){.on = on, .serial = serial, .words = words, .in_fen = fen};
}

/* The lines of the order, by the headings under which the form writes them. */
static bool read_order(const struct sample_bank *bank, const char *path, struct bank_rows *rows,
                       struct err *err)
{
    const struct bank_order *form = &bank->form->order;
    struct bank_words columns[ORDER_COLUMNS] = {0};
    bool found = false;
    for (size_t i = 0; i < ORDER_COLUMNS; i++) {
        for (size_t k = 0; k < form->count; k++) {
            if (form->values[k] != order_values[i]) continue;
            columns[i].words = arena_new(bank->arena, struct str);
            *columns[i].words = heading_clean(bank->arena, form->names[k]);
            columns[i].count = 1;
        }
    }
    if (!bank_rows_read(bank->arena, path, columns, ORDER_COLUMNS, (1u << ORDER_COLUMNS) - 1, rows,
                        &found, err)) {
        return false;
    }
    if (found) return true;
    return err_set(err, ERR_INPUT,
                   "%s is not in the bank's form: reference, account, holder or amount is missing",
                   "%s 不是该银行的格式：缺少业务编号、账号、户名或金额", path);
}

/* Why a payment is refused; empty: it is paid. */
static struct str refusal_of(const struct sample_bank *bank, struct str number, struct str holder,
                             struct sample_bank_answered *out)
{
    uint32_t place = dict_find(&bank->numbers, number);
    if (place == DICT_NONE) {
        out->unknown++;
        return bank->text->reason_unknown;
    }
    const struct sample_bank_account *account = &bank->accounts.items[place];
    if (!str_equal(account->holder, holder)) {
        out->holder++;
        return bank->text->reason_holder;
    }
    if (!account->stopped) return STR_EMPTY;
    out->stopped++;
    return bank->text->reason_stopped;
}

/* A table of the bank: GB18030 as most branches write it, with these headings. */
static bool open_table(const struct sample_bank *bank, const char *path, struct str *headings,
                       size_t count, struct clerk **out, struct err *err)
{
    struct layout *layout = arena_new(bank->arena, struct layout);
    layout->format = bank->form->order.gb18030 ? FORMAT_CSV_GB18030 : FORMAT_CSV;
    layout->headings = headings;
    layout->column_count = count;
    if (!clerk_open(out, bank->arena, path, layout, STR_EMPTY, err)) return false;
    if (clerk_sheet(*out, STR_EMPTY, err)) return true;
    clerk_abandon(*out);
    return false;
}

static struct str day_words(struct arena *arena, day on)
{
    char buffer[DAY_TEXT_SIZE];
    return str_copy(arena, str_from(day_format(on, buffer)));
}

/* Carries out one line of an order and writes what became of it. */
static bool answer_line(struct sample_bank *bank, struct clerk *clerk, const struct str *line,
                        day on, struct sample_bank_answered *out, struct err *err)
{
    struct clerk_cell cells[ANSWER_WIDTH] = {0};
    int64_t fen;
    uint64_t row;
    if (!money_read(line[ORDER_YUAN], &fen) || fen <= 0) {
        return err_set(err, ERR_INPUT, "the amount of %.*s cannot be read", "%.*s 的金额无法识别",
                       STR_ARG(line[ORDER_REFERENCE]));
    }
    struct str reason = refusal_of(bank, line[ORDER_ACCOUNT], line[ORDER_HOLDER], out);
    bool paid = reason.len == 0;
    cells[ANSWER_REFERENCE].text = line[ORDER_REFERENCE];
    cells[ANSWER_RESULT].text = paid ? bank->form->paid.words[0] : bank->form->refused.words[0];
    cells[ANSWER_AMOUNT].text = line[ORDER_YUAN];
    cells[ANSWER_REASON].text = reason;
    cells[ANSWER_DAY].text = day_words(bank->arena, on);
    cells[ANSWER_COLUMNS].text = line[ORDER_HOLDER];
    cells[ANSWER_COLUMNS + 1].text = line[ORDER_ACCOUNT];
    if (paid) {
        struct str serial = next_serial(bank, on);
        struct str words = words_of(bank, bank->text->paid_words, line[ORDER_REFERENCE]);
        cells[ANSWER_SERIAL].text = serial;
        *list_push(bank->arena, &bank->moves) =
            (struct sample_bank_move){.on = on, .serial = serial, .words = words, .out_fen = fen};
        out->paid++;
        out->paid_fen += fen;
    }
    return clerk_row(clerk, cells, ANSWER_WIDTH, &row, err);
}

/* How the bank writes something that it reads in several ways. */
static struct str first_of(const struct bank_words *words)
{
    return words->count > 0 ? words->words[0] : STR_EMPTY;
}

static struct str heading_of(const struct sample_bank *bank, enum bank_value value)
{
    const struct bank_order *form = &bank->form->order;
    for (size_t i = 0; i < form->count; i++) {
        if (form->values[i] == value) return form->names[i];
    }
    return STR_EMPTY;
}

bool sample_bank_answer(struct sample_bank *bank, const char *path, const char *answer, day on,
                        struct sample_bank_answered *out, struct err *err)
{
    struct sample_bank_answered answered = {0};
    struct bank_rows rows;
    struct clerk *clerk;
    struct str *headings = arena_array(bank->arena, struct str, ANSWER_WIDTH);
    for (size_t i = 0; i < ANSWER_COLUMNS; i++) headings[i] = first_of(&bank->form->answer[i]);
    headings[ANSWER_COLUMNS] = heading_of(bank, BANK_HOLDER);
    headings[ANSWER_COLUMNS + 1] = heading_of(bank, BANK_ACCOUNT);
    if (!read_order(bank, path, &rows, err)
        || !open_table(bank, answer, headings, ANSWER_WIDTH, &clerk, err)) {
        return false;
    }
    bool good = true;
    for (size_t i = 0; good && i < rows.count; i++) {
        good = answer_line(bank, clerk, rows.items[i].cells, on, &answered, err);
    }
    if (!good) {
        clerk_abandon(clerk);
        return false;
    }
    if (!clerk_close(clerk, err)) return false;
    *out = answered;
    return true;
}

static int by_day(const void *a, const void *b)
{
    const struct sample_bank_move *x = a, *y = b;
    if (x->on.days != y->on.days) return x->on.days < y->on.days ? -1 : 1;
    return str_compare(x->serial, y->serial);
}

bool sample_bank_statement(const struct sample_bank *bank, const char *path, struct err *err)
{
    static const enum bank_statement columns[STATEMENT_WIDTH] = {
        STATEMENT_DAY, STATEMENT_SERIAL, STATEMENT_WORDS,
        STATEMENT_OUT, STATEMENT_IN,     STATEMENT_BALANCE};
    struct str *headings = arena_array(bank->arena, struct str, STATEMENT_WIDTH);
    size_t count = bank->moves.count;
    struct sample_bank_move *moves = arena_array(bank->arena, struct sample_bank_move, count + 1);
    struct clerk *clerk;
    int64_t balance = 0;
    for (size_t i = 0; i < STATEMENT_WIDTH; i++) {
        headings[i] = first_of(&bank->form->statement[columns[i]]);
    }
    for (size_t i = 0; i < count; i++) moves[i] = bank->moves.items[i];
    qsort(moves, count, sizeof *moves, by_day);
    if (!open_table(bank, path, headings, STATEMENT_WIDTH, &clerk, err)) return false;
    bool good = true;
    for (size_t i = 0; good && i < count; i++) {
        const struct sample_bank_move *move = &moves[i];
        struct arena *arena = bank->arena;
        uint64_t row;
        balance += move->in_fen - move->out_fen;
        struct str out = move->out_fen > 0 ? money_yuan(arena, move->out_fen) : STR_EMPTY;
        struct str in = move->in_fen > 0 ? money_yuan(arena, move->in_fen) : STR_EMPTY;
        struct clerk_cell cells[STATEMENT_WIDTH] = {{.text = day_words(arena, move->on)},
                                                    {.text = move->serial},
                                                    {.text = move->words},
                                                    {.text = out},
                                                    {.text = in},
                                                    {.text = money_yuan(arena, balance)}};
        good = clerk_row(clerk, cells, STATEMENT_WIDTH, &row, err);
    }
    if (good) return clerk_close(clerk, err);
    clerk_abandon(clerk);
    return false;
}
