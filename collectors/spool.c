#include "collectors/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/mem.h"

enum { PENDING = 64 * 1024, PAGE = 4096, PAGES = 128 };

struct spool {
	int fd;
	size_t ceiling, size; /* size: with what is pending */
	size_t pending;
	size_t page[PAGES]; /* which page each slot holds; SIZE_MAX = none */
	char slot[PAGES][PAGE];
	char room[PENDING];
};

static int open_nameless(void)
{
	const char *directory = getenv("TMPDIR");

	if (!directory || directory[0] == '\0')
		directory = "/var/tmp";
	int fd = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC | O_EXCL, 0600);
	if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR))
		return fd;
	_cleanup_free_ char *path = mem_format("%s/setaside-spool-XXXXXX", directory);
	fd = mkostemp(path, O_CLOEXEC);
	if (fd >= 0)
		unlink(path);
	return fd;
}

int spool_nameless(struct err *err)
{
	int fd = open_nameless();

	return fd >= 0 ? fd : err_set_errno(err, ERR_IO, "cannot make a temporary file");
}

struct spool *spool_new(size_t ceiling, struct err *err)
{
	int fd = spool_nameless(err);

	if (fd < 0)
		return NULL;
	struct spool *spool = mem_zero(1, sizeof(*spool));
	spool->fd = fd;
	spool->ceiling = ceiling;
	for (int i = 0; i < PAGES; i++)
		spool->page[i] = SIZE_MAX;
	return spool;
}

void spool_free(struct spool *spool)
{
	if (!spool)
		return;
	close(spool->fd);
	free(spool);
}

static int flush(struct spool *spool, struct err *err)
{
	size_t done = 0;

	while (done < spool->pending) {
		ssize_t count = write(spool->fd, spool->room + done, spool->pending - done);
		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return err_set_errno(err, ERR_IO, "cannot write a temporary file");
		done += (size_t)count;
	}
	spool->pending = 0;
	return 0;
}

int spool_add(struct spool *spool, const void *bytes, size_t count, struct err *err)
{
	const char *from = bytes;

	if (count > spool->ceiling - spool->size)
		return err_set(err, ERR_LIMIT, "more than %zu bytes", spool->ceiling);
	spool->size += count;
	while (count > 0) {
		size_t part = PENDING - spool->pending < count ? PENDING - spool->pending : count;
		memcpy(spool->room + spool->pending, from, part);
		spool->pending += part;
		from += part;
		count -= part;
		if (spool->pending == PENDING && flush(spool, err) < 0)
			return -1;
	}
	return 0;
}

size_t spool_size(const struct spool *spool)
{
	return spool->size;
}

static const char *page_at(struct spool *spool, size_t page, struct err *err)
{
	char *slot = spool->slot[page % PAGES];

	if (spool->page[page % PAGES] == page)
		return slot;
	size_t start = page * PAGE,
	       wanted = spool->size - start < PAGE ? spool->size - start : PAGE;
	spool->page[page % PAGES] = SIZE_MAX;
	for (size_t done = 0; done < wanted;) {
		ssize_t count = pread(spool->fd, slot + done, wanted - done, (off_t)(start + done));
		if (count < 0 && errno == EINTR)
			continue;
		if (count <= 0) {
			err_set_errno(err, ERR_IO, "cannot read a temporary file");
			return NULL;
		}
		done += (size_t)count;
	}
	spool->page[page % PAGES] = page;
	return slot;
}

int spool_copy(struct spool *spool, size_t offset, size_t count, struct buf *out, struct err *err)
{
	if (offset > spool->size || count > spool->size - offset)
		return err_set(err, ERR_IO, "a temporary file is shorter than what was written");
	if (flush(spool, err) < 0)
		return -1;
	while (count > 0) {
		const char *page = page_at(spool, offset / PAGE, err);
		size_t at = offset % PAGE, part = PAGE - at < count ? PAGE - at : count;
		if (!page)
			return -1;
		buf_add(out, page + at, part);
		offset += part;
		count -= part;
	}
	return 0;
}

int spool_fd(struct spool *spool, struct err *err)
{
	return flush(spool, err) < 0 ? -1 : spool->fd;
}
