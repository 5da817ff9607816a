#include "cli/bar.h"
#include "cli/commands.h"
#include "cli/report.h"

static const struct report_column columns[] = {
    {"register", "名册", "register", false},
    {"statement", "记载", "statement", true},
    {"part", "人次", "part", true},
    {"name", "姓名", "name", false},
    {"person_before", "原编号", "person before", true},
    {"person_after", "现编号", "person after", true},
    {"why", "原因", "why", false},
    {"other_register", "相连名册", "linked register", false},
    {"other_statement", "相连记载", "linked statement", true},
    {"weight_millibits", "权重（毫比特）", "millibits", true},
};

enum { COLUMNS = sizeof columns / sizeof *columns };

static void write_facts(struct json *out, const struct people_link_result *result, bool current)
{
    json_key_bool(out, "current", current);
    json_key_bool(out, "changed", !current);
    json_key_str(out, "model", result->model);
    json_key_bool(out, "trained", result->trained);
    json_key_i64(out, "records", (int64_t)result->records);
    json_key_i64(out, "persons", (int64_t)result->persons);
    json_key_i64(out, "persons_new", (int64_t)result->persons_new);
    json_key_i64(out, "persons_gone", (int64_t)result->persons_gone);
    json_key_i64(out, "records_moved", (int64_t)result->records_moved);
    json_key_i64(out, "pairs_compared", (int64_t)result->pairs_compared);
    json_key_i64(out, "pairs_review", (int64_t)result->pairs_review);
    json_key_bool(out, "resumed", result->resumed);
    json_key_i64(out, "records_fresh", (int64_t)result->records_fresh);
}

static bool write_json(struct cli *cli, const struct people_link_result *result, bool current,
                       struct err *err)
{
    struct text text;
    struct json json;
    report_json_begin(cli, &text, &json);
    write_facts(&json, result, current);
    return report_json_end(&text, &json, err);
}

static const char *why_words(const struct cli *cli, struct str why)
{
    static const char *const words[][3] = {
        {"new", "新记录", "a new record"},
        {"pair", "有新的或改变的记录", "a new or changed record"},
        {"decision", "人工裁定", "somebody's decision"},
        {"model", "换了模型", "another model"},
        {"gone", "有记载失效", "a statement gone"},
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (str_is(why, words[i][0])) return cli_say(cli, words[i][1], words[i][2]);
    }
    return "";
}

static struct str number_or_empty(const struct cli *cli, int64_t number)
{
    return number == 0 ? STR_EMPTY : cli_number(cli, (uint64_t)number);
}

static bool write_change(struct cli *cli, struct report *report, const struct people *people,
                         const struct link_change *change, struct err *err)
{
    struct str values[COLUMNS] = {
        change->register_key,
        cli_number(cli, (uint64_t)change->statement),
        cli_number(cli, change->part),
        change->record == UINT32_MAX ? STR_EMPTY : people_text(people, change->record, PERSON_NAME),
        number_or_empty(cli, change->before),
        number_or_empty(cli, change->after),
        change->why,
    };
    if (change->other != UINT32_MAX) {
        const struct person_record *other = &people->records[change->other];
        values[7] = people->registers[other->register_number]->key;
        values[8] = cli_number(cli, (uint64_t)other->statement);
        values[9] = cli_format(cli, "%ld", (long)change->weight_millibits);
    }
    struct str shown[COLUMNS] = {[6] = str_from(why_words(cli, change->why))};
    return report_row(report, values, shown, err);
}

static bool write_changes(struct cli *cli, struct people *people,
                          const struct people_link_result *result, bool current, struct err *err)
{
    struct report *report = NULL;
    struct link_change *changes = NULL;
    size_t count = 0;
    if (!link_changes(people, &cli->workspace.registry, &cli->asker, &changes, &count, err)) {
        return false;
    }
    if (!report_open(&report, cli, "changes", columns, COLUMNS, err)) return false;
    struct json *json = report_json(report);
    if (json != NULL) write_facts(json, result, current);
    for (size_t i = 0; i < count; i++) {
        if (write_change(cli, report, people, &changes[i], err)) continue;
        report_abandon(report);
        return false;
    }
    return report_close(report, err);
}

static void tell(const struct cli *cli, const struct people_link_result *result)
{
    cli_note(cli, "模型 %.*s%s：%s 条记录归并为 %s 人；比较了 %s 对，存疑 %s 对",
             "model %.*s%s: %s records are %s persons; %s pairs compared, %s doubtful",
             STR_ARG(result->model), result->trained ? cli_say(cli, "（新学）", " (new)") : "",
             cli_thousands(cli, result->records).ptr, cli_thousands(cli, result->persons).ptr,
             cli_thousands(cli, result->pairs_compared).ptr,
             cli_thousands(cli, result->pairs_review).ptr);
    if (result->resumed) {
        cli_note(cli, "在上次结果上继续：只有 %s 条记录是新的或有变化",
                 "resting on the last run: only %s records are new or changed",
                 cli_thousands(cli, result->records_fresh).ptr);
    }
    cli_note(cli, "与上次相比：新编号 %s 个，并入他人 %s 个，改归他人的记录 %s 条",
             "since the last run: %s new numbers, %s merged into others, %s records moved",
             cli_thousands(cli, result->persons_new).ptr,
             cli_thousands(cli, result->persons_gone).ptr,
             cli_thousands(cli, result->records_moved).ptr);
    if (result->pairs_review > 0) {
        cli_note(cli, "存疑的由人裁定：baoxue review",
                 "the doubtful ones are for you: baoxue review");
    }
}

