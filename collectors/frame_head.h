/* The part of framing that every table format shares: finding the header row, and what happens to each record after it
 * (blank, header again, total, wrong width). frame_csv and frame_xlsx feed it finished records. Owns copies of all it
 * keeps; not shared between threads. */
#ifndef SETASIDE_COLLECTORS_FRAME_HEAD_H
#define SETASIDE_COLLECTORS_FRAME_HEAD_H

#include "collectors/frame.h"
#include "collectors/frame_csv.h"

struct frame_head;
struct frame_head *frame_head_new(
	const struct frame_csv_options *options, const struct frame_handler *handler, void *arg);
void frame_head_free(struct frame_head *head);
/* One record. last_open: it ended with the file and not with a line end. */
int frame_head_record(
	struct frame_head *head, const struct frame_row *row, bool last_open, struct err *err);
/* True once the header is known. */
bool frame_head_found(const struct frame_head *head);
/* The error of a file that ended before its header. */
int frame_head_finish(const struct frame_head *head, struct err *err);

#endif
