/* Watermarks of a database source: the greatest value of a column that grows with every change. An integer from 0 on, or
 * an ISO date or timestamp in the session's fixed zone (Asia/Shanghai, without a change of offset since 1992). Pure. */
#ifndef SETASIDE_COLLECTORS_WATERMARK_H
#define SETASIDE_COLLECTORS_WATERMARK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether one is later than other; other "" = nothing yet. *ret_comparable is false when they are not of one kind. */
bool watermark_later(const char *one, const char *other, bool *ret_comparable);

/* Where the next pull begins: so much before the mark, because a change that was stamped earlier may be committed later.
 * Integers go back by count, timestamps by whole seconds of ms, dates by whole days of it. What is no watermark stays as
 * it is. room holds at least 64 bytes. */
void watermark_back(const char *mark, int64_t count, int64_t ms, char *room, size_t size);

/* Whether a mark of time lies after now (seconds since 1970) by more than ms: no change can be so new. A pull that began
 * behind such a mark would miss all until then. Integers never do. */
bool watermark_ahead(const char *mark, int64_t now, int64_t ms);

#endif
