#include "cli/commands.h"
#include "cli/report.h"

static const struct report_column list_columns[] = {
    {"register", "键", "register", false},  {"zh", "名册", "Chinese", false},
    {"en", "英文", "English", false},       {"scope", "一份所含", "scope", false},
    {"fields", "字段数", "fields", true},   {"statements", "现有记载", "statements", true},
    {"batches", "批次数", "batches", true},
};

static const struct report_column field_columns[] = {
    {"field", "键", "field", false},         {"zh", "字段", "Chinese", false},
    {"en", "英文", "English", false},        {"type", "类型", "type", false},
    {"required", "必填", "required", false}, {"identifying", "加密", "identifying", false},
    {"choices", "取值", "choices", false},   {"headings", "认得的表头", "headings", false},
};

enum {
    LIST_COLUMNS = sizeof list_columns / sizeof *list_columns,
    FIELD_COLUMNS = sizeof field_columns / sizeof *field_columns,
    CELL_BYTES_MAX = 1 << 16,
};

static bool list_all(struct cli *cli, struct err *err)
{
    struct report *report = NULL;
    if (!report_open(&report, cli, "registers", list_columns, LIST_COLUMNS, err)) return false;
    for (size_t i = 0; i < cli->workspace.profiles.count; i++) {
        const struct profile *profile = &cli->workspace.profiles.items[i];
        uint64_t statements, batches;
        if (!registry_count(&cli->workspace.registry, profile, &statements, &batches, err)) {
            return false;
        }
        struct str values[LIST_COLUMNS] = {
            profile->key,
            profile->zh,
            profile->en,
            profile->scope,
            cli_number(cli, profile->field_count),
            cli_number(cli, statements),
            cli_number(cli, batches),
        };
        if (!report_row(report, values, NULL, err)) return false;
    }
    return report_close(report, err);
}

static bool list_fields(struct cli *cli, const struct profile *profile, struct err *err)
{
    struct report *report = NULL;
    if (!report_open(&report, cli, "fields", field_columns, FIELD_COLUMNS, err)) return false;
    for (size_t i = 0; i < profile->field_count; i++) {
        const struct profile_field *field = &profile->fields[i];
        struct text headings, choices;
        text_init(&headings, cli->arena, CELL_BYTES_MAX);
        text_init(&choices, cli->arena, CELL_BYTES_MAX);
        for (size_t k = 0; k < field->heading_count; k++) {
            text_add_c(&headings, k == 0 ? "" : ";");
            text_add(&headings, field->headings[k]);
        }
        for (size_t k = 0; k < field->choice_count; k++) {
            text_add_c(&choices, k == 0 ? "" : ";");
            text_add(&choices, field->choices[k].key);
        }
        struct str values[FIELD_COLUMNS] = {
            field->key,
            field->zh,
            field->en,
            str_from(field_type_key(field->type)),
            field->required ? STR("yes") : STR("no"),
            field->identifying ? STR("yes") : STR("no"),
            text_str(&choices),
            text_str(&headings),
        };
        if (!report_row(report, values, NULL, err)) return false;
    }
    return report_close(report, err);
}

static bool run(struct cli *cli, int *exit_code, struct err *err)
{
    (void)exit_code;
    if (!cli_open(cli, false, err)) return false;
    if (cli->word_count == 0) return list_all(cli, err);
    const struct profile *profile = profile_find(&cli->workspace.profiles, str_from(cli->words[0]));
    if (profile == NULL) {
        return err_set(err, ERR_USAGE, "there is no register \"%s\"; baoxue registers lists them",
                       "没有“%s”这个名册；baoxue registers 列出全部名册", cli->words[0]);
    }
    return list_fields(cli, profile, err);
}

const struct command command_registers = {
    .name = "registers",
    .words = "[NAME]",
    .capability = CAPABILITY_LOOK,
    .words_max = 1,
    .zh = "列出认得的名册，或一个名册的字段和认得的表头",
    .en = "Lists the registers known, or one's fields and the headings understood",
    .more_zh = "名册按键排序，字段按名册说明中的顺序。",
    .more_en = "Registers are sorted by key, fields stand in the order of the profile.",
    .options = {OPTION_OF_ALL},
    .examples = {{"baoxue registers", "列出名册和已导入的行数",
                  "lists registers and what is loaded"},
                 {"baoxue registers roll", "学籍名册认得哪些表头",
                  "which headings the school roll understands"}},
    .run = run,
};
