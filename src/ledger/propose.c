#include "ledger/pay_internal.h"

#include "access/approval.h"
#include "base/dict.h"
#include "base/list.h"
#include "link/people.h"

static const char *const holder_keys[] = {"own", "guardian", "unstated", "other", "closed", "none"};

static const struct {
    const char *key, *zh, *en;
} outcomes[PAY_OUTCOMES] = {
    [PAY_PROPOSED] = {"proposed", "列入发放", "proposed"},
    [PAY_UNDER_WAY] = {"under_way", "正在发放", "under way"},
    [PAY_PAID] = {"paid", "已发放", "paid already"},
    [PAY_PAID_ELSEWHERE] = {"paid_elsewhere", "发放名册载明已发", "paid, by the register"},
    [PAY_ELSEWHERE_UNCLEAR] = {"elsewhere_unclear", "发放名册有而未写金额",
                               "paid by the register, without an amount"},
    [PAY_NO_ACCOUNT] = {"no_account", "没有账户", "no account"},
    [PAY_ACCOUNT_CLOSED] = {"account_closed", "账户不可用", "account not in use"},
    [PAY_HOLDER_DIFFERS] = {"holder_differs", "户名不是本人或监护人",
                            "held by neither the person nor a guardian"},
    [PAY_ACCOUNT_REFUSED] = {"account_refused", "银行退过此账户", "account refused by the bank"},
};

const char *pay_holder_key(enum pay_holder holder)
{
    CHECK((size_t)holder < sizeof holder_keys / sizeof *holder_keys);
    return holder_keys[holder];
}

const char *pay_outcome_key(enum pay_outcome outcome)
{
    CHECK((int)outcome >= 0 && outcome < PAY_OUTCOMES);
    return outcomes[outcome].key;
}

const char *pay_outcome_text(enum pay_outcome outcome, enum lang lang)
{
    CHECK((int)outcome >= 0 && outcome < PAY_OUTCOMES);
    return lang == LANG_EN ? outcomes[outcome].en : outcomes[outcome].zh;
}

/* What was done before for a person in the scheme and period. */
struct past {
    bool open;                              /* a payment is under way */
    int64_t net_fen;                        /* paid, less what came back */
    int64_t instalment, attempt;            /* the last */
    bool failed;                            /* the last was not paid, or came back whole */
    bool refused;                           /* … by the bank */
    unsigned char blind[CODEC_BLIND_BYTES]; /* the account of the last */
};

struct pasts {
    struct arena *arena;
    struct u64_map places;
    LIST(struct past) list;
};

static struct past *past_of(struct pasts *pasts, int64_t person)
{
    uint32_t place = u64_map_find(&pasts->places, (uint64_t)person);
    return place == DICT_NONE ? NULL : &pasts->list.items[place];
}

static struct past *past_make(struct pasts *pasts, int64_t person)
{
    struct past *past = past_of(pasts, person);
    if (past != NULL) return past;
    u64_map_put(&pasts->places, (uint64_t)person, (uint32_t)pasts->list.count);
    past = list_push(pasts->arena, &pasts->list);
    return past;
}

/* Takes in a line: instalment, attempt, blind, kind of its end, fen, fen that came back. */
static void take_line(struct past *past, struct store_statement *row)
{
    int64_t instalment = store_i64(row, 1), attempt = store_i64(row, 2);
    bool settled = !store_is_null(row, 4);
    struct str kind = store_str(row, 4);
    bool paid = settled && str_is(kind, "paid");
    int64_t net = paid ? store_i64(row, 5) - store_i64(row, 6) : 0;
    past->open |= !settled;
    past->net_fen += net;
    if (instalment < past->instalment
        || (instalment == past->instalment && attempt < past->attempt)) {
        return;
    }
    past->instalment = instalment;
    past->attempt = attempt;
    past->failed = settled && net == 0;
    past->refused = settled && (str_is(kind, "refused") || (paid && net == 0));
    struct str blind = store_str(row, 3);
    memset(past->blind, 0, sizeof past->blind);
    if (blind.len == sizeof past->blind) memcpy(past->blind, blind.ptr, sizeof past->blind);
}

/* Whom a name and an account belong to among the candidates, made when it is first asked for. */
struct holders {
    struct ledger *ledger;
    const struct pay_wish *wish;
    struct arena arena;
    struct dict keys;
    size_t *candidates; /* by number in keys */
    bool made;
};

