#include "collectors/pull_file.h"

#include <dirent.h>
#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collectors/drop_folder.h"
#include "collectors/drop_memory.h"
#include "collectors/reader_csv.h"
#include "collectors/source_config.h"
#include "core/log.h"
#include "core/mem.h"

enum { PIECE_BYTES = 256 * 1024, SETTLE_LOOKS = 5 };

struct collector_pull {
	const struct collector_env *env;
	const struct source_config *config;
	struct collector_sink sink;
	collector_done_fn done;
	void *arg;
	struct event *step;
	char *path[KIND_COUNT]; /* files to read, in order */
	int count, at;
	int fd; /* of path[at], -1 = not open */
	int64_t bytes;
	bool waiting;          /* for resume() */
	struct drop_file drop; /* of a drop folder: the file that is taken; no name = none */
	int looks;             /* how often it was found unfinished */
	char room[PIECE_BYTES];
};

static void pull_free(struct collector_pull *pull)
{
	for (int i = 0; i < pull->count; i++)
		free(pull->path[i]);
	if (pull->fd >= 0)
		close(pull->fd);
	if (pull->step != NULL)
		event_free(pull->step);
	free(pull);
}

static void cancel(struct collector_pull *pull)
{
	pull_free(pull);
}

static void finish_with(struct collector_pull *pull, enum collector_end end, const struct err *err)
{
	collector_done_fn done = pull->done;
	void *arg = pull->arg;

	pull_free(pull);
	done(arg, end, NULL, err);
}

/* More: files that nobody has tried yet. What failed before waits for the next period, or it would be tried for ever. */
static void finish(struct collector_pull *pull, const struct err *err)
{
	int others = pull->drop.waiting - (pull->drop.failures == 0);

	finish_with(pull, others > 0 ? COLLECTOR_MORE : COLLECTOR_DONE, err);
}

static void again(struct collector_pull *pull)
{
	static const struct timeval now = { 0, 0 };

	event_add(pull->step, &now);
}

static int open_next(struct collector_pull *pull, struct err *err)
{
	const char *path = pull->path[pull->at];
	const char *slash = strrchr(path, '/');
	bool dropped = pull->drop.origin.name[0] != '\0';
	_cleanup_free_ char *shown = drop_folder_shown(slash != NULL ? slash + 1 : path);

	if (dropped)
		pull->sink.origin(pull->sink.arg, &pull->drop.origin);
	pull->fd = open(path, O_RDONLY | O_CLOEXEC | (dropped ? O_NOFOLLOW : 0));
	if (pull->fd < 0)
		return err_set_errno(err, ERR_IO, "cannot open %s", dropped ? shown : path);
	return pull->sink.file_begin(pull->sink.arg, shown, err);
}

static int end_file(struct collector_pull *pull, struct err *err)
{
	struct stat info;

	if (pull->drop.origin.name[0] != '\0' &&
		(fstat(pull->fd, &info) < 0 || !drop_folder_same(&info, &pull->drop.origin.info)))
		return err_set(err, ERR_IO, "a file changed while it was read");
	close(pull->fd);
	pull->fd = -1;
	pull->at++;
	return pull->sink.file_end(pull->sink.arg, err);
}

/* One piece of one file. 1 = go on, 0 = all files are read. */
static int read_piece(struct collector_pull *pull, struct err *err)
{
	if (pull->fd < 0 && pull->at == pull->count)
		return 0;
	if (pull->fd < 0 && open_next(pull, err) < 0)
		return -1;
	ssize_t count = read(pull->fd, pull->room, sizeof(pull->room));
	if (count < 0 && errno == EINTR)
		return 1;
	if (count < 0)
		return err_set_errno(
			err, ERR_IO, "cannot read a file of source %s", pull->config->name);
	if (count == 0)
		return end_file(pull, err) < 0 ? -1 : 1;
	pull->bytes += count;
	if (pull->bytes > pull->config->bytes_max)
		return err_set(err, ERR_LIMIT, "source %s has more than %lld bytes",
			pull->config->name, (long long)pull->config->bytes_max);
	return pull->sink.file_bytes(pull->sink.arg, pull->room, (size_t)count, err) < 0 ? -1 : 1;
}

