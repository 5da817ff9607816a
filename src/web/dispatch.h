#ifndef WEB_DISPATCH_H
#define WEB_DISPATCH_H

#include "web/answer.h"
#include "web/request.h"

/* What stands between a request and its handler: the only place where it is decided who may do
 * what. In this order: the row of the table, the origin of a changing request, the session, its
 * request token, the capability, the parameters, the area. Only then does the handler run. */

/* Finds the row for method and path, and refuses what can be refused before a body is read: no such
 * address (404), another method (405), a page of somebody else's (403), a body that the row does
 * not take (400, 415) or that is too large (413). False when the answer is made. */
MUST_USE bool dispatch_find(struct request *request, enum method method, struct route_match *match,
                            struct answer *answer);

/* Finds the session and checks token and capability. On the thread of `workspace`. False when the
 * answer is made. */
MUST_USE bool dispatch_admit(struct request *request, struct workspace *workspace,
                             struct answer *answer);

/* Reads the parameters, checks the area and lets the handler answer; `request` is admitted. The
 * answer is complete after, errors too. */
void dispatch_answer(struct request *request, const struct route_match *match,
                     struct workspace *workspace, struct answer *answer);

/* The body gzipped when the client takes that and it is worth it. */
void dispatch_pack(const struct request *request, struct answer *answer);

#endif
