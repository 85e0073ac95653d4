-- What is shown of a template or a run is what its prompt is called now, so that is what they are found by. The index of
-- templates can forget an earlier name, and runs of a renamed prompt are looked at again by the next search.
DROP TRIGGER templates_fts_insert;
DROP TABLE templates_fts;
CREATE VIRTUAL TABLE templates_fts USING fts5 (
  name, description, model_id, user_prompt_template, system_instructions,
  content = '', contentless_delete = 1,
  tokenize = "unicode61 remove_diacritics 2", prefix = '1 2 3'
);

-- What each version is found by. It is shown as `Greeting · v3`, so that is found. Of a conversation, every text is found;
-- of a trial, none.
CREATE VIEW version_words AS
SELECT t.seq, t.prompt_id, p.name || ' v' || t.version_number AS name, t.description, t.model_id,
  CASE WHEN t.messages IS NULL THEN t.user_prompt_template ELSE
    (SELECT group_concat(j.value, char(10)) FROM json_tree(t.messages) j
     WHERE j.type = 'text' AND j.key IN ('content', 'text', 'placeholder')) END AS user_prompt_template,
  t.system_instructions
FROM templates t JOIN prompts p ON p.prompt_id = t.prompt_id WHERE t.trial = 0;

-- A new version is its prompt's latest, and by then the prompt has the name that it gives.
CREATE TRIGGER prompts_version_words AFTER UPDATE OF latest_seq ON prompts WHEN NEW.latest_seq IS NOT OLD.latest_seq
BEGIN
  DELETE FROM templates_fts WHERE rowid = NEW.latest_seq;
  INSERT INTO templates_fts (rowid, name, description, model_id, user_prompt_template, system_instructions)
  SELECT seq, name, description, model_id, user_prompt_template, system_instructions
  FROM version_words WHERE seq = NEW.latest_seq;
END;

CREATE TRIGGER prompts_renamed AFTER UPDATE OF name ON prompts WHEN NEW.name IS NOT OLD.name
BEGIN
  DELETE FROM templates_fts
    WHERE rowid IN (SELECT t.seq FROM templates t WHERE t.prompt_id = NEW.prompt_id AND t.trial = 0);
  INSERT INTO templates_fts (rowid, name, description, model_id, user_prompt_template, system_instructions)
  SELECT seq, name, description, model_id, user_prompt_template, system_instructions
  FROM version_words WHERE prompt_id = NEW.prompt_id;
  INSERT OR IGNORE INTO run_search_waiting (run_seq)
  SELECT r.seq FROM templates t CROSS JOIN runs r ON r.template_id = t.template_id
  WHERE t.prompt_id = NEW.prompt_id AND r.seq <= (SELECT until FROM run_search_state);
END;

INSERT INTO templates_fts (rowid, name, description, model_id, user_prompt_template, system_instructions)
SELECT seq, name, description, model_id, user_prompt_template, system_instructions FROM version_words;
-- Their words have an earlier name, or not the one that says that they are of a trial.
INSERT OR IGNORE INTO run_search_waiting (run_seq)
SELECT r.seq FROM templates t CROSS JOIN runs r ON r.template_id = t.template_id
WHERE (t.trial = 1 OR t.name IS NOT (SELECT p.name FROM prompts p WHERE p.prompt_id = t.prompt_id))
  AND r.seq <= (SELECT until FROM run_search_state);
