#ifndef IDENTITY_SHAPE_H
#define IDENTITY_SHAPE_H

#include <stdbool.h>
#include <stdint.h>

/* Which characters look alike to someone who types from paper: from drawings of them, four-corner
 * and Cangjie codes, phonetic parts and stroke counts (hanzi/shapes.tsv, whose pairs are found
 * ahead of time). Known for the 8,105 characters of the standard list; traditional ones are taken
 * there with hanzi_simplify first. */

/* 0 (no neighbours) … 1000 (the same character); neighbours have 660 … 990. Symmetric. */
int shape_alike(uint32_t a, uint32_t b);

/* True when the two are neighbours in shape (己已, 晓哓, 钰珏). */
bool shape_near(uint32_t a, uint32_t b);

/* The neighbours of a character, at most `max`, nearest first. Returns how many. */
enum { SHAPE_NEIGHBOURS_MAX = 16 };
int shape_neighbours(uint32_t code, uint32_t out[SHAPE_NEIGHBOURS_MAX]);

#endif
