import { expect, test } from 'vitest';
import { commandLine } from '../../../test/support/program';

const { prompter, file } = commandLine();

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNiAAAABgADNjd8qAAAAABJRU5ErkJggg==';

const template = () =>
  file(
    'look.json',
    JSON.stringify({
      name: 'look',
      provider: 'practice-anthropic',
      model_id: 'claude-opus-4-6',
      inference_params: { max_tokens: 9 },
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is it? {% render "tone" %}' },
            { type: 'image', variable: 'photo' },
          ],
        },
      ],
    }),
  );

test('a partial is given, shown and used; a file is read by its path; the request is printed as it would be sent', async () => {
  const text = file('tone.txt', 'Be brief.');
  expect((await prompter(['partials', 'put', 'tone', text])).out).toMatch(/^tone: [0-9a-f]{64}\n$/);
  expect((await prompter(['partials', 'get', 'tone'])).out).toBe('Be brief.\n');
  expect((await prompter(['partials', 'list'])).out).toMatch(/tone\s+Be brief\./);

  const photo = file('photo.png', Buffer.from(PNG, 'base64'));
  const args = ['templates', 'render', template(), '--file', `photo=${photo}`];
  const printed = await prompter([...args, '--as', 'request']);
  expect(printed.err).toMatch(/^POST http:\/\/127\.0\.0\.1:\d+\/anthropic\/v1\/messages$/m);
  expect(JSON.parse(printed.out)).toEqual({
    model: 'claude-opus-4-6',
    max_tokens: 9,
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What is it? Be brief.' },
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PNG } },
        ],
      },
    ],
  });
  const other = await prompter([...args, '--as', 'request', '--target', 'practice-google:gemini-2.5-flash']);
  expect(JSON.parse(other.out)).toMatchObject({ contents: [{ role: 'user' }] });

  const run = await prompter(['run', template(), '--file', `photo=${photo}`, '--json']);
  expect(JSON.parse(run.out)).toMatchObject({
    status: 'succeeded',
    rendered_prompt: expect.any(String) as string,
  });
});

test('a file whose name does not say what it is, or that is not there, is wrong use', async () => {
  const unknown = file('photo.xyz', 'x');
  expect(await prompter(['templates', 'render', template(), '--file', `photo=${unknown}`])).toMatchObject({
    exitCode: 2,
    err: expect.stringContaining('does not say what it is') as string,
  });
  expect(await prompter(['assets', 'add', 'none.png'])).toMatchObject({
    exitCode: 2,
    err: expect.stringContaining('no such file') as string,
  });
});
