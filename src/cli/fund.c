#include "cli/commands.h"
#include "cli/money.h"
#include "cli/packs.h"
#include "cli/report.h"

static const struct report_column columns[] = {
    {"fund", "资金", "fund", false},
    {"name", "名称", "name", false},
    {"document", "文号", "document", false},
    {"kind", "用途", "kind", false},
    {"schemes", "项目", "schemes", false},
    {"area", "区划", "area", false},
    {"level", "层级", "level", false},
    {"share", "分担", "share", false},
    {"in_fen", "收入（分）", "in, fen", true},
    {"out_fen", "支出（分）", "out, fen", true},
    {"pending_fen", "在途（分）", "promised, fen", true},
    {"left_fen", "结余（分）", "left, fen", true},
};

enum { COLUMNS = sizeof columns / sizeof *columns };

static bool write_level(struct cli *cli, struct ledger *ledger, struct report *report,
                        const struct fund *fund, enum fund_level level, struct err *err)
{
    struct fund_balance balance;
    if (!fund_balance(ledger, fund, level, &balance, err)) return false;
    struct str values[COLUMNS] = {
        fund->key,
        fund->name,
        fund->document,
        fund->project ? STR("project") : STR("aid"),
        fund->schemes,
        fund->area,
        str_from(fund_level_key(level)),
        cli_format(cli, "%s%%", money_yuan(cli->arena, fund->shares[level]).ptr),
        money_number(cli, balance.in),
        money_number(cli, balance.out),
        money_number(cli, balance.pending),
        money_number(cli, balance.left)};
    struct str shown[COLUMNS] = {[3] = str_from(fund->project
                                                    ? cli_say(cli, "学校项目", "school projects")
                                                    : cli_say(cli, "学生资助", "aid")),
                                 [5] = division_name_of(cli->workspace.divisions, fund->area),
                                 [6] = str_from(fund_level_text(level, cli->lang))};
    return report_row(report, values, shown, err);
}

static bool list(struct cli *cli, struct ledger *ledger, int *exit_code, struct err *err)
{
    (void)exit_code;
    struct fund *funds;
    size_t count;
    struct report *report = NULL;
    if (!fund_list(ledger, &cli->asker, &funds, &count, err)
        || !report_open(&report, cli, "funds", columns, COLUMNS, err)) {
        return false;
    }
    bool good = true;
    for (size_t i = 0; good && i < count; i++) {
        for (int level = 0; good && level < FUND_LEVELS; level++) {
            if (funds[i].shares[level] == 0) continue;
            good = write_level(cli, ledger, report, &funds[i], (enum fund_level)level, err);
        }
    }
    if (good) return report_close(report, err);
    report_abandon(report);
    return false;
}

static bool run_list(struct cli *cli, int *exit_code, struct err *err)
{
    return money_run(cli, list, exit_code, err);
}

/* Keys of the schemes that --scheme names, with commas between, in the policy's order. */
static bool read_schemes(struct cli *cli, struct fund *fund, struct err *err)
{
    struct pack_set set;
    struct text text;
    size_t count;
    struct str given;
    if (fund->project) return true;
    if (!money_text(cli, "--scheme", &given, err) || !packs_of_words(cli, NULL, 0, &set, err)) {
        return false;
    }
    const char **names = packs_split(cli, given.ptr, &count);
    bool *wanted = arena_array(cli->arena, bool, set.policy->scheme_count);
    for (size_t i = 0; i < count; i++) {
        uint16_t scheme;
        if (!packs_scheme(cli, set.policy, names[i], &scheme, err)) return false;
        wanted[scheme] = true;
    }
    text_init(&text, cli->arena, LEDGER_TEXT_BYTES_MAX);
    for (size_t i = 0; i < set.policy->scheme_count; i++) {
        if (!wanted[i]) continue;
        if (text.len > 0) text_add_byte(&text, ',');
        text_add(&text, set.policy->schemes[i].name.key);
    }
    fund->schemes = text_str(&text);
    return true;
}

