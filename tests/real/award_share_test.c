/* What went to SMEs per buyer in the published award files of two jurisdictions, to the cent: every buyer of
 * award_share.csv, which a calculation of its own made from the same files (award_share.py), and nobody else. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "collectors/source_config.h"
#include "core/conf.h"
#include "core/mem.h"
#include "lib/pg.h"
#include "lib/pull.h"
#include "lib/rows.h"

#define EXPECTED SETASIDE_SOURCE_DIR "/tests/real/award_share.csv"

static bool enter_samples(void)
{
	const char *given = getenv("SETASIDE_REAL_DATA");

	return chdir(given ? given : SETASIDE_SOURCE_DIR "/../shared/data/real") == 0;
}

static void collect(struct pull *pull, const char *conf_name, const char *source)
{
	static struct conf_section sections[2];
	struct conf_errors errors = CONF_ERRORS_INIT;
	_cleanup_free_ char *path = mem_format(SETASIDE_SOURCE_DIR "/tests/real/%s", conf_name);
	struct source_config config;
	bool found = false;

	sections[0] = source_section;
	struct conf *conf = conf_read(path, sections, &errors);
	cr_assert_not_null(conf, "%s", errors.total ? errors.line[0] : "");
	for (int i = 0; i < conf_block_count(conf, "source"); i++) {
		const struct conf_block *block = conf_block(conf, "source", i);
		if (strcmp(conf_block_title(block), source) != 0)
			continue;
		found = true;
		cr_assert_eq(source_config_read(block, &config, &errors), 0);
		pull_run(pull, &config, NULL);
		cr_assert_not(pull->failed, "%s: %s", source, pull->err.text);
		source_config_free(&config);
	}
	cr_assert(found, "there is no source %s", source);
	conf_errors_free(&errors);
	conf_free(conf);
}

/* The rows of the view in the form and order of the file, without its first line. */
static const char *shares_of(struct pull *pull, const char *currency)
{
	_cleanup_free_ char *sql = mem_format(
		"SELECT string_agg(concat_ws(',', currency, md5(buyer), awards, "
		"awards_without_amount, amount_fen, sme_lower_fen, sme_upper_fen), E'\\n' "
		"ORDER BY md5(buyer) COLLATE \"C\") FROM v_award_share WHERE currency = '%s'",
		currency);

	return pg_text(pull->db, sql);
}

/* Line by line, so that a failure names the buyer. */
static void compare(const char *currency, const char *shares, int buyers)
{
	_cleanup_free_ char *rest = mem_text(shares);
	char line[512], *next = rest;
	FILE *file = fopen(EXPECTED, "re");
	int compared = 0;

	cr_assert_not_null(file, "%s", EXPECTED);
	while (fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		if (strncmp(line, currency, strlen(currency)) != 0)
			continue;
		cr_expect_str_eq(next ? strsep(&next, "\n") : "", line);
		compared++;
	}
	fclose(file);
	cr_expect_null(next, "a buyer nobody expects: %s", next);
	cr_expect_eq(compared, buyers);
}

Test(real_award_share, every_buyer_of_the_uk_page_has_its_band, .timeout = 60)
{
	struct pull pull;

	if (!enter_samples()) {
		printf("skipped: no real data\n");
		return;
	}
	pull_setup(&pull);
	collect(&pull, "ocds.conf", "uk-page");
	compare("GBP", shares_of(&pull, "GBP"), 42);
	pull_teardown(&pull);
}

/* 38 lots have no value (NaN), 154 of the 500 winners are no SMEs, 148 do not say. */
Test(real_award_share, every_buyer_of_the_eu_lots_has_its_band, .timeout = 60)
{
	struct pull pull;

	if (!enter_samples()) {
		printf("skipped: no real data\n");
		return;
	}
	pull_setup(&pull);
	collect(&pull, "registers.conf", "ted-lots-absent");
	collect(&pull, "registers.conf", "ted-winners");
	compare("EUR", shares_of(&pull, "EUR"), 472);
	cr_expect_str_eq(pg_text(pull.db, "SELECT concat_ws(' ', sum(awards), "
					  "sum(awards_without_amount), sum(amount_fen)) "
					  "FROM v_award_share"),
		"500 38 631427028203");
	pull_teardown(&pull);
}
