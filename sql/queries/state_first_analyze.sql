-- Statistics after a first run, so that the next ones are planned with them.
ANALYZE obligation_state, finding, finding_event, quota_figure, quota_part
