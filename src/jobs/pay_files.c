#include "jobs/pay_files.h"

#include "jobs/awards.h"
#include "ledger/answer.h"
#include "ledger/statement.h"

bool job_pay_purpose(struct workspace *workspace, struct ledger *ledger,
                     const struct pay_batch *batch, struct str *out, struct err *err)
{
    struct aid_rules rules;
    struct period period;
    struct text text;
    if (!job_rules(workspace, ledger->arena, &rules, err)) return false;
    uint16_t scheme = policy_find_scheme(rules.policy, batch->scheme);
    struct str name = scheme == POLICY_NONE ? batch->scheme : rules.policy->schemes[scheme].name.zh;
    text_init(&text, ledger->arena, 4096);
    text_add(&text, period_parse(batch->period, &period)
                        ? period_text(ledger->arena, period, LANG_ZH)
                        : batch->period);
    text_add(&text, name);
    *out = text_str(&text);
    return true;
}

bool job_pay_order(struct workspace *workspace, struct ledger *ledger, const struct asker *asker,
                   int64_t batch, struct order_sent *out, struct err *err)
{
    struct pay_batch found;
    struct bank *banks;
    const struct bank *bank;
    struct str purpose;
    size_t count;
    return banks_load(ledger->arena, workspace->policies, &banks, &count, err)
           && bank_choose(banks, count, STR_EMPTY, &bank, err)
           && pay_batch_find(ledger, asker, batch, &found, err)
           && job_pay_purpose(workspace, ledger, &found, &purpose, err)
           && order_send(ledger, asker, batch, bank, purpose, out, err);
}

bool job_pay_answer(struct workspace *workspace, struct ledger *ledger, const struct asker *asker,
                    const char *path, struct str name, struct str account,
                    struct pay_file_taken *out, struct err *err)
{
    struct arena *arena = ledger->arena;
    struct answer answer;
    struct answer_taken taken;
    struct bank *banks;
    size_t count;
    if (!banks_load(arena, workspace->policies, &banks, &count, err)
        || !answer_read(arena, path, banks, count, &answer, err)) {
        return false;
    }
    answer.name = name;
    answer.account = account;
    if (!answer_take(ledger, asker, &answer, &taken, err)) return false;
    *out = (struct pay_file_taken){
        .unchanged = taken.unchanged,
        .late = (int64_t)taken.late,
        .outcomes = arena_array(arena, struct pay_file_outcome, ANSWER_OUTCOMES)};
    for (int i = 0; i < ANSWER_OUTCOMES; i++) {
        enum answer_outcome outcome = (enum answer_outcome)i;
        if (taken.counts[i] == 0) continue;
        out->outcomes[out->count++] =
            (struct pay_file_outcome){.key = str_from(answer_outcome_key(outcome)),
                                      .zh = str_from(answer_outcome_text(outcome, LANG_ZH)),
                                      .en = str_from(answer_outcome_text(outcome, LANG_EN)),
                                      .count = (int64_t)taken.counts[i],
                                      .fen = taken.fen[i]};
    }
    return true;
}

bool job_pay_statement(struct workspace *workspace, struct ledger *ledger,
                       const struct asker *asker, const char *path, struct str name,
                       struct str account, uint64_t *lines, uint64_t *fresh, struct err *err)
{
    struct statement_file file;
    struct bank *banks;
    size_t count;
    if (!banks_load(ledger->arena, workspace->policies, &banks, &count, err)
        || !statement_read(ledger->arena, path, banks, count, &file, err)) {
        return false;
    }
    file.name = name;
    file.account = account;
    if (!statement_take(ledger, asker, &file, fresh, err)) return false;
    *lines = file.count;
    return true;
}
