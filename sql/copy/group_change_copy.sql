COPY group_change (unit_code, supplier_uscc, next_change_on, print) FROM STDIN WITH (FORMAT binary)
