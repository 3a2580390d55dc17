#include <criterion/criterion.h>

#include "collectors/ocds.h"
#include "collectors/source_config.h"
#include "lib/rows.h"

static struct rows rows;
static struct source_config config;

static void set_up(void)
{
	rows_init(&rows);
	config = (struct source_config){
		.name = (char *)"test", .next = (char *)"", .encoding = (char *)""
	};
}

static void tear_down(void)
{
	rows_free(&rows);
}

TestSuite(ocds, .init = set_up, .fini = tear_down);

static void read_all(const char *text)
{
	struct err err = ERR_INIT;
	int status = rows_read(&rows, &ocds_reader, &config, text, strlen(text), 64, &err);

	cr_assert_eq(status, 0, "%s", err.text);
}

static void fails(const char *text, const char *word)
{
	struct err err = ERR_INIT;

	cr_expect_lt(rows_read(&rows, &ocds_reader, &config, text, strlen(text), 64, &err), 0, "%s",
		text);
	cr_expect_eq(err.code, ERR_DATA);
	cr_expect(strstr(err.text, word), "%s", err.text);
	for (int i = 0; i < KIND_COUNT; i++)
		cr_expect_eq(rows.count[i], 0);
}

#define has(line) cr_expect(rows_has(&rows, line), "missing: %s\nin:\n%s", line, rows.text.data)

#define RELEASE(id, date, rest)                                                                    \
	"{\"ocid\":\"o-1\",\"id\":\"" id "\",\"date\":\"" date                                     \
	"\",\"buyer\":{\"id\":\"B1\",\"name\":\"城管委\"},"                                     \
	"\"parties\":[{\"id\":\"B1\",\"name\":\"城管委\",\"roles\":[\"buyer\"]},"               \
	"{\"id\":\"S1\",\"name\":\"甲公司\",\"roles\":[\"supplier\"],\"details\":{\"scale\":"   \
	"\"sme\"}},"                                                                               \
	"{\"id\":\"S2\",\"name\":\"乙公司\",\"roles\":[\"supplier\"],\"details\":{\"scale\":"   \
	"\"large\"}}]" rest "}"

#define AWARD(amount, suppliers)                                                                   \
	",\"awards\":[{\"id\":\"1\",\"status\":\"active\",\"date\":\"2026-03-01T16:00:00Z\","      \
	"\"value\":{\"amount\":" amount ",\"currency\":\"CNY\"},\"suppliers\":[" suppliers "]}]"
#define BOTH "{\"id\":\"S1\",\"name\":\"甲公司\"},{\"id\":\"S2\",\"name\":\"乙公司\"}"
#define ONE  "{\"id\":\"S2\",\"name\":\"乙公司\"}"

Test(ocds, an_award_with_two_suppliers_counts_once_and_keeps_both)
{
	read_all("{\"releases\":[" RELEASE(
		"r1", "2026-03-02T00:00:00Z", AWARD("93007.5", BOTH)) "]}");
	has("unit unit_code=B1 name=城管委 @13");
	has("supplier uscc=S1 name=甲公司 @13");
	has("supplier uscc=S2 name=乙公司 size_class=L size_source=declared @13");
	has("award award_id=o-1/1 process_id=o-1 unit_code=B1 buyer_name=城管委 status=active "
	    "awarded_on=2026-03-02 amount_fen=9300750 currency=CNY @13");
	has("party parent_kind=award parent_no=o-1/1 seq=1 role=supplier supplier_id=S1 "
	    "supplier_name=甲公司 size_word=sme size_class=SME");
	has("party parent_kind=award parent_no=o-1/1 seq=2 role=supplier supplier_id=S2 "
	    "supplier_name=乙公司 size_word=large size_class=L");
	cr_assert_eq(rows_of(&rows, "award"), 1);
	cr_assert_eq(rows_of(&rows, "party"), 2);
	cr_assert_eq(rows.refused, 0);
}

