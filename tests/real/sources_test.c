/* Every published sample, collected through configuration alone (the .conf files beside this one) into a ledger of its
 * own: how many records were taken, refused and skipped, and the sums that were established by hand. Skipped when the
 * samples are not at hand. */
#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <ftw.h>

#include "collectors/source.h"
#include "core/conf.h"
#include "core/mem.h"
#include "lib/pg.h"
#include "lib/pull.h"
#include "lib/rows.h"
#include "sql/kind.h"

#define PAYMENTS  "SELECT concat_ws(' ', count(*), sum(amount_fen), min(currency)) FROM payment"
#define CONTRACTS "SELECT concat_ws(' ', count(*), sum(amount_fen), min(currency)) FROM contract"
#define AWARDS    "SELECT concat_ws(' ', count(*), sum(amount_fen), min(currency)) FROM award"
#define NOTICES   "SELECT concat_ws(' ', count(*), count(budget_fen), sum(budget_fen)) FROM notice"

struct sample {
	const char *conf, *source;
	int64_t taken, refused, duplicate, skipped;
	const char *sql, *expected; /* a sum over what was taken; NULL = none */
	const char *fails;          /* or: the word the file is refused with */
};

static const struct sample samples[] = {
	/* 635 rows are split, 4 lost more than can be told, one line holds only broken letters; the total is skipped */
	{ "payments.conf", "lambeth-2012-06", 3151, 5, 0, 1, PAYMENTS, "3151 4024455824 GBP",
		NULL },
	/* the leftover line "xxx" has no amount; six refunds (-3955.61) name no voucher that they give back (G-41) */
	{ "payments.conf", "oxford-2014q1", 3853, 7, 0, 0, PAYMENTS, "3853 1341742359 GBP", NULL },
	{ "payments.conf", "oxford-2018q1", 1220, 0, 0, 0, PAYMENTS, "1220 433976585 GBP", NULL },
	{ "payments.conf", "salford-2011-08", 1934, 0, 0, 0, PAYMENTS, "1934 2124323592 GBP",
		NULL },
	/* by document number two rows clash with an earlier one */
	{ "payments.conf", "salford-2011-08-by-document", 1932, 2, 0, 0, NULL, NULL, NULL },
	{ "payments.conf", "web-page", 0, 0, 0, 0, NULL, NULL, "not-a-table" },
	{ "registers.conf", "gjilan-contracts", 105, 5, 0, 0, CONTRACTS, "105 730082148 EUR",
		NULL },
	{ "registers.conf", "gjilan-paid", 93, 17, 0, 0, PAYMENTS, "93 267630946 EUR", NULL },
	{ "registers.conf", "gjilan-estimates", 110, 0, 0, 0, NOTICES, "110 107 532743606", NULL },
	{ "registers.conf", "gjilan-no-encoding", 0, 0, 0, 0, NULL, NULL,
		"configure the encoding" },
	{ "registers.conf", "ted-lots", 0, 0, 0, 0, NULL, NULL, "NaN is not a JSON number" },
	/* 462 lot values; the 38 that are NaN are not there */
	{ "registers.conf", "ted-lots-absent", 500, 0, 0, 0, AWARDS, "500 631427028203 EUR", NULL },
	{ "registers.conf", "ted-winners", 500, 0, 0, 0,
		"SELECT concat_ws(' ', count(*) FILTER (WHERE size_class = 'SME'), "
		"count(*) FILTER (WHERE size_class = 'L')) FROM party",
		"198 154", NULL },
	{ "registers.conf", "tower", 546, 0, 0, 0, NOTICES, "546 478 180316061669", NULL },
	{ "registers.conf", "shaanxi", 2191, 0, 0, 0,
		"SELECT concat_ws(' ', count(DISTINCT uscc), count(DISTINCT name), "
		"count(*) FILTER (WHERE name ~ '[\\n\\r]')) FROM supplier",
		"2191 2191 0", NULL },
	{ "feeds.conf", "contracts-feed", 1, 0, 0, 0,
		"SELECT concat_ws(' ', notice_id, published_on, kind) FROM notice",
		"78fd8d7877d74b0dbc9c605462545e1c 2027-01-01 feed", NULL },
	{ "feeds.conf", "contracts-feed-empty", 0, 0, 0, 0, NULL, NULL, NULL },
	{ "feeds.conf", "tenders-feed", 2, 0, 0, 0,
		"SELECT string_agg(published_on::text, ' ' ORDER BY published_on) FROM notice",
		"2026-01-09 2026-01-10", NULL },
	{ "feeds.conf", "contract", 1, 0, 0, 0,
		"SELECT concat_ws(' ', amount_fen, currency, declared_size, signed_on) FROM "
		"contract",
		"28000 UAH X 2027-01-01", NULL },
	{ "feeds.conf", "contract-paid", 1, 0, 0, 0, PAYMENTS, "1 20000 UAH", NULL },
	{ "feeds.conf", "wrong-path", 0, 0, 0, 0, NULL, NULL, "json-shape" },
	/* six processes have two releases; two awards stand in two of them and count once */
	{ "ocds.conf", "uk-page", 372, 0, 0, 2, AWARDS, "57 12186925640 GBP", NULL },
	{ "ocds.conf", "uk-page-empty", 0, 0, 0, 0, NULL, NULL, NULL },
	{ "ocds.conf", "uk-lines", 372, 0, 0, 4, AWARDS, "57 12186925640 GBP", NULL },
	{ "ocds.conf", "colombia", 522, 0, 0, 0, CONTRACTS, "100 4871828657900 COP", NULL },
	{ "ocds.conf", "mexico-records", 25, 0, 0, 0,
		"SELECT string_agg(concat_ws(' ', currency, count, sum), ' ' ORDER BY currency) "
		"FROM "
		"(SELECT currency, count(*), sum(amount_fen) FROM payment GROUP BY currency) t",
		"MXN 11 131126400 USD 1 7546496", NULL },
	{ "ocds.conf", "mexico-latin1", 13, 0, 0, 2, PAYMENTS, "4 19381735 MXN", NULL },
	{ "ocds.conf", "mexico-latin1-unnamed", 0, 0, 0, 0, NULL, NULL, "bad-encoding" },
	{ "ocds.conf", "paraguay-release", 3, 0, 0, 0, PAYMENTS, "1 237250900 PYG", NULL },
	/* one award to seven suppliers and seven contracts with one each, one tender; the buyer has no identifier, and
	 * a process without parties[] names no unit: 1 + 7 + (7 + 7) + 7 + 1 = 30 */
	{ "ocds.conf", "paraguay-record", 30, 0, 0, 0,
		"SELECT concat_ws(' ', (SELECT count(*) FROM award), (SELECT sum(amount_fen) FROM "
		"award), (SELECT count(*) FROM contract), (SELECT sum(amount_fen) FROM contract), "
		"(SELECT count(*) FROM party), (SELECT count(*) FROM supplier), (SELECT count(*) "
		"FROM notice), (SELECT count(*) FROM unit))",
		"1 62695330000 7 62695328400 14 7 1 0", NULL },
	{ "ocds.conf", "standard-milestones", 7, 0, 0, 0, CONTRACTS, "1 23086500 AFN", NULL },
};

