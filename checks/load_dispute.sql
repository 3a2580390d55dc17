-- One row: what was in dispute of an obligation, from when to when, and what was agreed. Amounts in fen. $1 known batch
SELECT dispute_id, obligation_no, ground, opened_on, settled_on, agreed_due_on, amount_fen, agreed_fen, separable
FROM dispute_at($1::bigint)
ORDER BY obligation_no COLLATE "C", dispute_id COLLATE "C"
