/* What differs between two versions of a file of records that end with a line end: runs of records that both have, that
 * only the old one has (gone) and that only the new one has (came), in order, as a stream.
 *
 * Bytes are compared, nothing is hashed to decide. A line end inside double quotes does not end a record. A record that
 * holds a carriage return other than the one of its line end, or that the file ends without a line end, is never kept: it
 * comes as gone and as came, for a parser to say what it is. After a difference the two versions are brought together
 * again within the next LINE_DIFF_WINDOW records; what lies further apart comes as gone and as came. Memory: two buffers of
 * LINE_DIFF_BYTES. */
#ifndef SETASIDE_COLLECTORS_LINE_DIFF_H
#define SETASIDE_COLLECTORS_LINE_DIFF_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/err.h"

enum { LINE_DIFF_BYTES = 1 << 20, LINE_DIFF_WINDOW = 4096 };

enum line_run_kind { LINE_KEPT, LINE_GONE, LINE_CAME };
struct line_run {
	enum line_run_kind kind;
	const char *bytes; /* lent until the next call */
	size_t length;
	int64_t records;
};

/* Up to size bytes; 0 at the end; -1 + err. */
typedef ssize_t (*line_read_fn)(void *arg, void *room, size_t size, struct err *err);

struct line_diff;
struct line_diff *line_diff_new(
	line_read_fn read_old, void *old, line_read_fn read_new, void *fresh);
void line_diff_free(struct line_diff *diff);
/* The next run, of at most most_kept records when it is kept: 1; 0 at the end of both; -1 + err: reading failed, or
 * ERR_LIMIT for a record that is longer than the buffers. */
int line_diff_next(
	struct line_diff *diff, int64_t most_kept, struct line_run *ret, struct err *err);

#endif
