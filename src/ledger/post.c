#include "ledger/post.h"

struct post {
    struct ledger *ledger;
    struct book_transfer *transfers;
    enum book_status *statuses;
    size_t count;
    struct arena texts; /* of the transfers on their way */
};

enum { ROOM = 4 * FUND_LEVELS };

/* Parts of a name are kept apart by a byte that no text holds. */
#define APART "\x1f"

void post_parts(const struct fund *fund, int64_t fen, int64_t parts[FUND_LEVELS])
{
    money_divide(fen, fund->shares, FUND_LEVELS, parts);
}

struct book_id post_id(const char *what, const struct post_line *line, enum fund_level level)
{
    struct arena scratch = {0};
    struct text text;
    text_init(&text, &scratch, 4096);
    text_add_f(&text,
               "%s" APART "%.*s" APART "%lld" APART "%.*s" APART "%lld" APART "%lld" APART "%s",
               what, STR_ARG(line->scheme), (long long)line->person, STR_ARG(line->period),
               (long long)line->instalment, (long long)line->attempt, fund_level_key(level));
    CHECK(!text.cut);
    struct book_id id = book_id_of(text_str(&text));
    arena_free(&scratch);
    return id;
}

static struct str line_reference(struct arena *arena, const struct post_line *line)
{
    struct text text;
    text_init(&text, arena, BOOK_TEXT_BYTES_MAX);
    text_add_f(&text, "line %lld", (long long)line->number);
    return text_str(&text);
}

/* What an account is for a person: "fund/KEY/LEVEL" is the part of one level in a fund,
 * "project/KEY/NAME" a project paid out of it. */
static const char *account_words(struct arena *arena, struct str code, enum lang lang)
{
    struct str rest = code, kind, key, name;
    struct text text;
    text_init(&text, arena, 2 * BOOK_TEXT_BYTES_MAX);
    bool three =
        str_split(&rest, '/', &kind) && str_split(&rest, '/', &key) && str_split(&rest, '/', &name);
    int level = three ? fund_level_of(name) : -1;
    if (three && str_is(kind, "fund") && level >= 0) {
        text_add_f(&text,
                   lang == LANG_EN ? "the %s part of the fund \"%.*s\"%.0s"
                                   : "资金%.0s“%.*s”的%s部分",
                   fund_level_text((enum fund_level)level, LANG_EN), STR_ARG(key),
                   fund_level_text((enum fund_level)level, LANG_ZH));
    } else if (three && str_is(kind, "project")) {
        text_add_f(&text,
                   lang == LANG_EN ? "the project \"%.*s\" of \"%.*s\"" : "项目“%.*s”（%.*s）",
                   STR_ARG(name), STR_ARG(key));
    } else {
        text_add(&text, code);
    }
    return text.ptr;
}

/* The sentence of a transfer that the books refused. */
static bool refused(struct ledger *ledger, const struct book_transfer *transfer,
                    enum book_status status, struct err *err)
{
    struct book_account account;
    struct err inner = ERR_INIT;
    bool found = false;
    if (status != BOOK_REFUSED_EXCEEDS
        || !book_account_read(ledger->book, transfer->debit, &account, &found, &inner) || !found) {
        return err_set(err, ERR_CONFLICT, "the books refused %.*s (%.*s): %s%.0s",
                       "账簿拒绝了 %.*s（%.*s）：%.0s%s", STR_ARG(transfer->reason),
                       STR_ARG(transfer->reference), book_status_text(status, LANG_EN),
                       book_status_text(status, LANG_ZH));
    }
    int64_t left = account.credits_posted - account.debits_posted - account.debits_pending;
    struct arena scratch = {0};
    err_set(
        err, ERR_CONFLICT, "%s%.0s holds %lld.%02lld yuan that are not promised yet: not enough",
        "%.0s%s只有 %lld.%02lld 元尚未安排，不够", account_words(&scratch, account.code, LANG_EN),
        account_words(&scratch, account.code, LANG_ZH), (long long)(left / 100),
        (long long)(left % 100));
    arena_free(&scratch);
    return false;
}

