#include "checks/dispute.h"

#include <stdlib.h>
#include <string.h>

#include "checks/due.h"
#include "checks/sums.h"
#include "core/mem.h"

/* What is known of them ------------------------------------------------------------------------ */

static bool is_opened(day_t opened_on, day_t as_of)
{
	return opened_on <= as_of; /* DAY_NONE, always, is before every day */
}

static void add_view(struct dispute_room *room, const struct dispute_view *view, day_t as_of)
{
	struct dispute_view *added;

	if (view->amount <= 0 || !is_opened(view->opened_on, as_of))
		return;
	MEM_GROW(room->views, room->view_count, room->view_capacity);
	added = &room->views[room->view_count++];
	*added = *view;
	added->settled_on = day_known(view->settled_on, as_of);
	if (added->settled_on == DAY_NONE) {
		added->agreed = NUMBER_NONE;
		added->agreed_due_on = DAY_NONE;
	}
}

static int compare_opened(const void *a, const void *b)
{
	const struct dispute_view *x = a, *y = b;

	/* DAY_NONE, always, sorts before every day. */
	if (x->opened_on != y->opened_on)
		return x->opened_on < y->opened_on ? -1 : 1;
	return strcmp(x->dispute_id, y->dispute_id);
}

static void collect(const struct dispute_question *q, struct dispute_room *room)
{
	const struct facts *facts = q->index->facts;
	const struct obligation_fact *debt = &facts->obligations.items[q->obligation];
	const struct index_lists *lists = &q->index->obligation_disputes;
	fen_t own = debt->disputed_fen == NUMBER_NONE ? 0 : debt->disputed_fen;

	room->exceeds = own > debt->amount_fen;
	for (uint32_t i = lists->start[q->obligation]; i < lists->start[q->obligation + 1]; i++) {
		const struct dispute_fact *fact = &facts->disputes.items[lists->items[i]];
		size_t known = room->view_count;

		room->exceeds = room->exceeds || fact->amount_fen > debt->amount_fen;
		add_view(room,
			&(struct dispute_view){ lists->items[i], fact->dispute_id, fact->opened_on,
				fact->settled_on, fact->agreed_due_on, fact->amount_fen,
				fact->agreed_fen, fact->separable, 0 },
			q->as_of);
		if (room->view_count > known)
			own -= fact->amount_fen < own ? fact->amount_fen : own;
	}
	add_view(room,
		&(struct dispute_view){ PART_OF_ROW, "", debt->dispute_opened_on,
			debt->dispute_settled_on, DAY_NONE, own, NUMBER_NONE, TRI_UNKNOWN, 0 },
		q->as_of);
	if (room->view_count > 1)
		qsort(room->views, room->view_count, sizeof(*room->views), compare_opened);
}

/* How much each of them takes ------------------------------------------------------------------ */

static fen_t take(fen_t *left, fen_t wanted)
{
	fen_t taken = wanted < *left ? wanted : *left;

	*left -= taken;
	return taken;
}

/* By settlement, then in order of opening. */
static int compare_settled(const void *a, const void *b)
{
	const struct dispute_view *x = *(struct dispute_view *const *)a;
	const struct dispute_view *y = *(struct dispute_view *const *)b;

	if (x->settled_on != y->settled_on)
		return x->settled_on < y->settled_on ? -1 : 1;
	return x < y ? -1 : x > y;
}

static void list_settled(struct dispute_room *room)
{
	for (size_t i = 0; i < room->view_count; i++) {
		if (room->views[i].settled_on == DAY_NONE)
			continue;
		MEM_GROW(room->settled, room->settled_count, room->settled_capacity);
		room->settled[room->settled_count++] = &room->views[i];
	}
	if (room->settled_count > 1)
		qsort(room->settled, room->settled_count, sizeof(struct dispute_view *),
			compare_settled);
}

/* Settlements, the first one first: what is agreed stays owed, the rest of what was disputed is given up. */
static void settle(struct dispute_room *room, fen_t *owed)
{
	for (size_t i = 0; i < room->settled_count; i++) {
		struct dispute_view *view = room->settled[i];
		fen_t covered = view->amount < *owed ? view->amount : *owed;
		fen_t agreed = view->agreed == NUMBER_NONE || view->agreed > covered ? covered
			       : view->agreed < 0                                    ? 0
										     : view->agreed;

		view->part = agreed;
		*owed -= covered - agreed;
		sum_add(&room->given_up, covered - agreed);
	}
}

/* Open ones first, then those settled last; what is left is the debt's own part. */
static fen_t share_out(const struct dispute_question *q, struct dispute_room *room, fen_t owed)
{
	fen_t disputed = 0, left = owed;

	for (size_t i = 0; i < room->view_count; i++) {
		if (room->views[i].settled_on != DAY_NONE)
			continue;
		sum_add(&disputed, room->views[i].amount);
		room->views[i].part = take(&left, room->views[i].amount);
	}
	if (disputed > q->index->facts->obligations.items[q->obligation].amount_fen)
		room->exceeds = true;
	for (size_t i = room->settled_count; i > 0; i--)
		room->settled[i - 1]->part = take(&left, room->settled[i - 1]->part);
	return left;
}

