/* GET /api/v1/figures: the member quota of the snapshot as the last evaluation stored it, with the names of the
 * departments. One figure has one definition: the bodies are stored by the run that judged them. */
#ifndef SETASIDE_API_FIGURES_H
#define SETASIDE_API_FIGURES_H

#include "api/route.h"

extern const struct route_parameter figures_parameters[];
void figures_handle(
	struct api_server *server, const struct route_request *request, struct reply *reply);

#endif
