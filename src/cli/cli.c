#include "cli/cli.h"

#include "base/thread.h"
#include "cli/login.h"
#include "cli/moment.h"
#include "registry/tally.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct option_value *find_value(const struct cli *cli, const char *option)
{
    for (size_t i = 0; i < cli->value_count; i++) {
        if (strcmp(cli->values[i].option->name, option) == 0) return &cli->values[i];
    }
    return NULL;
}

bool cli_has(const struct cli *cli, const char *option)
{
    return find_value(cli, option) != NULL;
}

const char *cli_option(const struct cli *cli, const char *option)
{
    const struct option_value *value = find_value(cli, option);
    return value == NULL ? NULL : value->text;
}

day cli_day(const struct cli *cli, const char *option)
{
    const struct option_value *value = find_value(cli, option);
    day d = DAY_NONE;
    if (value != NULL) CHECK(day_parse(str_from(value->text), &d));
    return d;
}

struct str cli_area(const struct cli *cli)
{
    const char *area = cli_option(cli, "--area");
    return area == NULL ? STR_EMPTY : str_from(area);
}

int64_t cli_count(const struct cli *cli, const char *option, int64_t otherwise)
{
    const struct option_value *value = find_value(cli, option);
    int64_t number = otherwise;
    if (value != NULL) CHECK(str_to_i64(str_from(value->text), &number));
    return number;
}

size_t cli_threads(const struct cli *cli)
{
    int64_t asked = cli_count(cli, "--threads", 0);
    return asked > THREADS_MAX ? THREADS_MAX : (size_t)asked;
}

/* A code mistyped would otherwise be answered with nothing, as if all were well there. */
static bool note_unknown_areas(const struct cli *cli, struct err *err)
{
    struct str rest = cli_area(cli), area;
    while (str_split(&rest, ',', &area)) {
        /* Some commands take a name as well, and say themselves when it is none. */
        bool known = area.len == 0 || area.ptr[0] < '0' || area.ptr[0] > '9'
                     || division_find(cli->workspace.divisions, area) != NULL;
        if (!known && !tally_has_area(cli->workspace.store, area, &known, err)) return false;
        if (known) continue;
        cli_note(cli, "没有哪本名册写到区划 %.*s，请核对代码",
                 "no register speaks of the area %.*s; look at the code again", STR_ARG(area));
    }
    return true;
}

bool cli_open(struct cli *cli, bool create, struct err *err)
{
    CHECK(!cli->workspace_is_open);
    cli->workspace_is_open = true;
    struct workspace_options options = {.path = cli->db, .create = create, .clock = cli->clock};
    return workspace_open(&cli->workspace, &options, err) && login_cli(cli, err)
           && (create || note_unknown_areas(cli, err));
}

bool cli_open_trial(struct cli *cli, struct err *err)
{
    CHECK(!cli->workspace_is_open);
    cli->workspace_is_open = true;
    struct workspace_options options = {.path = cli->db, .trial = true, .clock = cli->clock};
    return workspace_open(&cli->workspace, &options, err) && login_cli(cli, err);
}

bool cli_open_alone(struct cli *cli, struct err *err)
{
    CHECK(!cli->workspace_is_open);
    cli->workspace_is_open = true;
    struct workspace_options options = {.path = cli->db, .reseal = true, .clock = cli->clock};
    return workspace_open(&cli->workspace, &options, err) && login_cli(cli, err);
}

void cli_close(struct cli *cli)
{
    if (cli->workspace_is_open) workspace_close(&cli->workspace);
    cli->workspace_is_open = false;
}

bool cli_when(struct cli *cli, struct read_at *out, struct err *err)
{
    day at;
    if (!job_day(&cli->workspace, cli_day(cli, "--at"), &at, err)) return false;
    int64_t known_ms;
    const char *known = cli_option(cli, "--known");
    if (known != NULL) {
        CHECK(moment_read(known, &known_ms));
    } else if (!registry_now(&cli->workspace.registry, &known_ms, err)) {
        return false;
    }
    *out = (struct read_at){.at = at, .known_ms = known_ms};
    return true;
}

bool cli_reveal(const struct cli *cli, struct str *reason, struct err *err)
{
    const char *given = cli_option(cli, "--reveal");
    struct str text = given == NULL ? STR_EMPTY : str_trim(str_from(given));
    if (given != NULL && text.len == 0) {
        return err_set(err, ERR_USAGE, "--reveal needs a reason", "--reveal 需要写明理由");
    }
    *reason = text;
    return true;
}

const char *cli_say(const struct cli *cli, const char *zh, const char *en)
{
    return cli->lang == LANG_EN ? en : zh;
}

enum page_words cli_page_words(const struct cli *cli)
{
    if (!cli->lang_given) return PAGE_BOTH;
    return cli->lang == LANG_EN ? PAGE_EN : PAGE_ZH;
}

void cli_note(const struct cli *cli, const char *zh, const char *en, ...)
{
    if (cli->json) return;
    va_list args;
    va_start(args, en);
    vfprintf(stderr, cli->lang == LANG_EN ? en : zh, args);
    va_end(args);
    fputc('\n', stderr);
}

void cli_error(const struct cli *cli, const struct err *err)
{
    fprintf(stderr, "baoxue: %s\n", cli_sentence(cli, err).ptr);
}

struct str cli_sentence(const struct cli *cli, const struct err *err)
{
    bool en = cli->lang == LANG_EN;
    if (err->hint_en == NULL) return str_from(err_text(err, cli->lang));
    return cli_format(cli, en ? "%s (%s)" : "%s（%s）", err_text(err, cli->lang),
                      en ? err->hint_en : err->hint_zh);
}

struct str cli_format(const struct cli *cli, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    CHECK(length >= 0);
    char *bytes = arena_alloc(cli->arena, (size_t)length + 1);
    vsnprintf(bytes, (size_t)length + 1, format, again);
    va_end(again);
    return (struct str){bytes, (size_t)length};
}

struct str cli_number(const struct cli *cli, uint64_t value)
{
    return cli_format(cli, "%llu", (unsigned long long)value);
}

struct str cli_thousands(const struct cli *cli, uint64_t value)
{
    struct str plain = cli_number(cli, value);
    struct text text;
    text_init(&text, cli->arena, 64);
    for (size_t i = 0; i < plain.len; i++) {
        if (i > 0 && (plain.len - i) % 3 == 0) text_add_byte(&text, ',');
        text_add_byte(&text, plain.ptr[i]);
    }
    return text_str(&text);
}

struct str cli_probability(const struct cli *cli, uint32_t ppm)
{
    return cli_format(cli, "%u.%06u", ppm / 1000000, ppm % 1000000);
}

struct str cli_bits(const struct cli *cli, int64_t millibits)
{
    uint64_t size = millibits < 0 ? 0 - (uint64_t)millibits : (uint64_t)millibits;
    return cli_format(cli, "%s%llu.%03llu", millibits < 0 ? "-" : "+",
                      (unsigned long long)(size / 1000), (unsigned long long)(size % 1000));
}

struct str cli_date(const struct cli *cli, day d)
{
    char buffer[DAY_TEXT_SIZE];
    return str_copy(cli->arena, str_from(day_format(d, buffer)));
}

struct str cli_moment(const struct cli *cli, int64_t ms)
{
    char buffer[CLOCK_TEXT_SIZE];
    if (ms == 0) return STR_EMPTY;
    return str_copy(cli->arena, str_from(clock_format(ms, buffer)));
}
