#ifndef PLACING_ORDER_H
#define PLACING_ORDER_H

#include "placing/placing.h"

/* Inside place_run: the order in which applicants go. */

/* All applicants by total, then ties, all descending, then number; `ends` by place in that order:
 * the last of those who are equal in total and ties. Each in its arena. */
void place_order(struct arena *arena, struct arena *ends_arena, const struct place_input *input,
                 uint32_t **order, bool **ends);

/* The order of two applicants by total and ties: below 0 when x goes first, 0 when they are equal;
 * numbers are not looked at. */
int place_compare(const struct place_input *input, uint32_t x, uint32_t y);

#endif
