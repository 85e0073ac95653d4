import { hash } from 'node:crypto';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Core } from '../ports';
import { byteServer, json } from '../../test/support/byte-server';
import { chatBody } from '../../test/support/held-server';
import { connectionTo, newTemplate, practiceCore } from '../../test/support/practice-core';

const word = { variables: { word: 'hello' } };
const response_schema = {
  type: 'object',
  properties: { answer: { type: 'string' }, score: { type: 'number' } },
  required: ['answer', 'score'],
  additionalProperties: false,
};
const GOOD = '{"answer":"yes","score":1}';
const FENCED = '```json\n{"answer":"yes","score":1.50}\n```';

/** A core whose model answers one text after another, and a template that asks for JSON. */
async function answering(...texts: string[]) {
  const practice = await practiceCore();
  const { core } = practice;
  const connection_id = await connectionTo(
    core,
    await byteServer((socket, request) =>
      socket.write(json(texts[(request - 1) % texts.length]?.replace(/^body:/, '') ?? '')),
    ),
  );
  const { template_id } = newTemplate(core, { response_schema });
  const ask = async () => (await core.runs.start({ template_id, connection_id, model_id: 'm', ...word })).run;
  const runs = [];
  for (let index = 0; index < texts.length; index += 1) runs.push(await ask());
  return { practice, core, runs, template_id, ask };
}
const bodies = (...texts: string[]) => answering(...texts.map((text) => chatBody(text)));

const idsOf = (core: Core, page = {}) =>
  core.review.list({ limit: 50, ...page }).items.map(({ run_id }) => run_id);

describe('the parse columns of a run', () => {
  it.each([
    ['valid JSON', chatBody(GOOD), 'succeeded', null, 'direct', 'parsed', false],
    ['JSON of another shape', chatBody('{"answer":1}'), 'failed', 'output_invalid', 'direct', 'parsed', true],
    ['JSON in a fence', chatBody(FENCED), 'failed', 'output_invalid', 'jsonrepair', 'parsed', true],
    ['prose', chatBody('It is yes.'), 'failed', 'output_invalid', null, 'parse_failed', true],
    ['a broken envelope', '{"choices":', 'failed', 'parse_failed', null, 'parse_failed', true],
  ])('after %s', async (_, body, status, code, method, processing, review) => {
    const { core, runs } = await answering(body);
    const [run] = runs;
    expect(run).toMatchObject({
      status,
      failure_code: code,
      parse_method_used: method,
      processing_status: processing,
      requires_manual_review: review,
      parse_attempts: 1,
      output_json_valid: code === 'parse_failed' ? null : code === null,
    });
    expect(run?.last_parse_attempt_at).toMatch(/^2\d{3}-/);
    expect(run?.parse_error_message === null).toBe(method === 'direct');
    expect(Buffer.from(core.runs.raw({ run_id: run?.run_id ?? '' }).bytes).toString()).toBe(body);
    expect(core.review.list({ limit: 5 }).totals.open).toBe(review ? 1 : 0);
  });

  it('are the same when history is read again, and only the attempts are counted', async () => {
    const { core, runs } = await answering(
      ...[GOOD, FENCED, '{"answer":1}', 'prose', `${GOOD} ${GOOD}`].map((text) => chatBody(text)),
      '{"choices":',
      '',
    );
    for (const run of runs) {
      const bytes = core.runs.raw({ run_id: run.run_id }).bytes;
      const again = core.runs.reparse({ run_id: run.run_id });
      expect(again).toEqual({
        ...run,
        parse_attempts: 2,
        last_parse_attempt_at: again.last_parse_attempt_at,
      });
      expect(core.runs.raw({ run_id: run.run_id }).bytes).toEqual(bytes);
    }
    expect(idsOf(core)).toHaveLength(6);
    const report = await core.audit.verify();
    expect(report.problems).toEqual([]);
  });

  it('are not read again where nothing is stored, or the run does not exist', async () => {
    const { core } = await practiceCore();
    const { template_id } = newTemplate(core);
    const { run } = await core.runs.start({
      template_id,
      provider: 'practice-openai',
      model_id: 'gpt-4o@reset',
      ...word,
    });
    expect(() => core.runs.reparse({ run_id: run.run_id })).toThrow('no stored answer');
    expect(() => core.runs.reparse({ run_id: 'nobody' })).toThrow('No run');
  });
});

