#include "cli/figures_open.h"

bool cli_figure_find(const struct figures *figures, struct str key, const struct figure **out,
                     struct err *err)
{
    *out = figure_find(figures, key);
    if (*out != NULL) return true;
    err_set(err, ERR_USAGE, "there is no figure \"%.*s\"", "没有指标“%.*s”", STR_ARG(key));
    return err_hint(err, "\"baoxue figures\" lists them", "可用 baoxue figures 查看");
}

bool cli_figures_open(struct cli *cli, struct str key, struct cli_figures *out, struct err *err)
{
    return cli_figures_open_at(cli, key, DAY_NONE, out, err);
}

bool cli_figures_open_at(struct cli *cli, struct str key, day published, struct cli_figures *out,
                         struct err *err)
{
    struct read_at when;
    struct str area = cli_area(cli);
    if (!cli_open(cli, false, err)
        || !figures_load(&out->figures, cli->arena, cli->workspace.policies, err)) {
        return false;
    }
    out->wanted = arena_array(cli->arena, const struct figure *, out->figures.count);
    out->count = 0;
    if (key.len > 0) {
        if (!cli_figure_find(&out->figures, key, &out->wanted[0], err)) return false;
        out->count = 1;
    }
    for (size_t i = 0; key.len == 0 && i < out->figures.count; i++) {
        out->wanted[out->count++] = &out->figures.items[i];
    }
    out->asker = area.len > 0 ? asker_within(&cli->asker, area) : cli->asker;
    if (!cli_when(cli, &when, err)) return false;
    if (cli_option(cli, "--at") == NULL && !day_is_none(published)) when.at = published;
    return figure_desk_open(&out->desk, cli->arena, &cli->workspace.registry, &out->asker, when,
                            out->wanted, out->count, err);
}

struct str cli_place(const struct cli *cli, struct str code)
{
    return division_name_of(cli->workspace.divisions, code);
}