static struct str holder_key(struct arena *arena, struct str name, struct str blind)
{
    struct text text;
    text_init(&text, arena, CODEC_BLIND_BYTES + 4 * LEDGER_TEXT_BYTES_MAX);
    text_add(&text, blind);
    text_add(&text, name);
    return text_str(&text);
}

static struct str candidate_key(struct holders *holders, size_t number)
{
    const struct pay_candidate *candidate = &holders->wish->candidates[number];
    unsigned char blind[CODEC_BLIND_BYTES];
    codec_blind(holders->ledger->codec, candidate->payee.account, blind);
    return holder_key(&holders->arena, candidate->name,
                      (struct str){(const char *)blind, sizeof blind});
}

static void make_holders(struct holders *holders)
{
    size_t count = holders->wish->count;
    dict_init(&holders->keys, &holders->arena);
    holders->candidates = arena_array(&holders->arena, size_t, count);
    holders->made = true;
    for (size_t i = 0; i < count; i++) {
        uint32_t known = holders->keys.count;
        uint32_t key = dict_put(&holders->keys, candidate_key(holders, i));
        if (key == known) holders->candidates[key] = i;
    }
}

/* Joined by mistake and parted again, a child gets a new number, and what was paid to it under the
 * one of before would be another's: it goes with the name and the account to which it was paid,
 * unless `now` has both as well. */
static int64_t paid_to(struct holders *holders, struct str name, struct str blind, int64_t now)
{
    const struct pay_wish *wish = holders->wish;
    if (!holders->made) make_holders(holders);
    struct str key = holder_key(&holders->arena, name, blind);
    uint32_t found = dict_find(&holders->keys, key);
    if (found == DICT_NONE) return now;
    for (size_t i = holders->candidates[found]; i < wish->count; i++) {
        if (wish->candidates[i].person == now && str_equal(candidate_key(holders, i), key)) {
            return now;
        }
    }
    return wish->candidates[holders->candidates[found]].person;
}

/* `+` keeps SQLite from reading all payments of the scheme in the order asked for, by the unique
 * index, where those of the period alone are wanted. */
static bool read_pasts(struct ledger *ledger, const struct pay_wish *wish, struct pasts *out,
                       struct err *err)
{
    struct store_statement *rows = NULL;
    struct holders holders = {.ledger = ledger, .wish = wish};
    bool row = false, good = false;
    u64_map_init(&out->places, out->arena);
    if (!store_prepare(
            ledger->store, &rows,
            "SELECT l.person, l.instalment, l.attempt, l.account_blind, s.kind, s.fen, "
            "(SELECT coalesce(sum(b.fen), 0) FROM pay_event AS b WHERE b.line = "
            "l.number AND b.kind IN ('returned', 'recovered')), l.name FROM pay_line AS l "
            "LEFT JOIN pay_event AS s ON s.line = l.number AND s.kind IN ('paid', "
            "'refused', 'void') WHERE l.scheme = $scheme AND l.period = $period "
            "ORDER BY +l.person, l.instalment, l.attempt",
            err)) {
        return false;
    }
    store_bind_str(rows, "$scheme", wish->scheme);
    store_bind_str(rows, "$period", wish->period);
    while ((good = store_step(rows, &row, err)) && row) {
        int64_t person = store_i64(rows, 0), now = person;
        if (wish->follow != NULL && !wish->follow(wish->context, person, &now, err)) {
            good = false;
            break;
        }
        if (now != person) now = paid_to(&holders, store_str(rows, 7), store_str(rows, 3), now);
        take_line(past_make(out, now), rows);
    }
    store_finish(rows);
    arena_free(&holders.arena);
    return good;
}

static enum pay_outcome judge_account(struct ledger *ledger, const struct pay_wish *wish,
                                      const struct pay_candidate *candidate,
                                      const struct past *past)
{
    unsigned char blind[CODEC_BLIND_BYTES];
    switch (candidate->holder) {
    case PAY_HOLDER_NONE: return PAY_NO_ACCOUNT;
    case PAY_HOLDER_CLOSED: return PAY_ACCOUNT_CLOSED;
    case PAY_HOLDER_OTHER: return PAY_HOLDER_DIFFERS;
    default: break;
    }
    if (past == NULL || !past->refused || wish->retry) return PAY_PROPOSED;
    codec_blind(ledger->codec, candidate->payee.account, blind);
    return memcmp(blind, past->blind, sizeof blind) == 0 ? PAY_ACCOUNT_REFUSED : PAY_PROPOSED;
}

