#include "policy/testing_random.h"

#include "policy/kinds.h"
#include "policy/read.h"

enum { TEXT_BYTES_MAX = 1 << 18, STAGES = 3, KINDS = 6, SCHEMES_MAX = 4 };

/* A text in the making, and how many definitions it has so far. */
struct writing {
    struct text text;
    struct rng *rng;
    int conditions, values;
};

static const char *const days[] = {"2012-02-29", "2015-09-01", "2018-03-01", "2019-09-01",
                                   "2021-09-01", "2024-03-01", "2025-02-28"};
static const char *const before_days[] = {"2012-02-28", "2015-08-31", "2018-02-28", "2019-08-31",
                                          "2021-08-31", "2024-02-29", "2025-02-27"};
static const int64_t areas[] = {620402, 620421, 620423, 110105, 999999};

static const char head[] =
    "pack t \"试\" / \"Test\"\nsubject s \"人\" / \"person\"\ndocument d \"教〔2020〕1号\"\n"
    "input stage \"学段\" / \"stage\": choice (a \"甲\" / \"first\", b \"乙\" / \"second\", "
    "c \"丙\" / \"third\")\n"
    "input flag \"寄宿\" / \"flag\": yes_no\ninput other \"走读\" / \"other\": yes_no\n"
    "input kinds \"类别\" / \"kinds\": set (k0 \"零\" / \"k0\", k1 \"一\" / \"k1\", "
    "k2 \"二\" / \"k2\", k3 \"三\" / \"k3\", k4 \"四\" / \"k4\", k5 \"五\" / \"k5\")\n"
    "input grade \"年级\" / \"grade\": number from 1 until 6\n"
    "input area \"区划\" / \"area\": code\n"
    "input fee \"收费\" / \"fee\": money yuan from 0 yuan until 5000 yuan\n"
    "input born \"出生\" / \"born\": day\n"
    "input spent \"天数\" / \"spent\": number days from 0 until 200\n";

static uint32_t below(struct writing *writing, uint32_t bound)
{
    return rng_below(writing->rng, bound);
}

static bool chance(struct writing *writing, uint32_t percent)
{
    return below(writing, 100) < percent;
}

static void put(struct writing *writing, const char *words)
{
    text_add_c(&writing->text, words);
}

#define PUT(...) text_add_f(&writing->text, __VA_ARGS__)

/* " from … until …", either of them, or nothing. */
static void put_span(struct writing *writing, uint32_t percent)
{
    uint32_t first = below(writing, 6);
    if (!chance(writing, percent)) return;
    bool from = chance(writing, 80);
    if (from) PUT(" from %s", days[first]);
    if (!from || chance(writing, 30)) PUT(" until %s", before_days[first + 1]);
}

static void put_order(struct writing *writing)
{
    static const char *const orders[] = {"=", "!=", "<", "<=", ">", ">="};
    PUT(" %s ", orders[below(writing, 6)]);
}

static void put_words(struct writing *writing, const char *letter, uint32_t words)
{
    uint32_t count = 1 + below(writing, 3);
    put(writing, "(");
    for (uint32_t i = 0; i < count; i++) {
        uint32_t word = below(writing, words);
        if (i > 0) put(writing, ", ");
        if (letter == NULL) {
            PUT("%c", "abc"[word]);
        } else {
            PUT("%s%u", letter, word);
        }
        put_span(writing, 25);
    }
    put(writing, ")");
}

static void put_areas(struct writing *writing)
{
    uint32_t count = 1 + below(writing, 2);
    put(writing, "area in (");
    for (uint32_t i = 0; i < count; i++) {
        PUT("%s%lld", i > 0 ? ", " : "", (long long)areas[below(writing, 4)]);
        put_span(writing, 20);
    }
    put(writing, ")");
}

static void put_value(struct writing *writing, int depth);

static void put_numbers(struct writing *writing)
{
    switch (below(writing, 7)) {
    case 0:
        put(writing, "grade");
        put_order(writing);
        PUT("%u", 1 + below(writing, 6));
        return;
    case 1: PUT("grade in (%u, %u)", 1 + below(writing, 6), 1 + below(writing, 6)); return;
    case 2:
        put(writing, "fee");
        put_order(writing);
        PUT("%u.%02u yuan", below(writing, 1500), below(writing, 100));
        return;
    case 3:
        put(writing, "age(born)");
        put_order(writing);
        PUT("%u", 3 + below(writing, 16));
        return;
    case 4:
        put(writing, "born");
        put_order(writing);
        PUT("%s", days[below(writing, 7)]);
        return;
    case 5:
        put(writing, "full_months(born)");
        put_order(writing);
        PUT("%u months", below(writing, 200));
        return;
    default:
        put_value(writing, 1);
        put_order(writing);
        put_value(writing, 1);
        return;
    }
}

