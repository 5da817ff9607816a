#include "cli/words.h"

#include "findings/reason.h"

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

struct str words_reasons(const struct cli *cli, const struct policy *policy, struct str keys)
{
    const struct reason_words words = {.rules = &cli->workspace.rules,
                                       .profiles = &cli->workspace.profiles,
                                       .policy = policy,
                                       .steps = cli->workspace.procedures.steps,
                                       .step_count = cli->workspace.procedures.step_count,
                                       .lang = cli->lang};
    return reason_text(cli->arena, &words, keys);
}
