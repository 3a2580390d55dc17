/* The way of a robot's message out: part by part, at the vendor's pace, each with its own answer. */
#include <event2/event.h>
#include <openssl/crypto.h>

#include "alerts/http_answer.h"
#include "alerts/robot_own.h"
#include "core/clock.h"
#include "core/mem.h"

enum { RATE_PAUSE_S = 60 };

struct alert_try {
	struct robot *robot;
	struct alert_draft *draft;
	struct fetch_transfer *transfer;
	struct event *pause; /* until the next part may leave */
	struct buf answer;
	struct alert_outcome outcome;
	int part;
	alert_done_fn done;
	void *arg;
};

static void judge_code(
	const struct robot_vendor *vendor, int64_t code, struct alert_outcome *outcome)
{
	/* The first row is success and the last one, with the same code 0, ends the table. */
	const struct robot_code *row = code == 0 ? vendor->codes : NULL;

	for (const struct robot_code *r = vendor->codes + 1; !row && r->code != 0; r++)
		row = r->code == code ? r : NULL;
	outcome->class = row ? row->class : vendor->other_class;
	outcome->retry_after_s = row ? row->pause_s : 0;
	outcome->endpoint_fault = row && row->fault;
	outcome->endpoint_gone = row && row->gone;
}

void robot_judge(const struct robot_vendor *vendor, int status, int64_t retry_after_s,
	const char *body, size_t length, struct alert_outcome *outcome)
{
	json_t *root = json_loadb(body, length, JSON_REJECT_DUPLICATES, NULL);
	const json_t *code = json_object_get(root, vendor->code_member);

	if (status == 429) {
		outcome->class = ALERT_RETRY;
		outcome->retry_after_s = retry_after_s > 0 ? retry_after_s : RATE_PAUSE_S;
	} else if (json_is_integer(code) && (status == 200 || json_integer_value(code) != 0)) {
		judge_code(vendor, json_integer_value(code), outcome);
	} else if (status >= 300 && status < 500) {
		/* Not the vendor's answer: a gateway, or an address that leads elsewhere. */
		outcome->class = ALERT_RETRY;
		outcome->endpoint_fault = true;
	} else {
		outcome->class = ALERT_UNKNOWN;
		outcome->endpoint_fault = true;
	}
	json_decref(root);
}

static enum fetch_flow on_answer(
	void *arg, const struct fetch_head *head, const char *bytes, size_t count)
{
	struct alert_try *try = arg;

	(void)head;
	return http_answer_take(&try->answer, bytes, count);
}

static void free_try(struct alert_try *try)
{
	if (try->pause)
		event_free(try->pause);
	robot_free_draft(try->draft);
	buf_free(&try->answer);
	free(try);
}

static void judge(void *arg, const struct fetch_head *head, const struct buf *answer,
	struct alert_outcome *outcome)
{
	robot_judge(arg, head->status, head->retry_after_s, answer->data, answer->used, outcome);
}

static int start_part(struct alert_try *try, struct err *err);

static void finish(struct alert_try *try)
{
	try->outcome.parts_done = try->part;
	try->done(try->arg, &try->outcome);
	free_try(try);
}

static void fail_part(struct alert_try *try, const struct err *err)
{
	try->outcome.class = ALERT_RETRY;
	alert_answer_set(&try->outcome, err->text, strlen(err->text));
	finish(try);
}

/* From the start of a request, and again from its answer, so that requests are as far apart where they arrive, however
 * long each is on its way. */
static void keep_distance(struct robot *robot)
{
	int64_t free_at_ms;

	if (robot->head.rate_second <= 0)
		return;
	free_at_ms = clock_steady_ms() + 1000 / robot->head.rate_second + 1;
	if (robot->free_at_ms < free_at_ms)
		robot->free_at_ms = free_at_ms;
}

static void on_pause_over(evutil_socket_t fd, short what, void *arg);

/* The part leaves now, or when the robot takes another request. */
static int part_when_free(struct alert_try *try, struct err *err)
{
	int64_t wait = try->robot->free_at_ms - clock_steady_ms();
	struct timeval pause = { wait / 1000, wait % 1000 * 1000 };

	if (wait <= 0)
		return start_part(try, err);
	if (!try->pause)
		try->pause = evtimer_new(try->robot->loop, on_pause_over, try);
	if (!try->pause || evtimer_add(try->pause, &pause) < 0)
		BUG("no timer for the next part");
	return 0;
}