static void put_leaf(struct writing *writing)
{
    switch (below(writing, 10)) {
    case 0: put(writing, "flag"); return;
    case 1: put(writing, chance(writing, 50) ? "other" : "not other"); return;
    case 2:
        put(writing, "stage in ");
        put_words(writing, NULL, STAGES);
        return;
    case 3: PUT("kinds has k%u", below(writing, KINDS)); return;
    case 4:
        PUT("kinds has %s ", chance(writing, 60) ? "any" : "all");
        put_words(writing, "k", KINDS);
        return;
    case 5: put_areas(writing); return;
    case 6: PUT("listed(%s)", chance(writing, 50) ? "local" : "places"); return;
    case 7:
        if (writing->conditions > 0) {
            PUT("c%u", below(writing, (uint32_t)writing->conditions));
            return;
        }
        PUT("stage is %c", "abc"[below(writing, STAGES)]);
        return;
    default: put_numbers(writing); return;
    }
}

static void put_condition(struct writing *writing, int depth)
{
    uint32_t kind = depth == 0 ? 0 : below(writing, 5);
    if (kind == 0) {
        put_leaf(writing);
    } else if (kind == 1) {
        put(writing, "not (");
        put_condition(writing, depth - 1);
        put(writing, ")");
    } else {
        uint32_t count = 2 + below(writing, 2);
        const char *word = kind < 4 ? " and " : " or ";
        put(writing, "(");
        for (uint32_t i = 0; i < count; i++) {
            if (i > 0) put(writing, word);
            put_condition(writing, depth - 1);
        }
        put(writing, ")");
    }
}

static void put_simple_value(struct writing *writing)
{
    switch (below(writing, 7)) {
    case 0: PUT("%u yuan", below(writing, 2000)); return;
    case 1: PUT("%u.%02u yuan", below(writing, 900), below(writing, 100)); return;
    case 2: put(writing, "fee"); return;
    case 3: put(writing, "rate"); return;
    case 4: put(writing, chance(writing, 50) ? "daily * spent" : "daily * meals"); return;
    case 5:
        put(writing, "local otherwise ");
        PUT(chance(writing, 50) ? "rate" : "(fee / %u)", 2 + below(writing, 6));
        return;
    default:
        if (writing->values > 0) {
            PUT("v%u", below(writing, (uint32_t)writing->values));
        } else {
            put(writing, "fee");
        }
        return;
    }
}

static void put_many(struct writing *writing, const char *function, int depth)
{
    uint32_t count = 2 + below(writing, 2);
    PUT("%s(", function);
    for (uint32_t i = 0; i < count; i++) {
        if (i > 0) put(writing, ", ");
        put_value(writing, depth);
    }
    put(writing, ")");
}

/* An amount in yuan. */
static void put_value(struct writing *writing, int depth)
{
    static const char *const factors[] = {" * 1/2", " / 3", " * 35%", " * 3", " * 12.5%", " * 2/7"};
    static const char *const roundings[] = {"round_down", "round_up", "round_half_up"};
    switch (depth == 0 ? 0 : below(writing, 8)) {
    case 0:
    case 1: put_simple_value(writing); return;
    case 2: put_many(writing, "least", depth - 1); return;
    case 3: put_many(writing, "most", depth - 1); return;
    case 4:
        PUT("%s(", roundings[below(writing, 3)]);
        put_value(writing, depth - 1);
        PUT(", %s)", chance(writing, 50) ? "1 fen" : "0.5 yuan");
        return;
    case 5:
        put(writing, "(");
        put_value(writing, depth - 1);
        put(writing, ")");
        put(writing, factors[below(writing, 6)]);
        return;
    default:
        put(writing, "(");
        put_value(writing, depth - 1);
        put(writing, chance(writing, 60) ? " + " : " - ");
        put_value(writing, depth - 1);
        put(writing, ")");
        return;
    }
}

