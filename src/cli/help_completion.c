#include "cli/help.h"

#include <string.h>

static void put_names(FILE *out, const struct option *options, size_t count)
{
    for (size_t i = 0; i < count && options[i].name != NULL; i++) {
        fprintf(out, " %s", options[i].name);
    }
}

static void put_choices(FILE *out, const char *choices)
{
    for (const char *at = choices; *at != '\0'; at++) fputc(*at == '|' ? ' ' : *at, out);
}

/* After an option that takes a value: its choices, and for any other value what bash itself has to
 * offer, files. */
static void put_values(FILE *out, const struct option *options, size_t count)
{
    fputs("        case \"$last\" in\n", out);
    for (size_t i = 0; i < count && options[i].name != NULL; i++) {
        if (options[i].type == OPTION_FLAG) continue;
        fprintf(out, "        %s) ", options[i].name);
        if (options[i].type == OPTION_CHOICE) {
            fputs("_baoxue_offer \"", out);
            put_choices(out, options[i].choices);
            fputs("\" && ", out);
        }
        fputs("return ;;\n", out);
    }
    fputs("        esac\n", out);
}

/* The words that may follow `start`: the last of "pay list", and once "pay" where nothing has been
 * typed yet. Names are sorted, so equal words stand together. */
static void put_followers(FILE *out, struct str start)
{
    size_t count;
    const struct command *const *commands = commands_all(&count);
    struct str before = STR_EMPTY;
    for (size_t i = 0; i < count; i++) {
        struct str name = str_from(commands[i]->name);
        if (start.len > 0
            && (!str_starts(name, start) || name.len == start.len || name.ptr[start.len] != ' '))
            continue;
        struct str rest = start.len == 0 ? name : str_slice(name, start.len + 1, name.len);
        size_t end = 0;
        while (end < rest.len && rest.ptr[end] != ' ') end++;
        struct str word = str_slice(rest, 0, end);
        if (str_equal(word, before)) continue;
        before = word;
        fprintf(out, " %.*s", STR_ARG(word));
    }
}

static bool is_command(struct str name)
{
    size_t count;
    const struct command *const *commands = commands_all(&count);
    for (size_t i = 0; i < count; i++) {
        if (str_equal(str_from(commands[i]->name), name)) return true;
    }
    return false;
}

/* The longer names first: "import list" before "import", and "pay", which is no command alone,
 * after all that begin with it. */
static void put_commands(FILE *out)
{
    size_t count;
    const struct command *const *commands = commands_all(&count);
    for (size_t i = count; i-- > 0;) {
        struct str name = str_from(commands[i]->name);
        fprintf(out, "    \"%s \"*)\n        more=\"", commands[i]->name);
        put_names(out, commands[i]->options, OPTIONS_MAX);
        put_followers(out, name);
        fputs("\"\n", out);
        if (commands[i]->options[0].name != NULL)
            put_values(out, commands[i]->options, OPTIONS_MAX);
        fputs("        ;;\n", out);
    }
    struct str before = STR_EMPTY;
    for (size_t i = 0; i < count; i++) {
        struct str name = str_from(commands[i]->name);
        const char *space = strchr(commands[i]->name, ' ');
        if (space == NULL) continue;
        struct str group = str_slice(name, 0, (size_t)(space - name.ptr));
        if (str_equal(group, before) || is_command(group)) continue;
        before = group;
        fprintf(out, "    \"%.*s \"*) more=\"", STR_ARG(group));
        put_followers(out, group);
        fputs("\" ;;\n", out);
    }
}

void help_completion(FILE *out)
{
    size_t count;
    const struct option *global = options_global(&count);
    fputs("# bash completion for baoxue\n"
          "_baoxue_offer()\n{\n"
          "    mapfile -t COMPREPLY < <(compgen -W \"$1\" -- \"$word\")\n}\n\n"
          "_baoxue()\n{\n"
          "    local word=${COMP_WORDS[COMP_CWORD]} last=${COMP_WORDS[COMP_CWORD-1]}\n"
          "    local line= more= i global=\"",
          out);
    put_names(out, global, count);
    fputs("\"\n"
          "    # the words of the command, without the global options before it\n"
          "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
          "        case ${COMP_WORDS[i]} in\n"
          "        --db | --lang | --user) ((i++)) ;;\n"
          "        --json | --quiet | --help) ;;\n"
          "        *) line+=\"${COMP_WORDS[i]} \" ;;\n"
          "        esac\n"
          "    done\n"
          "    [[ $word == -* || $last == --format ]] || line=${line#help }\n",
          out);
    put_values(out, global, count);
    fputs("    case \"$line\" in\n", out);
    put_commands(out);
    fputs("    \"\") more=\"", out);
    put_followers(out, STR_EMPTY);
    fputs("\" ;;\n    esac\n"
          "    _baoxue_offer \"$more $global\"\n"
          "}\ncomplete -o default -F _baoxue baoxue\n",
          out);
}
