#include "base/json.h"
#include "cli/help.h"
#include "cli/report.h"

#include <string.h>

/* Text for roff: a hyphen is a minus, a leading dot or quote is no request. */
static void roff(FILE *out, const char *text)
{
    if (*text == '.' || *text == '\'') fputs("\\&", out);
    for (; *text != '\0'; text++) {
        if (*text == '-') {
            fputs("\\-", out);
        } else if (*text == '\\') {
            fputs("\\e", out);
        } else {
            fputc(*text, out);
        }
    }
}

static void roff_options(FILE *out, const struct option *options, size_t count)
{
    for (size_t i = 0; i < count && options[i].name != NULL; i++) {
        fputs(".TP\n.B ", out);
        roff(out, options[i].name);
        if (options[i].value != NULL) {
            fputs(" \\fI", out);
            roff(out, options[i].value);
            fputs("\\fR", out);
        }
        fputc('\n', out);
        roff(out, options[i].en);
        fputc('\n', out);
    }
}

static void roff_command(FILE *out, const struct command *command)
{
    fputs(".SS \"baoxue ", out);
    roff(out, command->name);
    if (*command->words != '\0') fputc(' ', out);
    roff(out, command->words);
    fputs("\"\n", out);
    roff(out, command->en);
    fputs(".\n", out);
    if (command->more_en != NULL) {
        fputs(".PP\n", out);
        roff(out, command->more_en);
        fputc('\n', out);
    }
    roff_options(out, command->options, OPTIONS_MAX);
    for (size_t i = 0; i < EXAMPLES_MAX && command->examples[i].line != NULL; i++) {
        fputs(".PP\n", out);
        roff(out, command->examples[i].en);
        fputs(":\n.PP\n.RS\n", out);
        roff(out, command->examples[i].line);
        fputs("\n.RE\n", out);
    }
}

void help_manual(FILE *out)
{
    size_t count, global_count;
    const struct command *const *commands = commands_all(&count);
    const struct option *global = options_global(&global_count);
    fprintf(out, ".TH BAOXUE 1 \"\" \"baoxue %s\" \"User commands\"\n", BAOXUE_VERSION);
    fputs(
        ".SH NAME\nbaoxue \\- find the children of compulsory-school age who are in no school\n"
        ".SH SYNOPSIS\n.B baoxue\n[global options] \\fICOMMAND\\fR ...\n.SH DESCRIPTION\n"
        "Reads the registers that offices keep (household registration, school rolls, attendance, "
        "deaths and others)\nas clerks export them, links the records of one person, compares what "
        "ought to be with what is,\nand lists the differences with their evidence. Data goes to "
        "standard output, words about it to standard error.\n.SH GLOBAL OPTIONS\n",
        out);
    roff_options(out, global, global_count);
    fputs(".SH COMMANDS\n", out);
    for (size_t i = 0; i < count; i++) roff_command(out, commands[i]);
    fputs(".SH EXIT STATUS\n", out);
    for (const struct exit_meaning *code = help_exit_codes(); code->en != NULL; code++) {
        fprintf(out, ".TP\n.B %d\n", code->code);
        roff(out, code->en);
        fputc('\n', out);
    }
    fputs(".SH FILES\n.TP\n.I ./baoxue.db\nthe workspace, unless \\-\\-db names another\n"
          ".TP\n.I ./baoxue.db.key\nthe key of the identifying columns: without it they cannot be "
          "read, so keep a copy elsewhere\n.SH ENVIRONMENT\n.TP\n.B LC_ALL, LC_MESSAGES, LANG\n"
          "the language of words on screen, unless \\-\\-lang is given\n",
          out);
}

