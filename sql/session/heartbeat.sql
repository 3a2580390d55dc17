-- Shows that the server still answers.
SELECT 1
