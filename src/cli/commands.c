#include "cli/commands.h"

/* By name: suggestions, help and documents follow this order. */
/* clang-format off: one a line, so that two people can add theirs. */
static const struct command *const commands[] = {
    &command_aid_decide,
    &command_aid_explain,
    &command_aid_proposals,
    &command_audit,
    &command_audit_verify,
    &command_backup,
    &command_case,
    &command_cases,
    &command_cases_ledger,
    &command_cases_pack,
    &command_cases_unpack,
    &command_check,
    &command_demo,
    &command_doctor,
    &command_duty_list,
    &command_figures,
    &command_figures_check,
    &command_figures_compare,
    &command_figures_publish,
    &command_figures_published,
    &command_figures_show,
    &command_fund_hand_back,
    &command_fund_list,
    &command_fund_open,
    &command_fund_project,
    &command_fund_projects,
    &command_fund_receive,
    &command_help,
    &command_import,
    &command_import_list,
    &command_import_rejects,
    &command_import_undo,
    &command_init,
    &command_keys_reseal,
    &command_keys_rotate,
    &command_ledger_export,
    &command_ledger_seal,
    &command_ledger_verify,
    &command_link,
    &command_link_train,
    &command_match,
    &command_match_evaluate,
    &command_match_explain,
    &command_match_schema,
    &command_papers,
    &command_papers_make,
    &command_pay_approve,
    &command_pay_approve_recovery,
    &command_pay_approve_reinstatement,
    &command_pay_explain,
    &command_pay_export,
    &command_pay_list,
    &command_pay_propose,
    &command_pay_prove,
    &command_pay_reconcile,
    &command_pay_recover,
    &command_pay_recoveries,
    &command_pay_reinstate,
    &command_pay_reinstatements,
    &command_pay_return,
    &command_pay_statement,
    &command_pay_suspense,
    &command_pay_void,
    &command_person,
    &command_place_allot,
    &command_place_duty,
    &command_place_eligible,
    &command_place_explain,
    &command_place_keep,
    &command_place_posts,
    &command_place_report,
    &command_place_rotate,
    &command_place_rotate_verify,
    &command_place_rules,
    &command_place_run,
    &command_place_verify,
    &command_policy_check,
    &command_policy_cover,
    &command_policy_format,
    &command_policy_impact,
    &command_policy_list,
    &command_policy_show,
    &command_policy_test,
    &command_registers,
    &command_report,
    &command_restore,
    &command_retention,
    &command_retention_apply,
    &command_review,
    &command_review_decide,
    &command_risk,
    &command_serve,
    &command_standards,
    &command_standards_counties,
    &command_standards_requirements,
    &command_suspects,
    &command_user,
    &command_user_add,
    &command_user_disable,
    &command_user_enable,
    &command_user_password,
    &command_user_reset,
};
/* clang-format on */

static const struct option global_options[] = {
    {"--db", OPTION_FILE, "FILE", NULL, "工作区文件（默认 ./baoxue.db）",
     "the workspace file (default ./baoxue.db)"},
    {"--lang", OPTION_CHOICE, "zh|en", "zh|en", "屏幕语言（默认随系统，否则中文）；列名、代码不变",
     "words on screen (default from the locale, else zh); columns and codes stay"},
    {"--json", OPTION_FLAG, NULL, NULL, "结果以一个 JSON 文档输出",
     "the result as one JSON document"},
    {"--quiet", OPTION_FLAG, NULL, NULL, "不显示进度条", "no progress bars"},
    {"--user", OPTION_TEXT, "NAME", NULL,
     "以某用户登录（询问密码，或取自 BAOXUE_PASSWORD_FILE 所指文件）",
     "log in as a user (asks for the password, or takes it from the file that "
     "BAOXUE_PASSWORD_FILE names)"},
    {"--help", OPTION_FLAG, NULL, NULL, "显示用法和例子", "how to use it, with examples"},
    {"--version", OPTION_FLAG, NULL, NULL, "显示版本", "the version"},
};

const struct command *const *commands_all(size_t *count)
{
    *count = sizeof commands / sizeof *commands;
    return commands;
}

const struct option *options_global(size_t *count)
{
    *count = sizeof global_options / sizeof *global_options;
    return global_options;
}

const struct command *command_find(struct str name)
{
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        if (str_is(name, commands[i]->name)) return commands[i];
    }
    return NULL;
}
