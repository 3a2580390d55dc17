/* What the files of the archive share. */
#ifndef SETASIDE_COLLECTORS_ARCHIVE_OWN_H
#define SETASIDE_COLLECTORS_ARCHIVE_OWN_H

#include "collectors/archive.h"

enum { ARCHIVE_PATH_MAX = 4096 };

struct archive {
	struct event_base *base;
	char *directory; /* STATE_DIR/originals */
	int64_t quota;   /* bytes on disk, 0 = none */
	int64_t used;
};

/* "DIRECTORY/ab/abcdef….zst"; with name false only "DIRECTORY/ab". */
int archive_path(const struct archive *archive, const char *sha256, bool name,
	char room[ARCHIVE_PATH_MAX], struct err *err);
void archive_hex(const unsigned char *digest, size_t count, char *out);

#endif
