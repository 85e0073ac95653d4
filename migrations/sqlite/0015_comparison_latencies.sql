-- Tallies know latencies from here on: those without them are counted again at the next start.
UPDATE batches SET tally = NULL;