static struct drop_options drop_options(
	const struct collector_env *env, const struct source_config *config)
{
	return (struct drop_options){ .directory = config->path,
		.settle_ms = config->settle_ms,
		.marker = config->marker,
		.memory = env->drops };
}

/* A file that is soon whole is awaited; one that needs longer is told, and looked at again then. */
static void look_again(struct collector_pull *pull)
{
	static const struct timeval later = { DROP_SETTLE_MS / 1000, 100 * 1000 };
	int64_t ready = pull->drop.ready_in_ms;

	if (ready < SETTLE_LOOKS * (int64_t)DROP_SETTLE_MS && ++pull->looks < SETTLE_LOOKS) {
		event_add(pull->step, &later);
		return;
	}
	if (ready > 0)
		pull->sink.later(pull->sink.arg, ready);
	finish_with(pull, COLLECTOR_UNCHANGED, NULL);
}

/* The next file of a drop folder that is whole. */
static void look(struct collector_pull *pull)
{
	struct drop_options options = drop_options(pull->env, pull->config);
	struct err err = ERR_INIT;

	if (drop_folder_next(&options, &pull->drop, &err) < 0) {
		finish(pull, &err);
	} else if (pull->drop.origin.name[0] != '\0') {
		pull->path[pull->count++] =
			mem_format("%s/%s", pull->config->path, pull->drop.origin.name);
		pull->sink.expect(pull->sink.arg, (long long)pull->drop.origin.info.st_size);
		again(pull);
	} else if (pull->drop.unfinished > 0) {
		look_again(pull);
	} else {
		finish_with(pull, COLLECTOR_UNCHANGED, NULL);
	}
}

static void on_step(evutil_socket_t fd, short what, void *arg)
{
	struct collector_pull *pull = arg;
	struct err err = ERR_INIT;

	(void)fd;
	(void)what;
	if (pull->path[0] == NULL) {
		look(pull);
		return;
	}
	if (pull->sink.full(pull->sink.arg)) {
		pull->waiting = true;
		return;
	}
	int result = read_piece(pull, &err);
	if (result > 0)
		again(pull);
	else
		finish(pull, result < 0 ? &err : NULL);
}

static void resume(struct collector_pull *pull)
{
	if (!pull->waiting)
		return;
	pull->waiting = false;
	again(pull);
}

static int refuse_name(const char *directory, const char *name, struct err *err)
{
	_cleanup_free_ char *shown = drop_folder_shown(name);

	return err_set(err, ERR_DATA, "%s/%s is no file of the exchange profile", directory, shown);
}

/* Names that look like a file of the profile but are none would be overlooked silently otherwise. */
static int check_names(const char *directory, struct err *err)
{
	DIR *dir = opendir(directory);
	int result = 0;

	if (dir == NULL)
		return err_set_errno(err, ERR_IO, "cannot read the directory %s", directory);
	for (struct dirent *entry; result == 0 && (entry = readdir(dir)) != NULL;) {
		const char *dot = strrchr(entry->d_name, '.');
		if (entry->d_name[0] != '.' && dot != NULL && strcmp(dot, ".csv") == 0 &&
			reader_canonical_kind(entry->d_name) == NULL)
			result = refuse_name(directory, entry->d_name, err);
	}
	closedir(dir);
	return result;
}

static int list_directory(struct collector_pull *pull, const char *directory, struct err *err)
{
	if (check_names(directory, err) < 0)
		return -1;
	for (int i = 0; i < KIND_COUNT; i++) {
		char *path = mem_format("%s/%s.csv", directory, kind_table[i]->name);
		if (access(path, F_OK) == 0)
			pull->path[pull->count++] = path;
		else
			free(path);
	}
	if (pull->count == 0)
		return err_set(err, ERR_DATA,
			"the directory %s holds no file of the exchange profile", directory);
	return 0;
}

