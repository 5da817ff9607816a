#include "ledger/fund.h"

#include "access/audit.h"
#include "base/list.h"
#include "ledger/post.h"
#include "ledger/statement.h"
#include "ledger/voucher.h"

static const struct {
    const char *key, *zh, *en;
} levels[FUND_LEVELS] = {
    [FUND_CENTRAL] = {"central", "中央", "central"},
    [FUND_PROVINCE] = {"province", "省级", "province"},
    [FUND_CITY] = {"city", "市级", "city"},
    [FUND_COUNTY] = {"county", "县级", "county"},
};

#define FUND_COLUMNS                                                                               \
    "number, key, name, document, kind, account, area, schemes, central, province, city, county, " \
    "opened_ms FROM fund "

const char *fund_level_key(enum fund_level level)
{
    CHECK((int)level >= 0 && level < FUND_LEVELS);
    return levels[level].key;
}

const char *fund_level_text(enum fund_level level, enum lang lang)
{
    CHECK((int)level >= 0 && level < FUND_LEVELS);
    return lang == LANG_EN ? levels[level].en : levels[level].zh;
}

int fund_level_of(struct str key)
{
    for (int i = 0; i < FUND_LEVELS; i++) {
        if (str_is(key, levels[i].key) || str_is(key, levels[i].zh)) return i;
    }
    return -1;
}

bool fund_shares_read(struct str text, int64_t shares[FUND_LEVELS], struct err *err)
{
    struct str rest = text, part;
    int64_t read[FUND_LEVELS] = {0}, sum = 0;
    while (str_split(&rest, ',', &part)) {
        size_t equals = str_find(part, STR("="));
        struct str value = equals == SIZE_MAX ? STR_EMPTY : str_slice(part, equals + 1, part.len);
        int level = fund_level_of(str_trim(str_slice(part, 0, equals < part.len ? equals : 0)));
        int64_t share;
        if (str_ends(value, STR("%"))) value.len--;
        if (level < 0 || read[level] != 0 || !money_read(value, &share) || share == 0) {
            return err_set(err, ERR_INPUT,
                           "\"%.*s\" is no share: write central=50,province=25,city=10,county=15",
                           "“%.*s”不是分担比例：请写 central=50,province=25,city=10,county=15",
                           STR_ARG(part));
        }
        read[level] = share;
        sum += share;
    }
    if (sum != FUND_SHARES_SUM) {
        return err_set(err, ERR_INPUT, "the shares sum to %lld.%02lld %%, not to 100 %%",
                       "各级分担比例之和为 %lld.%02lld%%，不是 100%%", (long long)(sum / 100),
                       (long long)(sum % 100));
    }
    memcpy(shares, read, sizeof read);
    return true;
}

