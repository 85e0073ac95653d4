import * as z from 'zod';

const answerSchema = z.object({ link: z.url() });

/**
 * Opens what `prompter link` or `prompter serve` printed: a link directly, a token by exchanging it for a link. On
 * success the page is left; otherwise returns the problem as a sentence.
 */
export async function openByLinkOrToken(text: string): Promise<string | null> {
  const given = text.trim();
  if (/^https?:/i.test(given)) return openLink(given);
  // Tokens use only these characters, and anything else may be invalid in a header.
  if (!/^[\w.~+/=-]+$/.test(given)) return 'This is neither a link nor a token. Paste it as it was printed.';
  let response: Response;
  try {
    response = await fetch('/open', { method: 'POST', headers: { authorization: `Bearer ${given}` } });
  } catch {
    return 'Prompter is no longer running here. Start it, then run `prompter link`.';
  }
  if (response.status === 401) {
    return 'This token is not for the Prompter that is running. Run `prompter link` for a link.';
  }
  const answer = answerSchema.safeParse(await response.json().catch(() => null));
  return answer.success
    ? openLink(answer.data.link)
    : 'The answer could not be understood. Run `prompter link` for a link.';
}

const OWN_HOSTS: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);

function openLink(text: string): string | null {
  const link = URL.parse(text);
  if (link === null || link.pathname !== '/open' || !link.searchParams.has('code')) {
    return 'This is not a Prompter link. Run `prompter link` for one.';
  }
  if (!OWN_HOSTS.has(link.hostname))
    return 'This link leads to another machine. Run `prompter link` on this one.';
  window.location.assign(link);
  return null;
}
