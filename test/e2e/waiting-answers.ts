import type { Page } from '@playwright/test';
import { expect, type App } from './app.fixture';

/** A template that asks for JSON, and so many runs of it whose answer has another shape: they wait for a review. */
export async function fillReviewQueue(app: App, count: number): Promise<void> {
  const { body } = await app.api('POST', '/v1/templates', {
    name: 'Strict',
    provider: 'practice-openai',
    model_id: 'gpt-4o@invalidjson=shape',
    user_prompt_template: 'Greet the city in JSON.',
    response_schema: {
      type: 'object',
      properties: { answer: { type: 'string' } },
      required: ['answer'],
      additionalProperties: false,
    },
  });
  const { template_id } = body as { template_id: string };
  await Promise.all(
    Array.from({ length: count }, () => app.api('POST', `/v1/templates/${template_id}/run`, {})),
  );
}

/** Writes what the template asks for into the corrected output, and waits until it may be recorded. */
export async function typeCorrection(page: Page): Promise<void> {
  await page.getByRole('textbox', { name: 'Corrected output' }).click();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText('{"answer":"yes"}');
  await expect(page.getByRole('button', { name: 'Record correction' })).toBeEnabled();
}
