#include "cli/cli.h"

#include "cli/moment.h"
#include "cli/suggest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The language is looked for before anything can go wrong. */
static enum lang language_of(int argc, const char *const *argv)
{
    static const char *const variables[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (int i = 1; i < argc; i++) {
        const char *value = NULL;
        if (strcmp(argv[i], "--") == 0) break;
        if (strcmp(argv[i], "--lang") == 0 && i + 1 < argc) value = argv[i + 1];
        if (strncmp(argv[i], "--lang=", 7) == 0) value = argv[i] + 7;
        if (value != NULL) return strcmp(value, "en") == 0 ? LANG_EN : LANG_ZH;
    }
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
        const char *value = getenv(variables[i]);
        if (value != NULL && *value != '\0')
            return strncmp(value, "en", 2) == 0 ? LANG_EN : LANG_ZH;
    }
    return LANG_ZH;
}

static bool is_choice(const char *choices, const char *value)
{
    struct str rest = str_from(choices), part;
    while (str_split(&rest, '|', &part)) {
        if (str_is(part, value)) return true;
    }
    return false;
}

static bool is_area(const char *value)
{
    size_t length = strlen(value);
    if (length != 6 && length != 9 && length != 12) return false;
    return strspn(value, "0123456789") == length;
}

static bool check_value(const struct option *option, const char *value, struct err *err)
{
    day d;
    int64_t number;
    switch (option->type) {
    case OPTION_FLAG:
    case OPTION_TEXT: return true;
    case OPTION_FILE:
    case OPTION_OUTPUT:
    case OPTION_LETTER:
        if (*value != '\0') return true;
        return err_set(err, ERR_USAGE, "%s needs the name of a file", "%s 需要文件名",
                       option->name);
    case OPTION_DAY:
        if (day_parse(str_from(value), &d)) return true;
        return err_set(err, ERR_USAGE, "%s \"%s\" is no day; write it as 2020-11-25",
                       "%s“%s”不是日期，请写成 2020-11-25", option->name, value);
    case OPTION_MOMENT:
        if (moment_read(value, &number)) return true;
        return err_set(
            err, ERR_USAGE, "%s \"%s\" is no moment; write 2020-11-25 or 2020-11-25T08:00:00Z",
            "%s“%s”不是时间，请写成 2020-11-25 或 2020-11-25T08:00:00Z", option->name, value);
    case OPTION_AREA:
        if (is_area(value)) return true;
        return err_set(err, ERR_USAGE, "%s \"%s\" is no division code of 6, 9 or 12 digits",
                       "%s“%s”不是 6、9 或 12 位区划代码", option->name, value);
    case OPTION_COUNT:
        if (str_to_i64(str_from(value), &number) && number >= 0) return true;
        return err_set(err, ERR_USAGE, "%s \"%s\" is no whole number from 0", "%s“%s”不是非负整数",
                       option->name, value);
    case OPTION_NUMBER:
        if (str_to_i64(str_from(value), &number) && number >= INT32_MIN && number <= INT32_MAX) {
            return true;
        }
        return err_set(err, ERR_USAGE, "%s \"%s\" is no whole number", "%s“%s”不是整数",
                       option->name, value);
    case OPTION_CHOICE:
        if (is_choice(option->choices, value)) return true;
        return err_set(err, ERR_USAGE, "%s \"%s\" is none of %s", "%s“%s”不在 %s 之中",
                       option->name, value, option->choices);
    }
    return true;
}

static const struct option *find_global(struct str name)
{
    size_t count;
    const struct option *options = options_global(&count);
    for (size_t i = 0; i < count; i++) {
        if (str_is(name, options[i].name)) return &options[i];
    }
    return NULL;
}

static const struct option *find_own(const struct command *command, struct str name)
{
    if (command == NULL) return NULL;
    for (size_t i = 0; i < OPTIONS_MAX && command->options[i].name != NULL; i++) {
        if (str_is(name, command->options[i].name)) return &command->options[i];
    }
    return NULL;
}

/* What a misspelt option may have meant. */
static bool no_such_option(const struct command *command, struct str name, struct err *err)
{
    struct suggestion best = suggest_start(name);
    size_t count;
    const struct option *global = options_global(&count);
    for (size_t i = 0; i < count; i++) suggest_try(&best, global[i].name);
    for (size_t i = 0; command != NULL && i < OPTIONS_MAX && command->options[i].name != NULL;
         i++) {
        suggest_try(&best, command->options[i].name);
    }
    const char *of = command == NULL ? "baoxue" : command->name;
    if (best.word == NULL) {
        return err_set(err, ERR_USAGE, "%s has no option \"%.*s\"; see %s%s --help",
                       "%s 没有选项“%.*s”；请看 %s%s --help", of, STR_ARG(name),
                       command == NULL ? "" : "baoxue ", of);
    }
    return err_set(err, ERR_USAGE, "%s has no option \"%.*s\"; did you mean %s?",
                   "%s 没有选项“%.*s”；是不是 %s？", of, STR_ARG(name), best.word);
}

static bool no_such_command(struct str name, struct err *err)
{
    struct suggestion best = suggest_start(name);
    size_t count;
    const struct command *const *commands = commands_all(&count);
    for (size_t i = 0; i < count; i++) suggest_try(&best, commands[i]->name);
    if (best.word == NULL) {
        return err_set(err, ERR_USAGE, "there is no command \"%.*s\"; baoxue help lists them",
                       "没有“%.*s”这个命令；baoxue help 列出全部命令", STR_ARG(name));
    }
    return err_set(err, ERR_USAGE, "there is no command \"%.*s\"; did you mean \"%s\"?",
                   "没有“%.*s”这个命令；是不是“%s”？", STR_ARG(name), best.word);
}

