#ifndef ACCESS_ASKER_H
#define ACCESS_ASKER_H

#include "access/role.h"
#include "base/arena.h"

/* Who asks, for which area, and what they may do. Every function that reads people takes a
 * `const struct asker *` and gives only rows of the asker's areas. `local` holds the workspace file
 * on the command line and may do all; the others are users who have logged in (user.h). */

enum { ASKER_AREAS_MAX = 64 };

struct asker {
    struct str name;                   /* "local", or the user's name */
    struct str areas[ASKER_AREAS_MAX]; /* division codes of 2 to 12 digits */
    size_t area_count;                 /* 0: nothing at all */
    bool all_areas;
    struct str school;     /* code of the one school whose pupils the asker sees besides; may be
                              empty */
    uint32_t capabilities; /* enum capability, or-ed */
};

/* The owner of the workspace file: all areas, all capabilities. */
struct asker asker_local(void);

/* An asker narrowed to one area (from --area): sees what the first sees and `area` covers. The
 * texts stay those of `asker` and `area`, which must live as long. */
struct asker asker_within(const struct asker *asker, struct str area);

/* A copy in the arena, for work that outlives whoever asked. */
struct asker asker_copy(struct arena *arena, const struct asker *asker);

/* True when the asker may do it. */
bool asker_may(const struct asker *asker, enum capability capability);

/* True when `area` (a division code, or empty) lies in one of the asker's areas. Codes of 6, 9 and
 * 12 digits nest by prefix, and trailing zeros mean "all of it" (620400 covers 620422). A row with
 * no area is seen only by those who see all areas. */
bool asker_sees(const struct asker *asker, struct str area);

/* Adds the areas as text: askers of one text (and one school) see the same rows. */
void asker_add_areas(struct text *out, const struct asker *asker);

/* A code without the zeros that mean "all of it": 2, 4, 6, 9 or 12 digits, with which all codes
 * inside it begin. Borrowed from `code`. */
struct str area_prefix(struct str code);

/* True when division `outer` is or contains division `inner`. */
bool area_covers(struct str outer, struct str inner);

#endif