static bool link_with(struct cli *cli, bool train, struct err *err)
{
    struct read_at when;
    struct people people;
    struct people_link_result result = {0};
    struct bar bar;
    bool full = cli_has(cli, "--full"), changes = cli_has(cli, "--changes");
    if (cli_option(cli, "--out") != NULL && !changes) {
        return err_set(err, ERR_USAGE, "--out says where the changes go; give --changes too",
                       "--out 用于写出变动，请同时给出 --changes");
    }
    if (!cli_open(cli, false, err)) return false;
    if (!cli_when(cli, &when, err)) return false;
    bar_start(&bar, cli->lang, cli->quiet);
    struct people_link_options options = {.progress = &bar.progress, .train = train, .full = full};
    bool good = job_link(&cli->workspace, cli->arena, &cli->asker, when, &options, train || full,
                         &people, &result, err);
    bar_end(&bar);
    if (!good) return false;
    bool current = result.records == 0;
    if (current && !people_link_state(&people, &cli->workspace.registry, &result, err)) {
        return false;
    }
    if (changes && !write_changes(cli, &people, &result, current, err)) return false;
    if (cli->json) return changes || write_json(cli, &result, current, err);
    if (current) {
        cli_note(cli, "名册没有变化，归并结果仍然有效：%s 条记录，%s 人",
                 "no register changed: the links are current, %s records of %s persons",
                 cli_thousands(cli, result.records).ptr, cli_thousands(cli, result.persons).ptr);
        return true;
    }
    tell(cli, &result);
    return true;
}

static bool run_link(struct cli *cli, int *exit_code, struct err *err)
{
    (void)exit_code;
    return link_with(cli, false, err);
}

static bool run_train(struct cli *cli, int *exit_code, struct err *err)
{
    (void)exit_code;
    return link_with(cli, true, err);
}

const struct command command_link = {
    .name = "link",
    .words = "",
    .capability = CAPABILITY_IMPORT,
    .zh = "把各名册中同一个人的记录归并到一起",
    .en = "Links the records of one person across all registers",
    .more_zh =
        "人员编号每次运行保持不变。check 会在名册有变化时自动先归并。沿用同一模型时只比较新的"
        "和有变化的记录，结果与全部重新比较相同。--changes 列出最近一次归并改变的每条记录、"
        "原编号、现编号和原因（new 新记录、pair 有新的或改变的记录、decision 人工裁定、model "
        "换了模型、gone 有记载失效），按名册键、记载号排序；第一次归并没有变动。",
    .more_en = "Person numbers are stable from run to run. check links by itself when registers "
               "changed. With the same model only new and changed records are compared; the result "
               "is that of comparing everything. --changes lists each record whose link the newest "
               "run changed, with its person before and after and why (new: a new record, pair: a "
               "new or changed record among the two persons', decision: somebody's, model: another "
               "one, gone: a statement not in force any more), sorted by register key and "
               "statement; none after the first run.",
    .options = {OPTION_OF_AT,
                OPTION_OF_KNOWN,
                {"--changes", OPTION_FLAG, NULL, NULL, "列出最近一次归并的变动",
                 "lists what the newest run changed"},
                {"--full", OPTION_FLAG, NULL, NULL, "全部重新比较（结果相同，用时更长）",
                 "compares everything again (the same result, more time)"},
                OPTION_OF_OUT,
                OPTION_OF_ALL},
    .examples = {{"baoxue link", "归并", "links"},
                 {"baoxue link --at 2020-09-15", "按 9 月 15 日的名册归并",
                  "links the registers as of 15 September"},
                 {"baoxue link --changes --out changes.xlsx", "写出本次变动",
                  "links and writes what changed"}},
    .run = run_link,
};

const struct command command_link_train = {
    .name = "link train",
    .words = "",
    .capability = CAPABILITY_IMPORT,
    .zh = "从现有名册重新学习归并模型，命名并启用",
    .en = "Learns a new linking model from the registers, names it and puts it in force",
    .more_zh = "一个学期内宜沿用同一模型，使结果可比。",
    .more_en = "Keep one model for a term, so that results can be compared.",
    .options = {OPTION_OF_AT, OPTION_OF_KNOWN},
    .examples = {{"baoxue link train", "学期初学一次", "once at the start of a term"}},
    .run = run_train,
};
