#ifndef WEB_OPENAPI_H
#define WEB_OPENAPI_H

#include "base/str.h"

/* The description of the API (OpenAPI 3.0), made from the table of routes: each row with its
 * parameters, what it gives, and as "x-capability" and "x-area" who may use it. Into the arena. */
struct str openapi_make(struct arena *arena);

#endif
