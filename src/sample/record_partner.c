#include "sample/record.h"

/* Cooperation with partner areas: agreements, the schools that they cover, staff sent and received.
 */

enum { PARTNER_LABEL = 720, SENT_MONTHS = 3 };

static int64_t agreement_count(const struct works *works)
{
    int64_t wanted = works_target(works, NUMBER_AGREEMENTS),
            covered = (int64_t)works->covered_count;
    return wanted < covered ? wanted : covered;
}

void works_partners(struct works *works)
{
    const struct city *city = works->city;
    struct rng rng = rng_branch(city->seed, PARTNER_LABEL);
    uint32_t count = (uint32_t)city->schools.count;
    uint32_t *order = record_shuffled(works->arena, &rng, count);
    int64_t wanted = works_target(works, NUMBER_COVERED);
    bool *chosen = arena_array(works->arena, bool, count);
    int64_t found = 0;
    for (uint32_t i = 0; i < count && found < wanted; i++) {
        enum stage stage = city->schools.items[order[i]].stage;
        bool fits = stage == STAGE_PRIMARY || stage == STAGE_JUNIOR || stage == STAGE_SENIOR;
        if (!fits) continue;
        chosen[order[i]] = true;
        found++;
    }
    /* By county, so that an agreement covers neighbours. */
    works->covered = arena_array(works->arena, uint32_t, count);
    for (uint32_t county = 0; county < city->settings->county_count; county++)
        for (uint32_t i = 0; i < count; i++)
            if (chosen[i] && city->schools.items[i].county == county)
                works->covered[works->covered_count++] = i;
}

/* The schools of agreement k are [*from, *to) of works->covered. */
static void covers(const struct works *works, int64_t k, size_t *from, size_t *to)
{
    int64_t count = agreement_count(works), schools = (int64_t)works->covered_count;
    *from = (size_t)(k * schools / count);
    *to = (size_t)((k + 1) * schools / count);
}

static int agreement_year(const struct works *works, int64_t k)
{
    int from = (int)works->settings->numbers[NUMBER_FROM_YEAR] + 1;
    int to = (int)works->settings->numbers[NUMBER_TO_YEAR];
    return from > to ? to : from + (int)(k % (to - from + 1));
}

static struct str agreement_number(struct works *works, struct records *records, int64_t k)
{
    return record_text(records, "XZ%d-%03d", agreement_year(works, k), (int)k + 1);
}

void record_agreements(struct works *works, struct records *records)
{
    int64_t covered = 0;
    for (int64_t k = 0; k < agreement_count(works); k++) {
        size_t from, to;
        covers(works, k, &from, &to);
        uint32_t lead = works->covered[from];
        int year = agreement_year(works, k);
        day signed_on, until;
        CHECK(day_from_ymd(year, 4, 1, &signed_on));
        signed_on.days += (int32_t)rng_below(&records->rng, 120);
        CHECK(day_from_ymd(year + 3, 3, 31, &until));
        struct record *record = record_add(records, works->city->schools.items[lead].county, year);
        record_put_school(records, record, lead);
        record_put(records, record, "agreement_number", agreement_number(works, records, k));
        struct str area = record_word(records, WORDS_PARTNER_AREAS);
        struct str school = record_word(records, WORDS_PARTNER_SCHOOLS);
        record_put(records, record, "partner_area", area);
        record_put(records, record, "partner_school",
                   record_text(records, "%.*s%.*s", STR_ARG(area), STR_ARG(school)));
        record_put_day(records, record, "signed_on", signed_on);
        record_put_day(records, record, "from", signed_on);
        record_put_day(records, record, "to", until);
        record_put_i(records, record, "covered", (int64_t)(to - from));
        record_put(records, record, "content", record_word(records, WORDS_EXCHANGE_TOPICS));
        covered += (int64_t)(to - from);
    }
    works_figure(works, "agreements", "agreement", (int64_t)records->rows.count);
    works_figure(works, "agreement_schools", "school", covered);
}

