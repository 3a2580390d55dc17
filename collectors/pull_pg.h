/* Collector "postgres": the rows of one configured query of a foreign PostgreSQL, as one CSV file with a header.
 *
 * The query file holds one SELECT. It runs in a REPEATABLE READ, read-only transaction through a cursor, so the rows are
 * of one moment and memory is one row. The column names are the header: columns are renamed in the query or mapped by
 * the source's rules like those of any CSV file, and the archived file is what "show me the original" reads.
 *
 * With `watermark` the query gets one parameter, $1: the greatest value of that column in the last committed pull, null
 * at first. Rows committed late carry older values, so the query takes back some time and what comes twice changes
 * nothing:
 *     WHERE updated_at > coalesce($1::timestamptz, '-infinity') - interval '10 min'
 * The column must be an integer from 0 on, a date or a timestamp. A query without rows is "unchanged", except for a
 * source that sends everything: there it is an error, because it would close every record. */
#ifndef SETASIDE_COLLECTORS_PULL_PG_H
#define SETASIDE_COLLECTORS_PULL_PG_H

#include "collectors/collector.h"

extern const struct collector pull_pg;

/* True if one watermark text is later than the other: integers by value, dates and timestamps by time. *ret_comparable
 * (never NULL) is false when they are of no or different kinds. */
bool pull_pg_later(const char *one, const char *other, bool *ret_comparable);

#endif
