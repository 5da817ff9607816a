#ifndef WEB_CONSOLE_H
#define WEB_CONSOLE_H

#include "web/answer.h"
#include "web/request.h"

/* The files of the console, built into the program (console/dist). Every address that is not of the
 * API and names no file is a page of the console and gets its index.html, where the literal
 * __NONCE__ is replaced by a fresh random word that the answer's Content-Security-Policy names.
 * What stands under /assets/ has its hash in its name and may be kept for ever. In a program built
 * without the console, pages say so. */

/* Answers a GET of such an address. */
void console_answer(const struct request *request, struct answer *answer);

/* Whether an address is of the API. */
bool console_is_api(struct str path);

#endif
