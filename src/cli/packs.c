#include "cli/packs.h"

#include "base/list.h"
#include "cli/suggest.h"

#include <string.h>

const char **packs_split(struct cli *cli, const char *list, size_t *count)
{
    LIST(const char *) parts = {0};
    struct str rest = list == NULL ? STR_EMPTY : str_from(list), part;
    while (rest.ptr != NULL && str_split(&rest, ',', &part)) {
        part = str_trim(part);
        if (part.len > 0) *list_push(cli->arena, &parts) = str_cstr(cli->arena, part);
    }
    *count = parts.count;
    return parts.items;
}

bool packs_of_words(struct cli *cli, const char *const *words, size_t count, struct pack_set *out,
                    struct err *err)
{
    struct pack_faults faults;
    struct pack_wish wish = {.packs = words, .pack_count = count};
    if (packs_load(cli->arena, &wish, &faults, out, err)) return true;
    if (faults.list.count > 1) {
        cli_note(cli, "共 %zu 处错误；policy check 列出全部", "%zu faults; policy check lists them",
                 faults.list.count);
    }
    return false;
}

bool packs_of_option(struct cli *cli, struct pack_set *out, struct err *err)
{
    size_t count;
    const char **names = packs_split(cli, cli_option(cli, "--packs"), &count);
    if (cli_has(cli, "--packs") && count == 0) {
        return err_set(err, ERR_USAGE, "--packs names no pack", "--packs 没有写出包名");
    }
    return packs_of_words(cli, names, count, out, err);
}

bool packs_scheme(struct cli *cli, const struct policy *policy, const char *name, uint16_t *out,
                  struct err *err)
{
    uint16_t found = policy_find_scheme(policy, str_from(name));
    if (found != POLICY_NONE) {
        *out = found;
        return true;
    }
    struct suggestion best = suggest_start(str_from(name));
    for (size_t i = 0; i < policy->scheme_count; i++) {
        suggest_try(&best, str_cstr(cli->arena, policy->schemes[i].name.key));
    }
    if (best.word == NULL) {
        return err_set(err, ERR_USAGE, "there is no scheme \"%s\"; policy list names them",
                       "没有“%s”这个项目，policy list 列出全部", name);
    }
    return err_set(err, ERR_USAGE, "there is no scheme \"%s\"; did you mean %s?",
                   "没有“%s”这个项目，是不是 %s？", name, best.word);
}

struct str packs_place(const struct cli *cli, const struct policy *policy,
                       struct policy_place place)
{
    return cli_format(cli, "%.*s:%d:%d", STR_ARG(policy->sources[place.source].name), place.line,
                      place.column);
}
