import type { Page } from 'playwright';
import * as z from 'zod';
import { p95, temporaryFolder } from './lib/processes';
import { launchBrowser, startServing } from './lib/serving';
import { atMost, type Suite } from './suites';

/** Together 34 KB: a system text, examples and a last question. */
const MESSAGES = 17;
const MESSAGE_BYTES = 2_048;
const KEYS = 120;

const createdSchema = z.object({ template_id: z.string() });

/** A conversation of 34 KB in the editor: from a key in its last message to the frame that shows it. */
export const conversationEditor: Suite = {
  name: 'interface: typing in a conversation of 34 KB',
  async run() {
    const folder = temporaryFolder();
    const server = await startServing(folder.path);
    const browser = await launchBrowser();
    try {
      const { template_id } = createdSchema.parse(
        await server.call('POST', '/v1/templates', {
          name: 'Long conversation',
          provider: 'practice-openai',
          model_id: 'gpt-4o',
          messages: Array.from({ length: MESSAGES }, (_, index) => ({
            role: index === 0 ? 'system' : index % 2 === 1 ? 'user' : 'assistant',
            content: textOf(index),
          })),
        }),
      );
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
      await page.goto(server.link);
      await page.goto(`${server.url}/#/templates/${template_id}`);
      const last = page.getByRole('textbox', { name: `Text of message ${MESSAGES}` });
      await last.click();
      await page.keyboard.press('Control+End');
      return [atMost('key → painted text, P95', p95(await measureKeys(page)), 'ms', 32)];
    } finally {
      await browser.close();
      server.stop();
      folder.remove();
    }
  },
};

/** Prose with variables, as prompts have them. */
function textOf(index: number): string {
  const sentence = `Message ${index} says what {{ field_${index} }} is about, and gives an example of it. `;
  return sentence.repeat(Math.ceil(MESSAGE_BYTES / sentence.length));
}

/** Each key from its event to the task after the next frame, when the frame has been painted. */
async function measureKeys(page: Page): Promise<number[]> {
  const times: number[] = [];
  for (let index = 0; index < KEYS; index += 1) {
    await page.evaluate(() => {
      Reflect.set(
        window,
        'benchPainted',
        new Promise<number>((done) => {
          addEventListener(
            'keydown',
            (event) => {
              const pressedAt = event.timeStamp;
              requestAnimationFrame(() => {
                const { port1, port2 } = new MessageChannel();
                port1.addEventListener('message', () => done(performance.now() - pressedAt));
                port1.start();
                port2.postMessage(null);
              });
            },
            { capture: true, once: true },
          );
        }),
      );
    });
    await page.keyboard.press(index % 6 === 5 ? 'Space' : 'e');
    times.push(await page.evaluate(() => Reflect.get(window, 'benchPainted') as Promise<number>));
  }
  return times;
}
