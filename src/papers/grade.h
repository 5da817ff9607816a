#ifndef PAPERS_GRADE_H
#define PAPERS_GRADE_H

#include "base/str.h"

/* A grade as papers write it: "小学三年级", "七年级", "高中一年级" for "primary:3", "junior:1",
 * "senior:1"; what is none of these is given back. In the arena, or the text itself. */
struct str grade_text(struct arena *arena, struct str grade);

#endif
