#include "ledger/book.h"

static const struct {
    const char *key, *zh, *en;
} statuses[BOOK_STATUS_COUNT] = {
    [BOOK_CREATED] = {"created", "已记账", "entered"},
    [BOOK_EXISTS] = {"exists", "此前已记账", "entered before"},
    [BOOK_REFUSED_CHAIN] = {"chain", "同组的另一笔被拒，一并未记",
                            "another of its chain was refused"},
    [BOOK_REFUSED_CHAIN_OPEN] = {"chain_open", "成组的最后一笔缺少结尾", "the chain has no end"},
    [BOOK_REFUSED_ID] = {"id", "没有编号", "no id was given"},
    [BOOK_REFUSED_EXISTS_OTHER] = {"exists_other", "该编号已用于内容不同的一笔",
                                   "the id stands for a transfer with other fields"},
    [BOOK_REFUSED_ACCOUNT] = {"account", "没有这个账户", "no such account"},
    [BOOK_REFUSED_SAME_ACCOUNT] = {"same_account", "借贷为同一账户",
                                   "debit and credit are one account"},
    [BOOK_REFUSED_AMOUNT] = {"amount", "金额须大于零且不超限",
                             "the amount must be above 0 and within limits"},
    [BOOK_REFUSED_TEXT] = {"text", "事由或用途过长", "the reason or reference is too long"},
    [BOOK_REFUSED_EXCEEDS] = {"exceeds", "余额不足（含已占用）",
                              "more than the account has, what is reserved counted"},
    [BOOK_REFUSED_OVERFLOW] = {"overflow", "累计金额超限", "a sum would pass its limit"},
    [BOOK_REFUSED_TARGET] = {"target", "所指的一笔不存在或不能这样处理",
                             "the transfer it names is unknown or of another kind"},
    [BOOK_REFUSED_TARGET_DIFFERS] = {"target_differs", "账户与所指的一笔不符",
                                     "its accounts are not those of the transfer it names"},
    [BOOK_REFUSED_TARGET_MORE] = {"target_more", "金额超过所指的一笔（余下部分）",
                                  "more than is left of the transfer it names"},
    [BOOK_REFUSED_POSTED] = {"posted", "占用已转为支出", "it is posted already"},
    [BOOK_REFUSED_VOIDED] = {"voided", "占用已取消", "it is voided already"},
    [BOOK_REFUSED_EXPIRED] = {"expired", "占用已过期", "it has expired"},
    [BOOK_REFUSED_EXPIRY] = {"expiry", "到期时刻不合",
                             "its expiry has passed or does not belong there"},
};

const char *book_status_key(enum book_status status)
{
    CHECK(status < BOOK_STATUS_COUNT);
    return statuses[status].key;
}

const char *book_status_text(enum book_status status, enum lang lang)
{
    CHECK(status < BOOK_STATUS_COUNT);
    return lang == LANG_ZH ? statuses[status].zh : statuses[status].en;
}
