/* Routes by which a signed-in person acts: reviews of debts, decisions on proposals, acts on cases, entries of the registers,
 * refused rows settled or corrected. */
#ifndef SETASIDE_API_ACT_H
#define SETASIDE_API_ACT_H

#include "api/route.h"

extern const struct route_parameter act_review_body[], act_decide_body[], act_case_body[],
	act_register_body[], act_withdraw_body[], act_settle_body[], act_correct_body[];

/* POST /api/v1/arrears/{}/reviews */
void act_review(
	struct api_server *server, const struct route_request *request, struct reply *reply);

/* POST /api/v1/proposals/{}/decision */
void act_decide(
	struct api_server *server, const struct route_request *request, struct reply *reply);

/* POST /api/v1/findings/{}/acts */
void act_case(struct api_server *server, const struct route_request *request, struct reply *reply);

/* POST /api/v1/registers/{}/entries */
void act_register(
	struct api_server *server, const struct route_request *request, struct reply *reply);

/* POST /api/v1/register-entries/{}/withdrawal */
void act_withdraw(
	struct api_server *server, const struct route_request *request, struct reply *reply);

/* POST /api/v1/quarantine/{}/settlement */
void act_settle(
	struct api_server *server, const struct route_request *request, struct reply *reply);

/* POST /api/v1/quarantine/{}/correction */
void act_correct(
	struct api_server *server, const struct route_request *request, struct reply *reply);

#endif