describe('the review queue', () => {
  it('lists what waits, oldest first, in pages, and says how the others ended', async () => {
    const { core, runs, template_id } = await bodies('a', GOOD, 'b', FENCED, 'c', 'd');
    const waiting = runs.filter(({ status }) => status === 'failed').map(({ run_id }) => run_id);
    expect(idsOf(core)).toEqual(waiting);
    const first = core.review.list({ limit: 2 });
    const second = core.review.list({ limit: 2, cursor: first.next_cursor ?? '' });
    const third = core.review.list({ limit: 2, cursor: second.next_cursor ?? '' });
    expect([...first.items, ...second.items, ...third.items].map(({ run_id }) => run_id)).toEqual(waiting);
    expect(third.next_cursor).toBeNull();
    expect(idsOf(core, { template_id })).toEqual(waiting);
    expect(idsOf(core, { template_id: 'other' })).toEqual([]);
    expect(() => core.review.list({ limit: 2, cursor: 'nonsense' })).toThrow('cursor');

    const [one = '', , three = '', four = ''] = waiting;
    core.review.decide({ run_id: one, action: 'dismiss', reason: 'prose' });
    core.review.decide({ run_id: three, action: 'accept' });
    core.review.decide({ run_id: four, action: 'correct', corrected_text: GOOD });
    expect(idsOf(core)).toEqual(waiting.filter((id) => ![one, three, four].includes(id)));
    expect(core.review.list({ limit: 1 }).totals).toEqual({
      open: 2,
      accepted: 1,
      corrected: 1,
      dismissed: 1,
    });
  });

  it('walks no further than its page, however many were reviewed', async () => {
    const { practice } = await bodies('a');
    const db = new Database(join(practice.home, 'prompter.db'), { readonly: true });
    onTestFinished(() => void db.close());
    const plan = db
      .prepare(
        `EXPLAIN QUERY PLAN SELECT run_id FROM review_queue WHERE run_seq > 7 ORDER BY run_seq LIMIT 2`,
      )
      .all();
    expect(JSON.stringify(plan)).toContain('SEARCH review_queue USING INTEGER PRIMARY KEY');
  });

  it('takes a new answer of a reviewed run in again', async () => {
    const { core, template_id } = await bodies('x');
    const batch = await core.batches.start({
      template_id,
      targets: [{ provider: 'practice-openai', model_id: 'gpt-4o@invalidjson' }],
      inputs: [{ word: 'hello' }],
      replicates: 1,
      drift_policy: 'record',
      stream: false,
    });
    await core.batches.settled(batch.batch_id);
    const run_id = core.batches.runs({ batch_id: batch.batch_id, limit: 5 }).items[0]?.run_id ?? '';
    core.review.decide({ run_id, action: 'dismiss', reason: 'prose' });
    const inResults = () => core.batches.runs({ batch_id: batch.batch_id, limit: 5 }).items[0]?.review_action;
    expect(inResults()).toBe('dismiss');
    expect(idsOf(core)).not.toContain(run_id);
    core.runs.reparse({ run_id });
    expect(idsOf(core)).not.toContain(run_id);

    core.batches.retryFailed({ batch_id: batch.batch_id });
    await core.batches.settled(batch.batch_id);
    expect(idsOf(core)).toContain(run_id);
    const open = core.review.get({ run_id });
    expect([open.state, open.reviews.length]).toEqual(['open', 1]);
    // What was decided about the earlier answer says nothing about this one.
    expect([inResults(), core.runs.get({ run_id })?.requires_manual_review]).toEqual([null, true]);
    core.review.decide({ run_id, action: 'dismiss', reason: 'prose again' });
    expect(core.review.get({ run_id }).reviews.map(({ reason }) => reason)).toEqual(['prose again', 'prose']);
  });
});