/* What a scheme may pay: whole fen, not below nothing. */
static void put_amount(struct writing *writing)
{
    static const char *const roundings[] = {"round_down", "round_up", "round_half_up"};
    static const char *const units[] = {"1 fen", "1 yuan", "0.3 yuan", "5 yuan"};
    const char *rounding = roundings[below(writing, 3)], *unit = units[below(writing, 4)];
    switch (below(writing, 20)) {
    case 0: put(writing, "local"); return;
    case 1:
    case 2: put(writing, "rate"); return;
    case 3: put(writing, "fee"); return;
    case 4: PUT("%s(per_term(yearly * 1/%u), %s)", rounding, 1 + below(writing, 7), unit); return;
    default:
        PUT("most(%s(", rounding);
        put_value(writing, 3);
        PUT(", %s), 0 yuan)", unit);
        return;
    }
}

static void put_standards(struct writing *writing)
{
    put(writing, "standard rate \"标准\" / \"rate\": yuan by stage\n");
    for (uint32_t stage = 0; stage < STAGES; stage++) {
        uint32_t change = below(writing, 6);
        PUT("  %c: %u yuan from 2000-01-01 cite d\n", "abc"[stage], below(writing, 1000));
        PUT("    %u.%02u yuan from %s cite d\n", below(writing, 1000), below(writing, 100),
            days[change]);
    }
    put(writing, "standard local \"地方\" / \"local\": yuan by area, stage\n");
    for (uint32_t area = 0; area < 4; area++) {
        for (uint32_t stage = 0; stage < STAGES; stage++) {
            uint32_t first = below(writing, 5);
            if (chance(writing, 40)) continue;
            PUT("  %lld, %c: %u yuan from %s cite d\n", (long long)areas[area], "abc"[stage],
                below(writing, 1000), days[first]);
            if (chance(writing, 30)) PUT("    none from %s cite d\n", days[first + 1]);
        }
    }
    put(writing, "standard places \"名单\" / \"places\": list by area, flag\n");
    PUT("  620421, yes: from %s cite d\n", days[below(writing, 7)]);
    PUT("  620421, no: from %s cite d\n", days[below(writing, 7)]);
    PUT("  110105, yes: from %s cite d\n", days[below(writing, 7)]);
    PUT("standard yearly \"年额\" / \"yearly\": yuan/year\n  %u yuan from 2000-01-01 cite d\n"
        "  %u.5 yuan from %s cite d\n",
        below(writing, 3000), below(writing, 3000), days[below(writing, 7)]);
    PUT("standard daily \"日额\" / \"daily\": yuan/day\n  %u.%u yuan from 2000-01-01 cite d\n",
        below(writing, 9), below(writing, 10));
    PUT("standard meals \"餐数\" / \"meals\": days\n  %u days from 2000-01-01 cite d\n",
        below(writing, 190));
}

static void put_definitions(struct writing *writing)
{
    int conditions = (int)below(writing, 4), values = (int)below(writing, 3);
    for (int i = 0; i < conditions; i++) {
        uint32_t change = below(writing, 6);
        PUT("define c%d \"丁%d\" / \"c%d\"\n  from %s until %s: ", i, i, i, days[change],
            before_days[change + 1]);
        put_condition(writing, 1);
        put(writing, " cite d\n");
        if (chance(writing, 70)) {
            PUT("  from %s: ", days[change + 1]);
            put_condition(writing, 1);
            put(writing, " cite d\n");
        }
        writing->conditions++;
    }
    for (int i = 0; i < values; i++) {
        uint32_t change = below(writing, 7);
        PUT("define v%d \"戊%d\" / \"v%d\"\n  until %s: ", i, i, i, before_days[change]);
        put_value(writing, 2);
        PUT(" cite d\n  from %s: ", days[change]);
        put_value(writing, 2);
        put(writing, " cite d\n");
        writing->values++;
    }
}

static void put_rights(struct writing *writing)
{
    uint32_t grounds = 1 + below(writing, 2);
    for (uint32_t g = 0; g < grounds; g++) {
        PUT("  right g%u", g);
        put_span(writing, 40);
        put(writing, chance(writing, 15) ? ": listed(local) and " : ": ");
        put_condition(writing, 2);
        put(writing, " cite d\n");
        for (uint32_t x = 0; x < 2 && chance(writing, 40); x++) {
            PUT("  except right x%u_%u to g%u", g, x, g);
            put_span(writing, 30);
            put(writing, ": ");
            put_condition(writing, 1);
            put(writing, " cite d\n");
            if (!chance(writing, 40)) continue;
            PUT("  except right y%u_%u to x%u_%u: ", g, x, g, x);
            put_condition(writing, 1);
            put(writing, " cite d\n");
        }
    }
}