void record_agreement_schools(struct works *works, struct records *records)
{
    for (int64_t k = 0; k < agreement_count(works); k++) {
        size_t from, to;
        covers(works, k, &from, &to);
        for (size_t i = from; i < to; i++) {
            uint32_t school = works->covered[i];
            struct record *record =
                record_add(records, works->city->schools.items[school].county, 0);
            record_put_school(records, record, school);
            record_put(records, record, "agreement_number", agreement_number(works, records, k));
            record_put(records, record, "lead_school",
                       works->city->schools.items[works->covered[from]].name);
        }
    }
}

static void put_stay(struct works *works, struct records *records, struct record *record,
                     int64_t number, bool sent)
{
    int year = agreement_year(works, number);
    int32_t days = sent ? 15 + 15 * (int32_t)rng_below(&records->rng, 4)
                        : 30 + 30 * (int32_t)rng_below(&records->rng, 3);
    day from;
    CHECK(day_from_ymd(year, 3 + (int)rng_below(&records->rng, SENT_MONTHS), 1, &from));
    from.days += (int32_t)rng_below(&records->rng, 25);
    record_put_i(records, record, "year", year);
    record_put_c(records, record, "direction", sent ? "派出" : "来支教");
    record_put_c(records, record, "role", number % 4 == 0 ? "管理人员" : "一线教师");
    record_put_day(records, record, "from", from);
    record_put_day(records, record, "to", (day){from.days + days - 1});
    record_put_i(records, record, "days", days);
    record_put(records, record, "content", record_word(records, WORDS_EXCHANGE_TOPICS));
}

static struct str partner_school(struct records *records)
{
    struct str area = record_word(records, WORDS_PARTNER_AREAS);
    struct str school = record_word(records, WORDS_PARTNER_SCHOOLS);
    return record_text(records, "%.*s%.*s", STR_ARG(area), STR_ARG(school));
}

/* Teachers of ours who went; those who came are nobody's here, and stand under the host's county.
 */
void record_exchanges(struct works *works, struct records *records)
{
    const struct city *city = works->city;
    int64_t sent = works_target(works, NUMBER_SENT),
            received = works_target(works, NUMBER_RECEIVED);
    uint32_t *order =
        record_shuffled(records->arena, &records->rng, (uint32_t)works->teachers.count);
    for (int64_t i = 0; i < sent; i++) {
        const struct teacher *teacher =
            &works->teachers.items[order[(size_t)i % works->teachers.count]];
        struct record *record = record_add(records, city->schools.items[teacher->school].county,
                                           agreement_year(works, i));
        record_put_teacher(works, records, record, teacher);
        record_put(records, record, "place", partner_school(records));
        put_stay(works, records, record, i, true);
    }
    for (int64_t i = 0; i < received; i++) {
        uint32_t host = works->covered[rng_below(&records->rng, (uint32_t)works->covered_count)];
        bool male = rng_below(&records->rng, 100) < 40;
        day birth;
        CHECK(day_from_ymd(1968 + (int)rng_below(&records->rng, 24), 1, 1, &birth));
        birth.days += (int32_t)rng_below(&records->rng, 365);
        char id[19];
        sample_id_number(id, record_word(records, WORDS_PARTNER_CODES), birth, male,
                         (uint32_t)(i % 40));
        struct record *record =
            record_add(records, city->schools.items[host].county, agreement_year(works, i));
        record_put_school(records, record, host);
        record_put(records, record, "place", city->schools.items[host].name);
        record_put(records, record, "school_name", partner_school(records));
        record_put_c(records, record, "school_code", "");
        record_put(records, record, "name", works_name(works, &records->rng, birth, male));
        record_put(records, record, "id_number", str_copy(records->arena, str_from(id)));
        record_put_c(records, record, "sex", male ? "男" : "女");
        put_stay(works, records, record, i, false);
    }
    works_figure(works, "exchanges_sent", "person-time", sent);
    works_figure(works, "exchanges_received", "person-time", received);
}
