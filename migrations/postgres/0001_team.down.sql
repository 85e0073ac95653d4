-- Takes the team's copy away: every table with what it holds. Roles stay, they belong to the whole server.
REVOKE USAGE ON SCHEMA prompter FROM prompter_app;
DROP VIEW prompter.newest_results;
DROP TABLE prompter.templates, prompter.template_archives, prompter.template_pins, prompter.template_labels,
  prompter.prompt_versions, prompter.drift_events, prompter.runs, prompter.run_results, prompter.raw_responses, prompter.reviews, prompter.audit_leaves;
DROP FUNCTION prompter.about();
DROP FUNCTION prompter.current_org();
DROP TABLE prompter.memberships, prompter.team;
