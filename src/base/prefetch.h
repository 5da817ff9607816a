#ifndef BASE_PREFETCH_H
#define BASE_PREFETCH_H

/* Asks for the memory at an address that will be read or written soon; any address will do. The
 * empty assembly says that this has an effect: gcc takes a function that only asks for memory for
 * one without, and drops the calls of it. */
static inline void prefetch(const void *address)
{
    __builtin_prefetch(address);
    __asm__ volatile("");
}

#endif
