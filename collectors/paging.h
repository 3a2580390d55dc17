/* Which page of an HTTP feed comes next. One way for each feed:
 *
 *   next = "links.next"                               the page says the URL
 *   cursor = "data.cursor"  cursor-param = "cursor"   the page says a mark that goes into the query
 *   page-param = "page"  first-page = 1               pages are numbered, up to one without records
 *   offset-param = "offset"                           the number of records read so far, up to a page without records
 *
 * with, each if wanted, page-size and size-param (sent with every page) and total = "data.total": where a page says how
 * many records there are. A feed that ends before its total is an error, never a part taken for the whole. Without a
 * total the last page is one without records: a server may send less than it was asked for. A numbered page equal to
 * the one before it is an error, because such a server has no last page.
 *
 * Pages are JSON (formats json and ocds). Parameters are added behind the configured URL; credentials never leave its
 * host (fetch_url_follow). Not shared between threads. */
#ifndef SETASIDE_COLLECTORS_PAGING_H
#define SETASIDE_COLLECTORS_PAGING_H

#include <stdint.h>

#include "collectors/source_config.h"

struct paging;
/* base: the first page's URL without what paging adds; copied. NULL when the source has one page. */
struct paging *paging_new(const struct source_config *config, const char *base);
void paging_free(struct paging *paging); /* NULL is fine */

/* The URL to begin with (free): kept, the link that an earlier pull could not follow any more, or the first page when
 * kept is "" or of another way of paging. NULL + err */
char *paging_begin(struct paging *paging, const char *kept, struct err *err);
/* Another page begins; its bytes in pieces. -1 + ERR_DATA, ERR_LIMIT when they are no page. */
void paging_page(struct paging *paging);
int paging_feed(struct paging *paging, const char *bytes, size_t count, struct err *err);
/* The page ended: 1 + *ret_url (free) = the next one, 0 = the feed has ended, -1 + err. */
int paging_next(struct paging *paging, char **ret_url, struct err *err);
/* Records of the latest page. */
int64_t paging_records(const struct paging *paging);

/* What is wrong with the keys above; NULL = nothing. Static text. */
const char *paging_complaint(const struct source_config *config);

#endif
