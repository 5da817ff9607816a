#ifndef JOBS_VIEW_H
#define JOBS_VIEW_H

#include "jobs/reckoned.h"
#include "jobs/snapshot.h"

/* What pages show, as plain structs made from a snapshot and single statements read by key. This
 * file says who sees what, in one place: every other view_*.h asks here, row by row.
 *
 *   A record is seen when its area lies in one of the asker's areas, or when it is of the asker's
 *   school. A person is seen when one of its records is, or a finding about it lies in the asker's
 *   areas; of its other records only register and area are told. A finding is seen when it
 *   concerns one of the asker's areas (finding_concerns), or, for a school, when it is about
 * somebody who has a record there or about the school.
 *
 * ID numbers and other sealed values are masked unless a function says otherwise. */

struct view {
    const struct snapshot *snapshot; /* taken, for as long as the answer is in use */
    struct registry *registry;       /* of the request, for statements; NULL where none are read */
    const struct asker *asker;
    struct arena *arena;       /* for what is answered */
    struct reckoned *reckoned; /* where what is prepared is kept; NULL: nowhere */
    const bool *areas; /* by number in texts[PERSON_AREA]: whether the asker sees it; NULL unless
                          prepared */
    const uint64_t *persons; /* a bit by person: whether the asker sees a record of it; NULL unless
                            prepared with `reckoned` */
};

/* Looks once at every area, so that asking about many records costs less; the answers are the same.
 * view_prepare_persons looks once at every person too, for who asks about most of them: what it
 * finds is kept for the snapshot. view_misses_area then tells that no record of the area is seen,
 * as far as that is known without looking at the record. */
void view_prepare(struct view *view);
void view_prepare_persons(struct view *view);
bool view_misses_area(const struct view *view, uint32_t area);

/* Whether the asker sees a record, a person, a finding (by their numbers in the snapshot). */
bool view_sees_record(const struct view *view, uint32_t record);
bool view_sees_person(const struct view *view, uint32_t person);
bool view_sees_finding(const struct view *view, size_t finding);

/* Whether the asker sees a school: it lies in their areas, or is theirs. */
bool view_sees_school(const struct view *view, const struct snapshot_school *school);

/* Whether the asker sees a record of a person. */
bool view_sees_any_record(const struct view *view, uint32_t person);

/* The record that speaks for a person to this asker: the first of those they see; UINT32_MAX when
 * they see none. */
uint32_t view_shown(const struct view *view, uint32_t person);

/* Which part of a list is asked for. */
enum { VIEW_PAGE_SIZE = 50, VIEW_PAGE_SIZE_MAX = 500 };
struct view_page {
    size_t page; /* from 1 */
    size_t size; /* SIZE_MAX: all of it, for exports */
};

/* Whether row number `number` (from 0) of a list stands on the page. */
bool view_on_page(const struct view_page *page, size_t number);

/* "会宁县郭城驿镇红堡子村" for "620422101203", from the county down; the name of a province or
 * prefecture for its own code; what is known of the code, else the code itself. */
struct str view_area_name(const struct view *view, struct str code);

/* A value of a field that identifies, as it is shown to who may not see it whole: an ID or student
 * number by id_number_mask, all else by mask_value. */
struct str view_mask(struct arena *arena, enum field_type type, struct str value);

/* Completed years on the day of the snapshot; -1 when the birth is not known. */
int view_age(const struct view *view, day birth);

/* A record in one line, to name it beside something else. When it is not seen, only register and
 * area are told and the rest is empty. */
struct view_line {
    bool visible;
    const struct profile *profile;
    struct str area, area_name;
    int64_t statement;
    uint32_t part;
    int64_t person; /* stable number */
    struct str name, sex, birth_date, id_number, school, grade;
};
void view_line(const struct view *view, uint32_t record, struct view_line *out);

#endif
