#include "jobs/search_index.h"

/* Fewer digits say too little: six are a county, four at the end are what masks leave to see. */
enum { PREFIX_MIN = 6, SUFFIX_MIN = 4, STUDENT_SUFFIX_MIN = 6, NUMBER_DIGITS_MAX = 9 };

enum { EXACT_TIER, NUMBER_TIER, ID_TIER, STUDENT_TIER, ID_END_TIER, STUDENT_END_TIER };

struct sorted_texts {
    const struct dict *texts;
    const uint32_t *order;
    bool backward;
};

/* Compares a text with what is looked for as far as that goes: 0 when it begins (or ends) so. */
static int compare_text(const struct sorted_texts *sorted, uint32_t place, struct str wanted)
{
    struct str text = dict_text(sorted->texts, sorted->order[place]);
    for (size_t i = 0; i < wanted.len; i++) {
        if (i == text.len) return -1;
        size_t at = sorted->backward ? text.len - 1 - i : i;
        size_t of = sorted->backward ? wanted.len - 1 - i : i;
        unsigned char left = (unsigned char)text.ptr[at], right = (unsigned char)wanted.ptr[of];
        if (left != right) return left < right ? -1 : 1;
    }
    return 0;
}

static uint32_t first_of(const struct sorted_texts *sorted, struct str wanted)
{
    uint32_t low = 0, high = sorted->texts->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (compare_text(sorted, middle, wanted) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static void offer_range(struct searching *searching, int tier, enum search_match match,
                        const struct sorted_texts *sorted, const struct search_postings *postings,
                        struct str wanted)
{
    for (uint32_t at = first_of(sorted, wanted);
         at < sorted->texts->count && compare_text(sorted, at, wanted) == 0; at++) {
        uint32_t text = sorted->order[at];
        bool whole = dict_text(sorted->texts, text).len == wanted.len;
        search_offer(searching, whole ? EXACT_TIER : tier, match, postings, text);
    }
}

static void offer_person(struct searching *searching, struct str digits)
{
    int64_t number;
    if (digits.len > NUMBER_DIGITS_MAX || digits.ptr[0] == '0' || !str_to_i64(digits, &number))
        return;
    uint32_t person = snapshot_person(searching->view->snapshot, number);
    if (person == UINT32_MAX) return;
    uint32_t shown = view_shown(searching->view, person);
    if (shown != UINT32_MAX) {
        search_offer_record(searching, NUMBER_TIER, SEARCH_BY_NUMBER, shown);
    }
}

void search_numbers(struct searching *searching, struct str digits)
{
    const struct search *search = searching->search;
    const struct people *people = &searching->view->snapshot->run.people;
    const struct dict *ids = &people->texts[PERSON_ID_NUMBER];
    const struct dict *students = &people->texts[PERSON_STUDENT_NUMBER];
    const struct sorted_texts begins = {ids, search->ids_forward, false};
    const struct sorted_texts ends = {ids, search->ids_backward, true};
    const struct sorted_texts students_begin = {students, search->students_forward, false};
    const struct sorted_texts students_end = {students, search->students_backward, true};
    offer_person(searching, digits);
    if (digits.len >= PREFIX_MIN) {
        offer_range(searching, ID_TIER, SEARCH_BY_ID, &begins, &search->ids, digits);
        offer_range(searching, STUDENT_TIER, SEARCH_BY_STUDENT_NUMBER, &students_begin,
                    &search->students, digits);
    }
    if (digits.len >= SUFFIX_MIN) {
        offer_range(searching, ID_END_TIER, SEARCH_BY_ID, &ends, &search->ids, digits);
    }
    if (digits.len >= STUDENT_SUFFIX_MIN) {
        offer_range(searching, STUDENT_END_TIER, SEARCH_BY_STUDENT_NUMBER, &students_end,
                    &search->students, digits);
    }
}
