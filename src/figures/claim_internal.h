#ifndef FIGURES_CLAIM_INTERNAL_H
#define FIGURES_CLAIM_INTERNAL_H

#include "figures/claim.h"
#include "figures/repair_internal.h"

/* Inside of reading claims: a paragraph by its characters, numerals and units in it. Places are
 * numbers of characters. */

/* A text by its characters. */
struct passage {
    struct str text;
    struct codes codes;
    size_t start; /* behind the number of a heading */
};

bool passage_starts(const struct passage *passage, size_t at, const char *word);
bool passage_ends(const struct passage *passage, size_t at, const char *word);
struct str passage_slice(const struct passage *passage, size_t from, size_t to);
/* Whether the word stands anywhere from `from` to `to`; its place through *at, which may be NULL.
 */
bool passage_has(const struct passage *passage, size_t from, size_t to, const char *word,
                 size_t *at);
/* The code at a place, 0 outside. */
uint32_t passage_code(const struct passage *passage, size_t at);
/* The first of the words that the text at (before) `at` starts (ends) with; NULL: none. The list
 * ends with NULL. */
const char *passage_starts_one(const struct passage *passage, size_t at, const char *const *words);
const char *passage_ends_one(const struct passage *passage, size_t at, const char *const *words);
bool passage_has_one(const struct passage *passage, size_t from, size_t to,
                     const char *const *words);

/* Marks that end a sentence; that end a clause ("、" among them). */
bool code_ends_sentence(uint32_t code);
bool code_ends_clause(uint32_t code);

/* A numeral with its scales: "2311", "35.78亿", "三千六百三十五", "7万余". */
struct numeral {
    size_t from, to; /* with 余 and the like inside or behind */
    int64_t value_e4, place_e4, zeros_e4, scale_e4;
    int decimals;
    int64_t finer; /* while reading: the value is in ten-thousandths of this */
    int digits;    /* Arabic digits in front of the point; 0 for Chinese numerals */
    bool hanzi;
    bool bare;       /* no digit, only a scale: 万 in 万余 */
    bool positional; /* Chinese digits without tens: 二〇二〇 */
    bool more;       /* 余, 多, 来 */
    bool vague;      /* 几, 数: 几十, 数百 */
    bool grouped;    /* with thousands separators */
};

/* Reads the numeral that starts exactly at `at`. False when none does or it is too large. */
bool numeral_read(const struct passage *passage, size_t at, struct numeral *out);

/* What a number counts. */
struct measure {
    enum claim_unit unit;
    size_t length;   /* characters */
    int64_t per;     /* ‰: value to be divided by this */
    int64_t times;   /* 成: and multiplied by this */
    int64_t plus_e4; /* 九成五: and the five added */
    bool general;    /* 个: counts anything, so slogans too */
    bool plain;      /* 所, 个: no noun says what */
    bool named;      /* the noun behind says what */
    bool inherited;  /* what the number before counted */
};

/* Reads the measure word at `at`; false when there is none. The noun around a number decides about
 * 所, 个 and 份; `clause` is where its clause begins and `end` where it ends. */
bool measure_read(const struct passage *passage, const struct numeral *numeral, size_t at,
                  size_t clause, size_t end, struct measure *out);

/* What is found at one number. */
struct found {
    struct numeral low, high;
    bool range;
    struct measure measure;
    size_t from; /* with 百分之 */
    size_t to;   /* behind the numeral */
    size_t end;  /* behind the unit, and 余 or 以上 behind it */
};

/* Reads one number with its unit; `end` of `out` is where reading goes on even when it is none. */
bool found_read(const struct passage *passage, size_t at, size_t clause, size_t clause_end,
                struct found *out);
/* Whether the words around make it no count: one of a row, a name, a size, a rule. */
bool found_is_refused(const struct passage *passage, const struct found *found);
/* How exact it is; where the words that say so begin through *from, and their end moves `end`. */
enum claim_exactness found_exactness(const struct passage *passage, struct found *found,
                                     size_t *from);

/* What a noun phrase counts. */
struct noun {
    enum claim_unit unit;
    bool house; /* 所 counts it and it is no school: a hospital, a centre */
};

/* The noun phrase behind a measure word, by its last noun ("行政村幼儿园"; where `compound` also
 * what stands behind a verb: "教师培训基地"). False when none is named up to `end`. */
bool noun_behind(const struct passage *passage, size_t from, size_t end, bool compound,
                 struct noun *out);
/* What stands before the number: its last noun (right before it, where `beside_only`); schools when
 * kindergartens are named beside them ("中小学、幼儿园36所"). */
bool noun_before(const struct passage *passage, size_t from, size_t to, bool beside_only,
                 struct noun *out);
/* The noun at a place, from 0, of a list that stands from `from` to `to`: "幼儿园、小学、初中". */
bool noun_listed(const struct passage *passage, size_t from, size_t to, size_t place,
                 struct noun *out);
/* Whether the phrase from `from`, or right before the number, names something that can be counted
 * by anyone, as opposed to the points of a speech ("四个意识", "两个方面"). */
bool noun_is_thing(const struct passage *passage, size_t number, size_t from, size_t end);

/* Adds the claims of one paragraph. */
struct claim_reader {
    struct arena *arena;
    struct claims *out;
    size_t capacity;
    size_t paragraph;
    day published;
    bool plan;       /* the article is of what is yet to be */
    int ahead_level; /* of the heading under which everything is yet to be; 0: of none */
    struct passage passage;
    /* of the claims of this paragraph, from `first` on: where number and unit stand */
    size_t first;
    struct claim_span *spans;
};
struct claim_span {
    size_t from, to; /* the number without its unit */
    size_t end;      /* behind the unit */
    size_t clause, clause_end;
    size_t wide; /* where what is counted may begin: "、" is no end */
    size_t sentence, sentence_end;
    bool general, inherited;  /* of the measure */
    struct str measure, noun; /* the measure word, and how the noun behind it begins */
};
MUST_USE bool claim_add(struct claim_reader *reader, const struct claim *claim,
                        const struct claim_span *span, struct err *err);
/* What 所 or 个 counts where no noun says it: what the numbers before it did. */
void claim_inherit(const struct claim_reader *reader, const struct claim_span *span,
                   const struct found *found, struct measure *measure);
/* "由88%提高到95%": the second number counts what the first did. True when the first, the last one
 * that was added, is past. */
bool claim_follow_change(const struct claim_reader *reader, struct claim_span *span,
                         const struct found *found);
MUST_USE bool claims_of_everyone(struct claim_reader *reader, struct err *err);
/* Whether nothing stands between but words that lead into a number (共, 达到, 约). */
bool claim_only_leads(const struct passage *passage, size_t from, size_t to);
void claim_words(struct claim_reader *reader, struct claim *claim, const struct claim_span *span);
void claim_years(const struct claim_reader *reader, struct claim *claim,
                 const struct claim_span *span);
/* Whether the number is what is yet to be; the claims before it have been read. */
bool claim_is_goal(const struct claim_reader *reader, const struct claim_span *span);

/* Finds the sums among the claims of one paragraph. */
void claims_sums(struct claim_reader *reader);

#endif
