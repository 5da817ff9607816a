#include "ledger/order.h"

#include "base/csv.h"
#include "ledger/pay_internal.h"
#include "ledger/reference.h"

#include <errno.h>
#include <iconv.h>

enum { ORDER_BYTES_MAX = 1 << 30 };

struct writing {
    struct ledger *ledger;
    const struct pay_batch *batch;
    const struct bank_order *form;
    struct str purpose;
    struct text *text;
    int64_t lines, fen;
};

/* A cell must not break the line that it stands in. */
static bool put(struct writing *writing, struct str cell, bool first, struct err *err)
{
    for (size_t i = 0; i < cell.len; i++) {
        bool comma = writing->form->separator == ',';
        if ((unsigned char)cell.ptr[i] >= ' '
            && (comma || cell.ptr[i] != writing->form->separator)) {
            continue;
        }
        return err_set(err, ERR_INPUT, "a value holds a character that the bank's form cannot take",
                       "有的值含有银行格式不能容纳的字符");
    }
    if (writing->form->separator == ',') {
        csv_put(writing->text, cell, first);
        return true;
    }
    if (!first) text_add_byte(writing->text, writing->form->separator);
    text_add(writing->text, cell);
    return true;
}

static struct str value_of(const struct writing *writing, struct arena *arena,
                           enum bank_value value, const struct pay_line *line,
                           const struct pay_payee *payee)
{
    struct text text;
    text_init(&text, arena, 1024);
    switch (value) {
    case BANK_ORDINAL: text_add_f(&text, "%lld", (long long)line->ordinal); break;
    case BANK_REFERENCE: return reference_of(arena, line->batch, line->ordinal);
    case BANK_BATCH: text_add_f(&text, "%lld", (long long)writing->batch->number); break;
    case BANK_ACCOUNT: return payee->account;
    case BANK_HOLDER: return payee->name;
    case BANK_BANK: return payee->bank;
    case BANK_YUAN: return money_yuan(arena, line->post.fen);
    case BANK_FEN: text_add_f(&text, "%lld", (long long)line->post.fen); break;
    case BANK_PURPOSE: return writing->purpose;
    case BANK_LINES: text_add_f(&text, "%lld", (long long)writing->batch->lines); break;
    case BANK_TOTAL_YUAN: return money_yuan(arena, writing->batch->fen);
    case BANK_VALUES: break;
    }
    return text_str(&text);
}

static bool write_heads(struct writing *writing, struct arena *arena, struct err *err)
{
    const struct bank_order *form = writing->form;
    const struct pay_line none = {.batch = writing->batch->number};
    const struct pay_payee nobody = {0};
    bool good = true;
    for (size_t i = 0; good && i < form->total_count; i++) {
        good = put(writing, value_of(writing, arena, form->totals[i], &none, &nobody), i == 0, err);
    }
    if (form->total_count > 0) text_add_c(writing->text, form->line_end);
    for (size_t i = 0; good && form->headings && i < form->count; i++) {
        good = put(writing, form->names[i], i == 0, err);
    }
    if (form->headings) text_add_c(writing->text, form->line_end);
    return good;
}

static bool write_line(struct writing *writing, struct arena *arena, const struct pay_line *line,
                       struct err *err)
{
    const struct bank_order *form = writing->form;
    struct pay_payee payee;
    if (!pay_payee_open(writing->ledger, arena, line->post.number, line->payee, &payee, err)) {
        return false;
    }
    for (size_t i = 0; i < form->count; i++) {
        struct str value = value_of(writing, arena, form->values[i], line, &payee);
        if (!put(writing, value, i == 0, err)) {
            return err_at(err, "payment %lld", "第 %lld 号发放", (long long)line->post.number);
        }
    }
    text_add_c(writing->text, form->line_end);
    writing->lines++;
    writing->fen += line->post.fen;
    return true;
}

static bool write_lines(struct writing *writing, struct err *err)
{
    struct store_statement *rows = NULL;
    struct arena scratch = {0};
    bool row = false, good = false;
    if (!write_heads(writing, &scratch, err)
        || !store_prepare(writing->ledger->store, &rows,
                          "SELECT " PAY_LINE_COLUMNS PAY_LINE_TABLES
                          "WHERE l.batch = $batch ORDER BY l.ordinal",
                          err)) {
        arena_free(&scratch);
        return false;
    }
    store_bind_i64(rows, "$batch", writing->batch->number);
    while ((good = store_step(rows, &row, err)) && row) {
        struct pay_line line = pay_line_row(rows, &scratch);
        good = write_line(writing, &scratch, &line, err);
        arena_reset(&scratch);
        if (!good) break;
    }
    store_finish(rows);
    arena_free(&scratch);
    if (good && writing->text->cut) {
        return err_set(err, ERR_LIMIT, "the file would be too large", "文件过大");
    }
    if (good) CHECK(writing->lines == writing->batch->lines && writing->fen == writing->batch->fen);
    return good;
}

static bool encode(struct arena *arena, struct str text, struct str *out, struct err *err)
{
    iconv_t codec = iconv_open("GB18030", "UTF-8");
    if (codec == (iconv_t)-1) {
        return err_set(err, ERR_IO, "this system cannot write GB18030", "本系统不能写 GB18030");
    }
    size_t room = text.len * 2 + 16, left = text.len, space = room;
    char *bytes = arena_alloc(arena, room), *to = bytes, *from = (char *)text.ptr;
    bool good = iconv(codec, &from, &left, &to, &space) != (size_t)-1;
    iconv_close(codec);
    if (!good) {
        return err_set(err, ERR_INPUT, "a character cannot be written in GB18030",
                       "有的字符不能用 GB18030 写出");
    }
    *out = (struct str){bytes, room - space};
    return true;
}