/* What becomes of a candidate, and how much of it is left to be paid. */
static enum pay_outcome judge(struct ledger *ledger, const struct pay_wish *wish,
                              const struct pay_candidate *candidate, const struct past *past,
                              int64_t *fen)
{
    int64_t net = past == NULL ? 0 : past->net_fen, elsewhere = candidate->elsewhere_fen;
    *fen = 0;
    if (past != NULL && past->open) return PAY_UNDER_WAY;
    if (net >= candidate->due_fen) return PAY_PAID;
    if (elsewhere < 0) return net > 0 ? PAY_PAID : PAY_ELSEWHERE_UNCLEAR;
    if (elsewhere >= candidate->due_fen) return PAY_PAID_ELSEWHERE;
    /* What the register states may be our own payments come back: never counted twice. */
    *fen = candidate->due_fen - (elsewhere > net ? elsewhere : net);
    return judge_account(ledger, wish, candidate, past);
}

static bool check_candidates(const struct pay_wish *wish, struct err *err)
{
    int64_t before = 0;
    CHECK(wish->count <= PAY_BATCH_LINES_MAX);
    for (size_t i = 0; i < wish->count; i++) {
        const struct pay_candidate *candidate = &wish->candidates[i];
        CHECK(candidate->person > before);
        before = candidate->person;
        CHECK(candidate->due_fen > 0);
        if (candidate->due_fen > MONEY_DIVIDED_MAX) {
            return err_set(err, ERR_LIMIT, "more is due to person %lld than one payment can be",
                           "第 %lld 号人员应发金额超过单笔上限", (long long)candidate->person);
        }
        bool pays = candidate->holder <= PAY_HOLDER_UNSTATED;
        const struct pay_payee *payee = &candidate->payee;
        if (pays
            && (payee->account.len == 0 || payee->name.len == 0
                || payee->account.len > LEDGER_TEXT_BYTES_MAX
                || payee->name.len > LEDGER_TEXT_BYTES_MAX
                || payee->bank.len > LEDGER_TEXT_BYTES_MAX)) {
            return err_set(err, ERR_INPUT, "the account of person %lld cannot be written",
                           "第 %lld 号人员的账户无法写出", (long long)candidate->person);
        }
    }
    return true;
}

static bool next_line(struct ledger *ledger, int64_t *out, struct err *err)
{
    struct store_statement *last = NULL;
    if (!store_prepare(ledger->store, &last, "SELECT coalesce(max(number), 0) FROM pay_line",
                       err)) {
        return false;
    }
    bool good = store_step_row(last, err);
    if (good) *out = store_i64(last, 0) + 1;
    store_finish(last);
    return good;
}

static bool put_batch(struct ledger *ledger, const struct asker *asker, const struct pay_wish *wish,
                      struct pay_proposed *out, struct err *err)
{
    struct store_statement *put = NULL;
    if (!store_prepare(ledger->store, &put,
                       "INSERT INTO pay_batch (scheme, period, fund, area, at, award_run, lines, "
                       "fen, user, made_ms) VALUES ($scheme, $period, $fund, $area, $at, $run, "
                       "$lines, $fen, $user, $now)",
                       err)) {
        return false;
    }
    store_bind_str(put, "$scheme", wish->scheme);
    store_bind_str(put, "$period", wish->period);
    store_bind_i64(put, "$fund", wish->fund->number);
    store_bind_text(put, "$area", wish->area);
    store_bind_day(put, "$at", wish->at);
    store_bind_i64(put, "$run", wish->award_run);
    store_bind_i64(put, "$lines", (int64_t)out->counts[PAY_PROPOSED]);
    store_bind_i64(put, "$fen", out->fen);
    store_bind_text(put, "$user", asker->name);
    store_bind_i64(put, "$now", clock_now_ms(ledger->clock));
    if (!store_run_once(put, err)) return false;
    out->batch = store_last_id(ledger->store);
    return true;
}

