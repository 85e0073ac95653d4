import { expect, onTestFinished, test } from 'vitest';
import { AppError } from '../../src-shared/domain';
import { failureOf } from '../../src-main/hosts/cli/failure';
import { startHttpHost } from '../../src-main/hosts/http';
import { practiceCore } from '../support/practice-core';

/** Rules that refuse before anything is sent, as a script meets them: the API's status, and the command line's exit code. */
test('a refused run is a status of its own over HTTP, sends nothing, and ends a command with 3', async () => {
  const practice = await practiceCore();
  const { core, url } = practice;
  const logger = { log: () => undefined };
  const host = await startHttpHost({ core, logger, version: '1.2.3', port: 0, rendererDir: null });
  onTestFinished(() => host.close());
  const call = async (method: string, path: string, body: unknown) => {
    const answer = await fetch(`${host.url}/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${host.token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  const create = async (more: object) => {
    const base = { name: JSON.stringify(more), user_prompt_template: `Say ${JSON.stringify(more)}`, ...more };
    const { status, body } = await call('POST', '/templates', base);
    expect(status, JSON.stringify(body)).toBe(201);
    return String(body['template_id']);
  };

  await call('POST', '/connections', {
    name: 'paid',
    provider: 'openai',
    base_url: `${url}/openai/v1`,
    secret: 'k',
  });
  await call('PUT', '/budgets', { monthly_usd: '0.000001' });
  const paid = await create({ provider: 'openai', model_id: 'gpt-4o' });
  const block = await create({ provider: 'practice-openai', model_id: 'gpt-4o', als: true });
  const frozen = await create({
    provider: 'practice-openai',
    model_id: 'gpt-4o',
    model_version_constraint: 'gpt-4o-2026-01-08',
  });

  const refusals = [
    [`/templates/${paid}/run`, 409, 'BUDGET_EXCEEDED'],
    [`/templates/${block}/run`, 422, 'ALS_UNSUPPORTED'],
    [`/templates/${frozen}/unpin`, 409, 'CONSTRAINT_FROZEN'],
    [`/templates/${frozen}/run`, 409, 'VERSION_MISMATCH'],
  ] as const;
  for (const [path, status, code] of refusals) {
    const answer = await call('POST', path, {});
    expect(answer.body, path).toMatchObject({ status, code });
    expect(answer.status, path).toBe(status);
    expect(failureOf(new AppError(code, '')).exitCode).toBe(3);
  }
  // The pin was checked by asking for the version, and nothing else was asked.
  expect(practice.requests()).toHaveLength(core.runs.list({ kind: 'probe', limit: 10 }).items.length);
  expect(core.runs.list({ limit: 10 }).items).toEqual([]);
});
