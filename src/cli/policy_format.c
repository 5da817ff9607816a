#include "base/file.h"
#include "cli/commands.h"
#include "cli/packs.h"
#include "policy/format.h"

#include <stdio.h>
#include <string.h>

/* What is to be laid out: a pack, or one file of one. */
struct wished {
    const char *folder; /* or the name of a pack */
    const char *file;   /* only this; NULL: all of the pack */
};

static const char *name_between(struct cli *cli, const char *from, const char *to)
{
    return str_cstr(cli->arena, (struct str){from, (size_t)(to - from)});
}

/* A file belongs to the pack whose folder it lies in, rules/ left out. */
static struct wished wish_of(struct cli *cli, const char *word)
{
    if (!str_ends(str_from(word), STR(".policy")) || file_is_folder(word)) {
        return (struct wished){word, NULL};
    }
    const char *slash = strrchr(word, '/');
    if (slash == NULL) return (struct wished){".", word};
    const char *folder = slash == word ? "/" : name_between(cli, word, slash);
    slash = strrchr(folder, '/');
    if (str_is(file_name(folder), "rules")) {
        folder = slash == NULL ? "." : slash == folder ? "/" : name_between(cli, folder, slash);
    }
    return (struct wished){folder, word};
}

static bool is_wished(const struct wished *wished, const struct pack_set *set, size_t source)
{
    if (!set->asked_sources[source]) return false;
    if (wished->file == NULL) return true;
    return set->paths[source] != NULL
           && str_equal(file_name(set->paths[source]), file_name(wished->file));
}

/* Where a text goes: its own file, a folder, or standard output. */
static bool deliver(struct cli *cli, const struct pack_set *set, size_t source, struct str text,
                    bool titled, struct err *err)
{
    const char *folder = cli_option(cli, "--out");
    if (cli_has(cli, "--write")) {
        if (set->paths[source] == NULL) {
            return err_set(err, ERR_USAGE, "%.*s is built in: name a folder, or use --out FOLDER",
                           "%.*s 是内置的：请写文件夹，或用 --out FOLDER",
                           STR_ARG(set->sources[source].name));
        }
        if (str_equal(text, set->sources[source].text)) return true;
        return file_write(set->paths[source], text, 0644, err);
    }
    if (folder != NULL) {
        struct str name = file_name(str_cstr(cli->arena, set->sources[source].name));
        struct str path = cli_format(cli, "%s/%.*s", folder, STR_ARG(name));
        return file_make_folder(folder, err) && file_write(path.ptr, text, 0644, err);
    }
    if (titled) printf("# %.*s\n\n", STR_ARG(set->sources[source].name));
    if (fwrite(text.ptr, 1, text.len, stdout) == text.len) return true;
    return err_set(err, ERR_IO, "could not write to standard output", "无法写入标准输出");
}

static bool format_all(struct cli *cli, const struct wished *wished, const struct pack_set *set,
                       int *exit_code, struct err *err)
{
    size_t wished_count = 0, changed = 0, done = 0;
    for (size_t s = 0; s < set->source_count; s++) wished_count += is_wished(wished, set, s);
    if (wished_count == 0) {
        return err_set(err, ERR_NOT_FOUND, "there is no text to lay out in \"%s\"",
                       "“%s”里没有可排版的文本", wished->folder);
    }
    for (size_t s = 0; s < set->source_count; s++) {
        struct str text, source = set->sources[s].text;
        if (!is_wished(wished, set, s)) continue;
        enum lang lang = cli->lang_given ? cli->lang : policy_text_lang(cli->arena, source);
        policy_format(cli->arena, set->policy, (uint16_t)s, source, lang, &text);
        bool same = str_equal(text, source);
        changed += !same;
        if (cli_has(cli, "--check")) {
            if (!same) printf("%.*s\n", STR_ARG(set->sources[s].name));
            continue;
        }
        if (!deliver(cli, set, s, text, done++ > 0 || wished_count > 1, err)) return false;
    }
    if (cli_has(cli, "--check") && changed > 0) *exit_code = 1;
    if (cli_has(cli, "--check") || cli_has(cli, "--write") || cli_has(cli, "--out")) {
        cli_note(cli, "%zu 个文件，%zu 个排版不同", "%zu files, %zu laid out differently",
                 wished_count, changed);
    }
    return true;
}

static bool run(struct cli *cli, int *exit_code, struct err *err)
{
    struct pack_set set;
    struct wished wished = wish_of(cli, cli->words[0]);
    int ways = cli_has(cli, "--check") + cli_has(cli, "--write") + cli_has(cli, "--out");
    if (ways > 1) {
        return err_set(err, ERR_USAGE, "--check, --write and --out do not go together",
                       "--check、--write、--out 只能用一个");
    }
    return packs_of_words(cli, &wished.folder, 1, &set, err)
           && format_all(cli, &wished, &set, exit_code, err);
}

const struct command command_policy_format = {
    .name = "policy format",
    .words = "FILE|PACK",
    .words_min = 1,
    .words_max = 1,
    .zh = "按统一的样子排版政策文本，或译成另一种语言",
    .en = "Lays policy text out in one way, or turns it into the other language",
    .more_zh = "FILE 是一个 .policy 文件，PACK 的写法同 policy check。关键词、单位和名称用 --lang "
               "所说的语言写；不写 --lang 则保持文本原来的语言。注释和声明的次序不变，读出来还是"
               "同一套规则；排过的再排一遍，一个字节也不变。文本须先没有错误。--check "
               "列出排版不同的文件，有则退出码为 1。",
    .more_en = "FILE is a .policy file, PACK is written as for policy check. Keywords, units and "
               "names come in the language of --lang; without it a text keeps its own. Comments "
               "and the order of declarations stay, and the text still reads to the same rules; "
               "laying it out again changes nothing. A text with faults is not laid out. --check "
               "lists the files that are laid out differently, and the exit code is then 1.",
    .options = {{"--check", OPTION_FLAG, NULL, NULL, "只看哪些文件的排版不同",
                 "only says which files are laid out differently"},
                {"--write", OPTION_FLAG, NULL, NULL, "写回文件", "writes the files anew"},
                {"--out", OPTION_FILE, "FOLDER", NULL, "写入另一个文件夹",
                 "writes into another folder"}},
    .examples = {{"baoxue policy format ./my_county --write", "排好自己的包",
                  "lays a pack of your own out"},
                 {"baoxue policy format gansu --lang en", "用英文看甘肃的规则",
                  "shows the rules of Gansu in English"}},
    .run = run,
};