static bool put_line(struct ledger *ledger, struct store_statement *put, struct arena *scratch,
                     int64_t batch, int64_t ordinal, const struct pay_candidate *candidate,
                     const struct post_line *line, struct err *err)
{
    unsigned char blind[CODEC_BLIND_BYTES];
    codec_blind(ledger->codec, candidate->payee.account, blind);
    store_bind_i64(put, "$number", line->number);
    store_bind_i64(put, "$batch", batch);
    store_bind_i64(put, "$ordinal", ordinal);
    store_bind_i64(put, "$person", line->person);
    store_bind_text(put, "$name", candidate->name);
    store_bind_text(put, "$area", candidate->area);
    store_bind_str(put, "$scheme", line->scheme);
    store_bind_str(put, "$period", line->period);
    store_bind_i64(put, "$instalment", line->instalment);
    store_bind_i64(put, "$attempt", line->attempt);
    store_bind_i64(put, "$fen", line->fen);
    store_bind_i64(put, "$central", line->parts[FUND_CENTRAL]);
    store_bind_i64(put, "$province", line->parts[FUND_PROVINCE]);
    store_bind_i64(put, "$city", line->parts[FUND_CITY]);
    store_bind_i64(put, "$county", line->parts[FUND_COUNTY]);
    store_bind_str(put, "$holder", str_from(pay_holder_key(candidate->holder)));
    store_bind_blob(put, "$payee",
                    pay_payee_seal(ledger, scratch, line->number, &candidate->payee));
    store_bind_blob(put, "$blind", (struct str){(const char *)blind, sizeof blind});
    return store_run(put, err);
}

static bool prepare_line(struct ledger *ledger, struct store_statement **put, struct err *err)
{
    return store_prepare(ledger->store, put,
                         "INSERT INTO pay_line (number, batch, ordinal, person, name, area, "
                         "scheme, period, instalment, attempt, fen, central, province, city, "
                         "county, holder, payee, account_blind) VALUES ($number, $batch, "
                         "$ordinal, $person, $name, $area, $scheme, $period, $instalment, "
                         "$attempt, $fen, $central, $province, $city, $county, $holder, $payee, "
                         "$blind)",
                         err);
}

static bool put_lines(struct ledger *ledger, struct pay_wish *wish, const struct pasts *pasts,
                      int64_t batch, struct err *err)
{
    struct store_statement *put = NULL;
    struct arena scratch = {0}, posting = {0};
    int64_t number, ordinal = 0;
    if (!next_line(ledger, &number, err) || !prepare_line(ledger, &put, err)) return false;
    struct post *post = post_begin(&posting, ledger);
    bool good = true;
    for (size_t i = 0; good && i < wish->count; i++) {
        struct pay_candidate *candidate = &wish->candidates[i];
        if (candidate->outcome != PAY_PROPOSED) continue;
        const struct past *past = past_of((struct pasts *)pasts, candidate->person);
        struct post_line line = {.number = number++,
                                 .fund = wish->fund,
                                 .scheme = wish->scheme,
                                 .period = wish->period,
                                 .person = candidate->person,
                                 .instalment = 1,
                                 .attempt = 1,
                                 .fen = candidate->fen};
        if (past != NULL) {
            line.instalment = past->instalment + !past->failed;
            line.attempt = past->failed ? past->attempt + 1 : 1;
        }
        post_parts(wish->fund, line.fen, line.parts);
        candidate->line = line.number;
        good = put_line(ledger, put, &scratch, batch, ++ordinal, candidate, &line, err)
               && post_promise(post, &line, err);
        arena_reset(&scratch);
    }
    good = post_end(post, good, err);
    store_finish(put);
    arena_free(&scratch);
    arena_free(&posting);
    return good;
}

static bool ask_approval(struct ledger *ledger, const struct asker *asker, int64_t batch,
                         struct str area, struct str scheme, struct str period, int64_t lines,
                         int64_t fen, struct err *err)
{
    struct arena scratch = {0};
    struct text why;
    int64_t approval = 0;
    text_init(&why, &scratch, 1024);
    text_add_f(&why, "%.*s %.*s: %lld × %s", STR_ARG(scheme), STR_ARG(period), (long long)lines,
               money_yuan(&scratch, fen).ptr);
    bool good =
        pay_ask_approval(ledger, asker, "pay_batch", batch, area, text_str(&why), &approval, err)
        && pay_step_put(ledger, asker, batch, PAY_STEP_PROPOSED, approval, STR_EMPTY, err);
    arena_free(&scratch);
    return good;
}

/* Batches of the scheme and period that wait. */
static bool read_waiting(struct ledger *ledger, struct arena *arena, const struct pay_wish *wish,
                         int64_t **out, size_t *count, struct err *err)
{
    struct store_statement *rows = NULL;
    LIST(int64_t) list = {0};
    bool row = false, good = false;
    if (!store_prepare(ledger->store, &rows,
                       "SELECT b.number FROM pay_batch AS b WHERE b.scheme = $scheme AND b.period "
                       "= $period AND NOT EXISTS (SELECT 1 FROM pay_step AS t WHERE t.batch = "
                       "b.number AND t.step <> 'proposed') ORDER BY b.number",
                       err)) {
        return false;
    }
    store_bind_str(rows, "$scheme", wish->scheme);
    store_bind_str(rows, "$period", wish->period);
    while ((good = store_step(rows, &row, err)) && row) {
        *list_push(arena, &list) = store_i64(rows, 0);
    }
    store_finish(rows);
    *out = list.items;
    *count = list.count;
    return good;
}

