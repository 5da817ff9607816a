#include "ledger/voucher.h"

#include "ledger/reference.h"

bool voucher_settle(struct ledger *ledger, struct arena *arena, struct voucher *voucher,
                    struct err *err)
{
    struct store_statement *rows = NULL;
    struct arena scratch = {0};
    struct str clean = reference_clean(&scratch, voucher->number);
    bool row = false, found = false, good = false;
    /* Those that were booked before one number could be typed in two ways stand as they are. */
    if (!store_prepare(ledger->store, &rows,
                       "SELECT voucher FROM fund_voucher WHERE fund = $fund AND kind = $kind AND "
                       "level = $level AND project = $project "
                       "ORDER BY voucher <> $voucher, number",
                       err)) {
        goto out;
    }
    store_bind_i64(rows, "$fund", voucher->fund);
    store_bind_str(rows, "$kind", str_from(voucher->kind));
    store_bind_text(rows, "$level", voucher->level);
    store_bind_i64(rows, "$project", voucher->project);
    store_bind_text(rows, "$voucher", voucher->number);
    while ((good = store_step(rows, &row, err)) && row && !found) {
        found = str_equal(reference_clean(&scratch, store_str(rows, 0)), clean);
        if (found) voucher->number = str_copy(arena, store_str(rows, 0));
    }
    store_finish(rows);
out:
    arena_free(&scratch);
    return good;
}

bool voucher_put(struct ledger *ledger, const struct asker *asker, const struct voucher *voucher,
                 struct err *err)
{
    struct store_statement *put = NULL;
    CHECK(store_in_transaction(ledger->store));
    if (!store_prepare(ledger->store, &put,
                       "INSERT INTO fund_voucher (fund, kind, level, project, fen, voucher, "
                       "document, day, user, at_ms) VALUES ($fund, $kind, $level, $project, $fen, "
                       "$voucher, $document, $day, $user, $now)",
                       err)) {
        return false;
    }
    store_bind_i64(put, "$fund", voucher->fund);
    store_bind_str(put, "$kind", str_from(voucher->kind));
    store_bind_text(put, "$level", voucher->level);
    store_bind_i64(put, "$project", voucher->project);
    store_bind_i64(put, "$fen", voucher->fen);
    store_bind_text(put, "$voucher", voucher->number);
    store_bind_text(put, "$document", voucher->document);
    store_bind_day(put, "$day", voucher->on);
    store_bind_text(put, "$user", asker->name);
    store_bind_i64(put, "$now", clock_now_ms(ledger->clock));
    return store_run_once(put, err);
}
