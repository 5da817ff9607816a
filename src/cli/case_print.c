#include "base/file.h"
#include "cli/case.h"
#include "jobs/case_paper.h"

/* "case ID print PAPER": --set NAME=VALUE is what only the office knows. */

bool case_print(struct case_call *call, struct err *err)
{
    struct cli *cli = call->cli;
    const char *key = cli->word_count > 2 ? cli->words[2] : NULL, *out = cli_option(cli, "--out");
    const char *issuer = cli_option(cli, "--issuer");
    struct case_file file;
    struct notices notices;
    struct case_paper paper;
    struct case_fields given = {.arena = cli->arena};
    struct case_paper_order order = {.workspace = &cli->workspace,
                                     .work = &call->work,
                                     .file = &file,
                                     .asker = &cli->asker,
                                     .at = call->when.at};
    if (key == NULL || out == NULL) {
        return err_set(err, ERR_USAGE,
                       "say which paper and where to: case ID print PAPER --out FILE.pdf",
                       "请写明文书和文件：case 编号 print 文书 --out 文件.pdf");
    }
    if (!case_read_as_of(call, &file, err) || !cli_reveal(cli, &order.reveal, err)
        || !case_read_fields(call, &given, err)
        || !notices_load(&notices, cli->arena, cli->workspace.policies, err)) {
        return false;
    }
    order.paper = str_from(key);
    order.issuer = issuer == NULL ? STR_EMPTY : str_from(issuer);
    order.given = given.items.items;
    order.given_count = given.items.count;
    if (!case_paper_make(cli->arena, &notices, &order, &paper, err)
        || !notice_write(paper.notice, &paper.values, call->when.at, out, err)) {
        return false;
    }
    cli_note(cli, "已写出 %s", "written: %s", out);
    return true;
}