bool fund_check_key(struct str key, struct err *err)
{
    if (key.len > FUND_KEY_BYTES_MAX) {
        return err_set(err, ERR_INPUT, "the fund's key is too long", "资金的代号过长");
    }
    for (size_t i = 0; i < key.len; i++) {
        unsigned char byte = (unsigned char)key.ptr[i];
        bool plain = byte >= 0x80 || (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z')
                     || (byte >= 'a' && byte <= 'z') || byte == '-' || byte == '_' || byte == '.';
        if (!plain) {
            return err_set(err, ERR_INPUT,
                           "\"%.*s\" is no key of a fund: letters, digits, hanzi, - _ and . only",
                           "“%.*s”不能作资金的代号：只用字母、数字、汉字和 - _ .", STR_ARG(key));
        }
    }
    return true;
}

static bool check_fund(const struct asker *asker, const struct fund *fund, struct err *err)
{
    if (!ledger_text(fund->key, "the fund's key", "资金的代号", err)
        || !fund_check_key(fund->key, err)
        || !ledger_text(fund->document, "the document", "文号", err)
        || !ledger_text(fund->account, "the bank account", "银行账户", err)
        || !fund_check_key(fund->account, err)
        || (!fund->project && !ledger_text(fund->schemes, "the scheme", "资助项目", err))
        || (fund->name.len > 0 && !ledger_text(fund->name, "the name", "名称", err))) {
        return false;
    }
    if (asker_sees(asker, fund->area)) return true;
    return err_set(err, ERR_DENIED, "the fund's area is not yours", "资金的区划不在您的范围内");
}

static bool open_accounts(struct ledger *ledger, struct fund *fund, struct err *err)
{
    struct text code;
    struct arena scratch = {0};
    text_init(&code, &scratch, 256);
    text_add_f(&code, "bank/%.*s", STR_ARG(fund->account));
    bool good = ledger_account(ledger, code.ptr, 0, &fund->bank, err);
    for (int i = 0; good && i < FUND_LEVELS; i++) {
        fund->accounts[i] = 0;
        if (fund->shares[i] == 0) continue;
        text_clear(&code);
        text_add_f(&code, "fund/%.*s/%s", STR_ARG(fund->key), levels[i].key);
        good =
            ledger_account(ledger, code.ptr, BOOK_DEBITS_WITHIN_CREDITS, &fund->accounts[i], err);
    }
    arena_free(&scratch);
    return good;
}

/* Finds accounts that were opened with the fund. */
static bool find_accounts(struct ledger *ledger, struct fund *fund, struct err *err)
{
    struct text code;
    struct book_account account;
    struct arena scratch = {0};
    bool found = false;
    text_init(&code, &scratch, 256);
    text_add_f(&code, "bank/%.*s", STR_ARG(fund->account));
    bool good = book_account_find(ledger->book, text_str(&code), &account, &found, err);
    if (good) CHECK(found);
    if (good) fund->bank = account.number;
    for (int i = 0; good && i < FUND_LEVELS; i++) {
        if (fund->shares[i] == 0) continue;
        text_clear(&code);
        text_add_f(&code, "fund/%.*s/%s", STR_ARG(fund->key), levels[i].key);
        good = book_account_find(ledger->book, text_str(&code), &account, &found, err);
        if (good) CHECK(found);
        if (good) fund->accounts[i] = account.number;
    }
    arena_free(&scratch);
    return good;
}

static struct fund read_row(struct store_statement *row, struct arena *arena)
{
    struct fund fund = {.number = store_i64(row, 0),
                        .key = str_copy(arena, store_str(row, 1)),
                        .name = str_copy(arena, store_str(row, 2)),
                        .document = str_copy(arena, store_str(row, 3)),
                        .project = str_is(store_str(row, 4), "project"),
                        .account = str_copy(arena, store_str(row, 5)),
                        .area = str_copy(arena, store_str(row, 6)),
                        .schemes = str_copy(arena, store_str(row, 7)),
                        .opened_ms = store_i64(row, 12)};
    for (int i = 0; i < FUND_LEVELS; i++) fund.shares[i] = store_i64(row, 8 + i);
    return fund;
}

/* One fund, by number where it is not 0, else by key. */
static bool read_one(struct ledger *ledger, int64_t number, struct str key, struct fund *out,
                     bool *found, struct err *err)
{
    struct store_statement *rows = NULL;
    *found = false;
    if (!store_prepare(ledger->store, &rows,
                       "SELECT " FUND_COLUMNS "WHERE CASE $number WHEN 0 THEN key = $key "
                       "ELSE number = $number END",
                       err)) {
        return false;
    }
    store_bind_i64(rows, "$number", number);
    store_bind_text(rows, "$key", key);
    bool good = store_step(rows, found, err);
    if (good && *found) *out = read_row(rows, ledger->arena);
    store_finish(rows);
    return good && (!*found || find_accounts(ledger, out, err));
}

bool fund_read(struct ledger *ledger, int64_t number, struct fund *out, struct err *err)
{
    bool found;
    if (!read_one(ledger, number, STR_EMPTY, out, &found, err)) return false;
    if (found) return true;
    return err_set(err, ERR_NOT_FOUND, "there is no fund %lld", "没有第 %lld 号资金",
                   (long long)number);
}

bool fund_find(struct ledger *ledger, const struct asker *asker, struct str key, struct fund *out,
               struct err *err)
{
    bool found;
    struct fund fund;
    if (!read_one(ledger, 0, key, &fund, &found, err)) return false;
    if (found && asker_sees(asker, fund.area)) {
        *out = fund;
        return true;
    }
    return err_set(err, ERR_NOT_FOUND, "there is no fund \"%.*s\"", "没有资金“%.*s”", STR_ARG(key));
}

bool fund_list(struct ledger *ledger, const struct asker *asker, struct fund **out, size_t *count,
               struct err *err)
{
    struct store_statement *rows = NULL;
    LIST(struct fund) list = {0};
    bool row = false, good = false;
    if (!store_prepare(ledger->store, &rows, "SELECT " FUND_COLUMNS "ORDER BY key", err)) {
        return false;
    }
    while ((good = store_step(rows, &row, err)) && row) {
        if (!asker_sees(asker, store_str(rows, 6))) continue;
        *list_push(ledger->arena, &list) = read_row(rows, ledger->arena);
    }
    store_finish(rows);
    for (size_t i = 0; good && i < list.count; i++) {
        good = find_accounts(ledger, &list.items[i], err);
    }
    if (!good) return false;
    *out = list.items;
    *count = list.count;
    return true;
}

bool fund_check_account(struct ledger *ledger, const struct asker *asker, struct str account,
                        struct err *err)
{
    struct store_statement *rows = NULL;
    bool row = false, good = false, sees = true;
    if (!store_prepare(ledger->store, &rows,
                       "SELECT area FROM fund WHERE $account = '' OR account = $account", err)) {
        return false;
    }
    store_bind_text(rows, "$account", account);
    while ((good = store_step(rows, &row, err)) && row) {
        sees = sees && asker_sees(asker, store_str(rows, 0));
    }
    store_finish(rows);
    if (!good || sees) return good;
    return err_set(err, ERR_DENIED, "it takes a user who sees all funds of the bank account",
                   "须由看得到该银行账户全部资金的用户办理");
}

static bool is_same(const struct fund *a, const struct fund *b)
{
    return str_equal(a->name, b->name) && str_equal(a->document, b->document)
           && a->project == b->project && str_equal(a->account, b->account)
           && str_equal(a->area, b->area) && str_equal(a->schemes, b->schemes)
           && memcmp(a->shares, b->shares, sizeof a->shares) == 0;
}

static bool insert(struct ledger *ledger, const struct asker *asker, const struct fund *fund,
                   struct err *err)
{
    struct store_statement *put = NULL;
    if (!store_prepare(ledger->store, &put,
                       "INSERT INTO fund (key, name, document, kind, account, area, schemes, "
                       "central, province, city, county, user, opened_ms) VALUES ($key, $name, "
                       "$document, $kind, $account, $area, $schemes, $central, $province, $city, "
                       "$county, $user, $now)",
                       err)) {
        return false;
    }
    store_bind_text(put, "$key", fund->key);
    store_bind_text(put, "$name", fund->name);
    store_bind_text(put, "$document", fund->document);
    store_bind_text(put, "$kind", fund->project ? STR("project") : STR("aid"));
    store_bind_text(put, "$account", fund->account);
    store_bind_text(put, "$area", fund->area);
    store_bind_text(put, "$schemes", fund->schemes);
    store_bind_i64(put, "$central", fund->shares[FUND_CENTRAL]);
    store_bind_i64(put, "$province", fund->shares[FUND_PROVINCE]);
    store_bind_i64(put, "$city", fund->shares[FUND_CITY]);
    store_bind_i64(put, "$county", fund->shares[FUND_COUNTY]);
    store_bind_text(put, "$user", asker->name);
    store_bind_i64(put, "$now", clock_now_ms(ledger->clock));
    return store_run_once(put, err);
}

static bool audit_fund(struct ledger *ledger, const struct asker *asker, const struct fund *fund,
                       struct str reason, struct err *err)
{
    struct arena scratch = {0};
    struct text object;
    text_init(&object, &scratch, 512);
    text_add_f(&object, "fund %.*s", STR_ARG(fund->key));
    bool good = audit_append(ledger->store, ledger->clock, asker, AUDIT_FUND, text_str(&object),
                             reason, err);
    arena_free(&scratch);
    return good;
}

static bool open_in(struct ledger *ledger, const struct asker *asker, struct fund *fund, bool *made,
                    struct err *err)
{
    struct fund there;
    bool found;
    if (!read_one(ledger, 0, fund->key, &there, &found, err)) return false;
    if (found && !is_same(fund, &there)) {
        return err_set(err, ERR_CONFLICT, "the key \"%.*s\" stands for another fund: %.*s",
                       "代号“%.*s”已是另一笔资金：%.*s", STR_ARG(fund->key),
                       STR_ARG(there.document));
    }
    *made = !found;
    if (found) {
        *fund = there;
        return true;
    }
    if (!open_accounts(ledger, fund, err) || !insert(ledger, asker, fund, err)) return false;
    fund->number = store_last_id(ledger->store);
    return audit_fund(ledger, asker, fund, fund->document, err);
}

bool fund_open(struct ledger *ledger, const struct asker *asker, struct fund *fund, bool *made,
               struct err *err)
{
    int64_t sum = 0;
    for (int i = 0; i < FUND_LEVELS; i++) sum += fund->shares[i];
    CHECK(sum == FUND_SHARES_SUM);
    if (!check_fund(asker, fund, err) || !store_begin(ledger->store, err)) return false;
    return store_end(ledger->store, open_in(ledger, asker, fund, made, err), err);
}

bool fund_pays(const struct fund *fund, struct str scheme)
{
    struct str rest = fund->schemes, part;
    if (fund->project) return false;
    while (str_split(&rest, ',', &part)) {
        if (str_equal(str_trim(part), scheme)) return true;
    }
    return false;
}

bool fund_balance(struct ledger *ledger, const struct fund *fund, enum fund_level level,
                  struct fund_balance *out, struct err *err)
{
    struct book_account account;
    bool found;
    *out = (struct fund_balance){0};
    if (fund->accounts[level] == 0) return true;
    if (!book_account_read(ledger->book, fund->accounts[level], &account, &found, err)) {
        return false;
    }
    CHECK(found);
    *out = (struct fund_balance){.in = account.credits_posted,
                                 .out = account.debits_posted,
                                 .pending = account.debits_pending,
                                 .left = account.credits_posted - account.debits_posted
                                         - account.debits_pending};
    return true;
}

static bool move_in(struct ledger *ledger, const struct asker *asker, const struct fund *fund,
                    const struct fund_move *move, bool *made, struct err *err)
{
    struct voucher voucher = {.fund = fund->number,
                              .kind = move->back ? "hand_back" : "receive",
                              .level = str_from(fund_level_key(move->level)),
                              .number = move->voucher,
                              .fen = move->fen,
                              .document = move->document.len > 0 ? move->document : fund->document,
                              .on = move->on};
    struct fund_move known = *move;
    if (!voucher_settle(ledger, ledger->arena, &voucher, err)) return false;
    known.voucher = voucher.number;
    if (!post_treasury(ledger, fund, &known, made, err)) return false;
    return !*made
           || (statement_check_open(ledger, fund->account, move->on, err)
               && voucher_put(ledger, asker, &voucher, err)
               && audit_fund(ledger, asker, fund, voucher.number, err));
}

bool fund_move(struct ledger *ledger, const struct asker *asker, const struct fund *fund,
               const struct fund_move *move, bool *made, struct err *err)
{
    CHECK(!day_is_none(move->on));
    if (fund->accounts[move->level] == 0) {
        return err_set(err, ERR_INPUT, "the fund \"%.*s\" has no share at the level of %s%.0s",
                       "资金“%.*s”没有%.0s%s分担", STR_ARG(fund->key),
                       fund_level_text(move->level, LANG_EN),
                       fund_level_text(move->level, LANG_ZH));
    }
    if (move->fen <= 0 || move->fen > BOOK_FEN_MAX) {
        return err_set(err, ERR_INPUT, "the amount has to be above 0", "金额须大于 0");
    }
    if (!ledger_text(move->voucher, "the voucher", "凭证号", err)
        || (move->document.len > 0 && !ledger_text(move->document, "the document", "文号", err))
        || !store_begin(ledger->store, err)) {
        return false;
    }
    return store_end(ledger->store, move_in(ledger, asker, fund, move, made, err), err);
}
