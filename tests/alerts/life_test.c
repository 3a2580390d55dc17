#include "alerts/life.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "lib/source_text.h"

Test(life, leads_a_message_from_the_queue_to_its_end)
{
	struct err err = ERR_INIT;

	cr_expect_str_eq(
		life_next(&life_message, "queued", "leased", LIFE_OUTBOX, &err), "sending");
	cr_expect_str_eq(
		life_next(&life_message, "sending", "unknown", LIFE_OUTBOX, &err), "unknown");
	cr_expect_str_eq(
		life_next(&life_message, "unknown", "leased", LIFE_OUTBOX, &err), "sending");
	cr_expect_str_eq(life_next(&life_message, "sending", "acknowledged", LIFE_OUTBOX, &err),
		"acknowledged");
}

Test(life, never_sends_what_was_acknowledged)
{
	for (int who = LIFE_RUN; who <= LIFE_PERSON; who++)
		for (const struct life_step *s = life_message.steps; s->state; s++) {
			struct err err = ERR_INIT;

			cr_expect_null(life_next(
				&life_message, "acknowledged", s->event, (enum life_who)who, &err));
			cr_expect_eq(err.code, ERR_REFUSED);
		}
}

Test(life, asks_who_moves)
{
	struct err err = ERR_INIT;

	cr_expect_str_eq(
		life_next(&life_message, "failed", "replayed", LIFE_PERSON, &err), "queued");
	cr_expect_null(life_next(&life_message, "failed", "replayed", LIFE_OUTBOX, &err));
	cr_expect_not_null(strstr(err.text, "outbox"));
	err_clear(&err);
	cr_expect_null(life_next(&life_finding, "open", "acknowledged", LIFE_RUN, &err));
}

/* The names in the CHECK constraints of the schema are the names of the tables. */
Test(life, knows_exactly_the_states_of_the_schema)
{
	static const char *const files[] = { SETASIDE_SOURCE_DIR
		"/sql/migrations/0002_findings.sql" };
	static char schema[200000];
	FILE *file = fopen(files[0], "r");
	char line[400] = "";

	cr_assert_not_null(file);
	schema[fread(schema, 1, sizeof(schema) - 1, file)] = '\0';
	fclose(file);
	cr_assert_not_null(strstr(schema, "state IN ('open', 'acknowledged', 'closed')"));
	cr_assert_not_null(strstr(schema,
		"state IN ('queued', 'sending', 'acknowledged', 'rejected', 'retry', "
		"'unknown', 'failed', 'superseded')"));
	for (const struct life_step *s = life_message.steps; s->state; s++) {
		snprintf(line, sizeof(line), "'%s'", s->next);
		cr_expect_not_null(
			strstr("'queued', 'sending', 'acknowledged', 'rejected', 'retry', "
			       "'unknown', 'failed', 'superseded'",
				line),
			"%s", line);
	}
}

Test(life, draws_itself)
{
	struct buf out;

	buf_init(&out, 10000);
	life_draw(&life_message, &out);
	cr_expect_not_null(strstr(out.data, "```mermaid\nstateDiagram-v2\n"));
	cr_expect_not_null(strstr(out.data, "    [*] --> queued: written (run)"));
	cr_expect_not_null(strstr(out.data, "    acknowledged --> [*]\n"));
	cr_expect_null(strstr(out.data, "    failed --> [*]"));
	buf_free(&out);
}

/* Fails with the block that the README should hold. */
static void expect_in_readme(const struct life *life)
{
	struct buf out;

	buf_init(&out, 10000);
	life_draw(life, &out);
	source_text_expect_in_readme(out.data);
	buf_free(&out);
}

Test(life, is_drawn_in_the_readme)
{
	expect_in_readme(&life_finding);
	expect_in_readme(&life_message);
}