/* Asks for transfers that all have to stand afterwards. *made is false when all stood before. */
static bool ask(struct ledger *ledger, struct book_transfer *transfers, enum book_status *statuses,
                size_t count, bool *made, struct err *err)
{
    *made = false;
    if (!book_transfer(ledger->book, transfers, count, statuses, err)) return false;
    for (size_t i = 0; i < count; i++) {
        /* Of a chain the one that was refused for itself says why. */
        if (statuses[i] > BOOK_EXISTS && statuses[i] != BOOK_REFUSED_CHAIN) {
            return refused(ledger, &transfers[i], statuses[i], err);
        }
        *made |= statuses[i] == BOOK_CREATED;
    }
    return true;
}

struct post *post_begin(struct arena *arena, struct ledger *ledger)
{
    struct post *post = arena_new(arena, struct post);
    CHECK(store_in_transaction(ledger->store));
    post->ledger = ledger;
    post->transfers = arena_array(arena, struct book_transfer, BOOK_BATCH_MAX);
    post->statuses = arena_array(arena, enum book_status, BOOK_BATCH_MAX);
    return post;
}

bool post_flush(struct post *post, struct err *err)
{
    bool made;
    if (post->count == 0) return true;
    bool good = ask(post->ledger, post->transfers, post->statuses, post->count, &made, err);
    for (size_t i = 0; good && i < post->count; i++) {
        /* A line and its transfers are written together: one that stood before is another's. */
        if (post->statuses[i] == BOOK_EXISTS) {
            good = refused(post->ledger, &post->transfers[i], BOOK_REFUSED_EXISTS_OTHER, err);
        }
    }
    post->count = 0;
    arena_reset(&post->texts);
    return good;
}

bool post_end(struct post *post, bool good, struct err *err)
{
    if (good) good = post_flush(post, err);
    arena_free(&post->texts);
    return good;
}

static bool make_room(struct post *post, struct err *err)
{
    return post->count + ROOM <= BOOK_BATCH_MAX || post_flush(post, err);
}

static struct book_transfer *add(struct post *post)
{
    CHECK(post->count < BOOK_BATCH_MAX);
    struct book_transfer *transfer = &post->transfers[post->count++];
    *transfer = (struct book_transfer){.linked = true};
    return transfer;
}

bool post_promise(struct post *post, const struct post_line *line, struct err *err)
{
    if (!make_room(post, err)) return false;
    struct str reference = line_reference(&post->texts, line);
    struct book_transfer *last = NULL;
    for (int i = 0; i < FUND_LEVELS; i++) {
        if (line->parts[i] == 0) continue;
        CHECK(line->fund->accounts[i] != 0);
        last = add(post);
        last->id = post_id("promise", line, (enum fund_level)i);
        last->kind = BOOK_PENDING;
        last->debit = line->fund->accounts[i];
        last->credit = line->fund->bank;
        last->fen = line->parts[i];
        last->reason = STR("promise");
        last->reference = reference;
    }
    CHECK(last != NULL);
    last->linked = false;
    return true;
}

static bool resolve(struct post *post, const struct post_line *line, int64_t fen, struct err *err)
{
    int64_t parts[FUND_LEVELS];
    struct book_transfer *last = NULL;
    if (!make_room(post, err)) return false;
    struct str reference = line_reference(&post->texts, line);
    money_divide(fen, line->parts, FUND_LEVELS, parts);
    for (int i = 0; i < FUND_LEVELS; i++) {
        if (line->parts[i] == 0) continue;
        bool paid = parts[i] > 0;
        last = add(post);
        last->id = post_id(paid ? "pay" : "void", line, (enum fund_level)i);
        last->kind = paid ? BOOK_POST_PENDING : BOOK_VOID_PENDING;
        last->fen = parts[i];
        last->target = post_id("promise", line, (enum fund_level)i);
        last->reason = paid ? STR("pay") : STR("void");
        last->reference = reference;
    }
    CHECK(last != NULL);
    last->linked = false;
    return true;
}

