import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { projectRoot } from './planted-tree';

const CONTRACT = 'src-shared/contract/backups.ts';
const SERVICE = 'src-main/core/backups.ts';
const PORT = 'src-main/ports/services.ts';
const ROUTER = 'src-main/rpc/router.ts';
const HANDLERS = 'src-main/rpc/special-handlers.ts';
const FAKE = 'test/conformance/fake-backups.ts';

const { options } = ts.parseJsonConfigFileContent(
  ts.readConfigFile(join(projectRoot, 'tsconfig.test.json'), ts.sys.readFile).config,
  ts.sys,
  projectRoot,
);

/** Texts of the project with something planted in them, by path. */
type Planted = Readonly<Record<string, string>>;

/** Files in which nothing was planted, parsed once. */
const parsed = new Map<string, ts.SourceFile | undefined>();

/** What the compiler says of the places that have to do with a procedure: `path: message`. */
function problems(planted: Planted): string[] {
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (path, version) => {
    const text = planted[relative(projectRoot, path).replaceAll('\\', '/')];
    if (text !== undefined) return ts.createSourceFile(path, text, version);
    if (!parsed.has(path)) parsed.set(path, read(path, version));
    return parsed.get(path);
  };
  const files = [CONTRACT, SERVICE, PORT, ROUTER, HANDLERS, FAKE];
  const program = ts.createProgram(
    files.map((file) => join(projectRoot, file)),
    options,
    host,
  );
  return files.flatMap((file) =>
    program
      .getSemanticDiagnostics(program.getSourceFile(join(projectRoot, file)))
      .map(({ messageText }) => `${file}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`),
  );
}

/** A file of the project with a text in place of another one that is in it. */
function changed(file: string, from: string, to: string): Planted {
  const text = readFileSync(join(projectRoot, file), 'utf8');
  const parts = text.split(from);
  if (parts.length !== 2) throw new Error(`${file} has "${from}" ${parts.length - 1} times`);
  return { [file]: parts.join(to) };
}

const procedure = changed(
  CONTRACT,
  'export const backupsContract = {',
  `export const backupsContract = {
     forget: route('POST', '/backups/{file}/forget', { summary: 'Forget', tag })
       .input(z.object({ file: z.string() }))
       .output(z.object({ forgotten: z.boolean() })),`,
);
const serviceWith = (method: string): Planted =>
  changed(SERVICE, '    list: () =>', `    ${method},\n    list: () =>`);
const fakeWith = (method: string): Planted => changed(FAKE, '  list: () =>', `  ${method},\n  list: () =>`);

const FORGET = 'forget: async ({ file }) => ({ forgotten: file.length > 0 })';

describe('a procedure is its contract and its service', () => {
  test('what the contract has and a service has not, the compiler names at the service and at its fake', () => {
    expect(problems(procedure)).toEqual([
      expect.stringMatching(/^src-main\/core\/backups\.ts: Property 'forget' is missing /),
      expect.stringMatching(/^test\/conformance\/fake-backups\.ts: Property 'forget' is missing /),
    ]);
  });

  test('with a method in each, nothing else has to change', () => {
    expect(problems({ ...procedure, ...serviceWith(FORGET), ...fakeWith(FORGET) })).toEqual([]);
  });

  test('a method that takes or gives something else is refused', () => {
    const takesOther = 'forget: async (file: string) => ({ forgotten: file.length > 0 })';
    const givesOther = 'forget: async ({ file }) => ({ forgotten: file })';
    expect(problems({ ...procedure, ...serviceWith(takesOther), ...fakeWith(givesOther) })).toEqual([
      expect.stringMatching(
        /^src-main\/core\/backups\.ts: (.|\n)*'\{ file: string; \}' is not assignable to .* 'string'/,
      ),
      expect.stringMatching(
        /^test\/conformance\/fake-backups\.ts: (.|\n)*'string' is not assignable to .* 'boolean'/,
      ),
    ]);
  });

  test('what the contract does not have is neither a method nor a special case; a special case needs its handler', () => {
    const more = fakeWith('forget: async () => ({ forgotten: true })');
    const special = changed(PORT, "'health' | 'changes'", "'health' | 'changes' | 'status' | 'forget'");
    expect(problems({ ...special, ...more })).toEqual([
      expect.stringMatching(/^src-main\/ports\/services\.ts: (.|\n)*"forget"(.|\n)* is not assignable /),
      expect.stringMatching(/^src-main\/rpc\/special-handlers\.ts: (.|\n)*Property 'status' is missing /),
      expect.stringMatching(/^test\/conformance\/fake-backups\.ts: (.|\n)*'forget' does not exist in type/),
    ]);
  });
});
