#ifndef CASES_CHAIN_H
#define CASES_CHAIN_H

#include "access/role.h"
#include "cases/case.h"
#include "registry/registry.h"

/* Who answers: chains of positions from near to far as text (procedures/chains.yaml), and the named
 * persons who hold them, from the register of duties (责任人) as of a day. Nobody can make an item
 * vanish by leaving a name out: a position without a name is shown as such, and what it owes lies
 * with the next named one above as well. */

enum { POSITIONS_MAX = 32, HOLDERS_PER_POSITION_MAX = 8 };

/* For which unit a position is held. */
enum position_level {
    LEVEL_FAMILY,
    LEVEL_SCHOOL,
    LEVEL_VILLAGE,
    LEVEL_TOWNSHIP,
    LEVEL_COUNTY,
    LEVEL_CITY,
};

struct position {
    struct str key, zh, en;
    struct str line; /* "family", "education", "government" */
    enum position_level level;
    int role; /* enum role in whose work list it stands; -1: none */
};

struct chain {
    struct str key, zh, en;
    size_t *positions; /* in `positions`, near to far */
    size_t count;
};

struct chains {
    struct position *positions; /* in the order of the text: near to far inside a line */
    size_t position_count;
    struct chain *items;
    size_t count;
    const struct chain *used;
};

/* Loads chains.yaml; checks the positions of all steps. ERR_INPUT with file and line. */
MUST_USE bool chains_load(struct chains *out, struct arena *arena, const char *folder,
                          const struct procedures *procedures, struct err *err);

/* In chains.positions, or -1. */
int position_find(const struct chains *chains, struct str key);

/* "family" "school" … */
const char *position_level_key(enum position_level level);
const char *position_level_text(enum position_level level, enum lang lang);

/* The position to which what `position` owes goes next: the next above it in the chain in use on
 * the same line, then the last of the chain; -1 at the end. */
int chain_above(const struct chains *chains, size_t position);

/* The named holders of positions. */
struct holder {
    struct str unit; /* division code of 6, 9 or 12 digits, or school code, or school name */
    size_t position; /* in chains.positions */
    struct str name;
    struct str phone;  /* opened */
    struct str class;  /* of a school: whose class teacher; empty: of all */
    int64_t statement; /* of the register of duties */
};

struct holders {
    struct holder *items; /* by position, unit, then statement */
    size_t count;
};

/* Reads the register of duties as of `when`. A position is known by its key or its words, zh or en
 * (班主任 is 班主任（师长） too). Rows whose position is none of the chain's are passed over. The
 * array lives in the arena. */
MUST_USE bool holders_read(struct holders *out, struct arena *arena, struct registry *registry,
                           const struct asker *asker, const struct chains *chains,
                           struct read_at when, struct err *err);

/* Who holds a position for a case of this area and school: NULL when nobody is named, or the unit
 * is not known (no village in the code, no school). */
const struct holder *holder_of(const struct holders *holders, const struct chains *chains,
                               size_t position, struct str area, struct str school_code,
                               struct str school);

/* The unit for which a position is held, of a case: its school code (else name), or the part of its
 * area code; empty when it is not known. Borrowed. */
struct str position_unit(const struct position *position, struct str area, struct str school_code,
                         struct str school);

#endif
