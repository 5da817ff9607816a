#ifndef IDENTITY_NAME_H
#define IDENTITY_NAME_H

#include "base/str.h"

/* Names of people: cleaned for comparing, never for storing. Characters beyond the basic plane and
 * private-use ones (rare characters of old systems) are kept. Of a name 128 characters are read. */

struct name {
    struct str clean;   /* compatibility form, Latin in lower case, traditional and variant hanzi
                           folded to simplified (but 乾, 於 and the like, which are standard),
                           blanks inside Chinese names removed, all dots (·•．。‧, and - between
                           hanzi) as "·", bracketed notes removed, marks and numbers at the ends
                           of Chinese names removed ("2、张伟*", "张伟B") */
    struct str surname; /* 欧阳, 王; for names of the form 买买提·吐尔逊 or Latin ones the first part */
    struct str given;   /* the rest without the dot or blank between; may be empty */
    bool chinese;       /* all characters are hanzi (and dots), and there is one */
};

/* Takes a written name apart; compound surnames are known (hanzi/surnames.tsv) and
 * taken when a given name is left. The parts are views of `clean`. Never fails: an empty cell gives
 * empty parts. */
void name_read(struct arena *arena, struct str written, struct name *out);

/* A cell that is no name: empty, 无, 不详, 合计, 填表人：…, digits or marks only. Names that only
 * start like such a word (单位明, 校长富) are names. */
bool name_is_blank(struct str written);

/* Traditional and variant characters to the simplified ones used for comparing, one by one; `text`
 * itself when nothing changes. */
struct str hanzi_simplify(struct arena *arena, struct str text);

#endif