/* The parts ------------------------------------------------------------------------------------ */

static bool is_late(const struct dispute_question *q, const struct dispute_view *view)
{
	return q->rolled != DAY_NONE && view->opened_on > q->rolled;
}

static bool is_inseparable(const struct dispute_question *q, const struct dispute_view *view)
{
	return view->separable == TRI_NO && !is_late(q, view);
}

static struct obligation_part *add_part(struct dispute_room *room, fen_t amount)
{
	struct obligation_part *part;

	MEM_GROW(room->parts, room->count, room->capacity);
	part = &room->parts[room->count++];
	*part = (struct obligation_part){
		.amount = amount,
		.open = amount,
		.nominal = DAY_NONE,
		.rolled = DAY_NONE,
		.dispute = PART_OWN,
		.opened_on = DAY_NONE,
		.settled_on = DAY_NONE,
	};
	return part;
}

static void give_own_days(const struct dispute_question *q, struct obligation_part *part)
{
	part->nominal = q->nominal;
	part->rolled = q->rolled;
	part->missing_year = q->missing_year;
}

static void give_day(const struct dispute_question *q, struct obligation_part *part, day_t nominal)
{
	part->nominal = nominal;
	part->missing_year = due_roll(q->law, nominal, &part->rolled);
}

/* From the settlement on. */
static void give_days(const struct dispute_question *q, struct obligation_part *part,
	const struct dispute_view *view)
{
	if (q->dated && view->agreed_due_on != DAY_NONE)
		give_day(q, part, view->agreed_due_on);
	else if (q->nominal == DAY_NONE)
		part->missing_year = q->missing_year;
	else if (view->settled_on > q->nominal)
		give_day(q, part, view->settled_on);
	else
		give_own_days(q, part);
}

/* What nobody disputes: with the due day of the last settlement from which it could not be separated. */
static void add_own_part(const struct dispute_question *q, struct dispute_room *room, fen_t rest)
{
	struct obligation_part *own = add_part(room, rest);

	for (size_t i = 0; i < room->view_count; i++)
		if (room->views[i].settled_on == DAY_NONE && is_inseparable(q, &room->views[i]))
			own->disputed = true;
	if (own->disputed)
		return;
	for (size_t i = room->settled_count; i > 0; i--) {
		if (is_inseparable(q, room->settled[i - 1])) {
			give_days(q, own, room->settled[i - 1]);
			return;
		}
	}
	give_own_days(q, own);
}

static void add_disputed_part(const struct dispute_question *q, struct dispute_room *room,
	const struct dispute_view *view)
{
	struct obligation_part *part = add_part(room, view->part);

	part->dispute = view->dispute;
	part->opened_on = view->opened_on;
	part->settled_on = view->settled_on;
	part->late = is_late(q, view);
	if (view->settled_on == DAY_NONE)
		part->disputed = true;
	else if (view->part > 0)
		give_days(q, part, view);
}

static bool clears_before(const struct obligation_part *a, const struct obligation_part *b)
{
	day_t x = a->rolled != DAY_NONE ? a->rolled : a->nominal;
	day_t y = b->rolled != DAY_NONE ? b->rolled : b->nominal;

	if (a->disputed || b->disputed)
		return !a->disputed && b->disputed;
	return x != DAY_NONE && (y == DAY_NONE || x < y);
}

/* By insertion: few, and equal ones keep their order. */
static void sort_parts(struct dispute_room *room)
{
	for (size_t i = 1; i < room->count; i++) {
		struct obligation_part part = room->parts[i];
		size_t place = i;

		for (; place > 0 && clears_before(&part, &room->parts[place - 1]); place--)
			room->parts[place] = room->parts[place - 1];
		room->parts[place] = part;
	}
}

static bool excuses(const struct dispute_question *q, const struct dispute_view *view)
{
	return q->rolled != DAY_NONE && !is_late(q, view) &&
	       (view->settled_on == DAY_NONE || view->settled_on > q->rolled);
}

void dispute_parts(const struct dispute_question *question, struct dispute_room *ret)
{
	const struct obligation_fact *debt =
		&question->index->facts->obligations.items[question->obligation];
	fen_t owed = debt->amount_fen < 0 ? 0 : debt->amount_fen;

	ret->count = ret->view_count = ret->settled_count = 0;
	ret->given_up = 0;
	ret->excuses = false;
	collect(question, ret);
	list_settled(ret);
	settle(ret, &owed);
	add_own_part(question, ret, share_out(question, ret, owed));
	for (size_t i = 0; i < ret->view_count; i++) {
		ret->excuses = ret->excuses || excuses(question, &ret->views[i]);
		add_disputed_part(question, ret, &ret->views[i]);
	}
	if (ret->count > 1)
		sort_parts(ret);
}

void dispute_room_free(struct dispute_room *room)
{
	free(room->parts);
	free(room->views);
	free(room->settled);
	*room = (struct dispute_room){ 0 };
}
