import { expect, test } from 'vitest';
import * as z from 'zod';
import { derivedRun } from '../../../test/support/derived-run';
import { unplacedTemplate } from '../../../test/support/stored-template';
import { liveThrough, randomNumbers } from '../../../test/support/audit/audit-history';
import { asAdmin } from '../../../test/support/team/postgres-server';
import { newTeam } from '../../../test/support/team/team-database';
import { pausedEngine } from '../../../test/support/team/team-engine';
import { answeredRun } from '../../../test/support/team/team-history';
import { openTempStore } from '../../../test/support/temp-store';
import contentVectors from '../../../test/vectors/content.json';
import templateVectors from '../../../test/vectors/templates.json';
import toolOutputVectors from '../../../test/vectors/tool-output.json';
import { newTemplateSchema, type NewTemplate } from '../../../src-shared/domain';
import {
  canonicalTemplateConfig,
  canonicalToolOutput,
  sha256Hex,
} from '../../../src-shared/domain/canonical';
import { ensureWorkspace, finishRun, getTemplate, insertTemplate } from '../../store';
import { contentOf } from '../../templates/content';

const rowsSchema = z.array(z.object({ id: z.string(), sha256: z.string().nullable(), record: z.string() }));

/** A record's columns are kept as SQLite has them: text, numbers, and JSON as text. */
const recordSchema = z.object({ record: z.record(z.string(), z.unknown()) });
const parsed = (value: unknown): unknown => (typeof value === 'string' ? JSON.parse(value) : value);

const TEXT = [
  'workspace_id',
  'name',
  'system_instructions',
  'user_prompt_template',
  'model_id',
  'grounding_mode',
];
const JSON_TEXT = [
  'country_set',
  'inference_params',
  'response_schema',
  'messages',
  'tools',
  'tool_choice',
  'includes',
];

/** The configuration that a record's columns say. */
function configOf(record: string): NewTemplate {
  const { record: columns } = recordSchema.parse(JSON.parse(record));
  return newTemplateSchema.parse({
    ...Object.fromEntries(TEXT.map((name) => [name, columns[name]])),
    ...Object.fromEntries(JSON_TEXT.map((name) => [name, parsed(columns[name])])),
  });
}

test('the frozen vectors of templates and outputs hash the same from SQLite and from the team database', async () => {
  const team = await newTeam();
  const store = openTempStore();
  liveThrough(store, 2, randomNumbers(1));
  const engine = pausedEngine(store, team);

  const templates = new Map<string, string>();
  for (const [index, { template, sha256 }] of [...templateVectors, ...contentVectors].entries()) {
    const template_id = `vector-${index}`;
    const input = newTemplateSchema.parse({ ...template, workspace_id: `workspace-${index}` });
    const content = contentOf(input);
    store.write((tx) => {
      ensureWorkspace(tx, { ...input, now: '2026-01-01T00:00:00.000Z' });
      insertTemplate(
        tx,
        unplacedTemplate({
          template_id,
          workspace_id: input.workspace_id,
          name: input.name,
          ...content,
          country_set: input.country_set ?? [],
          model_id: input.model_id,
          inference_params: input.inference_params ?? {},
          response_schema: input.response_schema ?? null,
          grounding_mode: input.grounding_mode ?? 'none',
          config_sha256: sha256,
        }),
      );
    });
    const stored = getTemplate(store.read, template_id);
    expect(stored && (await sha256Hex(canonicalTemplateConfig(stored))), `${index} in SQLite`).toBe(sha256);
    templates.set(template_id, sha256);
  }

  const outputs = new Map<string, string>();
  for (const { text, tool_calls, sha256 } of toolOutputVectors) {
    const { run_id } = answeredRun(store, { bytes: Buffer.from(text ?? '') });
    const calls = tool_calls.map((call, index) => ({ ...call, id: `c${index}` }));
    store.write((tx) =>
      finishRun(
        tx,
        run_id,
        derivedRun({ tool_calls: calls, response_output_sha256: sha256, finish_reason: 'tool' }),
      ),
    );
    outputs.set(run_id, sha256);
  }

  expect(await engine.push()).toMatchObject({ waiting: 0, set_aside: 0 });
  await asAdmin(team.admin, async (client) => {
    const asked = await client.query(
      `SELECT template_id AS id, config_sha256 AS sha256, record FROM prompter.templates WHERE template_id LIKE 'vector-%'`,
    );
    const rows = rowsSchema.parse(asked.rows);
    expect(new Map(rows.map(({ id, sha256 }) => [id, sha256]))).toEqual(templates);
    for (const { id, record } of rows)
      expect(await sha256Hex(canonicalTemplateConfig(configOf(record))), id).toBe(templates.get(id));

    const results = await client.query(
      `SELECT run_id AS id, response_output_sha256 AS sha256, record FROM prompter.run_results WHERE run_id = ANY($1)`,
      [[...outputs.keys()]],
    );
    const answered = rowsSchema.parse(results.rows);
    expect(new Map(answered.map(({ id, sha256 }) => [id, sha256]))).toEqual(outputs);
    const texts = new Map(
      [...outputs.keys()].map((id, index) => [id, toolOutputVectors[index]?.text ?? null]),
    );
    for (const { id, record } of answered) {
      const columns = z.record(z.string(), z.unknown()).parse(JSON.parse(record));
      const calls = z
        .array(z.object({ name: z.string(), arguments: z.string() }))
        .parse(parsed(columns['tool_calls']));
      expect(await sha256Hex(canonicalToolOutput(texts.get(id) ?? null, calls)), id).toBe(outputs.get(id));
    }
  });
});
