#include "alerts/mail_judge.h"

#include <criterion/criterion.h>

static void expect(struct mail_facts facts, enum alert_class class, bool endpoint_fault)
{
	struct alert_outcome outcome = { .class = ALERT_ACKNOWLEDGED };

	mail_judge(&outcome, &facts);
	cr_expect_eq(outcome.class, class, "reply %d phase %d dot %d gives %s", facts.reply,
		(int)facts.phase, facts.dot_sent, alert_class_name(outcome.class));
	cr_expect_eq(outcome.endpoint_fault, endpoint_fault, "fault at reply %d", facts.reply);
}

Test(mail_judge, counts_silence_after_the_dot_as_unknown_and_before_it_as_retry)
{
	expect((struct mail_facts){ true, false, 354, MAIL_PHASE_DATA }, ALERT_UNKNOWN, true);
	expect((struct mail_facts){ false, true, 354, MAIL_PHASE_DATA }, ALERT_RETRY, true);
	expect((struct mail_facts){ false, false, 250, MAIL_PHASE_RECIPIENT }, ALERT_RETRY, true);
	expect((struct mail_facts){ false, false, 0, MAIL_PHASE_CONNECT }, ALERT_RETRY, true);
}

Test(mail_judge, believes_refusals_of_recipient_and_message)
{
	expect((struct mail_facts){ false, true, 550, MAIL_PHASE_RECIPIENT }, ALERT_REJECTED,
		false);
	expect((struct mail_facts){ true, true, 554, MAIL_PHASE_DATA }, ALERT_REJECTED, false);
	expect((struct mail_facts){ false, true, 552, MAIL_PHASE_SENDER }, ALERT_REJECTED, false);
	expect((struct mail_facts){ false, true, 451, MAIL_PHASE_RECIPIENT }, ALERT_RETRY, false);
	expect((struct mail_facts){ true, true, 452, MAIL_PHASE_DATA }, ALERT_RETRY, false);
}

Test(mail_judge, blames_the_endpoint_for_login_sender_and_shutdown)
{
	expect((struct mail_facts){ false, true, 535, MAIL_PHASE_CONNECT }, ALERT_RETRY, true);
	expect((struct mail_facts){ false, true, 550, MAIL_PHASE_SENDER }, ALERT_RETRY, true);
	expect((struct mail_facts){ false, true, 421, MAIL_PHASE_RECIPIENT }, ALERT_RETRY, true);
}

Test(mail_judge, takes_250_to_the_dot_as_the_only_success)
{
	expect((struct mail_facts){ false, true, 250, MAIL_PHASE_RECIPIENT }, ALERT_RETRY, true);
	expect((struct mail_facts){ true, true, 354, MAIL_PHASE_DATA }, ALERT_UNKNOWN, true);
	expect((struct mail_facts){ true, true, 250, MAIL_PHASE_DATA }, ALERT_ACKNOWLEDGED, false);
}
