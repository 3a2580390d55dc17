COPY contract_paid (contract_no, paid_fen) FROM STDIN WITH (FORMAT binary)