/* Those whose approval nobody gave in time are put to them again. */
static bool ask_again(struct ledger *ledger, const struct asker *asker, const struct pay_wish *wish,
                      struct arena *scratch, size_t *asked, struct err *err)
{
    int64_t *numbers;
    size_t count;
    if (!read_waiting(ledger, scratch, wish, &numbers, &count, err)) return false;
    for (size_t i = 0; i < count; i++) {
        struct pay_batch batch;
        struct approval approval;
        struct err hidden = ERR_INIT;
        if (!pay_batch_find(ledger, asker, numbers[i], &batch, &hidden)) {
            if (hidden.kind == ERR_NOT_FOUND) continue;
            *err = hidden;
            return false;
        }
        if (!approval_find(ledger->store, ledger->clock, scratch, batch.approval, &approval, err)) {
            return false;
        }
        /* Who asks cannot approve: nobody asks for another. */
        if (approval.state != APPROVAL_OVER || !str_equal(batch.made_by, asker->name)) continue;
        if (!ask_approval(ledger, asker, batch.number, batch.area, batch.scheme, batch.period,
                          batch.lines, batch.fen, err)) {
            return false;
        }
        ++*asked;
    }
    return true;
}

static bool propose_in(struct ledger *ledger, const struct asker *asker, struct pay_wish *wish,
                       struct arena *scratch, struct pay_proposed *out, struct err *err)
{
    struct pasts pasts = {.arena = scratch};
    if (!read_pasts(ledger, wish, &pasts, err)) return false;
    for (size_t i = 0; i < wish->count; i++) {
        struct pay_candidate *candidate = &wish->candidates[i];
        candidate->outcome =
            judge(ledger, wish, candidate, past_of(&pasts, candidate->person), &candidate->fen);
        candidate->line = 0;
        out->counts[candidate->outcome]++;
        if (candidate->outcome == PAY_PROPOSED) out->fen += candidate->fen;
    }
    if (out->counts[PAY_PROPOSED] == 0) {
        return ask_again(ledger, asker, wish, scratch, &out->asked_again, err);
    }
    return put_batch(ledger, asker, wish, out, err)
           && put_lines(ledger, wish, &pasts, out->batch, err)
           && ask_approval(ledger, asker, out->batch, wish->area, wish->scheme, wish->period,
                           (int64_t)out->counts[PAY_PROPOSED], out->fen, err)
           && pay_audit(ledger, asker, AUDIT_PAY, "pay_batch", out->batch, wish->scheme, err);
}

bool pay_person_numbers(struct ledger *ledger, struct arena *arena, int64_t person, int64_t **out,
                        size_t *count, struct err *err)
{
    struct registry registry = {.store = ledger->store};
    return person_numbers(arena, &registry, person, out, count, err);
}

/* The newest attempt at an instalment under a number; *free turns false where one of it, or of a
 * later one, is under way or was paid and stands. */
static bool attempts_of(struct ledger *ledger, const struct post_line *line, int64_t person,
                        int64_t *out, bool *free, struct err *err)
{
    struct store_statement *rows = NULL;
    bool row = false, good = false;
    if (!store_prepare(ledger->store, &rows,
                       "SELECT " PAY_LINE_COLUMNS PAY_LINE_TABLES
                       "WHERE l.scheme = $scheme AND l.person = $person AND l.period = $period "
                       "AND l.instalment >= $instalment",
                       err)) {
        return false;
    }
    struct arena scratch = {0};
    store_bind_str(rows, "$scheme", line->scheme);
    store_bind_i64(rows, "$person", person);
    store_bind_str(rows, "$period", line->period);
    store_bind_i64(rows, "$instalment", line->instalment);
    *out = 0;
    while ((good = store_step(rows, &row, err)) && row) {
        struct pay_line there = pay_line_row(rows, &scratch);
        *free &= there.settled && there.paid_fen == there.back_fen;
        if (there.post.instalment == line->instalment && there.post.attempt > *out) {
            *out = there.post.attempt;
        }
    }
    store_finish(rows);
    arena_free(&scratch);
    return good;
}