enum { SAMPLES = sizeof(samples) / sizeof(samples[0]) };

static bool enter_samples(void)
{
	const char *given = getenv("SETASIDE_REAL_DATA");

	return chdir(given ? given : SETASIDE_SOURCE_DIR "/../shared/data/real") == 0;
}

static struct conf *read_conf(const char *name)
{
	static struct conf_section sections[2];
	struct conf_errors errors = CONF_ERRORS_INIT;
	_cleanup_free_ char *path = mem_format(SETASIDE_SOURCE_DIR "/tests/real/%s", name);

	sections[0] = source_section;
	struct conf *conf = conf_read(path, sections, &errors);
	cr_assert_not_null(conf, "%s", errors.total ? errors.line[0] : "");
	conf_errors_free(&errors);
	return conf;
}

static void read_source(const struct conf *conf, const char *name, struct source_config *ret)
{
	struct conf_errors errors = CONF_ERRORS_INIT;

	for (int i = 0; i < conf_block_count(conf, "source"); i++) {
		const struct conf_block *block = conf_block(conf, "source", i);
		if (strcmp(conf_block_title(block), name) != 0)
			continue;
		cr_assert_eq(source_config_read(block, ret, &errors), 0, "%s", errors.line[0]);
		return;
	}
	cr_assert_fail("there is no source %s", name);
}

