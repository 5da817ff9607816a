#include "cli/words.h"

enum { REASONS_BYTES_MAX = 4096 };

struct str words_register(const struct cli *cli, const struct profile *profile)
{
    return cli->lang == LANG_EN ? profile->en : profile->zh;
}

struct str words_choice(const struct cli *cli, const struct profile *profile, const char *key,
                        struct str value)
{
    int number = profile_field_number(profile, key);
    if (number < 0) return value;
    const struct profile_field *field = &profile->fields[number];
    for (size_t i = 0; i < field->choice_count; i++) {
        if (!str_equal(field->choices[i].key, value)) continue;
        return cli->lang == LANG_EN ? field->choices[i].en : field->choices[i].zh;
    }
    return value;
}

struct str words_reasons(const struct cli *cli, struct str keys)
{
    struct text text;
    struct str rest = keys, key;
    text_init(&text, cli->arena, REASONS_BYTES_MAX);
    while (str_split(&rest, ';', &key)) {
        if (text.len > 0) text_add_c(&text, cli_say(cli, "；", "; "));
        text_add(&text, rules_reason_text(&cli->workspace.rules, key, cli->lang));
    }
    return text_str(&text);
}