/* A later release says what changed; what it does not name stays, suppliers too. */
Test(ocds, releases_of_a_process_are_merged_by_date_whatever_their_order)
{
	read_all(RELEASE("r2", "2026-03-09T10:00:00+08:00", AWARD("50", ONE)) "\n" RELEASE(
		"r1", "2026-03-09T01:00:00Z", AWARD("93007.5", BOTH)) "\n");
	cr_assert_eq(rows_of(&rows, "award"), 1);
	cr_assert_eq(rows_sum(&rows, "award"), 5000);
	cr_assert_eq(rows_of(&rows, "party"), 2);
	cr_assert_eq(rows.skipped, 1);
	rows_free(&rows);
	rows_init(&rows);
	read_all("[" RELEASE("r1", "2026-03-09T01:00:00Z", AWARD("93007.5", BOTH)) "," RELEASE(
		"r2", "2026-03-09T10:00:00+08:00", AWARD("50", ONE)) "]");
	cr_assert_eq(rows_sum(&rows, "award"), 5000);
	cr_assert_eq(rows_of(&rows, "party"), 2);
}

Test(ocds, a_release_that_only_says_what_changed_keeps_the_rest_of_the_contract)
{
	read_all(RELEASE("r1", "2026-03-01T00:00:00Z",
		",\"contracts\":[{\"id\":\"c\",\"status\":\"active\",\"dateSigned\":\"2026-02-"
		"01T00:00:00Z\","
		"\"value\":{\"amount\":70.25,\"currency\":\"CNY\"}}]") "\n" RELEASE("r2",
		"2026-03-09T00:00:00Z",
		",\"contracts\":[{\"id\":\"c\",\"status\":\"cancelled\"}]") "\n");
	cr_assert_eq(rows_of(&rows, "contract"), 1);
	cr_assert_eq(rows_sum(&rows, "contract"), 7025);
	cr_assert_eq(rows.refused, 0, "%s", rows.text.data);
	cr_expect(strstr(rows.text.data, "status=cancelled"), "%s", rows.text.data);
	cr_expect(strstr(rows.text.data, "signed_on=2026-02-01"), "%s", rows.text.data);
}

static int strayed;

static void stray(void *arg)
{
	(void)arg;
	strayed++;
}

#define OTHER(date) "{\"ocid\":\"o-2\",\"id\":\"r1\",\"date\":\"" date "\"" AWARD("5", ONE) "}"

Test(ocds, rows_of_a_process_with_one_release_are_handed_over_before_the_file_ends)
{
	struct err err = ERR_INIT;
	const char *torn = RELEASE("r1", "2026-03-01T00:00:00Z", AWARD("93007.5", BOTH)) "\n{";

	rows.sink.astray = stray;
	cr_expect_lt(rows_read(&rows, &ocds_reader, &config, torn, strlen(torn), 64, &err), 0);
	cr_expect_eq(rows_of(&rows, "award"), 1);
	cr_expect_eq(rows_of(&rows, "party"), 2);
	cr_expect_eq(rows_of(&rows, "supplier"), 0);
	rows_free(&rows);
	rows_init(&rows);
	rows.sink.astray = stray;
	read_all(RELEASE("r1", "2026-03-01T00:00:00Z", AWARD("93007.5", BOTH)) "\n" OTHER(
		"2026-03-02T00:00:00Z") "\n");
	cr_expect_eq(rows_of(&rows, "award"), 2);
	cr_expect_eq(rows_of(&rows, "party"), 3);
	cr_expect_eq(rows_of(&rows, "supplier"), 2);
	cr_expect_eq(strayed, 0);
}

Test(ocds, a_second_release_ends_a_pass_that_handed_over_the_first)
{
	struct err err = ERR_INIT;
	const char *text = RELEASE("r2", "2026-03-09T10:00:00+08:00", AWARD("50", ONE)) "\n" OTHER(
		"2026-03-02T00:00:00Z") "\n" RELEASE("r1", "2026-03-09T01:00:00Z",
		AWARD("93007.5", BOTH)) "\n";

	rows.sink.astray = stray;
	cr_expect_lt(rows_read(&rows, &ocds_reader, &config, text, strlen(text), 64, &err), 0);
	cr_expect_eq(strayed, 1);
	cr_expect(strstr(err.text, "o-1"), "%s", err.text);
}

/* The second pass must say the same as the one that waits. */
Test(ocds, what_is_refused_in_part_waits_even_when_the_rest_is_handed_over)
{
	const char *text = RELEASE("r1", "2026-03-01T00:00:00Z", AWARD("\"x\"", BOTH)) "\n" OTHER(
		"2026-03-02T00:00:00Z") "\n";

	rows.sink.astray = stray;
	read_all(text);
	cr_expect_eq(rows.refused, 1, "%s", rows.text.data);
	cr_expect_eq(rows_of(&rows, "award"), 1);
	cr_expect_eq(strayed, 0);
}

