#include "sample/city.h"

/* To which account the aid of each pupil goes: as the bank has it, and as the school's list has it.
 * What is wrong with a row is drawn by the child; whether an account is in use, by the account, for
 * brothers and sisters share their guardian's. */

enum { ACCOUNT_ROW_LABEL = 410, ACCOUNT_BANK_LABEL = 411, OWN_ACCOUNT_AGE = 16, RATE_MAX = 900000 };

static const struct family *family_of(const struct city *city, uint32_t child)
{
    return &city->families.items[city->children.items[child].family];
}

uint32_t city_account_holder(const struct city *city, uint32_t child)
{
    bool own = city->children.items[child].age >= OWN_ACCOUNT_AGE;
    return own ? NOBODY : family_guardian(family_of(city, child));
}

struct str city_account_number(const struct city *city, struct arena *arena, uint32_t child)
{
    struct text text;
    bool own = city->children.items[child].age >= OWN_ACCOUNT_AGE;
    text_init(&text, arena, 32);
    text_add_f(&text, "62178520%09u%02u", family_of(city, child)->number, own ? 1 + child % 90 : 0);
    return text_str(&text);
}

struct str city_account_bank(const struct city *city, uint32_t child)
{
    const struct aid_settings *aid = &city->settings->aid;
    return aid->banks[family_of(city, child)->number % aid->bank_count];
}

static struct str holder_name(const struct city *city, uint32_t child)
{
    uint32_t adult = city_account_holder(city, child);
    return adult == NOBODY ? city->children.items[child].name : city->adults.items[adult].name;
}

/* Whether a name is one of those that the registers may give as the child's own or a guardian's. */
static bool is_of_family(const struct city *city, uint32_t child, struct str name)
{
    const struct family *family = family_of(city, child);
    const uint32_t adults[] = {family->head, family->father, family->mother, family->elder};
    for (size_t i = 0; i < sizeof adults / sizeof *adults; i++)
        if (adults[i] != NOBODY && str_equal(city->adults.items[adults[i]].name, name)) return true;
    return str_equal(city->children.items[child].name, name);
}

/* An account of another family. */
static void write_stranger(struct city *city, struct account *account, struct rng *rng)
{
    uint32_t count = (uint32_t)city->children.count, other = rng_below(rng, count);
    for (uint32_t tried = 0; tried < count; tried++, other = (other + 1) % count) {
        if (is_of_family(city, account->child, holder_name(city, other))) continue;
        account->stated_number = city_account_number(city, city->arena, other);
        account->stated_holder = holder_name(city, other);
        return;
    }
    account->kind = ACCOUNT_RIGHT;
}

/* A digit too few, or what a spreadsheet makes of a long number. */
static void write_malformed(struct city *city, struct account *account, struct rng *rng)
{
    enum { FLOAT_DIGITS = 6 };
    struct str number = account->number;
    struct text text;
    text_init(&text, city->arena, 32);
    if (rng_below(rng, 3) == 0) {
        text_add_f(&text, "%.1s.%.*sE+%zu", number.ptr, FLOAT_DIGITS - 1, number.ptr + 1,
                   number.len - 1);
    } else {
        size_t left_out = rng_below(rng, (uint32_t)number.len);
        text_add(&text, str_slice(number, 0, left_out));
        text_add(&text, str_slice(number, left_out + 1, number.len));
    }
    account->stated_number = text_str(&text);
}

static enum account_kind draw_kind(const struct city *city, const struct account *account,
                                   int64_t error_permille, struct rng *row)
{
    const int64_t *shares = city->settings->aid.accounts;
    uint64_t holder = account->holder_adult == NOBODY
                          ? account->child
                          : UINT64_C(1) << 32 | city->children.items[account->child].family;
    struct rng bank = rng_branch(city->seed, ((uint64_t)ACCOUNT_BANK_LABEL << 40) + holder);
    for (int kind = ACCOUNT_RIGHT + 1; kind < ACCOUNT_KINDS; kind++) {
        int64_t rate = shares[kind] * error_permille / 1000;
        bool of_row = kind < ACCOUNT_CLOSED;
        if (sample_chance(of_row ? row : &bank, (uint32_t)(rate > RATE_MAX ? RATE_MAX : rate)))
            return (enum account_kind)kind;
    }
    return ACCOUNT_RIGHT;
}

static void add_account(struct city *city, uint32_t plan, uint32_t child, uint32_t school,
                        int64_t error_permille)
{
    struct account *account = list_push(city->arena, &city->accounts);
    struct rng rng = rng_branch(city->seed, ((uint64_t)ACCOUNT_ROW_LABEL << 40) + child);
    *account = (struct account){.child = child,
                                .school = school,
                                .plan = plan,
                                .number = city_account_number(city, city->arena, child),
                                .holder = holder_name(city, child),
                                .holder_adult = city_account_holder(city, child),
                                .bank = city_account_bank(city, child)};
    account->kind = draw_kind(city, account, error_permille, &rng);
    account->stated_number = account->number;
    account->stated_holder = account->holder;
    if (account->kind == ACCOUNT_OTHER) write_stranger(city, account, &rng);
    if (account->kind == ACCOUNT_MALFORMED) write_malformed(city, account, &rng);
    if (account->kind == ACCOUNT_LACKING) {
        account->number = account->holder = account->bank = STR_EMPTY;
        account->stated_number = account->stated_holder = STR_EMPTY;
    }
}

void city_accounts(struct city *city, int64_t error_permille)
{
    const struct settings *settings = city->settings;
    uint32_t *schools = arena_array(city->arena, uint32_t, city->children.count + 1);
    for (uint32_t p = 0; p < settings->plan_count; p++) {
        const struct file_plan *plan = &settings->plans[p];
        if (plan->source != SOURCE_ACCOUNTS) continue;
        for (uint32_t i = 0; i < city->children.count; i++) schools[i] = NOBODY;
        for (size_t i = 0; i < city->payments.count; i++) {
            const struct payment *payment = &city->payments.items[i];
            struct period period = settings->plans[payment->plan].period;
            bool here = period.year == plan->period.year && period.spring == plan->period.spring;
            if (!here || (plan->schemes >> payment->scheme & 1) == 0) continue;
            schools[payment->child] = payment->school;
        }
        for (uint32_t i = 0; i < city->children.count; i++)
            if (schools[i] != NOBODY) add_account(city, p, i, schools[i], error_permille);
    }
}
