#ifndef IDENTITY_NAME_H
#define IDENTITY_NAME_H

#include "base/str.h"

/* Names of people: cleaned for comparing, never for storing. */

struct name {
    struct str clean; /* compatibility form, traditional folded to simplified, blanks inside Chinese
                         names removed, all dots (·•．。‧) as "·", bracketed notes removed */
    struct str surname; /* 欧阳, 王; for names of the form 买买提·吐尔逊 or Latin ones the first part */
    struct str given;
    bool chinese;       /* all characters are hanzi (and dots) */
};

/* Takes a written name apart; compound surnames are known (identity/tables/surnames.tsv). */
void name_read(struct arena *arena, struct str written, struct name *out);

/* A cell that is no name: empty, 无, 不详, 合计, digits only. */
bool name_is_blank(struct str written);

/* Traditional and variant characters to the simplified ones used for comparing. */
struct str hanzi_simplify(struct arena *arena, struct str text);

#endif
