#include "cli/help.h"

#include <string.h>

enum { LINE_COLUMNS = 80 };

static const struct exit_meaning exit_codes[] = {
    {0, "完成（名册有提示或拒收行也算完成）", "done, also with warnings or rejected rows"},
    {1, "完成，但查出了不该有的问题（audit verify、policy test）",
     "done, and what must not be was found (audit verify, policy test)"},
    {2, "命令用法不对", "wrong usage"},
    {3, "文件或内容被退回：说明文件、工作表、行和原因；被退回的文件不留下任何内容",
     "input refused: file, sheet, line and reason; nothing of a refused file is kept"},
    {4, "存储或系统故障，或没有工作区；不会只做一半",
     "storage or system failure, or no workspace; nothing is half done"},
    {5, "无权限", "not allowed"},
    {0, NULL, NULL},
};

const struct exit_meaning *help_exit_codes(void)
{
    return exit_codes;
}

/* A text of the left column, at least two columns before what is right of it. */
static void pad(FILE *out, const char *text, int width)
{
    int used = utf8_width(str_from(text));
    fputs(text, out);
    for (int i = used; i < width + 2; i++) fputc(' ', out);
}

static int widest(int width, const char *text)
{
    int used = utf8_width(str_from(text));
    return used > width ? used : width;
}

static void put_options(const struct cli *cli, const struct option *options, size_t count,
                        FILE *out)
{
    const char *left[OPTIONS_MAX];
    int width = 20;
    CHECK(count <= OPTIONS_MAX);
    for (size_t i = 0; i < count; i++) {
        const char *value = options[i].value;
        left[i] =
            value == NULL ? options[i].name : cli_format(cli, "%s %s", options[i].name, value).ptr;
        width = widest(width, left[i]);
    }
    for (size_t i = 0; i < count; i++) {
        fputs("  ", out);
        pad(out, left[i], width);
        fprintf(out, "%s\n", cli_say(cli, options[i].zh, options[i].en));
        if (options[i].type == OPTION_CHOICE && strcmp(options[i].choices, options[i].value) != 0)
            fprintf(out, "%*s%s\n", width + 4, "", options[i].choices);
    }
}

/* A paragraph in lines of at most LINE_COLUMNS: broken at blanks, and between Chinese characters
 * but not before a mark that ends something. */
static void put_wrapped(FILE *out, struct str text)
{
    size_t at = 0, begin = 0, cut = 0;
    uint32_t code;
    while (at < text.len) {
        size_t from = at;
        if (!utf8_next(text, &at, &code)) break;
        bool ends = code == 0x3002 || code == 0xFF0C || code == 0xFF1B || code == 0x3001
                    || code == 0xFF1A || code == 0xFF09 || code == 0x201D;
        if (code == ' ' || (code >= 0x2E80 && !ends)) cut = from;
        if (utf8_width(str_slice(text, begin, at)) <= LINE_COLUMNS || cut <= begin) continue;
        fprintf(out, "%.*s\n", STR_ARG(str_trim(str_slice(text, begin, cut))));
        begin = cut;
    }
    fprintf(out, "%.*s\n", STR_ARG(str_trim(str_slice(text, begin, text.len))));
}

void help_overview(const struct cli *cli, FILE *out)
{
    size_t count;
    const struct command *const *commands = commands_all(&count);
    fprintf(out, "%s\n\n",
            cli_say(cli, "保学：各部门的名册交给它，它说出哪些适龄儿童不在学校，并给出依据。",
                    "baoxue: give it the files that the offices send, and it says which "
                    "children are in no school,\nwith the evidence."));
    fprintf(out, "%sbaoxue [%s] %s\n\n", cli_say(cli, "用法：", "usage: "),
            cli_say(cli, "全局选项", "global options"), cli_say(cli, "命令 …", "COMMAND …"));
    int width = 0;
    for (size_t i = 0; i < count; i++) width = widest(width, commands[i]->name);
    for (size_t i = 0; i < count; i++) {
        fputs("  ", out);
        pad(out, commands[i]->name, width);
        fprintf(out, "%s\n", cli_say(cli, commands[i]->zh, commands[i]->en));
    }
    fprintf(out, "\n%s\n",
            cli_say(cli, "全局选项（写在命令前后都可以）：",
                    "global options, before or after the command:"));
    const struct option *options = options_global(&count);
    put_options(cli, options, count, out);
    fprintf(out, "\n%s\n",
            cli_say(cli, "先看一眼：baoxue demo demo　　某个命令怎么用：baoxue check --help",
                    "a first look: baoxue demo demo; one command: baoxue check --help"));
}

static void options_of(const struct cli *cli, const struct command *command, FILE *out)
{
    if (command->options[0].name == NULL) return;
    fprintf(out, "\n%s\n", cli_say(cli, "选项：", "options:"));
    size_t count = 0;
    while (count < OPTIONS_MAX && command->options[count].name != NULL) count++;
    put_options(cli, command->options, count, out);
}

void help_command(const struct cli *cli, const struct command *command, FILE *out)
{
    fprintf(out, "%s\n\n", cli_say(cli, command->zh, command->en));
    fprintf(out, "%sbaoxue %s%s%s%s\n", cli_say(cli, "用法：", "usage: "), command->name,
            *command->words == '\0' ? "" : " ", command->words,
            command->options[0].name == NULL ? "" : cli_say(cli, " [选项]", " [options]"));
    if (command->more_zh != NULL) {
        fputc('\n', out);
        put_wrapped(out, str_from(cli_say(cli, command->more_zh, command->more_en)));
    }
    options_of(cli, command, out);
    fprintf(out, "\n%s\n", cli_say(cli, "例子：", "examples:"));
    for (size_t i = 0; i < EXAMPLES_MAX && command->examples[i].line != NULL; i++) {
        const struct example *example = &command->examples[i];
        fprintf(out, "  %s\n      %s\n", example->line, cli_say(cli, example->zh, example->en));
    }
}
