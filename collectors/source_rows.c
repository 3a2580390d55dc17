/* From the reader to the store: occurrence numbers, last checks, fingerprints, refusals. */
#include "collectors/source_own.h"

#include <inttypes.h>
#include <string.h>

#include "collectors/record_check.h"
#include "core/log.h"
#include "core/text.h"

/* The rows of the first pass are counted; the second pass only sends. */
static bool first_pass(const struct source_run *run)
{
	return run->state == SOURCE_READING;
}

static bool repeats(const struct kind *kind, int *ret_column)
{
	for (int i = 0; i < kind->count; i++) {
		if (kind->columns[i].flags & KIND_OCCURRENCE) {
			*ret_column = i;
			return true;
		}
	}
	return false;
}

/* Refused rows are counted too: when they are corrected, the numbers of the others do not move. */
static int number_row(struct source_run *run, struct kind_row *row, struct err *err)
{
	struct kind_hash key;
	int column;

	if (!repeats(row->kind, &column))
		return 0;
	struct kind_value *value = &row->value[column];
	value->null = false;
	if (fingerprint_key(run->fingerprint, row, true, &key, err) < 0)
		return -1;
	return occurrence_next(run->occurrence, &key, &value->number, err);
}

static const char *file_name(const struct source_run *run, int file_no)
{
	return file_no >= 1 && file_no <= run->file_count ? run->files[file_no - 1].name : "";
}

static void add_sample(struct source_run *run, const struct store_refusal *refusal)
{
	struct source_report *report = &run->report;

	if (report->samples == SOURCE_SAMPLES)
		return;
	char *sample = report->sample[report->samples++];
	if (refusal->field[0] != 0)
		snprintf(sample, SOURCE_SAMPLE_MAX, "%s row %" PRId64 ", %s \"%.120s\": %s, %s",
			refusal->file, refusal->place, refusal->field, refusal->value,
			refusal->code, refusal->reason);
	else
		snprintf(sample, SOURCE_SAMPLE_MAX, "%s row %" PRId64 ": %s, %s", refusal->file,
			refusal->place, refusal->code, refusal->reason);
	text_trim_partial(sample);
}

static void refuse(struct source_run *run, struct store_refusal *refusal)
{
	buf_reset(&run->text);
	if (run->type->text != NULL)
		run->type->text(run->reader, &run->text);
	/* A record may be refused because it is no text. */
	bool readable = text_utf8_valid(run->text.data, strlen(run->text.data), NULL);
	refusal->row_text = readable ? run->text.data : "";
	run->refusals++;
	store_batch_refuse(run->batch, refusal);
	add_sample(run, refusal);
	source_show_refusal(run, refusal);
}

const char *source_value_text(
	const struct kind_column *column, const struct kind_value *value, char *room, size_t size)
{
	char amount[MONEY_TEXT_MAX], day[DAY_TEXT_MAX];

	room[0] = 0;
	switch (column->type) {
	case KIND_TEXT:
	case KIND_CODE:
	case KIND_WORD:
	case KIND_MONTH:
		snprintf(room, size, "%.*s", (int)value->length, value->text);
		text_trim_partial(room);
		break;
	case KIND_DATE:
		snprintf(room, size, "%s", day_text(value->null ? DAY_NONE : value->day, day));
		break;
	case KIND_FEN:
		if (!value->null)
			snprintf(room, size, "%s", money_text(value->number, amount));
		break;
	default:
		if (!value->null)
			snprintf(room, size, "%" PRId64, value->number);
	}
	return room;
}

static const char *column_name(const struct kind_column *column)
{
	return column->csv != NULL ? column->csv : column->name;
}

enum { VALUE_ROOM = 256, REASON_ROOM = 160 };

static void refuse_fault(struct source_run *run, int file_no, const struct kind_row *row,
	const struct record_fault *fault, const struct kind_hash *key)
{
	char room[VALUE_ROOM];
	ptrdiff_t column = fault->column - row->kind->columns;
	struct store_refusal refusal = {
		.kind = row->kind,
		/* A faulty key is nobody's. */
		.key = fault->column->flags & KIND_KEY ? NULL : key,
		.file = file_name(run, file_no),
		.place = row->place,
		.field = column_name(fault->column),
		.value = source_value_text(fault->column, &row->value[column], room, sizeof(room)),
		.code = fault->code,
		.reason = fault->reason,
	};

	refuse(run, &refusal);
}

/* Why a row that the store will not take is refused. */
static void repeat_reason(const struct source_run *run, int file_no, const struct kind_row *row,
	enum store_offer answer, int64_t first, char room[REASON_ROOM])
{
	bool other_file = store_place_file(first) != file_no;

	if (answer == STORE_OFFER_FOREIGN)
		snprintf(room, REASON_ROOM, "another source gave this number to another %s",
			row->kind->owner);
	else
		snprintf(room, REASON_ROOM, "row %" PRId64 "%s%s has the same key and %s values",
			store_place_locator(first), other_file ? " of " : "",
			other_file ? file_name(run, store_place_file(first)) : "",
			answer == STORE_OFFER_CLASH ? "other" : "the same");
	text_trim_partial(room);
}

/* The first part of the key stands for it. */
static void refuse_repeat(struct source_run *run, int file_no, const struct kind_row *row,
	const struct kind_hash *key, enum store_offer answer, int64_t first)
{
	char room[VALUE_ROOM], reason[REASON_ROOM];
	int column = 0;

	while (!(row->kind->columns[column].flags & KIND_KEY))
		column++;
	repeat_reason(run, file_no, row, answer, first, reason);
	struct store_refusal refusal = {
		.kind = row->kind,
		.key = key,
		.file = file_name(run, file_no),
		.place = store_place_locator(row->place),
		.field = column_name(&row->kind->columns[column]),
		.value = source_value_text(
			&row->kind->columns[column], &row->value[column], room, sizeof(room)),
		.code = answer == STORE_OFFER_DUPLICATE ? "duplicate" : "clash",
		.reason = reason,
	};
	refuse(run, &refusal);
}