Test(ocds, a_tender_is_one_notice_per_release)
{
	read_all("{\"releases\":[" RELEASE("r1", "2026-03-02T00:00:00Z",
		",\"tag\":[\"tender\"],\"tender\":{\"id\":\"P-7\",\"title\":\"电脑\",\"value\":{"
		"\"amount\":10,"
		"\"currency\":\"CNY\"},\"suitability\":{\"sme\":true}}") "," RELEASE("r2",
		"2026-03-03T00:00:00Z",
		",\"tag\":[\"tenderCancellation\"],\"tender\":{\"id\":\"P-7\",\"status\":"
		"\"cancelled\"}") "]}");
	has("notice notice_id=o-1/r1 unit_code=B1 project_code=P-7 kind=tender title=电脑 "
	    "published_on=2026-03-02 budget_fen=1000 currency=CNY suitable_for_sme=1 "
	    "buyer_name=城管委");
	has("notice notice_id=o-1/r2 unit_code=B1 project_code=P-7 kind=tenderCancellation "
	    "published_on=2026-03-03 currency=XXX ended_on=2026-03-03 end_reason=cancelled");
}

Test(ocds, a_contract_brings_its_supplier_milestones_and_payments)
{
	read_all(RELEASE("r1", "2026-03-02T00:00:00Z",
		AWARD("100",
			BOTH) ",\"contracts\":[{\"id\":\"c1\",\"awardID\":\"1\",\"status\":"
			      "\"active\",\"dateSigned\":\"2026-03-05\","
			      "\"value\":{\"amount\":99.99,\"currency\":\"CNY\"},\"milestones\":["
			      "{\"id\":\"m1\",\"type\":\"delivery\",\"dateMet\":\"2026-04-01T00:00:"
			      "00Z\"},"
			      "{\"id\":\"m2\",\"type\":\"payment\",\"dueDate\":\"2026-05-01\","
			      "\"value\":{\"amount\":40,\"currency\":\"CNY\"}},"
			      "{\"id\":\"m3\",\"type\":\"payment\",\"dueDate\":\"2026-06-01\"}],"
			      "\"implementation\":{\"transactions\":[{\"id\":\"t1\",\"date\":"
			      "\"2026-05-02\",\"value\":{\"amount\":40,"
			      "\"currency\":\"CNY\"},\"payer\":{\"id\":\"B1\"},\"payee\":{\"id\":"
			      "\"S1\"},"
			      "\"relatedImplementationMilestone\":{\"id\":\"m2\"}},"
			      "{\"id\":\"t2\",\"date\":\"2026-05-03\",\"amount\":{\"amount\":-5,"
			      "\"currency\":\"CNY\"},"
			      "\"providerOrganization\":{\"id\":\"B1\"},\"receiverOrganization\":{"
			      "\"id\":\"S9\","
			      "\"legalName\":\"NUCLEO\"}}]}}]"));
	has("contract contract_no=o-1/c1 project_code=o-1 unit_code=B1 supplier_uscc=S1 "
	    "signed_on=2026-03-05 amount_fen=9999 currency=CNY status=active supplier_name=甲公司 "
	    "buyer_name=城管委");
	has("party parent_kind=contract parent_no=o-1/c1 seq=2 role=supplier supplier_id=S2");
	has("event contract_no=o-1/c1 instalment=1 kind=delivery seq=1 happened_on=2026-04-01");
	has("obligation obligation_no=o-1/c1/m2 contract_no=o-1/c1 kind=progress amount_fen=4000 "
	    "currency=CNY contract_due_on=2026-05-01");
	has("payment voucher_no=o-1/c1/t1 contract_no=o-1/c1 obligation_no=o-1/c1/m2 unit_code=B1 "
	    "payee_uscc=S1 payee_name=甲公司 amount_fen=4000 currency=CNY cleared_on=2026-05-02");
	has("payment voucher_no=o-1/c1/t2 contract_no=o-1/c1 unit_code=B1 payee_uscc=S9 "
	    "payee_name=NUCLEO amount_fen=-500");
	cr_assert_eq(
		rows_of(&rows, "obligation"), 1, "a milestone without a value is no obligation");
}

