#include "alerts/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/mem.h"

enum { HEAD_BYTES = 4096, BOOT_BYTES = 40 };

struct head {
	char magic[32]; /* with the size of a note: another layout is another file */
	char boot[BOOT_BYTES];
	int64_t ref_no; /* the greatest one leased */
};

struct journal {
	int fd;
	char *map;
	struct journal_note *notes; /* in the map */
	int free[JOURNAL_NOTES]; /* a stack: the places used last are used again, few pages are touched */
	int free_count;
};

enum { FILE_BYTES = HEAD_BYTES + JOURNAL_NOTES * (int)sizeof(struct journal_note) };

_Static_assert(sizeof(struct head) <= HEAD_BYTES, "the head must fit its page");

static void make_magic(char magic[32])
{
	memset(magic, 0, 32);
	snprintf(magic, 32, "setaside tries 1 %zu %d", sizeof(struct journal_note), JOURNAL_NOTES);
}

/* Empty when the system does not say: then every start counts as another boot. */
static void read_boot(char boot[BOOT_BYTES])
{
	int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? 0 : read(fd, boot, BOOT_BYTES - 1);

	if (fd >= 0)
		close(fd);
	boot[got > 0 ? got : 0] = '\0';
}

static int fail(int fd, struct err *err, const char *what, const char *path)
{
	err_set_errno(err, ERR_IO, "cannot %s %s", what, path);
	close(fd);
	return -1;
}

/* All of it is on the disk's account from the start: a full disk must not end the program later. */
static int open_file(const char *path, struct err *err)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	int refused;

	if (fd < 0)
		return err_set_errno(err, ERR_IO, "cannot open %s", path);
	if (flock(fd, LOCK_EX | LOCK_NB) < 0)
		return fail(fd, err, "lock", path);
	refused = posix_fallocate(fd, 0, FILE_BYTES);
	if (refused != 0) {
		errno = refused;
		return fail(fd, err, "make room for", path);
	}
	return fd;
}

static void set_phase(struct journal_note *note, enum journal_phase phase)
{
	/* What a note says is written before its phase says so. */
	atomic_thread_fence(memory_order_release);
	*(volatile uint32_t *)&note->phase = (uint32_t)phase;
}

static void adopt(struct journal *journal)
{
	struct head *head = (struct head *)(void *)journal->map;
	char magic[sizeof(head->magic)], boot[BOOT_BYTES] = "";
	bool same_boot;

	make_magic(magic);
	read_boot(boot);
	if (memcmp(head->magic, magic, sizeof(magic)) != 0) {
		memset(journal->map, 0, FILE_BYTES);
		memcpy(head->magic, magic, sizeof(magic));
	}
	same_boot = *boot && strncmp(head->boot, boot, sizeof(boot)) == 0;
	for (int i = JOURNAL_NOTES - 1; i >= 0; i--) {
		struct journal_note *note = &journal->notes[i];

		if (note->phase == JOURNAL_FREE || note->phase > JOURNAL_ANSWERED) {
			note->phase = JOURNAL_FREE;
			journal->free[journal->free_count++] = i;
		} else if (!same_boot) {
			note->phase = JOURNAL_SENDING;
		}
		note->class[sizeof(note->class) - 1] = '\0';
		note->state[sizeof(note->state) - 1] = '\0';
		note->answer[sizeof(note->answer) - 1] = '\0';
	}
	memcpy(head->boot, boot, sizeof(boot));
}

struct journal *journal_open(const char *directory, struct err *err)
{
	_cleanup_free_ char *path = mem_format("%s/tries", directory);
	struct journal *journal;
	int fd = open_file(path, err);
	char *map;

	if (fd < 0)
		return NULL;
	map = mmap(NULL, FILE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED) {
		fail(fd, err, "map", path);
		return NULL;
	}
	journal = mem_zero(1, sizeof(*journal));
	journal->fd = fd;
	journal->map = map;
	journal->notes = (struct journal_note *)(void *)(map + HEAD_BYTES);
	adopt(journal);
	return journal;
}

void journal_close(struct journal *journal)
{
	if (!journal)
		return;
	munmap(journal->map, FILE_BYTES);
	close(journal->fd);
	free(journal);
}

static struct head *head_of(const struct journal *journal)
{
	return (struct head *)(void *)journal->map;
}

int64_t journal_ref_no(const struct journal *journal)
{
	return head_of(journal)->ref_no;
}

void journal_saw_ref(struct journal *journal, int64_t number)
{
	if (number > head_of(journal)->ref_no)
		head_of(journal)->ref_no = number;
}

int journal_room(const struct journal *journal)
{
	return journal->free_count;
}

int journal_lease(struct journal *journal, int64_t message_id, int64_t lease_epoch, int parts_done,
	int requests)
{
	struct journal_note *note;
	int place;

	if (journal->free_count == 0)
		BUG("the journal of tries is full");
	place = journal->free[--journal->free_count];
	note = &journal->notes[place];
	note->message_id = message_id;
	note->lease_epoch = lease_epoch;
	note->parts_done = parts_done;
	note->requests = requests;
	note->started_at_us = 0;
	set_phase(note, JOURNAL_LEASED);
	return place;
}

void journal_send(struct journal *journal, int place, int64_t now_us)
{
	journal->notes[place].started_at_us = now_us;
	set_phase(&journal->notes[place], JOURNAL_SENDING);
}

void journal_part(struct journal *journal, int place, int parts_done)
{
	*(volatile int32_t *)&journal->notes[place].parts_done = parts_done;
}

void journal_answer(struct journal *journal, int place, const struct journal_note *answer)
{
	struct journal_note *note = &journal->notes[place];
	size_t length =
		strlen(answer->answer) + 1; /* the rest of the room stays as it is: fewer bytes */
	int64_t message_id = note->message_id, lease_epoch = note->lease_epoch;

	memcpy((char *)note + sizeof(note->phase), (const char *)answer + sizeof(note->phase),
		offsetof(struct journal_note, answer) - sizeof(note->phase));
	note->message_id = message_id;
	note->lease_epoch = lease_epoch;
	memcpy(note->answer, answer->answer, length);
	set_phase(note, JOURNAL_ANSWERED);
}

void journal_forget(struct journal *journal, int place)
{
	set_phase(&journal->notes[place], JOURNAL_FREE);
	journal->free[journal->free_count++] = place;
}

const struct journal_note *journal_at(const struct journal *journal, int place)
{
	return &journal->notes[place];
}
