import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import * as z from 'zod';
import {
  groundingModeSchema,
  includeSchema,
  jsonObjectSchema,
  labelDecisionWordSchema,
  messageSchema,
  toolChoiceSchema,
  toolSchema,
} from '../../../src-shared/domain';
import { bool, json, word } from '../engine/columns';

const names = z.array(z.string());

export const templates = sqliteTable('templates', {
  seq: integer().primaryKey(),
  template_id: text().notNull(),
  org_id: text().notNull(),
  workspace_id: text().notNull(),
  name: text().notNull(),
  description: text(),
  system_instructions: text().notNull(),
  user_prompt_template: text().notNull(),
  country_set: json(names).notNull(),
  provider: text(),
  model_id: text().notNull(),
  inference_params: json(jsonObjectSchema).notNull(),
  response_schema: json(jsonObjectSchema),
  grounding_mode: word(groundingModeSchema).notNull(),
  als: bool().notNull(),
  model_version_constraint: text(),
  fingerprint_allowlist: json(names).notNull(),
  variables: json(names).notNull(),
  version_label: text(),
  parent_template_id: text(),
  message: text(),
  config_sha256: text().notNull(),
  record_hmac: text(),
  hmac_key_id: text(),
  created_at: text().notNull(),
  created_by: text(),
  deleted_at: text(),
  prompt_id: text().notNull(),
  version_number: integer(),
  fork: bool().notNull(),
  trial: bool().notNull(),
  tags: json(names),
  messages: json(z.array(messageSchema)),
  tools: json(z.array(toolSchema)),
  tool_choice: json(toolChoiceSchema),
  includes: json(z.array(includeSchema)),
});

export const promptChanges = sqliteTable('prompt_changes', {
  seq: integer().primaryKey(),
  change_id: text().notNull(),
  org_id: text().notNull(),
  workspace_id: text().notNull(),
  prompt_id: text().notNull(),
  name: text(),
  active: bool().notNull(),
  changed_at: text().notNull(),
  changed_by: text(),
});

export const labelRules = sqliteTable('label_rules', {
  seq: integer().primaryKey(),
  rule_id: text().notNull(),
  org_id: text().notNull(),
  workspace_id: text().notNull(),
  labels: json(names).notNull(),
  changed_at: text().notNull(),
  changed_by: text(),
});

export const labelRequests = sqliteTable('label_requests', {
  seq: integer().primaryKey(),
  request_id: text().notNull(),
  org_id: text().notNull(),
  workspace_id: text().notNull(),
  prompt_id: text().notNull(),
  label: text().notNull(),
  template_id: text(),
  note: text(),
  requested_at: text().notNull(),
  requested_by: text().notNull(),
});

export const labelDecisions = sqliteTable('label_decisions', {
  seq: integer().primaryKey(),
  decision_id: text().notNull(),
  request_id: text().notNull(),
  decision: word(labelDecisionWordSchema).notNull(),
  reason: text(),
  move_id: text(),
  decided_at: text().notNull(),
  decided_by: text().notNull(),
});

export const templatePins = sqliteTable('template_pins', {
  seq: integer().primaryKey(),
  pin_id: text().notNull(),
  org_id: text().notNull(),
  workspace_id: text().notNull(),
  template_id: text().notNull(),
  provider_version_key: text(),
  note: text(),
  pinned_at: text().notNull(),
  pinned_by: text(),
  provider: text(),
  model_id: text(),
});

export const templateLabels = sqliteTable('template_labels', {
  seq: integer().primaryKey(),
  move_id: text().notNull(),
  org_id: text().notNull(),
  workspace_id: text().notNull(),
  label: text().notNull(),
  template_id: text(),
  moved_at: text().notNull(),
  moved_by: text(),
  prompt_id: text(),
});