bool post_paid(struct post *post, const struct post_line *line, int64_t fen, struct err *err)
{
    CHECK(fen > 0 && fen <= line->fen);
    return resolve(post, line, fen, err);
}

bool post_void(struct post *post, const struct post_line *line, struct err *err)
{
    return resolve(post, line, 0, err);
}

static struct book_id back_id(const struct post_line *line, int level, struct str name)
{
    struct arena scratch = {0};
    struct text text;
    struct book_id paid = post_id("pay", line, (enum fund_level)level);
    text_init(&text, &scratch, 1024);
    text_add_c(&text, "back" APART);
    text_add(&text, (struct str){(const char *)paid.bytes, sizeof paid.bytes});
    text_add_f(&text, APART "%.*s", STR_ARG(name));
    CHECK(!text.cut);
    struct book_id id = book_id_of(text_str(&text));
    arena_free(&scratch);
    return id;
}

/* What of each level's part is still out. */
static bool read_out(struct ledger *ledger, const struct post_line *line, int64_t out[FUND_LEVELS],
                     struct err *err)
{
    struct arena scratch = {0};
    bool good = true;
    for (int i = 0; good && i < FUND_LEVELS; i++) {
        struct book_transfer paid;
        struct book_state state;
        struct book_id id = post_id("pay", line, (enum fund_level)i);
        bool found = false;
        out[i] = 0;
        if (line->parts[i] == 0) continue;
        good = book_transfer_read(ledger->book, &scratch, id, &paid, &found, err);
        if (!good || !found) continue;
        good = book_state_read(ledger->book, id, &state, &found, err);
        if (good) out[i] = paid.fen - state.corrected;
    }
    arena_free(&scratch);
    return good;
}

bool post_back(struct ledger *ledger, const struct post_line *line, int64_t fen, struct str reason,
               struct str name, struct err *err)
{
    struct book_transfer transfers[FUND_LEVELS];
    enum book_status statuses[FUND_LEVELS];
    int64_t out[FUND_LEVELS], parts[FUND_LEVELS], sum = 0;
    size_t count = 0;
    bool made;
    if (!read_out(ledger, line, out, err)) return false;
    for (int i = 0; i < FUND_LEVELS; i++) sum += out[i];
    if (fen > sum || fen <= 0) {
        return err_set(err, ERR_CONFLICT,
                       "of payment %lld only %lld.%02lld yuan are still out: no more can come back",
                       "第 %lld 号发放只有 %lld.%02lld 元在外，不能收回更多",
                       (long long)line->number, (long long)(sum / 100), (long long)(sum % 100));
    }
    struct arena scratch = {0};
    struct str reference = line_reference(&scratch, line);
    money_divide(fen, out, FUND_LEVELS, parts);
    for (int i = 0; i < FUND_LEVELS; i++) {
        if (parts[i] == 0) continue;
        transfers[count++] =
            (struct book_transfer){.id = back_id(line, i, name),
                                   .kind = BOOK_CORRECT,
                                   .linked = true,
                                   .fen = parts[i],
                                   .target = post_id("pay", line, (enum fund_level)i),
                                   .reason = reason,
                                   .reference = reference};
    }
    transfers[count - 1].linked = false;
    bool good = ask(ledger, transfers, statuses, count, &made, err);
    arena_free(&scratch);
    if (good && !made) {
        return err_set(err, ERR_CONFLICT, "this return of payment %lld is booked already",
                       "第 %lld 号发放的这笔退回已入账", (long long)line->number);
    }
    return good;
}

