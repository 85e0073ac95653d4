-- The tools that an answer calls, and what the model thought before it answered: derived from the stored bytes, null where
-- there are none. Runs from before this keep null until their answers are read again.
ALTER TABLE runs ADD COLUMN tool_calls TEXT;
ALTER TABLE runs ADD COLUMN thinking_text TEXT;
