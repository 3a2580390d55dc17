-- What is on record of every obligation, for comparison: number and print, in byte order.
SELECT obligation_no, print FROM obligation_state ORDER BY obligation_no COLLATE "C"