/* What is reported as new is what the ledger holds, no more. */
static int64_t rows_held(struct pull *pull)
{
	int64_t rows = 0;

	for (const struct kind *const *kind = kind_table; *kind; kind++) {
		_cleanup_free_ char *count = mem_format("SELECT count(*) FROM %s", (*kind)->name);
		rows += pg_int(pull->db, count);
	}
	return rows;
}

/* What a run made of the sample; the failures of all samples are told, not just the first. */
static void check(struct pull *pull, const struct sample *sample)
{
	const struct store_batch_counts *counts = &pull->report.counts;

	if (sample->fails) {
		cr_expect(pull->failed && strstr(pull->err.text, sample->fails), "%s: %s",
			sample->source, pull->failed ? pull->err.text : "it was taken");
		cr_expect_str_eq(pg_text(pull->db, "SELECT count(*) FROM batch"), "0");
		return;
	}
	cr_expect_not(pull->failed, "%s: %s", sample->source, pull->err.text);
	if (pull->failed)
		return;
	cr_expect(counts->new_rows == sample->taken && counts->refused == sample->refused &&
			  counts->duplicate == sample->duplicate &&
			  counts->skipped == sample->skipped,
		"%s: taken %" PRId64 " refused %" PRId64 " duplicate %" PRId64 " skipped %" PRId64
		" %s",
		sample->source, counts->new_rows, counts->refused, counts->duplicate,
		counts->skipped, pull->report.samples ? pull->report.sample[0] : "");
	cr_expect_eq(rows_held(pull), counts->new_rows, "%s", sample->source);
	if (sample->sql)
		cr_expect_str_eq(pg_text(pull->db, sample->sql), sample->expected, "%s: %s",
			sample->source, pg_text(pull->db, sample->sql));
}

static void collect(const struct sample *sample)
{
	struct conf *conf = read_conf(sample->conf);
	struct source_config config;
	struct pull pull;

	read_source(conf, sample->source, &config);
	pull_setup(&pull);
	pull_run(&pull, &config, NULL);
	check(&pull, sample);
	pull_teardown(&pull);
	source_config_free(&config);
	conf_free(conf);
}

Test(real_sources, every_sample_is_collected_by_configuration_alone, .timeout = 280)
{
	if (!enter_samples()) {
		printf("skipped: no real data\n");
		return;
	}
	for (int i = 0; i < SAMPLES; i++)
		collect(&samples[i]);
}

/* Completeness -------------------------------------------------------------------------------------------------------- */

static char *covered[SAMPLES];
static int files_seen, files_missed;

/* Schemas are no data, and the Indian aggregates have neither dates nor records. */
static bool is_data(const char *path)
{
	return strncmp(path, "schema/", 7) != 0 && !strstr(path, "/india-msme-samadhaan-");
}

static int look(const char *path, const struct stat *info, int type, struct FTW *place)
{
	(void)info, (void)place;
	path += strncmp(path, "./", 2) == 0 ? 2 : 0;
	if (type != FTW_F || !is_data(path))
		return 0;
	files_seen++;
	for (int i = 0; i < SAMPLES; i++)
		if (strcmp(covered[i], path) == 0)
			return 0;
	files_missed++;
	cr_log_error("%s is collected by no source of this table", path);
	return 0;
}

Test(real_sources, every_data_file_is_in_the_table)
{
	if (!enter_samples()) {
		printf("skipped: no real data\n");
		return;
	}
	for (int i = 0; i < SAMPLES; i++) {
		struct conf *conf = read_conf(samples[i].conf);
		struct source_config config;
		read_source(conf, samples[i].source, &config);
		covered[i] = mem_text(config.path);
		source_config_free(&config);
		conf_free(conf);
	}
	cr_assert_eq(nftw(".", look, 16, FTW_PHYS), 0);
	for (int i = 0; i < SAMPLES; i++)
		free(covered[i]);
	cr_expect_eq(files_missed, 0, "%d of %d files are in no row", files_missed, files_seen);
	cr_expect_eq(files_seen, 22, "%d data files", files_seen);
}
