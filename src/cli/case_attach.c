#include "access/audit.h"
#include "base/file.h"
#include "cli/case.h"
#include "cli/number.h"
#include "cli/report.h"

static const struct report_column columns[] = {
    {"version", "版", "version", true}, {"day", "日期", "day", false},
    {"event", "事项", "event", false},  {"user", "何人", "who", false},
    {"file", "附件", "file", false},    {"bytes", "字节", "bytes", true},
    {"hash", "校验", "hash", false},
};

enum { COLUMNS = sizeof columns / sizeof *columns, FIRST_FILE = 2 };

bool case_attach(struct case_call *call, struct err *err)
{
    struct cli *cli = call->cli;
    const char *said = cli_option(cli, "--said");
    day given = cli_day(cli, "--day");
    struct case_attachment files[CASE_ATTACHMENTS_MAX];
    struct case_fields fields = {.arena = cli->arena};
    struct case_event event = {.kind = EVENT_ATTACHED,
                               .on = day_is_none(given) ? clock_today(&cli->clock) : given};
    struct case_write write = {.events = &event, .count = 1, .attachments = files};
    for (size_t i = FIRST_FILE; i < cli->word_count; i++) {
        const char *path = cli->words[i];
        if (!case_attachment_read(cli->arena, path, file_name(path),
                                  &files[write.attachment_count++], err)) {
            return false;
        }
    }
    if (write.attachment_count == 0) {
        return err_set(err, ERR_USAGE, "say which files: case ID attach FILE...",
                       "请写明附件：case 编号 attach 文件…");
    }
    if (said != NULL) case_fields_add(&fields, "note", str_trim(str_from(said)));
    event.fields = fields.items.items;
    event.field_count = fields.items.count;
    return case_write_call(call, &write, err);
}

static bool add_rows(struct case_call *call, struct report *report, const struct case_file *file,
                     const int64_t *bytes, struct err *err)
{
    struct cli *cli = call->cli;
    for (size_t i = 0; i < file->event_count; i++) {
        const struct case_event *event = &file->events[i];
        struct str name = case_event_get(event, "file");
        if (name.len == 0 || event->on.days > call->when.at.days) continue;
        struct str values[COLUMNS] = {
            cli_number(cli, (uint64_t)event->version),
            cli_date(cli, event->on),
            str_from(case_event_key(event->kind)),
            event->user,
            name,
            bytes[i] > 0 ? cli_number(cli, (uint64_t)bytes[i]) : STR_EMPTY,
            case_event_get(event, "file_hash"),
        };
        struct str shown[COLUMNS] = {[2] = str_from(case_event_text(event->kind, cli->lang))};
        if (!report_row(report, values, shown, err)) return false;
    }
    return true;
}

static bool list(struct case_call *call, const struct case_file *file, struct err *err)
{
    struct cli *cli = call->cli;
    struct report *report = NULL;
    int64_t *bytes;
    if (!case_attachment_sizes(&call->work, cli->arena, file, &bytes, err)
        || !audit_append(cli->workspace.store, &cli->clock, &cli->asker, AUDIT_LOOK,
                         cli_format(cli, "case %lld", (long long)file->number), STR_EMPTY, err)
        || !report_open(&report, cli, "files", columns, COLUMNS, err)) {
        return false;
    }
    if (!add_rows(call, report, file, bytes, err)) {
        report_abandon(report);
        return false;
    }
    return report_close(report, err);
}

bool case_files(struct case_call *call, struct err *err)
{
    struct cli *cli = call->cli;
    const char *out = cli_option(cli, "--out");
    struct case_file file;
    struct case_attachment attachment;
    int64_t version;
    if (!case_read_as_of(call, &file, err)) return false;
    if (cli->word_count == FIRST_FILE) return list(call, &file, err);
    if (!number_read(cli->words[FIRST_FILE], &version, err)) return false;
    if (out == NULL) {
        return err_set(err, ERR_USAGE, "say where to: case ID files VERSION --out FILE",
                       "请写明存到哪里：case 编号 files 版次 --out 文件");
    }
    if (!case_attachment_open(&call->work, cli->arena, &cli->asker, &file, version, &attachment,
                              err)
        || !file_write(out, attachment.bytes, 0600, err)) {
        return false;
    }
    cli_note(cli, "已写出 %s", "written: %s", out);
    return true;
}
