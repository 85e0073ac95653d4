import { expect, test } from 'vitest';
import type { Core } from '../ports';
import { newTemplate, practiceCore } from '../../test/support/practice-core';

const PHOTO = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(3000, 7)]);
type Asked = Parameters<Core['runs']['compose']>[0];

function photoIn(core: Core, media_type = 'image/png') {
  const base64 = PHOTO.toString('base64');
  const { asset_sha256 } = core.assets.put({ media_type: 'image/png', base64 }).asset;
  return {
    base64,
    messages: [
      {
        role: 'user' as const,
        content: [
          { type: 'text' as const, text: 'See {{ what }}' },
          { type: 'image' as const, asset_sha256, media_type, name: 'photo.png' },
        ],
      },
    ],
  };
}

const compose = (core: Core, asked: Partial<Asked>) =>
  core.runs.compose({ variables: {}, stream: false, files: 'whole', ...asked });

test('a draft is composed for the connection that is asked, as the run of the same draft sends it', async () => {
  const { core, requests } = await practiceCore();
  const { base64, messages } = photoIn(core);
  const draft = { messages, variables: { what: 'this' }, inference_params: { max_tokens: 77 } };
  const bodies = await Promise.all(
    ['practice-openai', 'practice-anthropic', 'practice-google'].map(async (provider) => {
      const request = await compose(core, { ...draft, provider, model_id: 'gpt-4o' });
      expect(request.request_body).toContain(base64);
      expect(request.request_size).toBe(Buffer.byteLength(request.request_body));
      return Object.keys(JSON.parse(request.request_body) as object);
    }),
  );
  expect(bodies).toEqual([
    expect.arrayContaining(['input', 'max_output_tokens']),
    expect.arrayContaining(['messages', 'max_tokens']),
    expect.arrayContaining(['contents', 'generationConfig']),
  ]);
  expect(requests()).toEqual([]);
  expect(core.runs.list({ limit: 5 }).items).toEqual([]);
});

test('for showing, the Base64 of files is cut and its length said; the size is that of the whole', async () => {
  const { core } = await practiceCore();
  const { base64, messages } = photoIn(core);
  const draft = { messages, variables: { what: 'this' }, provider: 'practice-openai', model_id: 'gpt-4o' };
  const whole = await compose(core, draft);
  const short = await compose(core, { ...draft, files: 'shortened' });
  expect(short.request_size).toBe(whole.request_size);
  expect(short.request_body.length).toBeLessThan(700);
  expect(short.request_body).toContain(
    `data:image/png;base64,${base64.slice(0, 32)}… (${base64.length} characters of Base64)`,
  );
});

test('what a run would refuse before sending is refused, with its field', async () => {
  const { core } = await practiceCore();
  const { messages } = photoIn(core);
  const refused = async (asked: Partial<Asked>, error: object) =>
    expect(compose(core, { provider: 'practice-openai', model_id: 'gpt-4o', ...asked })).rejects.toThrow(
      expect.objectContaining(error) as Error,
    );
  const fields = (path: string, message: RegExp) => ({
    code: 'VALIDATION_FAILED',
    data: { fields: [{ path, message: expect.stringMatching(message) as string }] },
  });
  await refused({ messages }, { code: 'MISSING_VARIABLE', data: { variables: ['what'] } });
  const text = { user_prompt_template: 'Hi' };
  await refused({ ...text, model_id: undefined }, fields('model_id', /which model/));
  await refused({ ...text, als: true }, { code: 'ALS_UNSUPPORTED' });
  await refused(
    { ...text, inference_params: { model: 'other' } },
    fields('inference_params.model', /set by the template/),
  );
  const heic = Buffer.concat([Buffer.from([0, 0, 0, 0]), Buffer.from('ftypheic')]);
  const { asset_sha256 } = core.assets.put({
    media_type: 'image/heic',
    base64: heic.toString('base64'),
  }).asset;
  const image = { type: 'image' as const, asset_sha256, media_type: 'image/heic', name: null };
  await refused(
    { messages: [{ role: 'user', content: [image] }] },
    fields('messages.0.content.0', /The Responses API takes no image\/heic/),
  );
});

test('a template is asked with its own settings, of which a caller replaces some', async () => {
  const { core } = await practiceCore();
  const { template_id } = newTemplate(core, {
    user_prompt_template: 'Hi {{ word }}',
    provider: 'practice-openai',
    model_id: 'gpt-4o',
    inference_params: { temperature: 0.5, top_p: 1 },
  });
  const { request_body, url } = await compose(core, {
    template_id,
    variables: { word: 'you' },
    inference_params: { top_p: null, max_tokens: 5 },
    stream: true,
  });
  expect(JSON.parse(request_body)).toMatchObject({
    model: 'gpt-4o',
    temperature: 0.5,
    max_output_tokens: 5,
    stream: true,
  });
  expect(request_body).not.toContain('top_p');
  expect(new URL(url).pathname).toMatch(/\/responses$/);
});