static void markdown_options(const struct cli *cli, FILE *out, const struct option *options,
                             size_t count)
{
    if (count == 0 || options[0].name == NULL) return;
    fprintf(out, "| %s | |\n|---|---|\n", cli_say(cli, "选项", "option"));
    for (size_t i = 0; i < count && options[i].name != NULL; i++) {
        fprintf(out, "| `%s%s", options[i].name, options[i].value == NULL ? "" : " ");
        for (const char *c = options[i].value; c != NULL && *c != '\0'; c++) {
            fputs(*c == '|' ? "\\|" : (char[]){*c, '\0'}, out);
        }
        fprintf(out, "` | %s", cli_say(cli, options[i].zh, options[i].en));
        if (options[i].type == OPTION_CHOICE && strcmp(options[i].choices, options[i].value) != 0) {
            struct str rest = str_from(options[i].choices), part;
            fputs(cli_say(cli, "：", ":"), out);
            while (str_split(&rest, '|', &part)) fprintf(out, " `%.*s`", STR_ARG(part));
        }
        fputs(" |\n", out);
    }
    fputc('\n', out);
}

void help_markdown(const struct cli *cli, FILE *out)
{
    size_t count, global_count;
    const struct command *const *commands = commands_all(&count);
    const struct option *global = options_global(&global_count);
    fprintf(out, "# %s\n\n%s\n\n", cli_say(cli, "命令", "Commands"),
            cli_say(cli, "本页由 `baoxue help --format markdown` 写出，测试保证两者一致。",
                    "Written by `baoxue help --format markdown`; a test holds the two together."));
    fprintf(out, "## %s\n\n", cli_say(cli, "全局选项", "Global options"));
    markdown_options(cli, out, global, global_count);
    for (size_t i = 0; i < count; i++) {
        const struct command *command = commands[i];
        fprintf(out, "## baoxue %s\n\n%s%s\n\n", command->name,
                cli_say(cli, command->zh, command->en), cli_say(cli, "。", "."));
        fprintf(out, "```\nbaoxue %s%s%s\n```\n\n", command->name,
                *command->words == '\0' ? "" : " ", command->words);
        if (command->more_zh != NULL) {
            fprintf(out, "%s\n\n", cli_say(cli, command->more_zh, command->more_en));
        }
        markdown_options(cli, out, command->options, OPTIONS_MAX);
        for (size_t k = 0; k < EXAMPLES_MAX && command->examples[k].line != NULL; k++) {
            fprintf(out, "- `%s`: %s\n", command->examples[k].line,
                    cli_say(cli, command->examples[k].zh, command->examples[k].en));
        }
        fputc('\n', out);
    }
    fprintf(out, "## %s\n\n| | |\n|---|---|\n", cli_say(cli, "退出码", "Exit codes"));
    for (const struct exit_meaning *code = help_exit_codes(); code->en != NULL; code++) {
        fprintf(out, "| %d | %s |\n", code->code, cli_say(cli, code->zh, code->en));
    }
}

static void json_options(struct json *json, const struct option *options, size_t count)
{
    json_key(json, "options");
    json_list(json);
    for (size_t i = 0; i < count && options[i].name != NULL; i++) {
        json_str(json, str_from(options[i].name));
    }
    json_list_end(json);
}

bool help_json(struct cli *cli, struct err *err)
{
    size_t count, global_count;
    const struct command *const *commands = commands_all(&count);
    const struct option *global = options_global(&global_count);
    struct text text;
    struct json json;
    report_json_begin(cli, &text, &json);
    json_key_str(&json, "version", str_from(BAOXUE_VERSION));
    json_options(&json, global, global_count);
    json_key(&json, "commands");
    json_list(&json);
    for (size_t i = 0; i < count; i++) {
        json_object(&json);
        json_key_str(&json, "name", str_from(commands[i]->name));
        json_key_str(&json, "words", str_from(commands[i]->words));
        json_key_str(&json, "zh", str_from(commands[i]->zh));
        json_key_str(&json, "en", str_from(commands[i]->en));
        json_options(&json, commands[i]->options, OPTIONS_MAX);
        json_key(&json, "examples");
        json_list(&json);
        for (size_t k = 0; k < EXAMPLES_MAX && commands[i]->examples[k].line != NULL; k++) {
            json_str(&json, str_from(commands[i]->examples[k].line));
        }
        json_list_end(&json);
        json_object_end(&json);
    }
    json_list_end(&json);
    return report_json_end(&text, &json, err);
}