bool post_returned(struct ledger *ledger, const struct post_line *line, struct str name,
                   int64_t parts[FUND_LEVELS], int64_t *transfer, struct err *err)
{
    struct arena scratch = {0};
    bool good = true;
    *transfer = 0;
    for (int i = 0; good && i < FUND_LEVELS; i++) {
        struct book_transfer back;
        bool found = false;
        parts[i] = 0;
        if (line->parts[i] == 0) continue;
        good =
            book_transfer_read(ledger->book, &scratch, back_id(line, i, name), &back, &found, err);
        if (!good || !found) continue;
        parts[i] = back.fen;
        if (*transfer == 0) *transfer = back.number;
    }
    arena_free(&scratch);
    CHECK(!good || *transfer > 0);
    return good;
}

bool post_promised(struct ledger *ledger, const struct post_line *line, int64_t *transfer,
                   struct err *err)
{
    struct arena scratch = {0};
    bool good = true;
    *transfer = 0;
    for (int i = 0; good && *transfer == 0 && i < FUND_LEVELS; i++) {
        struct book_transfer promise;
        bool found = false;
        if (line->parts[i] == 0) continue;
        good =
            book_transfer_read(ledger->book, &scratch, post_id("promise", line, (enum fund_level)i),
                               &promise, &found, err);
        if (good && found) *transfer = promise.number;
    }
    arena_free(&scratch);
    return good;
}

/* The parts may be bytes of an id: %.*s would end at a 0 among them, and two ids become one. */
static struct book_id named_id(const char *what, struct str a, struct str b, struct str c)
{
    const struct str parts[] = {a, b, c};
    struct arena scratch = {0};
    struct text text;
    text_init(&text, &scratch, 4096);
    text_add_c(&text, what);
    for (size_t i = 0; i < 3; i++) {
        text_add_c(&text, APART);
        text_add(&text, parts[i]);
    }
    CHECK(!text.cut);
    struct book_id id = book_id_of(text_str(&text));
    arena_free(&scratch);
    return id;
}

static bool open_account(struct ledger *ledger, const char *prefix, struct str a, struct str b,
                         unsigned flags, int64_t *out, struct err *err)
{
    struct arena scratch = {0};
    struct text code;
    text_init(&code, &scratch, 512);
    text_add_f(&code, "%s/%.*s%s%.*s", prefix, STR_ARG(a), b.len > 0 ? "/" : "", STR_ARG(b));
    bool good = ledger_account(ledger, code.ptr, flags, out, err);
    arena_free(&scratch);
    return good;
}

bool post_suspense(struct ledger *ledger, struct str account, int64_t fen, struct str name,
                   struct book_id *id, bool *made, struct err *err)
{
    int64_t bank, suspense;
    enum book_status status;
    CHECK(fen != 0);
    if (!open_account(ledger, "bank", account, STR_EMPTY, 0, &bank, err)
        || !open_account(ledger, "suspense", account, STR_EMPTY, 0, &suspense, err)) {
        return false;
    }
    struct book_transfer transfer = {.id = named_id("suspense", account, name, STR_EMPTY),
                                     .kind = BOOK_POST,
                                     .debit = fen > 0 ? suspense : bank,
                                     .credit = fen > 0 ? bank : suspense,
                                     .fen = fen > 0 ? fen : -fen,
                                     .reason = STR("suspense")};
    *id = transfer.id;
    return ask(ledger, &transfer, &status, 1, made, err);
}

bool post_suspense_back(struct ledger *ledger, struct book_id id, struct err *err)
{
    struct str bytes = {(const char *)id.bytes, sizeof id.bytes};
    struct book_transfer transfer = {.id = named_id("explained", bytes, STR_EMPTY, STR_EMPTY),
                                     .kind = BOOK_CORRECT,
                                     .target = id,
                                     .reason = STR("explained")};
    enum book_status status;
    bool made;
    return ask(ledger, &transfer, &status, 1, &made, err);
}

