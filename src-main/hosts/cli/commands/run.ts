import {
  costInWords,
  shownOutput,
  tokensInWords,
  versionName,
  type RetryWait,
  type Run,
} from '../../../../src-shared/domain';
import { print, type CommandContext } from '../command';
import type { ExitCode } from '../failure';
import { defineCommand, flag, option, text } from '../command-spec';
import { TARGET, VARIABLES } from '../common-options';
import { wholeNumber } from '../options';
import type { Session } from '../session';
import { fileVariables } from '../store-file';
import { resolveTargets } from '../targets';
import { findTemplate, printOrigin } from '../template-source';
import { inert } from '../terminal';
import { readVariables } from './templates';

export const run = defineCommand({
  usage: 'run <template>',
  about: 'Run a template (id, name@label, name@v3 or file) once',
  options: {
    target: TARGET,
    ...VARIABLES,
    country: text('<code>', 'run for this country'),
    stream: flag('show the text as it streams in'),
    timeout: option('<seconds>', 'time out after this long', wholeNumber(1, 7200).optional()),
    idempotencyKey: text('<key>', 'repeating a key returns the run it started'),
  },
  example: 'prompter run refund-triage.yaml --target practice-openai:gpt-4o --var order=4711',
  body: async (context, args, options) => {
    const texts = { ...(await readVariables(options.vars)), ...options.var };
    const session = await context.session();
    const variables = { ...texts, ...(await fileVariables(session.client, options.file)) };
    const found = await findTemplate(session.client, args.template);
    printOrigin(context.terminal, found);
    const { template } = found;
    const unread = Object.keys(variables).filter((name) => !template.variables.includes(name));
    if (unread.length > 0)
      context.terminal.err(`${inert(`The template does not use ${unread.join(', ')}.`)}\n`);
    const [target] =
      options.target === undefined ? [] : await resolveTargets(session.client, [options.target]);

    const request = {
      template_id: template.template_id,
      ...target,
      variables,
      country: options.country,
      timeout_seconds: options.timeout,
      idempotency_key: options.idempotencyKey,
    };
    const result = options.stream
      ? await streamRun(context, session, request)
      : await session.client.runs.start(request);
    const shownAlready = options.stream && context.terminal.outIsTty;
    print(context, result, (value) => `${outputOf(value, shownAlready)}${factsOf(value)}`);
    return exitCodeOf(result);
  },
});

async function streamRun(
  { terminal, json }: CommandContext,
  { client }: Session,
  request: Parameters<Session['client']['runs']['stream']>[0],
): Promise<Run> {
  // A person reads it once; what goes to a file is the finished text, and the stream is progress.
  const write = json ? () => {} : terminal.outIsTty ? terminal.out : terminal.err;
  for await (const event of await client.runs.stream(request)) {
    if (event.type === 'run') {
      write('\n');
      return event.run;
    }
    if (event.type === 'retry') terminal.err(`${inert(retryInWords(event))}\n`);
    if (event.type === 'delta') write(inert(event.text));
  }
  throw new Error('The stream ended without a result.');
}

function retryInWords({ attempt, attempts, failure_code, failure_message, retry_at }: RetryWait): string {
  const seconds = Math.max(0, Math.round((Date.parse(retry_at) - Date.now()) / 1000));
  return `${failure_code}: ${failure_message} Attempt ${attempt} of at most ${attempts} in ${seconds} s.`;
}

/** `isStreamed`: a stream has shown the text, but not the calls. */
function outputOf({ output_text, tool_calls }: Run, isStreamed: boolean): string {
  const output = shownOutput({ output_text: isStreamed ? null : output_text, tool_calls });
  return output === null ? '' : `${inert(output)}\n`;
}

function factsOf(result: Run): string {
  const facts = [
    result.status,
    result.provider_version_key === null
      ? null
      : `${versionName(result.provider_version_key)} (${result.evidence_grade})`,
    `${tokensInWords(result)} tokens`,
    costInWords(result),
    result.latency_ms === null ? null : `${Math.round(result.latency_ms)} ms`,
    result.run_id,
  ];
  const failure =
    result.failure_code === null ? '' : `${result.failure_code}: ${inert(result.failure_message ?? '')}\n`;
  return `───\n${failure}${inert(facts.filter((fact) => fact !== null).join(' · '))}\n`;
}

function exitCodeOf({ status, failure_code }: Run): ExitCode {
  if (status === 'succeeded') return 0;
  return failure_code === 'version_mismatch' || failure_code === 'guardrail_blocked' ? 3 : 1;
}
