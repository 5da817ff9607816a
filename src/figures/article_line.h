#ifndef FIGURES_ARTICLE_LINE_H
#define FIGURES_ARTICLE_LINE_H

#include "base/day.h"

/* What one line of a copied page is: the article's own, or of the page around it. */

enum line_kind {
    LINE_BLANK,
    LINE_TEXT,  /* a sentence or more */
    LINE_SHORT, /* no sentence: a title, a heading, a signature */
    LINE_SPAM,
    LINE_NAVIGATION,
    LINE_TAIL, /* navigation, and what follows is a list of other articles */
    LINE_IMPRINT,
};

/* Told by its words, its length and its marks. */
enum line_kind line_kind_of(struct str line);

/* True when it can be a title: of usual length, not ending as sentences do. */
bool line_can_be_title(struct str line);

/* True when it begins with a sign of a list: ✅ ▲ ● and the like. */
bool line_is_marked(struct str line);

/* True when a number stands in it with a measure word: 12所, 1.5万名. */
bool line_says_count(struct str line);

/* True when it is such a number and nothing else. */
bool line_is_count(struct str line);

/* "一、控辍保学", "（二）…", "2.…": a heading by its number. */
bool line_is_heading(struct str line);

/* True when the line ends as a sentence or a paragraph does. */
bool line_is_ended(struct str line);

/* The first whole day in a text (2020-11-25, 2020年11月25日, 二〇二〇年十一月二十五日). */
bool line_day(struct str text, day *out);

/* A day behind a word that says when the page was published. */
bool line_published(struct str line, day *out);

#endif