static bool make(struct ledger *ledger, const struct pay_batch *batch, const struct bank *bank,
                 struct str purpose, struct order_sent *out, struct err *err)
{
    struct text text;
    text_init(&text, ledger->arena, ORDER_BYTES_MAX);
    struct writing writing = {
        .ledger = ledger, .batch = batch, .form = &bank->order, .purpose = purpose, .text = &text};
    if (!write_lines(&writing, err)) return false;
    out->content = text_str(&text);
    if (bank->order.gb18030 && !encode(ledger->arena, out->content, &out->content, err)) {
        return false;
    }
    sm3_hash(out->content, out->hash);
    out->lines = writing.lines;
    out->fen = writing.fen;
    return true;
}

static bool put_file(struct ledger *ledger, const struct asker *asker,
                     const struct pay_batch *batch, const struct bank *bank, struct str purpose,
                     const struct order_sent *sent, struct err *err)
{
    struct store_statement *insert = NULL;
    if (!store_prepare(ledger->store, &insert,
                       "INSERT INTO pay_file (kind, batch, account, name, hash, bytes, lines, "
                       "bank, form, user, at_ms) VALUES ('order', $batch, '', $purpose, $hash, "
                       "$bytes, $lines, $bank, $form, $user, $now)",
                       err)) {
        return false;
    }
    store_bind_i64(insert, "$batch", batch->number);
    store_bind_text(insert, "$purpose", purpose);
    store_bind_blob(insert, "$hash", (struct str){(const char *)sent->hash, sizeof sent->hash});
    store_bind_i64(insert, "$bytes", (int64_t)sent->content.len);
    store_bind_i64(insert, "$lines", sent->lines);
    store_bind_text(insert, "$bank", bank->key);
    store_bind_text(insert, "$form", bank->source);
    store_bind_text(insert, "$user", asker->name);
    store_bind_i64(insert, "$now", clock_now_ms(ledger->clock));
    return store_run_once(insert, err);
}

/* What was sent: made anew by the form of then, and held against the hash of then. */
static bool send_again(struct ledger *ledger, const struct pay_batch *batch, struct order_sent *out,
                       struct err *err)
{
    struct store_statement *find = NULL;
    struct str form = STR_EMPTY, purpose = STR_EMPTY, hash = STR_EMPTY;
    bool row = false;
    if (!store_prepare(ledger->store, &find,
                       "SELECT form, name, hash FROM pay_file WHERE kind = 'order' AND batch = "
                       "$batch",
                       err)) {
        return false;
    }
    store_bind_i64(find, "$batch", batch->number);
    bool good = store_step(find, &row, err);
    if (good && row) {
        form = str_copy(ledger->arena, store_str(find, 0));
        purpose = str_copy(ledger->arena, store_str(find, 1));
        hash = str_copy(ledger->arena, store_str(find, 2));
    }
    store_finish(find);
    if (!good) return false;
    if (!row) {
        return err_set(err, ERR_CONFLICT, "batch %lld never went to the bank as a file",
                       "第 %lld 号批次没有送过银行文件", (long long)batch->number);
    }
    struct bank bank;
    if (!bank_read(ledger->arena, form, "form", &bank, err)
        || !make(ledger, batch, &bank, purpose, out, err)) {
        return false;
    }
    out->again = true;
    if (str_equal(hash, (struct str){(const char *)out->hash, sizeof out->hash})) return true;
    return err_set(err, ERR_STORE,
                   "the payments of batch %lld no longer give the file that was sent: the "
                   "workspace was changed from outside",
                   "第 %lld 号批次的发放与已送银行的文件不符：工作区被从外部改动过",
                   (long long)batch->number);
}

static bool send_in(struct ledger *ledger, const struct asker *asker, int64_t number,
                    const struct bank *bank, struct str purpose, struct order_sent *out,
                    struct err *err)
{
    struct pay_batch batch;
    if (!pay_batch_find(ledger, asker, number, &batch, err)) return false;
    if (batch.step == PAY_STEP_EXPORTED) {
        return send_again(ledger, &batch, out, err)
               && pay_audit(ledger, asker, AUDIT_EXPORT, "pay_batch", number, STR_EMPTY, err);
    }
    if (batch.step != PAY_STEP_APPROVED) {
        return err_set(err, ERR_CONFLICT, "batch %lld cannot go to the bank: %s%.0s",
                       "第 %lld 号批次不能送银行：%.0s%s", (long long)number,
                       pay_step_text(batch.step, LANG_EN), pay_step_text(batch.step, LANG_ZH));
    }
    return make(ledger, &batch, bank, purpose, out, err)
           && put_file(ledger, asker, &batch, bank, purpose, out, err)
           && pay_step_put(ledger, asker, number, PAY_STEP_EXPORTED, 0, STR_EMPTY, err)
           && pay_audit(ledger, asker, AUDIT_EXPORT, "pay_batch", number, STR_EMPTY, err);
}

bool order_send(struct ledger *ledger, const struct asker *asker, int64_t batch,
                const struct bank *bank, struct str purpose, struct order_sent *out,
                struct err *err)
{
    struct order_sent sent = {0};
    if (!store_begin(ledger->store, err)) return false;
    bool done = send_in(ledger, asker, batch, bank, purpose, &sent, err);
    if (!store_end(ledger->store, done, err)) return false;
    *out = sent;
    return true;
}