static bool open_fund(struct cli *cli, struct ledger *ledger, int *exit_code, struct err *err)
{
    (void)exit_code;
    const char *name = cli_option(cli, "--name"), *account = cli_option(cli, "--account");
    struct str shares;
    struct fund fund = {.key = str_from(cli->words[0]),
                        .name = name == NULL ? STR_EMPTY : str_from(name),
                        .project = cli_has(cli, "--projects"),
                        .account = str_from(account == NULL ? "main" : account),
                        .area = cli_area(cli)};
    bool made;
    if (!money_text(cli, "--document", &fund.document, err)
        || !money_text(cli, "--share", &shares, err) || !fund_shares_read(shares, fund.shares, err)
        || !read_schemes(cli, &fund, err) || !fund_open(ledger, &cli->asker, &fund, &made, err)) {
        return false;
    }
    if (made) {
        cli_note(cli, "已建立资金 %.*s", "fund %.*s is open", STR_ARG(fund.key));
    } else {
        cli_note(cli, "资金 %.*s 原已建立，未改动", "fund %.*s was open already: nothing changed",
                 STR_ARG(fund.key));
    }
    if (!cli->json) return true;
    struct text text;
    struct json json;
    report_json_begin(cli, &text, &json);
    json_key_str(&json, "fund", fund.key);
    json_key_bool(&json, "made", made);
    return report_json_end(&text, &json, err);
}

static bool run_open(struct cli *cli, int *exit_code, struct err *err)
{
    return money_run(cli, open_fund, exit_code, err);
}

static bool move(struct cli *cli, struct ledger *ledger, bool back, struct err *err)
{
    struct fund fund;
    struct fund_move move = {.back = back, .on = cli_day(cli, "--day")};
    struct str level =
        str_from(cli_option(cli, "--level") == NULL ? "central" : cli_option(cli, "--level"));
    const char *document = cli_option(cli, "--document");
    bool made;
    move.level = (enum fund_level)fund_level_of(level);
    if (document != NULL) move.document = str_from(document);
    if (day_is_none(move.on)) move.on = clock_today(&cli->clock);
    if (!money_option(cli, &move.fen, err) || !money_text(cli, "--voucher", &move.voucher, err)
        || !fund_find(ledger, &cli->asker, str_from(cli->words[0]), &fund, err)
        || !fund_move(ledger, &cli->asker, &fund, &move, &made, err)) {
        return false;
    }
    if (made) {
        cli_note(cli, "凭证 %.*s 已入账：%s 元", "voucher %.*s is booked: %s yuan",
                 STR_ARG(move.voucher), money_shown(cli, move.fen).ptr);
    } else {
        cli_note(cli, "凭证 %.*s 原已入账，未再记",
                 "voucher %.*s was booked already: nothing moved", STR_ARG(move.voucher));
    }
    if (!cli->json) return true;
    struct text text;
    struct json json;
    report_json_begin(cli, &text, &json);
    json_key_str(&json, "fund", fund.key);
    json_key_str(&json, "voucher", move.voucher);
    json_key_i64(&json, "fen", move.fen);
    json_key_bool(&json, "made", made);
    return report_json_end(&text, &json, err);
}

static bool receive(struct cli *cli, struct ledger *ledger, int *exit_code, struct err *err)
{
    (void)exit_code;
    return move(cli, ledger, false, err);
}

static bool hand_back(struct cli *cli, struct ledger *ledger, int *exit_code, struct err *err)
{
    (void)exit_code;
    return move(cli, ledger, true, err);
}

static bool run_receive(struct cli *cli, int *exit_code, struct err *err)
{
    return money_run(cli, receive, exit_code, err);
}

static bool run_hand_back(struct cli *cli, int *exit_code, struct err *err)
{
    return money_run(cli, hand_back, exit_code, err);
}

#define OPTION_OF_LEVEL                                                                            \
    {                                                                                              \
        "--level", OPTION_CHOICE, "LEVEL", "central|province|city|county",                         \
            "哪一级的钱（默认 central 中央）", "whose money (default: central)"                    \
    }