static void on_pause_over(evutil_socket_t fd, short what, void *arg)
{
	struct alert_try *try = arg;
	struct err err = ERR_INIT;

	(void)fd;
	(void)what;
	if (part_when_free(try, &err) < 0)
		fail_part(try, &err);
}

static void on_done(void *arg, const struct fetch_result *result)
{
	struct alert_try *try = arg;
	struct err err = ERR_INIT;

	http_answer_judge(result, &try->answer, judge, (void *)try->robot->vendor, &try->outcome);
	try->transfer = NULL;
	keep_distance(try->robot);
	if (try->outcome.class != ALERT_ACKNOWLEDGED || ++try->part == try->draft->count) {
		finish(try);
		return;
	}
	if (try->robot->head.part_done)
		try->robot->head.part_done(try->arg, try->part);
	if (part_when_free(try, &err) < 0)
		fail_part(try, &err);
}

/* The signature is of this very moment; the draft stays as it is. */
static int sign(const struct robot *robot, struct buf *address, json_t *body, struct err *err)
{
	char *secret;
	int result;

	if (!robot->secret_path)
		return 0;
	secret = conf_secret_read(robot->secret_path, err);
	if (!secret)
		return -1;
	result = robot->vendor->sign(address, body, secret, clock_real_ms(), err);
	conf_secret_free(secret);
	return result;
}

static int post(struct alert_try *try, const char *address, const json_t *body, struct err *err)
{
	static const char *const headers[] = { "Content-Type: application/json; charset=utf-8",
		NULL };
	const struct robot *robot = try->robot;
	_cleanup_free_ char *text = json_dumps(body, JSON_COMPACT);
	struct fetch_request request = { .method = FETCH_POST,
		.url = address,
		.headers = headers,
		.body = text,
		.body_length = text ? strlen(text) : 0,
		.guard = &robot->guard,
		.ca_file = robot->ca_file,
		.plain_http = robot->plain_http,
		.timeout_ms = robot->timeout_ms,
		.body_limit = INT64_C(1024) * 1024,
		.body_sink = on_answer,
		.done = on_done,
		.arg = try };

	if (!text)
		return err_set(err, ERR_DATA, "a part cannot be written as JSON");
	if (robot->vendor->body_max > 0 && request.body_length > robot->vendor->body_max)
		return err_set(err, ERR_LIMIT, "a part has %zu bytes, the robot takes %zu",
			request.body_length, robot->vendor->body_max);
	try->transfer = fetch_start(robot->fetch, &request, err);
	if (!try->transfer)
		return -1;
	try->outcome.bytes += request.body_length;
	try->outcome.requests++;
	keep_distance(try->robot);
	return 0;
}

static int start_part(struct alert_try *try, struct err *err)
{
	json_t *body = json_deep_copy(try->draft->bodies[try->part]);
	struct buf address;
	int result;

	buf_reset(&try->answer);
	buf_init(&address, 2 * ROBOT_ADDRESS_MAX);
	result = robot_address(try->robot, &address, err);
	if (result == 0)
		result = sign(try->robot, &address, body, err);
	if (result == 0)
		result = post(try, address.data, body, err);
	OPENSSL_cleanse(address.data, address.used);
	buf_free(&address);
	json_decref(body);
	return result;
}

struct alert_try *robot_send(struct alert_channel *channel, struct alert_draft *draft,
	alert_done_fn done, void *arg, struct err *err)
{
	struct alert_try *try = mem_zero(1, sizeof(*try));

	try->robot = (struct robot *)(void *)channel;
	try->draft = draft;
	try->part = draft->first;
	try->done = done;
	try->arg = arg;
	http_answer_init(&try->answer);
	if (part_when_free(try, err) < 0) {
		free_try(try);
		return NULL;
	}
	return try;
}

void robot_cancel(struct alert_try *try)
{
	if (try->transfer)
		fetch_cancel(try->transfer);
	free_try(try);
}