/* A transfer by voucher: asked for again it stands, with another amount it is refused. */
static bool by_voucher(struct ledger *ledger, struct book_transfer *transfers, size_t count,
                       struct str voucher, bool *made, struct err *err)
{
    enum book_status statuses[FUND_LEVELS];
    CHECK(count <= FUND_LEVELS);
    if (!book_transfer(ledger->book, transfers, count, statuses, err)) return false;
    *made = true;
    for (size_t i = 0; i < count; i++) {
        if (statuses[i] == BOOK_REFUSED_EXISTS_OTHER) {
            return err_set(err, ERR_CONFLICT,
                           "voucher \"%.*s\" is booked already, with another amount",
                           "凭证“%.*s”已入账，金额不同", STR_ARG(voucher));
        }
        if (statuses[i] > BOOK_EXISTS && statuses[i] != BOOK_REFUSED_CHAIN) {
            return refused(ledger, &transfers[i], statuses[i], err);
        }
        *made &= statuses[i] == BOOK_CREATED;
    }
    return true;
}

bool post_treasury(struct ledger *ledger, const struct fund *fund, const struct fund_move *move,
                   bool *made, struct err *err)
{
    int64_t account = fund->accounts[move->level];
    const char *what = move->back ? "hand_back" : "receive";
    struct book_transfer transfer = {
        .id = named_id(what, fund->key, str_from(fund_level_key(move->level)), move->voucher),
        .kind = BOOK_POST,
        .debit = move->back ? account : fund->bank,
        .credit = move->back ? fund->bank : account,
        .fen = move->fen,
        .reason = str_from(what),
        .reference = move->voucher};
    CHECK(account != 0);
    return by_voucher(ledger, &transfer, 1, move->voucher, made, err);
}

static bool project_account(struct ledger *ledger, const struct fund *fund, struct str project,
                            int64_t *out, struct err *err)
{
    return open_account(ledger, "project", fund->key, project, BOOK_DEBITS_WITHIN_CREDITS, out,
                        err);
}

bool post_allot(struct ledger *ledger, const struct fund *fund, struct str project, int64_t fen,
                struct str voucher, bool *made, struct err *err)
{
    struct book_transfer transfers[FUND_LEVELS];
    int64_t account, parts[FUND_LEVELS];
    size_t count = 0;
    if (!project_account(ledger, fund, project, &account, err)) return false;
    /* A project may cost more than one payment to a person: whole ten-thousandths first. */
    int64_t each = fen / FUND_SHARES_SUM, rest[FUND_LEVELS];
    post_parts(fund, fen % FUND_SHARES_SUM, rest);
    for (int i = 0; i < FUND_LEVELS; i++) {
        parts[i] = each * fund->shares[i] + rest[i];
        if (parts[i] == 0) continue;
        struct book_id id = named_id("allot", fund->key, project, voucher);
        id.bytes[BOOK_ID_BYTES - 1] ^= (unsigned char)i;
        transfers[count++] = (struct book_transfer){.id = id,
                                                    .kind = BOOK_POST,
                                                    .linked = true,
                                                    .debit = fund->accounts[i],
                                                    .credit = account,
                                                    .fen = parts[i],
                                                    .reason = STR("allot"),
                                                    .reference = voucher};
    }
    CHECK(count > 0);
    transfers[count - 1].linked = false;
    return by_voucher(ledger, transfers, count, voucher, made, err);
}

bool post_project(struct ledger *ledger, const struct fund *fund, struct str project, int64_t fen,
                  struct str voucher, bool *made, struct err *err)
{
    int64_t account;
    if (!project_account(ledger, fund, project, &account, err)) return false;
    struct book_transfer transfer = {.id = named_id("project_pay", fund->key, project, voucher),
                                     .kind = BOOK_POST,
                                     .debit = account,
                                     .credit = fund->bank,
                                     .fen = fen,
                                     .reason = STR("project_pay"),
                                     .reference = voucher};
    return by_voucher(ledger, &transfer, 1, voucher, made, err);
}