static int on_row(void *arg, int file_no, struct kind_row *row, struct err *err)
{
	struct source_run *run = arg;
	struct record_fault fault;
	struct kind_hash key, print;
	int64_t first = 0;

	if (first_pass(run))
		run->report.counts.read++;
	identity_fill(run->identity, row);
	if (number_row(run, row, err) < 0 ||
		fingerprint_row(run->fingerprint, row, &key, &print, err) < 0)
		return -1;
	if (!record_check(row, &fault)) {
		if (first_pass(run))
			refuse_fault(run, file_no, row, &fault, &key);
		return 0;
	}
	run->rows++;
	if (first_pass(run)) {
		profile_row(run->profile, file_no, row);
		source_show_row(run, file_no, row);
	}
	row->place = store_place(file_no, row->place);
	enum store_offer answer = store_batch_offer(run->batch, row, &key, &print, &first);
	if (answer != STORE_OFFER_TAKEN && answer != STORE_OFFER_SKIPPED)
		refuse_repeat(run, file_no, row, &key, answer, first);
	return 0;
}

static int on_refused(void *arg, int file_no, const struct reader_refusal *cause, struct err *err)
{
	struct source_run *run = arg;
	struct kind_hash key;

	if (cause->row != NULL &&
		(number_row(run, cause->row, err) < 0 ||
			fingerprint_key(run->fingerprint, cause->row, false, &key, err) < 0))
		return -1;
	if (!first_pass(run))
		return 0;
	run->report.counts.read++;
	struct store_refusal refusal = {
		.kind = cause->kind,
		.key = cause->row != NULL ? &key : NULL,
		.file = file_name(run, file_no),
		.place = cause->place,
		.field = cause->field,
		.value = cause->value,
		.code = cause->code,
		.reason = cause->reason,
	};
	refuse(run, &refusal);
	return 0;
}

static void on_skipped(void *arg, int file_no, int64_t place)
{
	struct source_run *run = arg;

	(void)file_no;
	(void)place;
	if (!first_pass(run))
		return;
	run->report.counts.read++;
	run->report.counts.skipped++;
}

static void on_unknown(void *arg, int file_no, const char *header)
{
	struct source_run *run = arg;

	if (first_pass(run) && file_no == 1)
		log_info("collect",
			"source %s: column \"%s\" has no canonical name, it is kept as extra",
			run->config->name, header);
}

static void on_header(
	void *arg, int file_no, const struct kind *kind, const struct frame_row *header)
{
	struct source_run *run = arg;

	(void)file_no;
	if (first_pass(run))
		profile_header(run->profile, kind, header);
}

static void on_total(
	void *arg, int file_no, const struct kind *kind, int64_t place, int column, fen_t fen)
{
	struct source_run *run = arg;

	if (!first_pass(run))
		return;
	profile_total(run->profile, kind,
		&(struct profile_total){ .file = file_name(run, file_no),
			.file_no = file_no,
			.row = place,
			.column = column,
			.fen = fen });
}

static void on_remarked(void *arg, int file_no, const struct kind *kind, int64_t place,
	const struct mapping_note *note)
{
	struct source_run *run = arg;

	if (!first_pass(run))
		return;
	run->report.remarks++;
	profile_remark(run->profile, kind, file_name(run, file_no), place, note);
	source_show_remark(run, file_no, place, note);
}

static void on_unread(void *arg, int file_no, const struct kind *kind, const char *part)
{
	struct source_run *run = arg;

	if (!first_pass(run))
		return;
	profile_unread(run->profile, kind, file_name(run, file_no), part);
	log_warn("collect", "source %s: sheet \"%s\" of %s is not read", run->config->name, part,
		file_name(run, file_no));
}

static void on_release(void *arg, const struct store_release *release)
{
	struct source_run *run = arg;

	if (first_pass(run))
		store_batch_released(run->batch, release);
}

static void on_passed(void *arg, int64_t rows)
{
	struct source_run *run = arg;

	if (!first_pass(run))
		return;
	run->passed = true;
	run->report.counts.read += rows;
	run->report.known += rows;
	store_batch_kept(run->batch, rows, 0);
}

static int64_t on_refusals(void *arg)
{
	return ((const struct source_run *)arg)->refusals;
}

static int on_vanished(void *arg, struct kind_row *row, struct err *err)
{
	struct source_run *run = arg;
	struct kind_hash key;

	if (!first_pass(run))
		return 0;
	identity_fill(run->identity, row);
	if (fingerprint_key(run->fingerprint, row, false, &key, err) < 0)
		return -1;
	store_batch_vanished(run->batch, row->kind, &key);
	return 0;
}

static void on_astray(void *arg)
{
	((struct source_run *)arg)->astray = true;
}

struct reader_sink source_rows_sink(struct source_run *run)
{
	return (struct reader_sink){ .row = on_row,
		.refused = on_refused,
		.skipped = on_skipped,
		.unknown = on_unknown,
		.header = on_header,
		.total = on_total,
		.remarked = on_remarked,
		.unread = on_unread,
		.memory = run->memory,
		.released = run->memory ? on_release : NULL,
		.vanished = run->memory ? on_vanished : NULL,
		.passed = run->memory ? on_passed : NULL,
		.refusals = on_refusals,
		.astray = run->patient ? NULL : on_astray,
		.arg = run };
}
