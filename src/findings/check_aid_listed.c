#include "findings/check_aid_internal.h"

/* A list that was not given yet makes nobody a child that was missed. Lists come by county, at
 * times by school: a scheme is compared at a school when the county's lists speak of it, unless the
 * school has nobody on them of so many to whom it is due. */

enum { COUNTY_DIGITS = 6 };

struct school_count {
    uint64_t due, paid; /* students to whom the scheme is due, and those of them who got it */
    bool any;           /* somebody of the school got it */
};

struct listing {
    struct aid *aid;
    struct arena *work;
    struct dict counties;
    uint32_t *county_of;          /* by school: number in counties */
    struct school_count *schools; /* by school */
    struct school_count *totals;  /* by county */
};

static void read_schools(struct aid *aid)
{
    const struct facts *facts = aid->facts;
    aid->row_schools = facts->schools;
    aid->school_counties = arena_array(aid->check->arena, struct str, facts->school_texts.count);
    for (size_t row = 0; row < facts->rows.count; row++) {
        struct str *county = &aid->school_counties[facts->schools[row]];
        if (county->len == 0) *county = str_slice(facts->school_areas[row], 0, COUNTY_DIGITS);
    }
}

/* Of payees who are no students here their list says the school. */
static void note_payment(struct listing *listing, const struct payment *payment)
{
    const struct facts *facts = listing->aid->facts;
    uint32_t row = facts->row_of[payment->person];
    uint32_t school = row != UINT32_MAX
                          ? facts->schools[row]
                          : dict_find(&facts->school_texts, facts_school_of(facts, payment->row));
    if (school == DICT_NONE) return;
    listing->schools[school].any = true;
    listing->totals[listing->county_of[school]].any = true;
}

static void count_scheme(struct listing *listing, uint16_t scheme)
{
    struct aid *aid = listing->aid;
    const struct facts *facts = aid->facts;
    const struct payments *payments = &aid->payments;
    memset(listing->schools, 0, facts->school_texts.count * sizeof *listing->schools);
    memset(listing->totals, 0, listing->counties.count * sizeof *listing->totals);
    for (size_t i = 0; i < payments->count; i++) {
        int64_t fen;
        if (aid->scheme_of[i] != scheme) continue;
        if (!payment_falls_to(&payments->items[i], aid->periods[scheme], &fen)) continue;
        note_payment(listing, &payments->items[i]);
    }
    for (size_t row = 0; row < facts->rows.count; row++) {
        const struct policy_decision *decision = award_of(aid->in->kinds, row, scheme);
        if (decision == NULL || decision->verdict != POLICY_ENTITLED) continue;
        bool paid = aid_paid_of(aid, facts->persons[row], scheme).count > 0;
        struct school_count *school = &listing->schools[facts->schools[row]];
        struct school_count *county = &listing->totals[listing->county_of[facts->schools[row]]];
        school->due++;
        county->due++;
        school->paid += paid;
        county->paid += paid;
    }
}

static void report(struct listing *listing, uint16_t scheme, uint32_t school, struct str area)
{
    struct aid *aid = listing->aid;
    char period[PERIOD_TEXT_SIZE];
    struct str key = aid->policy->schemes[scheme].name.key;
    struct str place = school == DICT_NONE ? area : dict_text(&aid->facts->school_texts, school);
    struct finding finding = {.kind = FINDING_NOT_REPORTED,
                              .queue = QUEUE_REPORT_MISSING,
                              .person = UINT32_MAX,
                              .record = UINT32_MAX,
                              .birth = DAY_NONE,
                              .area = area,
                              .probability_ppm = 950000,
                              .nearest = UINT32_MAX,
                              .due_fen = -1,
                              .paid_fen = -1};
    for (size_t row = 0; school != DICT_NONE && row < aid->facts->rows.count; row++) {
        if (aid->facts->schools[row] != school) continue;
        finding.school =
            people_text(aid->check->people, aid->facts->records[row], PERSON_SCHOOL_NAME);
        break;
    }
    finding.scheme = key;
    finding.period =
        str_copy(aid->check->arena, str_from(period_format(aid->periods[scheme], period)));
    check_add_reason(aid->check, &finding, "not_reported");
    check_add_reason(aid->check, &finding, "not_paid");
    aid_note(aid, &finding, "scheme", key);
    aid_note(aid, &finding, "period", finding.period);
    struct text text;
    text_init(&text, aid->check->arena, 512);
    text_add_f(&text, "%.*s/%.*s/%.*s", STR_ARG(key), STR_ARG(finding.period), STR_ARG(place));
    finding.key = text_str(&text);
    if (!finding_concerns(&finding, aid->check->area)) return;
    *list_push(aid->check->arena, &aid->check->findings) = finding;
}

static enum aid_listed judge(const struct listing *listing, uint32_t school)
{
    const struct school_count *at = &listing->schools[school];
    if (!listing->totals[listing->county_of[school]].any) return AID_NOT_SPOKEN_OF;
    if (at->any || at->due < 2) return AID_LISTED;
    return (int64_t)at->due >= listing->aid->check->rules->unreported_children_min ? AID_NOT_SENT
                                                                                   : AID_DOUBTFUL;
}

static void settle_scheme(struct listing *listing, uint16_t scheme)
{
    struct aid *aid = listing->aid;
    size_t schools = aid->facts->school_texts.count;
    int64_t least = aid->check->rules->unreported_children_min;
    bool spoken = false;
    for (uint32_t c = 0; c < listing->counties.count; c++) spoken |= listing->totals[c].any;
    if (!spoken) return;
    aid->listed[scheme] = arena_array(aid->check->arena, uint8_t, schools);
    for (uint32_t s = 0; s < schools; s++) {
        aid->listed[scheme][s] = (uint8_t)judge(listing, s);
        if (aid->listed[scheme][s] == AID_NOT_SENT) {
            report(listing, scheme, s, aid->school_counties[s]);
        }
    }
    for (uint32_t c = 0; c < listing->counties.count; c++) {
        const struct school_count *county = &listing->totals[c];
        if (county->any || (int64_t)county->due < least) continue;
        report(listing, scheme, DICT_NONE, dict_text(&listing->counties, c));
    }
}

void aid_read_listed(struct aid *aid)
{
    struct arena work = {0};
    const struct facts *facts = aid->facts;
    struct listing listing = {.aid = aid, .work = &work};
    size_t schools = facts->school_texts.count;
    read_schools(aid);
    dict_init(&listing.counties, aid->check->arena);
    listing.county_of = arena_array(&work, uint32_t, schools);
    for (uint32_t s = 0; s < schools; s++) {
        listing.county_of[s] = dict_put(&listing.counties, aid->school_counties[s]);
    }
    listing.schools = arena_array(&work, struct school_count, schools);
    listing.totals = arena_array(&work, struct school_count, listing.counties.count);
    aid->listed = arena_array(aid->check->arena, uint8_t *, aid->policy->scheme_count);
    for (uint16_t s = 0; s < aid->policy->scheme_count; s++) {
        if (aid->policy->schemes[s].subject != facts->subject) continue;
        enum policy_form form = aid->policy->schemes[s].form;
        if (form == POLICY_DECLARED || form == POLICY_LOAN) continue;
        count_scheme(&listing, s);
        settle_scheme(&listing, s);
    }
    arena_free(&work);
}