Test(ocds, a_credit_code_among_the_identifiers_names_the_supplier)
{
	read_all("{\"ocid\":\"o-1\",\"id\":\"r\",\"date\":\"2026-01-01\",\"parties\":["
		 "{\"id\":\"CN-1\",\"name\":\"甲\",\"roles\":[\"supplier\"],\"identifier\":{\"id\":"
		 "\"x\"},"
		 "\"additionalIdentifiers\":[{\"scheme\":\"CN-USCC\",\"id\":\"91350100M000100Y43\"}"
		 "]}],"
		 "\"awards\":[{\"id\":\"a\",\"suppliers\":[{\"id\":\"CN-1\"}]}]}");
	has("supplier uscc=91350100M000100Y43 name=甲");
	has("party parent_kind=award parent_no=o-1/a seq=1 role=supplier "
	    "supplier_id=91350100M000100Y43 "
	    "supplier_name=甲");
}

Test(ocds, a_value_that_is_not_understood_refuses_its_row_with_the_record_quoted)
{
	read_all("[" RELEASE("r1", "2026-03-02T00:00:00Z", AWARD("10.005", BOTH)) "]");
	has("refused award awards.value.amount=10.005 amount-too-precise <award award_id=o-1/1> "
	    "{\"ocid\":\"o-1\",\"id\":\"r1\"");
	cr_assert_eq(rows_of(&rows, "award"), 0);
	cr_assert_eq(rows_of(&rows, "party"), 0, "parties of a refused award");
	cr_assert_eq(rows_of(&rows, "unit"), 1, "the rest of the release goes on");
	cr_assert_eq(rows.refused, 1);
}

Test(ocds, what_is_no_release_is_refused_and_the_next_one_read)
{
	read_all("[7,{\"id\":\"x\"},{\"ocid\":\"o\\u0000\"},"
		 "{\"ocid\":\"o-9\",\"releases\":[{\"url\":\"http://"
		 "x\",\"date\":\"2020-01-01\"}]}," RELEASE(
			 "r1", "2026-03-02T00:00:00Z", AWARD("1", ONE)) "]");
	has("refused - release=7 ocds-not-a-release <> 7");
	has("refused - ocid= value-missing <> {\"id\":\"x\"}");
	has("refused - release= text-nul <> {\"ocid\":\"o\\u0000\"}");
	has("refused - releases=http://x ocds-linked");
	cr_assert_eq(rows.refused, 4);
	cr_assert_eq(rows_of(&rows, "award"), 1);
}

Test(ocds, ids_are_unique_over_processes_but_not_doubled)
{
	read_all("[{\"ocid\":\"p-1\",\"id\":\"r\",\"awards\":[{\"id\":\"p-1-1\"},{\"id\":\"7\"},{"
		 "\"id\":\"\"}]},"
		 "{\"ocid\":\"p-2\",\"id\":\"r\",\"awards\":[{\"id\":7}]}]");
	has("award award_id=p-1-1 process_id=p-1");
	has("award award_id=p-1/7 process_id=p-1");
	has("award award_id=p-2/7 process_id=p-2");
	has("refused award awards.id= value-missing");
	cr_assert_eq(rows_of(&rows, "award"), 3);
}

Test(ocds, a_file_that_is_broken_or_no_feed_gives_nothing)
{
	fails("", "not-json");
	fails("\n\n <!DOCTYPE HTML><html>", "not-json");
	fails("[" RELEASE("r1", "2026-03-02T00:00:00Z", AWARD("1", ONE)), "json-torn");
	fails("[" RELEASE("r1", "2026-03-02T00:00:00Z", AWARD("NaN", ONE)) "]", "NaN");
	config.next = (char *)"links.next";
	fails("{\"message\":\"Too many requests\"}", "json-shape");
}

Test(ocds, another_encoding_is_configuration)
{
	config.encoding = (char *)"ISO-8859-1";
	read_all("[{\"ocid\":\"o-1\",\"id\":\"r\",\"tender\":{\"title\":\"Aceptaci\xf3n\"}}]");
	has("notice notice_id=o-1/r project_code=o-1 title=Aceptación");
	config.encoding = (char *)"";
	rows_free(&rows);
	rows_init(&rows);
	fails("[{\"ocid\":\"o-1\",\"id\":\"r\",\"tender\":{\"title\":\"Aceptaci\xf3n\"}}]",
		"bad-encoding");
}
