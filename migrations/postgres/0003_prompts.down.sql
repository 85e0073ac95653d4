DROP TABLE prompter.prompt_changes;
