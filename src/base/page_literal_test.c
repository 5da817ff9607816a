#include "base/page.h"

/* Must not compile with PAGE_OF_VARIABLE, and must without: markup comes from literals alone. */

void page_literal_test(struct page *page, const char *variable);

void page_literal_test(struct page *page, const char *variable)
{
#ifdef PAGE_OF_VARIABLE
    html(page, variable);
#else
    html(page, "<p>");
    page_text_c(page, variable);
#endif
}
