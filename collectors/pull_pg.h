/* Collector "postgres": the rows of one configured query of a foreign PostgreSQL, as one CSV file with a header.
 *
 * The query file holds one SELECT. It runs in a REPEATABLE READ, read-only transaction through a cursor, so the rows are
 * of one moment and memory is one row. The column names are the header: columns are renamed in the query or mapped by
 * the source's rules like those of any CSV file, and the archived file is what "show me the original" reads.
 *
 * With `watermark` the query gets one parameter, $1: the greatest value of that column in the last committed pull, less
 * the overlap of the configuration (a change that was stamped earlier may be committed later; what comes twice changes
 * nothing); null at first:
 *     WHERE updated_at > coalesce($1::timestamptz, '-infinity')
 * The column must be an integer from 0 on, a date or a timestamp. A query without rows is "unchanged", except where
 * everything is asked for: there it is an error, because it would close every record.
 *
 * What was deleted does not come from a watermark on. So each `compare` the query runs with null again: keys and
 * fingerprints of everything are compared, unchanged rows cost no write, and rows that did not come are closed. */
#ifndef SETASIDE_COLLECTORS_PULL_PG_H
#define SETASIDE_COLLECTORS_PULL_PG_H

#include "collectors/collector.h"

extern const struct collector pull_pg;

#endif
