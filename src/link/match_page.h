#ifndef LINK_MATCH_PAGE_H
#define LINK_MATCH_PAGE_H

#include "link/chart.h"
#include "link/expect.h"
#include "link/match_report.h"
#include "link/sweep.h"

/* The inside of the report: one function a section, in the order of the page. */

struct match_page {
    struct page page;
    struct arena arena; /* as long as the page */
    const struct match *match;
    const struct match_report *asked;
    struct link_weight_counts counts;
    const struct evaluation_report *evaluated; /* NULL without truth */
    int32_t low, high;                         /* whole bits: what the charts of weights span */
    uint32_t *sizes;                           /* records by cluster */
    struct match_step *steps;                  /* clusters at other thresholds, rising */
    size_t step_count;
    uint32_t *linked; /* by record: pairs at or above `match` that it is in */
};

/* match_page_data.c */
void match_page_tiles(struct match_page *page);
void match_page_read(struct match_page *page);
void match_page_blocking(struct match_page *page);

/* match_page_model.c */
void match_page_model(struct match_page *page);

/* match_page_weights.c */
void match_page_weights(struct match_page *page);
void match_page_expected(struct match_page *page);

/* Between ticks of an axis of bits that spans so many; and the marks of the spec's thresholds. */
double match_page_tick(double span);
void match_page_mark(const struct match_page *page, const struct chart *chart);

/* match_page_clusters.c */
void match_page_clusters(struct match_page *page);

/* match_page_pairs.c */
void match_page_patterns(struct match_page *page);
void match_page_examples(struct match_page *page);

/* match_page_truth.c; `expected` is what the model expected of the same threshold, or NULL. */
void match_page_truth(struct page *page, const struct evaluation_report *evaluated,
                      const struct link_expected *expected);

/* Pieces that sections share (match_page_part.c). */

/* A section with its heading and, unless NULL, a paragraph under it. */
void part_section(struct page *page, const char *id, const char *zh, const char *en);
void part_section_end(struct page *page);
void part_note(struct page *page, const char *zh, const char *en);

/* A table: its columns, `number` ones set to the right; the caller writes rows of cells. */
struct part_column {
    const char *zh, *en;
    bool number;
};
void part_table(struct page *page, const char *zh, const char *en,
                const struct part_column *columns, size_t count);
void part_table_end(struct page *page);
void part_count(struct page *page, uint64_t value);            /* a cell: "1,234" */
void part_bits(struct page *page, int64_t millibits);          /* a cell: "-12.34" */
void part_percent(struct page *page, uint32_t ppm);            /* a cell: "12.34 %" */
void part_share(struct page *page, double part, double whole); /* a cell: percent with a bar */

/* An entry of a chart's key. */
void part_key(struct page *page, const char *series, const char *zh, const char *en);

#endif
