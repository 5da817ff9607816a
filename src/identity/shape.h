#ifndef IDENTITY_SHAPE_H
#define IDENTITY_SHAPE_H

#include <stdbool.h>
#include <stdint.h>

/* Which characters look alike to someone who types from paper: from four-corner codes, components,
 * stroke counts and structure (embedded tables). */

/* 0 (nothing alike) … 1000 (the same character). */
int shape_alike(uint32_t a, uint32_t b);

/* True when the two are neighbours in shape (己已, 晓哓, 钰珏). */
bool shape_near(uint32_t a, uint32_t b);

/* The neighbours of a character, at most `max`, nearest first. Returns how many. */
enum { SHAPE_NEIGHBOURS_MAX = 16 };
int shape_neighbours(uint32_t code, uint32_t out[SHAPE_NEIGHBOURS_MAX]);

#endif
