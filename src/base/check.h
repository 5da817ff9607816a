#ifndef BASE_CHECK_H
#define BASE_CHECK_H

/* CHECK states what must be true of our own program. It stays on in every build: a broken
 * invariant stops the process, the open transaction rolls back, and nothing half done is left.
 * User input can never trip a CHECK; what users give is answered with struct err. One condition
 * per CHECK, so that the message names the one that failed. */

/* Prints the condition and its place to standard error and aborts. Does not return. */
_Noreturn void check_failed(const char *condition, const char *file, int line);

#define CHECK(condition) \
    ((condition) ? (void)0 : check_failed(#condition, __FILE__, __LINE__))

#define MUST_USE __attribute__((warn_unused_result))

#endif
