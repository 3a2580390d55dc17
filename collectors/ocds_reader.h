/* What the files of the OCDS reader share. Private to collectors/ocds.c and ocds_finish.c. */
#ifndef SETASIDE_COLLECTORS_OCDS_READER_H
#define SETASIDE_COLLECTORS_OCDS_READER_H

#include "collectors/json_input.h"
#include "collectors/ocds_hold.h"
#include "collectors/ocds_process.h"
#include "collectors/ocds_release.h"
#include "collectors/reader.h"
#include "collectors/source_config.h"
#include "core/buf.h"

enum { OCDS_TEXT_MAX = 64 << 20, OCDS_HOLD_MAX = 256 << 20, OCDS_FINISH_GROUPS = 500 };
/* A slice of finish(), of a millisecond or two: organisations; processes, each of which is read several times. */
enum { OCDS_FINISH_PROCESSES = 4 };

/* Where the rows of the release in work go. */
enum ocds_target {
	OCDS_TO_OWN,     /* rows of the release, or of the process, that is handed over next */
	OCDS_TO_VERSIONS /* how things stood: only counted */
};

/* The steps of finish(). */
enum ocds_finish { OCDS_WANTING, OCDS_FETCHING, OCDS_COMPILING, OCDS_NAMING, OCDS_HANDING_OVER };

struct ocds_record {
	int32_t bytes;
	int64_t print; /* never 0 */
};

struct reader {
	const struct source_config *config;
	struct reader_sink sink;
	struct ocds_release *release;
	struct ocds_hold *orgs; /* units and suppliers of all releases: the newest name counts */
	struct ocds_hold *own;
	struct ocds_hold *versions;
	struct ocds_hold *before; /* rows that the releases of earlier batches gave */
	enum ocds_target target;
	struct ocds_hold *open; /* of the current group */
	struct json_input *input;
	int file_no;
	int64_t place;
	struct ocds_record record; /* in work */
	int64_t handed;            /* rows of releases and processes that were handed over */
	/* The releases of every process that must be looked at as a whole; they are read from there when all are known. */
	struct ocds_processes *processes;
	struct buf text; /* a release that is embedded in a record */
	bool tentative;  /* a refusal only means: look again at the end */
	bool looked;     /* the current release was refused in part */
	bool again;      /* read from what was compiled: no version of its own */
	bool stale;  /* an earlier batch brought a newer release: what this one says is skipped */
	bool silent; /* of earlier batches: nothing is counted or refused */
	const char *said; /* text of the release that a refusal quotes; NULL = the input's */
	/* finish() */
	enum ocds_finish step;
	int64_t process;
	int64_t newest_before; /* of the process in work: its newest release of an earlier batch */
	int kind;
	int64_t cursor;
};

/* ocds.c */
int ocds_hand_over_own(struct reader *reader, struct err *err);
int ocds_hand_over(void *arg, int file_no, struct kind_row *row, struct err *err);
int64_t ocds_refusals(const struct reader *reader); /* that the sink knows of */
/* The releases that a record embeds; NULL when it has none, only links, or a compiled release. */
const struct json_node *ocds_embedded(const struct json_node *record);
/* ocds_finish.c */
int ocds_finish_step(struct reader *reader, bool *ret_more, struct err *err);

#endif
