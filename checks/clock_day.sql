-- The day to evaluate. $1 today by the program's clock, in Shanghai
SELECT clock_day_take($1::date)
