import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';
import { projectRoot } from './planted-tree';

const { options } = ts.parseJsonConfigFileContent(
  ts.readConfigFile(join(projectRoot, 'tsconfig.test.json'), ts.sys.readFile).config,
  ts.sys,
  projectRoot,
);

/** Texts of the project with something planted in them, and new ones, by path. */
export type Planted = Readonly<Record<string, string>>;

/** Files in which nothing was planted, parsed once; and the last program, whose resolved imports the next one takes over. */
const parsed = new Map<string, ts.SourceFile | undefined>();
let last: ts.Program | undefined;

/** What the compiler says of these files of the project: `path: message`. */
export function problemsIn(files: readonly string[], planted: Planted): string[] {
  const host = ts.createCompilerHost(options);
  const pathOf = (path: string): string => relative(projectRoot, path).replaceAll('\\', '/');
  const [read, exists] = [host.getSourceFile.bind(host), host.fileExists.bind(host)];
  host.fileExists = (path) => planted[pathOf(path)] !== undefined || exists(path);
  host.directoryExists = (path) =>
    Object.keys(planted).some((file) => file.startsWith(`${pathOf(path)}/`)) || ts.sys.directoryExists(path);
  host.getSourceFile = (path, version) => {
    const text = planted[pathOf(path)];
    if (text !== undefined) return ts.createSourceFile(path, text, version);
    if (!parsed.has(path)) parsed.set(path, read(path, version));
    return parsed.get(path);
  };
  const program = ts.createProgram(
    files.map((file) => join(projectRoot, file)),
    options,
    host,
    last,
  );
  last = program;
  return files.flatMap((file) =>
    program
      .getSemanticDiagnostics(program.getSourceFile(join(projectRoot, file)))
      .map(({ messageText }) => `${file}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`),
  );
}

/** A file of the project with texts in place of others that are in it, each once. */
export function changed(file: string, ...changes: readonly (readonly [from: string, to: string])[]): Planted {
  let text = readFileSync(join(projectRoot, file), 'utf8');
  for (const [from, to] of changes) {
    const parts = text.split(from);
    if (parts.length !== 2) throw new Error(`${file} has "${from}" ${parts.length - 1} times`);
    text = parts.join(to);
  }
  return { [file]: text };
}

/** The files that problems are in, each once. */
export function pathsIn(problems: readonly string[]): string[] {
  return [...new Set(problems.map((problem) => problem.slice(0, problem.indexOf(':'))))].toSorted();
}

/** The files of some folders whose text has it. */
export function filesWith(folders: readonly string[], pattern: RegExp): string[] {
  return folders
    .flatMap((folder) =>
      readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' }).map(
        (path) => `${folder}/${path.replaceAll('\\', '/')}`,
      ),
    )
    .filter((path) => /\.tsx?$/.test(path) && pattern.test(readFileSync(join(projectRoot, path), 'utf8')))
    .toSorted();
}
