#include "ledger/journal.h"

#include "base/dict.h"
#include "base/list.h"

enum { PIECE_BYTES = 1 << 16, TEXT_BYTES_MAX = 1 << 20 };

struct journal {
    enum journal_form form;
    struct arena *arena;
    struct u64_map places; /* number of an account → in `names` */
    LIST(struct str) names;
    struct text text;
    bool (*put)(void *context, struct str piece, struct err *err);
    void *context;
    struct err *err;
    bool failed;
    day last;
};

static const struct {
    const char *prefix, *class;
} classes[] = {
    {"bank/", "Assets:Bank"},
    {"suspense/", "Assets:Suspense"},
    {"fund/", "Liabilities:Fund"},
    {"project/", "Liabilities:Project"},
};

struct str journal_account(struct arena *arena, enum journal_form form,
                           const struct book_account *account)
{
    struct text text;
    struct str rest = account->code;
    const char *class = "Equity";
    text_init(&text, arena, 512);
    if (form == JOURNAL_HLEDGER) {
        for (size_t i = 0; i < rest.len; i++) {
            text_add_byte(&text, rest.ptr[i] == '/' ? ':' : rest.ptr[i]);
        }
        return text_str(&text);
    }
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
        struct str prefix = str_from(classes[i].prefix);
        if (!str_starts(rest, prefix)) continue;
        class = classes[i].class;
        rest = str_slice(rest, prefix.len, rest.len);
        break;
    }
    text_add_f(&text, "%s:A%lld-", class, (long long)account->number);
    for (size_t i = 0; i < rest.len; i++) {
        unsigned char byte = (unsigned char)rest.ptr[i];
        bool plain = (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z')
                     || (byte >= 'a' && byte <= 'z') || byte >= 0x80;
        text_add_byte(&text, plain ? (char)byte : '-');
    }
    return text_str(&text);
}

static void flush(struct journal *journal)
{
    if (journal->failed || journal->text.len == 0) return;
    journal->failed = !journal->put(journal->context, text_str(&journal->text), journal->err);
    text_clear(&journal->text);
}

static bool read_accounts(struct journal *journal, struct store *store, struct err *err)
{
    struct store_statement *rows = NULL;
    bool row = false, good = false;
    if (!store_prepare(store, &rows, "SELECT number, code FROM book_account ORDER BY number",
                       err)) {
        return false;
    }
    while ((good = store_step(rows, &row, err)) && row) {
        struct book_account account = {.number = store_i64(rows, 0), .code = store_str(rows, 1)};
        u64_map_put(&journal->places, (uint64_t)account.number, (uint32_t)journal->names.count);
        struct str name = journal_account(journal->arena, journal->form, &account);
        *list_push(journal->arena, &journal->names) = name;
    }
    store_finish(rows);
    return good;
}

static struct str name_of(const struct journal *journal, int64_t account)
{
    uint32_t place = u64_map_find(&journal->places, (uint64_t)account);
    return place == DICT_NONE ? STR("unknown") : journal->names.items[place];
}

/* Texts of ours hold no line ends, but a journal that was changed from outside may. */
static void add_words(struct text *text, struct str words)
{
    for (size_t i = 0; i < words.len; i++) {
        char byte = words.ptr[i];
        text_add_byte(text, (unsigned char)byte < ' ' || byte == '"' || byte == ';' ? ' ' : byte);
    }
}

static void add_amount(struct text *text, int64_t fen)
{
    int64_t size = fen < 0 ? -fen : fen;
    text_add_f(text, "%s%lld.%02lld CNY", fen < 0 ? "-" : "", (long long)(size / 100),
               (long long)(size % 100));
}

static void add_posting(struct journal *journal, int64_t account, int64_t fen)
{
    struct text *text = &journal->text;
    text_add_c(text, "    ");
    text_add(text, name_of(journal, account));
    text_add_c(text, "    ");
    add_amount(text, fen);
    text_add_byte(text, '\n');
}

static void add_transfer(struct journal *journal, const struct book_transfer *transfer)
{
    struct text *text = &journal->text;
    struct clock clock = clock_fixed(transfer->at_ms);
    char on[DAY_TEXT_SIZE];
    day_format(clock_today(&clock), on);
    if (transfer->kind == BOOK_PENDING || transfer->kind == BOOK_VOID_PENDING) {
        text_add_f(text, "; %s (%lld) %s ", on, (long long)transfer->number,
                   transfer->kind == BOOK_PENDING ? "pending" : "void");
        add_amount(text, transfer->fen);
        text_add_byte(text, ' ');
        add_words(text, transfer->reference);
        text_add_byte(text, '\n');
        return;
    }
    if (journal->form == JOURNAL_HLEDGER) {
        text_add_f(text, "%s * (%lld) ", on, (long long)transfer->number);
        add_words(text, transfer->reason);
        text_add_byte(text, ' ');
        add_words(text, transfer->reference);
    } else {
        text_add_f(text, "%s * \"", on);
        add_words(text, transfer->reason);
        text_add_byte(text, ' ');
        add_words(text, transfer->reference);
        text_add_f(text, "\" ^t%lld", (long long)transfer->number);
    }
    text_add_byte(text, '\n');
    add_posting(journal, transfer->debit, transfer->fen);
    add_posting(journal, transfer->credit, -transfer->fen);
    text_add_byte(text, '\n');
}

static bool each(void *context, const struct book_transfer *transfer)
{
    struct journal *journal = context;
    add_transfer(journal, transfer);
    if (journal->text.len > PIECE_BYTES) flush(journal);
    return !journal->failed;
}

/* The day of the first transfer, on which accounts are opened. */
static bool first_day(void *context, const struct book_transfer *transfer)
{
    struct clock clock = clock_fixed(transfer->at_ms);
    *(day *)context = clock_today(&clock);
    return false;
}

static bool write_heads(struct journal *journal, struct store *store, struct err *err)
{
    day first = DAY_NONE;
    char on[DAY_TEXT_SIZE];
    if (!book_walk(store, 0, 0, first_day, &first, err)) return false;
    if (day_is_none(first)) CHECK(day_from_ymd(1970, 1, 1, &first));
    if (journal->form == JOURNAL_BEANCOUNT) {
        text_add_c(&journal->text, "option \"operating_currency\" \"CNY\"\n");
    } else {
        text_add_c(&journal->text, "commodity 1000.00 CNY\n");
    }
    for (size_t i = 0; i < journal->names.count; i++) {
        if (journal->form == JOURNAL_BEANCOUNT) {
            text_add_f(&journal->text, "%s open %.*s CNY\n", day_format(first, on),
                       STR_ARG(journal->names.items[i]));
        } else {
            text_add_f(&journal->text, "account %.*s\n", STR_ARG(journal->names.items[i]));
        }
        if (journal->text.len > PIECE_BYTES) flush(journal);
    }
    text_add_byte(&journal->text, '\n');
    return true;
}

bool journal_write(struct ledger *ledger, enum journal_form form,
                   bool (*put)(void *context, struct str piece, struct err *err), void *context,
                   struct err *err)
{
    struct arena scratch = {0};
    struct journal journal = {
        .form = form, .arena = &scratch, .put = put, .context = context, .err = err};
    text_init(&journal.text, &scratch, TEXT_BYTES_MAX);
    u64_map_init(&journal.places, &scratch);
    bool good = read_accounts(&journal, ledger->store, err)
                && write_heads(&journal, ledger->store, err)
                && book_walk(ledger->store, 0, 0, each, &journal, err);
    if (good) flush(&journal);
    CHECK(!journal.text.cut);
    arena_free(&scratch);
    return good && !journal.failed;
}
