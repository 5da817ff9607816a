#ifndef BASE_TESTING_H
#define BASE_TESTING_H

/* What every unit test includes: cmocka and the headers that it needs before it. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <string.h>

#include <cmocka.h>

#define assert_str_is(s, text) assert_true(str_is((s), (text)))

#endif