describe('a review', () => {
  it('shows what is wrong, where, and what could be made of it', async () => {
    const { core, runs } = await bodies(FENCED, '{"answer":1}');
    const [fenced, shape] = runs.map(({ run_id }) => core.review.get({ run_id }));
    expect(fenced).toMatchObject({
      state: 'open',
      output_text: FENCED,
      proposed_text: '{"answer":"yes","score":1.50}',
      why_not_acceptable: null,
      response_schema,
      problems: [{ path: 'corrected_json', offset: 0 }],
    });
    expect(fenced?.marks.map(({ kind }) => kind)).toEqual(['code_fence', 'json_error', 'code_fence']);
    expect(shape?.problems.map(({ path }) => path)).toEqual(['corrected_json', 'corrected_json/answer']);
    expect([shape?.proposed_text, shape?.why_not_acceptable]).toEqual([null, null]);
  });

  it('that corrects is a record of its own; the run and its bytes stay', async () => {
    const { core, runs } = await bodies('prose');
    const [run] = runs;
    const run_id = run?.run_id ?? '';
    const corrected_text = '{"answer":"yes","score":1.50}';
    const review = core.review.decide({ run_id, action: 'correct', corrected_text, reviewed_by: 'Ada' });
    expect(review).toMatchObject({
      corrected_text,
      action: 'correct',
      reviewed_by: 'Ada',
      reason: null,
      previous_review_id: null,
      raw_response_sha256: hash('sha256', chatBody('prose')),
    });
    expect(run).toMatchObject({ requires_manual_review: true, review_action: null });
    expect(core.runs.get({ run_id })).toEqual({
      ...run,
      requires_manual_review: false,
      review_action: 'correct',
    });
    expect(core.review.get({ run_id })).toMatchObject({ state: 'closed', reviews: [review] });
  });

  it.each([
    ['a text that is no JSON', { corrected_text: '{"answer"' }, ['corrected_json']],
    ['a key twice', { corrected_text: '{"answer":"a","answer":"b","score":1}' }, ['corrected_json']],
    ['JSON of another shape', { corrected_json: { answer: 1 } }, ['corrected_json', 'corrected_json/answer']],
    ['nothing', {}, ['corrected_text']],
    ['both', { corrected_text: GOOD, corrected_json: {} }, ['corrected_text']],
  ])('that corrects with %s is refused with the paths', async (_, given, paths) => {
    const { core, runs } = await bodies('prose');
    const decide = () => core.review.decide({ run_id: runs[0]?.run_id ?? '', action: 'correct', ...given });
    const fields = paths.map((path) => expect.objectContaining({ path }) as unknown);
    expect(decide).toThrow(expect.objectContaining({ code: 'VALIDATION_FAILED', data: { fields } }));
    expect(idsOf(core)).toHaveLength(1);
  });

  it('that dismisses needs a reason, and brings no text', async () => {
    const { core, runs } = await bodies('prose');
    const run_id = runs[0]?.run_id ?? '';
    for (const reason of [undefined, ''])
      expect(() => core.review.decide({ run_id, action: 'dismiss', reason })).toThrow('reason: say why');
    expect(() =>
      core.review.decide({ run_id, action: 'dismiss', reason: 'x', corrected_text: GOOD }),
    ).toThrow('corrected_text');
  });

  it('accepts a repair that is proposed, or JSON as it came, and nothing else', async () => {
    const { core, runs } = await answering(
      ...[FENCED, '{"answer":1}', 'prose', ''].map((text) => chatBody(text)),
      '{"choices":',
    );
    const [fenced, shape, ...none] = runs.map(({ run_id }) => run_id);
    expect(core.review.decide({ run_id: fenced ?? '', action: 'accept' }).corrected_text).toBe(
      '{"answer":"yes","score":1.50}',
    );
    expect(core.review.decide({ run_id: shape ?? '', action: 'accept' }).corrected_text).toBeNull();
    for (const run_id of none) {
      expect(core.review.get({ run_id }).why_not_acceptable).toMatch(/Correct or dismiss it\.$/);
      expect(() => core.review.decide({ run_id, action: 'accept' })).toThrow(
        expect.objectContaining({ code: 'REVIEW_STATE' }),
      );
    }
    expect(none).toHaveLength(3);
  });

  it('by a second person is refused and shows the first; naming it replaces it', async () => {
    const { core, runs } = await bodies('prose', GOOD);
    const run_id = runs[0]?.run_id ?? '';
    const first = core.review.decide({ run_id, action: 'dismiss', reason: 'prose', reviewed_by: 'Ada' });
    const second = { run_id, action: 'correct', corrected_text: GOOD, reviewed_by: 'Bo' } as const;
    expect(() => core.review.decide(second)).toThrow(
      expect.objectContaining({
        code: 'REVIEW_STATE',
        message: expect.stringContaining('dismiss by Ada') as string,
        data: { run_id, review: first },
      }),
    );
    const next = core.review.decide({ ...second, previous_review_id: first.review_id });
    expect(next.previous_review_id).toBe(first.review_id);
    // Who had the first on screen is too late now, too.
    expect(() => core.review.decide({ ...second, previous_review_id: first.review_id })).toThrow(
      expect.objectContaining({ code: 'REVIEW_STATE' }),
    );
    expect(core.review.list({ limit: 1 }).totals).toEqual({
      open: 0,
      accepted: 0,
      corrected: 1,
      dismissed: 0,
    });
  });

  it('of an answer that needs none, or of no answer, is refused', async () => {
    const { core, runs } = await bodies(GOOD);
    const run_id = runs[0]?.run_id ?? '';
    expect(() => core.review.decide({ run_id, action: 'accept' })).toThrow('needs no review');
    expect(core.review.get({ run_id }).state).toBe('none');
    expect(() => core.review.decide({ run_id: 'nobody', action: 'accept' })).toThrow('No run');
  });

  it('is in the audit log, in its own commit, under the name of who decided', async () => {
    const { practice, core, runs } = await bodies('prose');
    const run_id = runs[0]?.run_id ?? '';
    const review = core.review.decide({ run_id, action: 'dismiss', reason: 'prose', reviewed_by: 'Ada' });
    expect((await core.audit.verify()).problems).toEqual([]);
    const { file } = await core.audit.export();
    const logged = (await file.text()).split('\n').find((line) => line.includes(review.review_id)) ?? '';
    expect(logged).toContain(String.raw`\"record_type\":\"review\"`);
    expect(logged).toContain(String.raw`\"actor\":\"Ada\"`);

    const db = new Database(join(practice.home, 'prompter.db'));
    onTestFinished(() => void db.close());
    db.exec(`DROP TRIGGER reviews_update_guard; UPDATE reviews SET reason = 'other'`);
    const { problems } = await core.audit.verify();
    expect(problems.map(({ message }) => message).join()).toContain(
      `the review ${review.review_id} was changed`,
    );
  });
});
