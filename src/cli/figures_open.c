#include "cli/figures_open.h"

#include "figures/requirement.h"

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

static bool load(struct cli *cli, struct cli_figures *out, struct err *err)
{
    if (!cli_open(cli, false, err)
        || !figures_load(&out->figures, cli->arena, cli->workspace.policies, err)) {
        return false;
    }
    size_t most = out->figures.count + out->figures.list_count;
    out->wanted = arena_array(cli->arena, const struct figure *, most);
    out->count = 0;
    return true;
}

static bool lay(struct cli *cli, day published, struct cli_figures *out, struct err *err)
{
    struct read_at when;
    struct str area = cli_area(cli);
    out->asker = area.len > 0 ? asker_within(&cli->asker, area) : cli->asker;
    if (!cli_when(cli, &when, err)) return false;
    if (cli_option(cli, "--at") == NULL && !day_is_none(published)) when.at = published;
    return figure_desk_open(&out->desk, cli->arena, &cli->workspace.registry, &out->asker, when,
                            out->wanted, out->count, err);
}

bool cli_figures_open_at(struct cli *cli, struct str key, day published, struct cli_figures *out,
                         struct err *err)
{
    if (!load(cli, out, err)) return false;
    if (key.len > 0) {
        if (!cli_figure_find(&out->figures, key, &out->wanted[0], err)) return false;
        out->count = 1;
    }
    for (size_t i = 0; key.len == 0 && i < out->figures.count; i++) {
        out->wanted[out->count++] = &out->figures.items[i];
    }
    return lay(cli, published, out, err);
}

bool cli_requirements_open(struct cli *cli, struct str key, struct cli_figures *out,
                           struct err *err)
{
    struct text names;
    if (!load(cli, out, err)) return false;
    text_init(&names, cli->arena, 4000);
    for (size_t i = 0; i < out->figures.count + out->figures.list_count; i++) {
        const struct figure *rule = &out->figures.items[i];
        if (!requirement_is(rule)) continue;
        text_add_f(&names, "%s%.*s", names.len == 0 ? "" : ", ", STR_ARG(rule->key));
        if (key.len == 0 || str_equal(key, rule->key)) out->wanted[out->count++] = rule;
    }
    if (key.len > 0 && out->count == 0) {
        return err_set(err, ERR_USAGE, "there is no requirement \"%.*s\"; there are: %.*s",
                       "没有要求“%.*s”；有：%.*s", STR_ARG(key), STR_ARG(text_str(&names)));
    }
    return lay(cli, DAY_NONE, out, err);
}

struct str cli_place(const struct cli *cli, struct str code)
{
    return division_name_of(cli->workspace.divisions, code);
}
