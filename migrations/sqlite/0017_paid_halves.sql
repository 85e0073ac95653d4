-- Half an answer that an error ended is paid, and where its price is not known it counts as unpriced: opening the store
-- makes the sums again.
INSERT OR IGNORE INTO settings (key, value) SELECT 'rollups.outdated', '1' WHERE EXISTS (SELECT 1 FROM runs);