/* Exceptions to one amount must not meet: each is for a stage, or for one of yes and no, of its
 * own, or one for nobody, which is still unknown where the grade is; or reading finds that out. */
static void put_exceptions(struct writing *writing, uint32_t amount)
{
    static const char *const stages[] = {"stage is a", "stage is b", "stage is c"};
    static const char *const flags[] = {"flag", "not flag", "grade < 2 and grade > 4"};
    const char *const *parts = chance(writing, 50) ? stages : flags;
    bool apart = chance(writing, 80);
    uint32_t count = below(writing, 4);
    for (uint32_t e = 0; e < count; e++) {
        PUT("  except amount e%u_%u to m%u", amount, e, amount);
        put_span(writing, 30);
        PUT(" when %s%s", apart ? parts[e] : "", apart ? " and " : "");
        put_condition(writing, apart ? (int)below(writing, 2) : 1);
        put(writing, ": ");
        put_amount(writing);
        put(writing, " cite d\n");
        if (!chance(writing, 40)) continue;
        PUT("  except amount f%u_%u to e%u_%u when ", amount, e, amount, e);
        put_condition(writing, 1);
        put(writing, ": ");
        put_amount(writing);
        put(writing, " cite d\n");
    }
}

static void put_amounts(struct writing *writing)
{
    uint32_t change = below(writing, 7);
    bool twice = chance(writing, 50);
    put(writing, "  amount m0");
    if (twice) PUT(" until %s", before_days[change]);
    put(writing, ": ");
    put_amount(writing);
    put(writing, " cite d\n");
    put_exceptions(writing, 0);
    if (!twice) return;
    PUT("  amount m1 from %s: ", days[change]);
    put_amount(writing);
    put(writing, " cite d\n");
    put_exceptions(writing, 1);
}

static void put_schemes(struct writing *writing, uint32_t count)
{
    for (uint32_t s = 0; s < count; s++) {
        PUT("scheme s%u \"项%u\" / \"s%u\"\n  applies stage in ", s, s, s);
        put_words(writing, NULL, STAGES);
        if (chance(writing, 30)) {
            put(writing, " and ");
            put_condition(writing, 0);
        }
        put(writing, "\n  period term\n  form cash\n  from 2010-09-01");
        if (chance(writing, 20)) put(writing, " until 2024-12-31");
        put(writing, " cite d\n");
        put_rights(writing);
        put_amounts(writing);
    }
}

/* In an order that all of them share, so that none leads in a circle. */
static void put_exclusions(struct writing *writing, uint32_t count)
{
    uint32_t turn = below(writing, count), times = count < 2 ? 0 : below(writing, 3);
    for (uint32_t i = 0; i < times; i++) {
        uint32_t first = below(writing, count - 1);
        PUT("exclusion s%u", (first + turn) % count);
        for (uint32_t s = first + 1; s < count; s++) {
            if (s + 1 < count && chance(writing, 40)) continue;
            PUT(" before s%u", (s + turn) % count);
        }
        put_span(writing, 50);
        put(writing, " cite d\n");
    }
}

bool random_policy(struct arena *arena, struct rng *rng, const struct policy **out)
{
    struct writing writing = {.rng = rng};
    struct err err = ERR_INIT;
    text_init(&writing.text, arena, TEXT_BYTES_MAX);
    put(&writing, head);
    put_standards(&writing);
    put_definitions(&writing);
    uint32_t schemes = 1 + below(&writing, SCHEMES_MAX);
    put_schemes(&writing, schemes);
    put_exclusions(&writing, schemes);
    CHECK(!writing.text.cut);
    struct policy_source source = {STR("random.policy"), text_str(&writing.text)};
    return policy_read(arena, &source, 1, NULL, out, &err);
}

