-- Prints of the quota figures on record of one fiscal year. $1 fiscal year
SELECT scope, print FROM quota_figure WHERE fiscal_year = $1::integer AND currency = 'CNY' ORDER BY scope COLLATE "C"
