#ifndef INTAKE_WORKBOOK_NUMBER_H
#define INTAKE_WORKBOOK_NUMBER_H

#include "intake/workbook.h"

/* Numbers and days as spreadsheets keep them. */

enum { NUMBER_TEXT_SIZE = 64 };

/* A number as a spreadsheet writes it ("12", "43.100000000000001", "6.2E+17"), or text that is
 * none, as a cell: CELL_NUMBER in shortest exact decimal form, else CELL_TEXT as it is. A whole
 * number of more than 15 digits is marked as one that lost digits, unless its digits are such that
 * no spreadsheet number can have made them (a program wrote them out whole). The text is `written`
 * or lives in `buffer`. */
struct cell number_cell(struct str written, char buffer[NUMBER_TEXT_SIZE]);

/* The same for a double. */
struct cell number_cell_double(double value, char buffer[NUMBER_TEXT_SIZE]);

/* A serial number of a cell with a date style as CELL_DATE "2012-03-05" (time dropped); as
 * number_cell when it is no day between 1800 and 2200. */
struct cell date_cell(struct str written, bool date1904, char buffer[NUMBER_TEXT_SIZE]);

/* The same for a double. */
struct cell date_cell_double(double serial, bool date1904, char buffer[NUMBER_TEXT_SIZE]);

/* Whether a number format shows a day (built-in number, or a custom format's text). A time of day
 * alone is none. */
bool format_builtin_is_date(uint64_t number);
bool format_is_date(struct str code);

#endif
