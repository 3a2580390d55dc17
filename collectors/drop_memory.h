/* Which files of drop folders could not be taken, for as long as the process lives: they come after all others, so that
 * none of them blocks a folder, and what is wrong with them can be told.
 *
 * A file is known by directory, name, inode, size and time: one that was written anew is a new one. At most
 * DROP_MEMORY_MAX are kept, the oldest is forgotten first. Not shared between threads. */
#ifndef SETASIDE_COLLECTORS_DROP_MEMORY_H
#define SETASIDE_COLLECTORS_DROP_MEMORY_H

#include <sys/stat.h>

#include "core/buf.h"

enum { DROP_MEMORY_MAX = 1000, DROP_MEMORY_TOLD = 20 };

struct drop_memory;
struct drop_memory *drop_memory_new(void);
void drop_memory_free(struct drop_memory *memory); /* NULL is fine, here and below */

void drop_memory_failed(struct drop_memory *memory, const char *directory, const char *name,
	const struct stat *info, const char *why);
/* How often it failed. */
int drop_memory_failures(struct drop_memory *memory, const char *directory, const char *name,
	const struct stat *info);
/* Between these two all files of the directory are asked for; the others are forgotten. */
void drop_memory_look(struct drop_memory *memory, const char *directory);
void drop_memory_looked(struct drop_memory *memory, const char *directory);
void drop_memory_forget(struct drop_memory *memory, const char *directory, const char *name);
/* JSON: [{"file": shown name, "why": text}, …], the first DROP_MEMORY_TOLD. Returns how many there are. */
int drop_memory_text(const struct drop_memory *memory, const char *directory, struct buf *out);

#endif
