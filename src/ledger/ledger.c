#include "ledger/ledger.h"

#include "base/asset.h"

bool ledger_migrate(struct store *store, struct err *err)
{
    struct str scripts[7];
    CHECK(asset_find("src/ledger/schema_pay.sql", &scripts[0]));
    CHECK(asset_find("src/ledger/schema_pay_2.sql", &scripts[1]));
    CHECK(asset_find("src/ledger/schema_pay_3.sql", &scripts[2]));
    CHECK(asset_find("src/ledger/schema_pay_4.sql", &scripts[3]));
    CHECK(asset_find("src/ledger/schema_pay_5.sql", &scripts[4]));
    CHECK(asset_find("src/ledger/schema_pay_6.sql", &scripts[5]));
    CHECK(asset_find("src/ledger/schema_pay_7.sql", &scripts[6]));
    return book_migrate(store, err) && store_migrate(store, "pay", scripts, 7, err);
}

bool ledger_open(struct ledger *out, struct arena *arena, struct store *store, struct codec *codec,
                 const struct clock *clock, struct err *err)
{
    struct ledger ledger = {.arena = arena, .store = store, .codec = codec, .clock = clock};
    if (!book_open(&ledger.book, arena, store, clock, err)) return false;
    *out = ledger;
    return true;
}

void ledger_close(struct ledger *ledger)
{
    book_close(ledger->book);
    ledger->book = NULL;
}

bool ledger_account(struct ledger *ledger, const char *code, unsigned flags, int64_t *out,
                    struct err *err)
{
    struct book_account account = {.code = str_from(code), .flags = flags};
    account.id = book_id_of(account.code);
    if (!book_account_open(ledger->book, &account, err)) return false;
    *out = account.number;
    return true;
}

/* Digits with a comma before each group of three, or without any. */
static bool whole_read(struct str text, int64_t *out)
{
    size_t digits = 0;
    bool grouped = str_find(text, STR(",")) != SIZE_MAX;
    int64_t value = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == ',') {
            if (i == 0 || (text.len - i) % 4 != 0) return false;
            continue;
        }
        if (text.ptr[i] < '0' || text.ptr[i] > '9' || ++digits > 16) return false;
        if (grouped && i + 4 < text.len && (text.len - i) % 4 == 0) return false;
        value = value * 10 + (text.ptr[i] - '0');
    }
    *out = value;
    return digits > 0;
}

bool money_read(struct str text, int64_t *fen)
{
    static const struct str signs[] = {{"¥", sizeof "¥" - 1}, {"￥", sizeof "￥" - 1}};
    int64_t yuan, rest = 0;
    text = str_trim(text);
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        if (str_starts(text, signs[i])) text = str_slice(text, signs[i].len, text.len);
    }
    if (str_ends(text, STR("元"))) text = str_slice(text, 0, text.len - STR("元").len);
    size_t point = str_find(text, STR("."));
    if (!whole_read(str_slice(text, 0, point < text.len ? point : text.len), &yuan)) return false;
    if (point != SIZE_MAX) {
        struct str decimals = str_slice(text, point + 1, text.len);
        if (decimals.len == 0 || decimals.len > 2) return false;
        for (size_t i = 0; i < 2; i++) {
            char digit = i < decimals.len ? decimals.ptr[i] : '0';
            if (digit < '0' || digit > '9') return false;
            rest = rest * 10 + (digit - '0');
        }
    }
    if (yuan > BOOK_FEN_MAX / 100 || yuan * 100 + rest > BOOK_FEN_MAX) return false;
    *fen = yuan * 100 + rest;
    return true;
}

struct str money_yuan(struct arena *arena, int64_t fen)
{
    struct text text;
    text_init(&text, arena, 32);
    int64_t size = fen < 0 ? -fen : fen;
    text_add_f(&text, "%s%lld.%02lld", fen < 0 ? "-" : "", (long long)(size / 100),
               (long long)(size % 100));
    return text_str(&text);
}

void money_divide(int64_t fen, const int64_t *weights, size_t count, int64_t *parts)
{
    int64_t sum = 0, before = 0, given = 0;
    CHECK(fen >= 0 && fen <= MONEY_DIVIDED_MAX);
    for (size_t i = 0; i < count; i++) {
        CHECK(weights[i] >= 0 && weights[i] <= MONEY_DIVIDED_MAX);
        sum += weights[i];
    }
    CHECK(sum > 0 && sum <= MONEY_DIVIDED_MAX);
    for (size_t i = 0; i < count; i++) {
        before += weights[i];
        int64_t until = fen * before / sum;
        parts[i] = until - given;
        given = until;
    }
    CHECK(given == fen);
}

bool ledger_text(struct str text, const char *en, const char *zh, struct err *err)
{
    if (text.len == 0) {
        return err_set(err, ERR_INPUT, "%s is missing%.0s", "%.0s缺少%s", en, zh);
    }
    if (text.len > LEDGER_TEXT_BYTES_MAX) {
        return err_set(err, ERR_INPUT, "%s is too long%.0s", "%.0s%s过长", en, zh);
    }
    for (size_t i = 0; i < text.len; i++) {
        if ((unsigned char)text.ptr[i] < ' ' || text.ptr[i] == 127) {
            return err_set(err, ERR_INPUT, "%s holds a character that cannot be printed%.0s",
                           "%.0s%s含有不可打印的字符", en, zh);
        }
    }
    return true;
}