int64_t random_value(struct rng *rng, const struct policy_input *input)
{
    static const int64_t fees[] = {0, 1, 50, 30000, 62505, 99999, 100000, 150000, 499999, 500000};
    day birth;
    switch (input->type) {
    case POLICY_YES_NO: return rng_below(rng, 2);
    case POLICY_CHOICE: return rng_below(rng, (uint32_t)input->choice_count);
    case POLICY_SET: return rng_below(rng, 1U << input->choice_count);
    case POLICY_NUMBER:
        return input->least + rng_below(rng, (uint32_t)(input->most - input->least) + 1);
    case POLICY_MONEY:
        if (rng_below(rng, 3) == 0) return fees[rng_below(rng, 10)];
        return rng_below(rng, 500001);
    case POLICY_CODE: return areas[rng_below(rng, sizeof areas / sizeof *areas)];
    case POLICY_DAY:
        if (rng_below(rng, 2) == 0)
            CHECK(day_parse(str_from(days[rng_below(rng, 7)]), &birth));
        else
            CHECK(day_from_ymd(1999 + (int)rng_below(rng, 25), 1 + (int)rng_below(rng, 12),
                               1 + (int)rng_below(rng, 28), &birth));
        return birth.days;
    }
    CHECK(false);
}

void random_people(struct arena *arena, struct rng *rng, const struct policy *policy, size_t count,
                   uint32_t unknown_ppm, struct policy_rows *out)
{
    *out = (struct policy_rows){.subject = 0, .count = count};
    for (size_t i = 0; i < policy->input_count; i++) {
        uint8_t *states = arena_array(arena, uint8_t, count);
        int64_t *values = arena_array(arena, int64_t, count);
        if (unknown_ppm > 0 && rng_chance_ppm(rng, unknown_ppm / 4)) continue;
        for (size_t r = 0; r < count; r++) {
            bool unknown = rng_chance_ppm(rng, unknown_ppm);
            states[r] = unknown ? (uint8_t)(POLICY_MISSING + rng_below(rng, 3)) : POLICY_KNOWN;
            values[r] = random_value(rng, &policy->inputs[i]);
        }
        out->columns[i] = (struct policy_column){states, values};
    }
}

/* Codes of the width that holds them, or wider. */
static void narrow(struct arena *arena, struct rng *rng, size_t count, struct policy_codes *codes)
{
    const uint32_t *wide = codes->by_row;
    uint32_t width = 1U << rng_below(rng, 3);
    while (width < 4 && codes->count > 1U << 8 * width) width *= 2;
    uint8_t *bytes = arena_array(arena, uint8_t, count);
    uint16_t *pairs = arena_array(arena, uint16_t, count);
    for (size_t r = 0; r < count; r++) {
        bytes[r] = (uint8_t)wide[r];
        pairs[r] = (uint16_t)wide[r];
    }
    if (width == 1) codes->by_row = bytes;
    if (width == 2) codes->by_row = pairs;
    codes->width = width;
}

void random_crowd(struct arena *arena, struct rng *rng, const struct policy *policy, size_t count,
                  size_t different, struct policy_rows *out)
{
    struct policy_rows some;
    uint32_t *like = arena_array(arena, uint32_t, count);
    random_people(arena, rng, policy, different, 100000, &some);
    *out = (struct policy_rows){.count = count};
    for (size_t r = 0; r < count; r++) like[r] = rng_below(rng, (uint32_t)different);
    for (uint16_t i = 0; i < policy->input_count; i++) {
        uint8_t *states = arena_array(arena, uint8_t, count);
        int64_t *values = arena_array(arena, int64_t, count);
        bool money = policy->inputs[i].type == POLICY_MONEY;
        if (some.columns[i].states == NULL) continue;
        for (size_t r = 0; r < count; r++) {
            states[r] = some.columns[i].states[like[r]];
            values[r] = some.columns[i].values[like[r]];
            if (money && rng_below(rng, 2) == 0) values[r] = random_value(rng, &policy->inputs[i]);
        }
        out->columns[i] = (struct policy_column){states, values};
        if (rng_below(rng, 3) == 0) continue;
        struct policy_rows coded = *out;
        kinds_code(arena, &coded, i, NULL, &out->columns[i], &out->codes[i]);
        narrow(arena, rng, count, &out->codes[i]);
    }
}

day random_day(struct arena *arena, struct rng *rng, const struct policy *policy)
{
    day *edges, at;
    size_t count = policy_edges(arena, policy, &edges);
    CHECK(count > 0);
    at = edges[rng_below(rng, (uint32_t)count)];
    if (rng_below(rng, 2) == 0) at.days += (int32_t)rng_below(rng, 800) - 400;
    return (day){at.days - (int32_t)rng_below(rng, 2)};
}
