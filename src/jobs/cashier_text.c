#include "jobs/cashier_text.h"

#include "base/yaml.h"
#include "sample/settings.h"

enum { STEP_YUAN_MAX = 100000000, BANK_DAYS_MAX = 60, FEN = 100 };

static bool read_day(struct yaml_node *map, const char *key, const char *name, day *out,
                     struct err *err)
{
    struct str text;
    if (!yaml_text(map, key, name, &text, err)) return false;
    if (day_parse(text, out)) return true;
    return yaml_fail(yaml_get(map, key), name, err, "a day like 2020-11-12 is expected",
                     "应为 2020-11-12 形式的日期");
}

static bool read_number(struct yaml_node *map, const char *key, const char *name, int64_t least,
                        int64_t most, int64_t *out, struct err *err)
{
    if (!yaml_integer_or(map, key, name, least, out, err)) return false;
    if (*out >= least && *out <= most) return true;
    return yaml_fail(yaml_get(map, key), name, err, "the number is too small or too large",
                     "数字超出范围");
}

static bool read_fund(struct arena *arena, struct yaml_node *node, const char *name,
                      struct cashier_fund *out, struct err *err)
{
    struct str shares;
    if (!yaml_text(node, "key", name, &out->key, err)
        || !yaml_text(node, "name", name, &out->name, err)
        || !yaml_text(node, "document", name, &out->document, err)
        || !yaml_text(node, "voucher", name, &out->voucher, err)
        || !read_day(node, "received", name, &out->received, err)
        || !yaml_text(node, "shares", name, &shares, err)
        || !yaml_texts(arena, node, "schemes", name, &out->schemes, &out->scheme_count, err)) {
        return false;
    }
    if (out->scheme_count == 0) {
        return yaml_fail(node, name, err, "the fund pays no scheme", "资金没有指明用于哪些项目");
    }
    return fund_shares_read(shares, out->shares, err) || err_at(err, "%s", "%s", name);
}

static bool read_funds(struct cashier_text *out, struct arena *arena, struct yaml_node *map,
                       const char *name, struct err *err)
{
    struct yaml_node *list = yaml_get(map, "funds");
    if (list == NULL || list->kind != YAML_LIST || list->count > CASHIER_FUNDS_MAX) {
        return yaml_fail(map, name, err, "a list of at most 16 funds is expected",
                         "应有 funds 列表，最多 16 笔");
    }
    out->fund_count = list->count;
    for (size_t i = 0; i < list->count; i++) {
        if (!read_fund(arena, list->items[i], name, &out->funds[i], err)) return false;
    }
    return true;
}

static bool read_who(struct cashier_text *out, struct yaml_node *map, const char *name,
                     struct err *err)
{
    if (!yaml_text(map, "proposes", name, &out->proposes, err)
        || !yaml_text(map, "approves", name, &out->approves, err)
        || !yaml_text(map, "account", name, &out->account, err)) {
        return false;
    }
    if (!str_equal(out->proposes, out->approves)) return true;
    return yaml_fail(yaml_get(map, "approves"), name, err,
                     "whoever proposes cannot approve: another name is needed",
                     "提出的人不能自己审批，须另写一人");
}

static bool read_bank(struct cashier_text *out, struct yaml_node *map, const char *name,
                      struct err *err)
{
    struct yaml_node *reasons = yaml_get(map, "reasons");
    int64_t days;
    if (!read_number(map, "bank_days", name, 0, BANK_DAYS_MAX, &days, err)) return false;
    out->bank_days = (int32_t)days;
    return yaml_text(reasons, "unknown", name, &out->reason_unknown, err)
           && yaml_text(reasons, "holder", name, &out->reason_holder, err)
           && yaml_text(reasons, "stopped", name, &out->reason_stopped, err)
           && yaml_text(map, "received_words", name, &out->received_words, err)
           && yaml_text(map, "paid_words", name, &out->paid_words, err);
}

bool cashier_text_load(struct cashier_text *out, struct arena *arena, const char *folder,
                       struct err *err)
{
    struct cashier_text made = {0};
    struct str text, file;
    struct yaml_node *map;
    int64_t step_yuan;
    if (!sample_pack_read(arena, folder, "sample_payments.yaml", true, &text, &file, err)
        || !yaml_parse(arena, text, file.ptr, &map, err) || !read_who(&made, map, file.ptr, err)
        || !read_number(map, "reserve", file.ptr, 0, PPM, &made.reserve_ppm, err)
        || !read_number(map, "step_yuan", file.ptr, 1, STEP_YUAN_MAX, &step_yuan, err)
        || !read_funds(&made, arena, map, file.ptr, err) || !read_bank(&made, map, file.ptr, err)
        || !yaml_check_used(map, file.ptr, err)) {
        return false;
    }
    made.step_fen = step_yuan * FEN;
    *out = made;
    return true;
}