/* Under the line's own number; *free also looks at the others under which the person was known. */
static bool last_attempt(struct ledger *ledger, const struct post_line *line, int64_t *out,
                         bool *free, struct err *err)
{
    struct arena scratch = {0};
    int64_t *numbers, other;
    size_t count = 0;
    *free = true;
    bool good = attempts_of(ledger, line, line->person, out, free, err)
                && pay_person_numbers(ledger, &scratch, line->person, &numbers, &count, err);
    for (size_t i = 0; good && i < count; i++) {
        if (numbers[i] == line->person) continue;
        good = attempts_of(ledger, line, numbers[i], &other, free, err);
    }
    arena_free(&scratch);
    return good;
}

bool pay_attempt_free(struct ledger *ledger, const struct post_line *line, struct err *err)
{
    int64_t attempt;
    bool free;
    if (!last_attempt(ledger, line, &attempt, &free, err)) return false;
    if (free) return true;
    return err_set(err, ERR_CONFLICT,
                   "payment %lld was tried again in the meantime: this money has to come back",
                   "第 %lld 号发放已另行重发：这笔钱须退回", (long long)line->number);
}

bool pay_attempt_again(struct ledger *ledger, const struct asker *asker,
                       const struct pay_line *line, const struct pay_batch *batch,
                       const struct fund *fund, const int64_t parts[FUND_LEVELS], struct str why,
                       struct post_line *out, struct err *err)
{
    struct pay_candidate candidate = {
        .name = line->name, .area = line->area, .holder = PAY_HOLDER_UNSTATED};
    struct pay_wish wish = {.scheme = line->post.scheme,
                            .period = line->post.period,
                            .area = batch->area,
                            .fund = fund,
                            .at = batch->at,
                            .award_run = batch->award_run};
    struct pay_proposed made = {.counts = {[PAY_PROPOSED] = 1}};
    struct store_statement *put = NULL;
    struct arena scratch = {0};
    bool free;
    *out = line->post;
    out->fund = fund;
    for (int i = 0; i < FUND_LEVELS; i++) {
        out->parts[i] = parts[i];
        made.fen += parts[i];
    }
    out->fen = made.fen;
    bool good =
        last_attempt(ledger, &line->post, &out->attempt, &free, err)
        && pay_payee_open(ledger, &scratch, line->post.number, line->payee, &candidate.payee, err)
        && next_line(ledger, &out->number, err) && put_batch(ledger, asker, &wish, &made, err)
        && pay_step_put(ledger, asker, made.batch, PAY_STEP_EXPORTED, 0, why, err)
        && prepare_line(ledger, &put, err);
    out->attempt++;
    good = good && put_line(ledger, put, &scratch, made.batch, 1, &candidate, out, err);
    store_finish(put);
    arena_free(&scratch);
    return good;
}

bool pay_attempt_paid(struct ledger *ledger, const struct asker *asker,
                      const struct post_line *again, const struct pay_event *event, struct err *err)
{
    struct arena scratch = {0};
    struct post *post = post_begin(&scratch, ledger);
    bool good = post_promise(post, again, err) && post_flush(post, err)
                && post_paid(post, again, again->fen, err)
                && pay_event_put(ledger, asker, event, err);
    good = post_end(post, good, err);
    arena_free(&scratch);
    return good;
}

bool pay_propose(struct ledger *ledger, const struct asker *asker, struct pay_wish *wish,
                 struct pay_proposed *out, struct err *err)
{
    struct arena scratch = {0};
    struct pay_proposed made = {0};
    if (!fund_pays(wish->fund, wish->scheme)) {
        return err_set(err, ERR_CONFLICT, "fund \"%.*s\" does not pay %.*s",
                       "资金“%.*s”不用于 %.*s", STR_ARG(wish->fund->key), STR_ARG(wish->scheme));
    }
    if (!asker_sees(asker, wish->area)
        || (wish->fund->area.len > 0 && !area_covers(wish->fund->area, wish->area))) {
        return err_set(err, ERR_DENIED, "the area is beyond what you, or the fund, may pay for",
                       "超出您或该资金可发放的区划");
    }
    if (!check_candidates(wish, err) || !store_begin(ledger->store, err)) return false;
    bool good = propose_in(ledger, asker, wish, &scratch, &made, err);
    if (good && wish->dry) {
        store_rollback(ledger->store);
        made.batch = 0;
    } else {
        good = store_end(ledger->store, good, err);
    }
    arena_free(&scratch);
    if (good) *out = made;
    return good;
}
