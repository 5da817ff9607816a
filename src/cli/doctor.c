#include "jobs/doctor.h"

#include "cli/commands.h"
#include "cli/report.h"

static const struct report_column columns[] = {
    {"weight", "轻重", "weight", false},
    {"what", "检查项", "what", false},
    {"remark", "说明", "remark", false},
};

enum { COLUMNS = sizeof columns / sizeof *columns };

static bool run(struct cli *cli, int *exit_code, struct err *err)
{
    struct doctor_remark *remarks = NULL;
    size_t count = 0;
    struct report *report = NULL;
    if (!cli_open(cli, false, err)
        || !doctor_look(&cli->workspace, cli->db, cli->arena, &remarks, &count, err)
        || !report_open(&report, cli, "remarks", columns, COLUMNS, err)) {
        return false;
    }
    bool good = true, unsafe = false;
    for (size_t i = 0; good && i < count; i++) {
        struct str values[COLUMNS] = {
            str_from(doctor_weight_key(remarks[i].weight)),
            str_from(remarks[i].key),
            cli->lang == LANG_EN ? remarks[i].en : remarks[i].zh,
        };
        struct str shown[COLUMNS] = {
            [0] = str_from(doctor_weight_text(remarks[i].weight, cli->lang)),
        };
        unsafe = unsafe || remarks[i].weight == DOCTOR_UNSAFE;
        good = report_row(report, values, shown, err);
    }
    if (!good) {
        report_abandon(report);
        return false;
    }
    if (unsafe) *exit_code = 1;
    return report_close(report, err);
}

const struct command command_doctor = {
    .name = "doctor",
    .words = "",
    .capability = CAPABILITY_SYSTEM,
    .zh = "检查这套系统有什么不安全或过期（有则退出码为 1）",
    .en = "Tells what is unsafe or stale in this installation (exit code 1 if something is unsafe)",
    .more_zh = "看密钥和工作区文件的权限、工作区与审计是否完整、用户、备份、磁盘和名册的新旧。"
               "最要紧的在前。",
    .more_en = "Looks at who can read the key and the workspace, whether workspace and audit trail "
               "are whole, at users, backups, the disk and the age of registers. Worst first.",
    .options = {OPTION_OF_OUT, OPTION_OF_ALL},
    .examples = {{"baoxue doctor", "检查", "looks"}},
    .run = run,
};
