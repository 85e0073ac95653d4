import { expect, test } from 'vitest';
import { storedTemplate } from '../../../test/support/stored-template';
import { FILE, MESSAGES, templateShapes } from './content-shapes';

test('the variables of a conversation take text, lists, messages and files', () => {
  const shapes = templateShapes([
    storedTemplate({
      messages: [
        { role: 'system', content: 'You are {{ role }}.' },
        { placeholder: 'history', optional: true },
        {
          role: 'user',
          content: [
            { type: 'text', text: '{% for item in items %}{{ item.id }}{% endfor %}' },
            { type: 'image', variable: 'photo' },
          ],
        },
      ],
    }),
  ]);
  expect([...shapes.keys()]).toEqual(['role', 'items', 'history', 'photo']);
  expect(shapes.get('role')).toEqual({ kind: 'text' });
  expect(shapes.get('items')).toMatchObject({ kind: 'list' });
  expect(shapes.get('history')).toBe(MESSAGES);
  expect(shapes.get('photo')).toBe(FILE);
});
