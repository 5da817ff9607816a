#ifndef INTAKE_TITLE_H
#define INTAKE_TITLE_H

#include "base/day.h"

/* What a title, a sheet's name or a file's name says about all rows below it:
 * "红堡子小学2020年秋季在校学生花名册",
 * "学校：红堡子小学　班级：三年级1班　填报时间：2020年9月1日". */

struct title_facts {
    struct str school;    /* name of a single school, or empty */
    struct str grade;     /* "三年级", "三年级(2)班", "2018级" as written, or empty */
    struct str graduated; /* "2020" of 2020届, or empty */
    day stated;           /* a day or month, or DAY_NONE */
};

/* Fills what is still empty in *facts from one text; call with the nearest text first. Texts are
 * views of `text`. */
void title_read(struct str text, struct title_facts *facts);

#endif
