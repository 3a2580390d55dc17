/* What the first pass over changed files fed to the parser and what it passed over, so that the second pass need not
 * compare the files again. Memory below the ceiling; past it nothing is kept. */
#ifndef SETASIDE_COLLECTORS_LINE_REPLAY_H
#define SETASIDE_COLLECTORS_LINE_REPLAY_H

#include <stdbool.h>

#include "collectors/line_diff.h"

struct line_replay;
struct line_replay *line_replay_new(size_t ceiling);
void line_replay_free(struct line_replay *replay); /* NULL is fine */
/* A run of file, in order: LINE_KEPT was passed over, LINE_CAME was fed. */
void line_replay_add(struct line_replay *replay, int file, const struct line_run *run);
/* All of it fitted. */
bool line_replay_whole(const struct line_replay *replay);
/* The next run of file, lent; false at its end. Starts at the first run. */
bool line_replay_next(struct line_replay *replay, int file, struct line_run *ret);

#endif