static bool take_global(struct cli *cli, const struct option *option, const char *value,
                        struct err *err)
{
    if (strcmp(option->name, "--db") == 0) {
        if (strncmp(value, "postgresql://", 13) == 0 || strncmp(value, "postgres://", 11) == 0) {
            return err_set(
                err, ERR_USAGE,
                "this version keeps a workspace in a file, not in PostgreSQL; give --db a "
                "file name",
                "本版本的工作区是一个文件，尚不支持 PostgreSQL；请用 --db 指定文件名");
        }
        cli->db = value;
    } else if (strcmp(option->name, "--user") == 0) {
        cli->user = value;
    } else if (strcmp(option->name, "--lang") == 0) {
        cli->lang_given = true;
    } else if (strcmp(option->name, "--json") == 0) {
        cli->json = true;
    } else if (strcmp(option->name, "--quiet") == 0) {
        cli->quiet = true;
    } else if (strcmp(option->name, "--help") == 0) {
        cli->help = true;
    } else if (strcmp(option->name, "--version") == 0) {
        cli->version = true;
    }
    return true;
}

static bool take_own(struct cli *cli, const struct option *option, const char *value,
                     struct err *err)
{
    if (cli_has(cli, option->name)) {
        return err_set(err, ERR_USAGE, "%s is given twice", "%s 给了两次", option->name);
    }
    CHECK(cli->value_count < OPTIONS_MAX);
    cli->values[cli->value_count++] = (struct option_value){.option = option, .text = value};
    return true;
}

/* The option at argv[*at]; moves *at over its value. */
static bool take_option(struct cli *cli, int argc, const char *const *argv, int *at,
                        struct err *err)
{
    struct str word = str_from(argv[*at]);
    if (str_is(word, "-h")) word = STR("--help");
    size_t equals = str_find(word, STR("="));
    struct str name = equals == SIZE_MAX ? word : str_slice(word, 0, equals);
    const struct option *own = find_own(cli->command, name);
    const struct option *option = own != NULL ? own : find_global(name);
    if (option == NULL) return no_such_option(cli->command, name, err);
    const char *value = "";
    if (option->type == OPTION_FLAG) {
        if (equals != SIZE_MAX) {
            return err_set(err, ERR_USAGE, "%s takes no value", "%s 不带值", option->name);
        }
    } else if (equals != SIZE_MAX) {
        value = argv[*at] + equals + 1;
    } else if (*at + 1 < argc) {
        value = argv[++*at];
    } else {
        return err_set(err, ERR_USAGE, "%s needs a value: %s %s", "%s 需要一个值：%s %s",
                       option->name, option->name, option->value);
    }
    if (!check_value(option, value, err)) return false;
    return own != NULL ? take_own(cli, own, value, err) : take_global(cli, option, value, err);
}

/* The command that a word and the one after it name: the longer name wins. */
static bool take_command(struct cli *cli, int argc, const char *const *argv, int *at,
                         struct err *err)
{
    if (*at + 1 < argc) {
        struct str both = cli_format(cli, "%s %s", argv[*at], argv[*at + 1]);
        cli->command = command_find(both);
        if (cli->command != NULL) {
            ++*at;
            return true;
        }
    }
    cli->command = command_find(str_from(argv[*at]));
    if (cli->command != NULL) return true;
    return no_such_command(str_from(argv[*at]), err);
}

static bool check_words(const struct cli *cli, struct err *err)
{
    const struct command *command = cli->command;
    if (command == NULL || cli->help || cli->version) return true;
    if (cli->word_count < command->words_min) {
        return err_set(err, ERR_USAGE, "something is missing: baoxue %s %s",
                       "命令不完整：baoxue %s %s", command->name, command->words);
    }
    if (cli->word_count > command->words_max) {
        return err_set(err, ERR_USAGE,
                       "%s does not know what to do with \"%s\"; see baoxue %s --help",
                       "%s 不知道“%s”是什么意思；请看 baoxue %s --help", command->name,
                       cli->words[command->words_max], command->name);
    }
    return true;
}

bool cli_parse(struct cli *cli, int argc, const char *const *argv, struct err *err)
{
    CHECK(argc >= 1);
    cli->lang = language_of(argc, argv);
    cli->words = arena_array(cli->arena, const char *, (size_t)argc);
    bool only_words = false;
    for (int i = 1; i < argc; i++) {
        if (!utf8_valid(str_from(argv[i]))) {
            return err_set(err, ERR_USAGE, "argument %d is not UTF-8", "第 %d 个参数不是 UTF-8", i);
        }
        bool is_option = !only_words && argv[i][0] == '-' && argv[i][1] != '\0';
        if (is_option && strcmp(argv[i], "--") == 0) {
            only_words = true;
        } else if (is_option) {
            if (!take_option(cli, argc, argv, &i, err)) return false;
        } else if (cli->command == NULL) {
            if (!take_command(cli, argc, argv, &i, err)) return false;
        } else {
            cli->words[cli->word_count++] = argv[i];
        }
    }
    return check_words(cli, err);
}
