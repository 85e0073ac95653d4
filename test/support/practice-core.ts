import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createCore } from '../../src-main/core';
import { resolveConfig } from '../../src-main/home';
import type { Clock, Core } from '../../src-main/ports';
import { startPracticeServer, type JournalRequest, type ScriptRule } from '../../src-main/practice';
import { temporaryFolder } from './temporary';

export interface PracticeCore {
  readonly core: Core;
  readonly home: string;
  /** The practice server's base, with `/openai/v1`, `/anthropic` and `/google` below it. */
  readonly url: string;
  /** Calls to a model, as seen by the server. */
  requests(): JournalRequest[];
  /** Closes the core and reopens it on the same store, optionally with other environment variables. */
  reopen(env?: Record<string, string>): Promise<Core>;
}

/** A real core on a fresh store, with its own scripted practice server. */
export async function practiceCore(
  options: { script?: ScriptRule[]; env?: Record<string, string>; clock?: Clock } = {},
): Promise<PracticeCore> {
  const server = await startPracticeServer({
    ...(options.script && { script: options.script }),
    keepJournal: true,
  });
  const home = join(temporaryFolder(), 'home');
  const base = { PROMPTER_HOME: home, PROMPTER_KEYCHAIN: 'session' };
  const open = (more: Record<string, string> = {}): Promise<Core> => {
    const env = { ...base, ...more };
    return createCore({
      config: resolveConfig(env),
      appVersion: 'test',
      env,
      ...(options.clock && { clock: options.clock }),
      practice: { url: () => Promise.resolve(server.url), close: () => Promise.resolve() },
    });
  };
  let core = await open(options.env);
  onTestFinished(async () => {
    await core.close();
    await server.close();
  });
  return {
    get core() {
      return core;
    },
    home,
    url: server.url,
    requests: () =>
      server
        .journal()
        .flatMap(({ event, ...entry }) =>
          event === 'request' ? [{ event, ...entry } as JournalRequest] : [],
        ),
    async reopen(env = options.env) {
      await core.close();
      core = await open(env);
      return core;
    },
  };
}

let made = 0;

/** A template that differs from all others in this process. */
export function newTemplate(core: Core, more: Partial<Parameters<Core['templates']['create']>[0]> = {}) {
  made += 1;
  return core.templates.create({
    org_id: 'default',
    workspace_id: 'default',
    name: `Template ${made}`,
    user_prompt_template: `Number ${made}: say {{ word }}.`,
    model_id: 'gpt-4o',
    provider: 'practice-openai',
    ...more,
  }).template;
}

/** A connection to a server that speaks OpenAI chat, like `lm-studio`. */
export async function connectionTo(
  core: Core,
  base_url: string,
  more: { name?: string; secret?: string; concurrency?: number } = {},
): Promise<string> {
  const { connection_id } = await core.connections.create({
    org_id: 'default',
    name: 'local',
    provider: 'lm-studio',
    base_url,
    ...more,
  });
  return connection_id;
}