static int list_files(struct collector_pull *pull, struct err *err)
{
	const char *path = pull->config->path;
	struct stat info;

	if (stat(path, &info) < 0)
		return err_set_errno(err, ERR_IO, "cannot look at %s", path);
	if (S_ISDIR(info.st_mode) && strcmp(pull->config->format, "canonical") == 0)
		return list_directory(pull, path, err);
	if (S_ISDIR(info.st_mode) && pull->config->complete)
		return err_set(err, ERR_USAGE, SOURCE_CONFIG_DROP_COMPLETE);
	if (S_ISDIR(info.st_mode))
		return 0; /* a drop folder: look() finds the file */
	if (!S_ISREG(info.st_mode))
		return err_set(err, ERR_USAGE, "%s is neither a directory nor a file", path);
	pull->path[pull->count++] = mem_text(path);
	return 0;
}

static void tell_size(const struct collector_pull *pull)
{
	long long bytes = 0;
	struct stat info;

	for (int i = 0; i < pull->count; i++)
		bytes += stat(pull->path[i], &info) == 0 ? (long long)info.st_size : 0;
	pull->sink.expect(pull->sink.arg, bytes);
}

static struct collector_pull *start(const struct collector_env *env,
	const struct source_config *config, const struct store_cursor *cursor,
	const struct collector_sink *sink, collector_done_fn done, void *arg, struct err *err)
{
	struct collector_pull *pull = mem_zero(1, sizeof(*pull));

	(void)cursor;
	pull->env = env;
	pull->config = config;
	pull->sink = *sink;
	pull->done = done;
	pull->arg = arg;
	pull->fd = -1;
	if (list_files(pull, err) < 0) {
		pull_free(pull);
		return NULL;
	}
	tell_size(pull);
	pull->step = event_new(env->base, -1, 0, on_step, pull);
	again(pull);
	return pull;
}

bool pull_file_drops(const struct source_config *config)
{
	struct stat info;

	return strcmp(config->kind, "file") == 0 && strcmp(config->format, "canonical") != 0 &&
	       stat(config->path, &info) == 0 && S_ISDIR(info.st_mode);
}

/* The batch stands: a file that cannot be moved is read again, which changes nothing. */
static enum collector_settled left(const struct collector_env *env,
	const struct source_config *config, const struct collector_origin *origin, const char *why)
{
	drop_memory_failed(env->drops, config->path, origin->name, &origin->info, why);
	return env->drops ? COLLECTOR_GONE : COLLECTOR_LEFT;
}

static enum collector_settled settled(const struct collector_env *env,
	const struct source_config *config, const struct collector_file *file,
	const struct source_report *report, const struct err *failure, bool for_good)
{
	struct drop_options options = drop_options(env, config);
	struct drop_outcome outcome = { .source = config->name,
		.sha256 = file->sha256,
		.bytes = file->bytes,
		.report = report,
		.err = failure };
	struct err err = ERR_INIT;
	bool newer;

	if (file->origin == NULL)
		return for_good ? COLLECTOR_GONE : COLLECTOR_LEFT;
	if (!for_good)
		return left(env, config, file->origin, failure->text);
	if (drop_folder_settle(&options, file->origin, &outcome, &newer, &err) < 0) {
		log_error("collect", "source %s: %s", config->name, err.text);
		return left(env, config, file->origin, err.text);
	}
	drop_memory_forget(env->drops, config->path, file->origin->name);
	return newer ? COLLECTOR_NEWER : COLLECTOR_GONE;
}

static int held(
	const struct collector_env *env, const struct source_config *config, struct buf *out)
{
	return env->drops && pull_file_drops(config)
		       ? drop_memory_text(env->drops, config->path, out)
		       : -1;
}

const struct collector pull_file = { .kind = "file",
	.start = start,
	.resume = resume,
	.cancel = cancel,
	.settled = settled,
	.held = held };
