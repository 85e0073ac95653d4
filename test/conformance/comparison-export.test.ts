import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { createClient, openEngine } from '../../src-main/rpc';
import {
  CSV_EXPORT,
  exportPieces,
  JSON_EXPORT,
  type ExportFormat,
} from '../../src-renderer/features/compare/export-rows';
import { homeForCommands } from '../support/served-home';
import { temporaryFolder } from '../support/temporary';

test('the command line, attached or alone, and the screen write the same file of a comparison', async () => {
  const prompter = homeForCommands();
  const folder = temporaryFolder();
  const file = (name: string) => join(folder, name);
  const textOf = (name: string) => readFileSync(file(name), 'utf8');
  writeFileSync(
    file('greet.yaml'),
    'name: Greeting\nmodel_id: gpt-4o\nuser_prompt_template: Greet {{ name }}\n',
  );
  // More rows than a page of either has, and some that nobody answers.
  const names = Array.from({ length: 200 }, (_, index) => `n${index}`);
  writeFileSync(file('rows.csv'), `name\n"Grace, H."\n=cmd()\n雪\n${names.join('\n')}\n`);
  const targets = 'practice-openai:gpt-4o,practice-openai:gpt-4o@status=400';
  const compare = (...args: string[]) => prompter.run(['compare', ...args, '--json', '--progress', 'none']);

  const served = await prompter.serve();
  const first = await compare(file('greet.yaml'), '--targets', targets, '--inputs', file('rows.csv'));
  const { batch_id }: { batch_id: string } = JSON.parse(first.out);
  await compare('--resume', batch_id, '--out', file('attached.csv'));
  await compare('--resume', batch_id, '--out', file('attached.json'));
  await served.end('SIGTERM');

  const engine = await openEngine('1.2.3', { PROMPTER_HOME: prompter.home, PROMPTER_KEYCHAIN: 'session' });
  const client = createClient(engine.router);
  const onScreen = (format: ExportFormat) => text(exportPieces(client, batch_id, format));
  const [json, csv] = [await onScreen(JSON_EXPORT), await onScreen(CSV_EXPORT)];
  await engine.core.close();
  expect(json).toBe(textOf('attached.json'));
  expect(csv).toBe(textOf('attached.csv'));
  expect(Object.keys(JSON.parse(json))).toEqual(['batch', 'template', 'templates', 'rows', 'targets']);

  await compare('--resume', batch_id, '--out', file('alone.json'));
  const ofOneMoment = (document: string) => document.replaceAll(/"finished_at":"[^"]+"/g, '');
  expect(ofOneMoment(textOf('alone.json'))).toBe(ofOneMoment(json));
});