const struct command command_fund_list = {
    .name = "fund list",
    .words = "",
    .capability = CAPABILITY_PAY,
    .zh = "列出资金：收入、支出、在途、结余，按层级",
    .en = "Lists the funds: what came in, went out, is promised and is left, by level",
    .more_zh = "按代号、层级排序。",
    .more_en = "Sorted by key, then level.",
    .options = {OPTION_OF_OUT, OPTION_OF_ALL},
    .examples = {{"baoxue fund list", "全部资金", "all funds"}},
    .run = run_list,
};

const struct command command_fund_open = {
    .name = "fund open",
    .words = "KEY",
    .words_min = 1,
    .words_max = 1,
    .capability = CAPABILITY_PAY,
    .zh = "按文件建立一笔资金，写明用于哪些项目、各级分担多少",
    .en = "Opens a fund under a document: which schemes it pays, and which level bears how much",
    .more_zh =
        "分担比例写成 central=50,province=25,city=10,county=15，合计 100。每笔发放按此分到各级。"
        "同样的资金再建一次，不改动任何东西。",
    .more_en = "Shares are written central=50,province=25,city=10,county=15 and sum to 100; each "
               "payment is divided by them. Opening the same fund again changes nothing.",
    .options = {{"--document", OPTION_TEXT, "DOCUMENT", NULL, "文号（必填）",
                 "the document (needed)"},
                {"--share", OPTION_TEXT, "LEVEL=PERCENT,…", NULL, "各级分担比例（必填）",
                 "the shares of the levels (needed)"},
                {"--scheme", OPTION_TEXT, "S,…", NULL, "用于哪些资助项目（键或名称）",
                 "which schemes it pays (keys or names)"},
                {"--projects", OPTION_FLAG, NULL, NULL, "用于学校项目，不发资助",
                 "pays school projects, no aid"},
                {"--name", OPTION_TEXT, "NAME", NULL, "名称", "its name"},
                {"--area", OPTION_AREA, "CODE", NULL, "只用于此区划的学校",
                 "schools of this area only"},
                {"--account", OPTION_TEXT, "KEY", NULL, "存放的银行账户（默认 main）",
                 "the bank account that holds it (default main)"}},
    .examples = {{"baoxue fund open 2020-生活补助 --document 甘财教〔2020〕15号 --scheme "
                  "boarding_subsidy,day_subsidy --share central=50,province=25,city=10,county=15",
                  "生活补助，中央与地方各半", "living subsidies, half of it central"}},
    .run = run_open,
};

const struct command command_fund_receive = {
    .name = "fund receive",
    .words = "KEY",
    .words_min = 1,
    .words_max = 1,
    .capability = CAPABILITY_PAY,
    .zh = "记下一笔到账的资金",
    .en = "Books money that came in for a fund",
    .options = {OPTION_OF_LEVEL,
                OPTION_OF_YUAN,
                OPTION_OF_VOUCHER,
                {"--document", OPTION_TEXT, "DOCUMENT", NULL, "下达文号（默认资金的文号）",
                 "the document it came by (default: the fund's)"},
                {"--day", OPTION_DAY, "DATE", NULL, "到账日（默认今天）",
                 "when it came (default today)"}},
    .examples = {{"baoxue fund receive 2020-生活补助 --level central --yuan 3,000,000.00 --voucher "
                  "国库2020-0915",
                  "中央资金到账", "the central share has come"}},
    .run = run_receive,
};

const struct command command_fund_hand_back = {
    .name = "fund hand-back",
    .words = "KEY",
    .words_min = 1,
    .words_max = 1,
    .capability = CAPABILITY_PAY,
    .zh = "把结余交回财政",
    .en = "Hands unspent money back to the treasury",
    .more_zh = "不能超过尚未安排的结余。",
    .more_en = "At most what is left and not promised.",
    .options = {OPTION_OF_LEVEL,
                OPTION_OF_YUAN,
                OPTION_OF_VOUCHER,
                {"--document", OPTION_TEXT, "DOCUMENT", NULL, "文号（默认资金的文号）",
                 "the document (default: the fund's)"},
                {"--day", OPTION_DAY, "DATE", NULL, "交回日（默认今天）", "when (default today)"}},
    .examples = {{"baoxue fund hand-back 2020-生活补助 --level county --yuan 1200 --voucher 上缴-7",
                  "县级结余上缴", "what is left of the county's share"}},
    .run = run_hand_back,
};
