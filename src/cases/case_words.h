#ifndef CASES_CASE_WORDS_H
#define CASES_CASE_WORDS_H

#include "cases/case_store.h"

/* What cases say, in words of one language. */
struct case_words {
    struct arena *arena; /* the words live here */
    enum lang lang;
    const struct divisions *divisions;
};

/* One of two texts of a policy, by language. */
struct str case_say(struct case_words words, struct str zh, struct str en);

/* "校长 赵某" of a position and who holds it for a case; "（未指定）" for nobody. */
struct str case_holder_words(struct case_words words, const struct casework *work, size_t position,
                             struct str area, struct str school_code, struct str school);

/* What an event says: "way=home; who=…" with keys, or in words. */
struct str case_event_words(struct case_words words, const struct casework *work,
                            const struct procedure *procedure, const struct case_event *event,
                            bool on_screen);

/* The words of a state, step or outcome of a procedure; the key where it has none. */
struct str case_state_words(struct case_words words, const struct procedure *procedure,
                            struct str key);
struct str case_step_words(struct case_words words, const struct procedure *procedure,
                           struct str key);
struct str case_outcome_words(struct case_words words, const struct procedure *procedure,
                              struct str code);

#endif
