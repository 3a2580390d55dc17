-- One row: a payment or reversal, in fen. Only CNY. $1 known batch
SELECT voucher_no, contract_no, obligation_no, unit_code, payee_uscc, amount_fen, voucher_on, cleared_on, received_on,
  instrument, matures_on, reverses_voucher_no
FROM payment_at($1::bigint)
WHERE currency = 'CNY'
ORDER BY voucher_no COLLATE "C"
