/** A file that breaks rules by what it imports. */
export interface Violation {
  readonly file: string;
  readonly imports: readonly string[];
  readonly rules: readonly string[];
}

const plant = (file: string, imports: string | string[], ...rules: string[]): Violation => ({
  file,
  imports: [imports].flat(),
  rules,
});

/** At least one violation of every rule in `.dependency-cruiser.mjs`, each in a file of its own. */
export const violations: readonly Violation[] = [
  plant('src-shared/domain/reaches-main.ts', '../../src-main/store/index', 'shared-stays-pure'),
  plant('src-shared/contract/reaches-renderer.ts', '../../src-renderer/ui/box', 'shared-stays-pure'),
  plant('src-shared/domain/uses-node.ts', 'node:fs', 'no-node-in-shared'),
  plant('src-shared/domain/uses-package.ts', 'liquidjs', 'domain-imports-zod-only'),
  plant('src-shared/domain/uses-contract.ts', '../contract/procedures', 'domain-imports-zod-only'),
  plant('src-shared/contract/uses-package.ts', '@orpc/client', 'contract-imports-domain-only'),
  plant('src-shared/files/uses-package.ts', 'liquidjs', 'files-imports'),
  plant('src-shared/diff/uses-package.ts', 'liquidjs', 'diff-imports'),

  plant('src-main/runs/shows.ts', '../../src-renderer/ui/box', 'main-knows-no-renderer'),
  plant('src-main/home/uses-store.ts', '../store/index', 'home-imports'),
  plant('src-main/ports/uses-store.ts', '../store/index', 'ports-imports'),
  plant('src-main/store/uses-keys.ts', '../keys/index', 'store-imports'),
  plant('src-main/keys/uses-store.ts', '../store/index', 'keys-imports'),
  plant('src-main/providers/uses-runs.ts', '../runs/index', 'providers-imports'),
  plant('src-main/audit/uses-runs.ts', '../runs/index', 'audit-imports'),
  plant('src-main/templates/uses-runs.ts', '../runs/index', 'templates-imports'),
  plant('src-main/versions/uses-runs.ts', '../runs/index', 'versions-imports'),
  plant('src-main/runs/uses-providers.ts', '../providers/index', 'runs-imports'),
  plant('src-main/batches/uses-rpc.ts', '../rpc/index', 'batches-imports'),
  plant('src-main/insight/uses-runs.ts', '../runs/index', 'insight-imports'),
  plant('src-main/assets/uses-templates.ts', '../templates/index', 'assets-imports'),
  plant('src-main/partials/uses-runs.ts', '../runs/index', 'partials-imports'),
  plant('src-main/team/uses-runs.ts', '../runs/index', 'team-imports'),
  plant('src-main/practice/uses-store.ts', '../store/index', 'practice-imports'),
  plant('src-main/core/uses-rpc.ts', '../rpc/index', 'core-imports'),
  plant('src-main/rpc/uses-store.ts', '../store/index', 'rpc-imports'),
  plant('src-main/hosts/cli/uses-store.ts', '../../store/index', 'hosts-imports'),
  plant('src-main/store/speaks.ts', '../../src-shared/contract/procedures', 'contract-stays-at-the-edge'),
  plant('src-main/runs/digs.ts', '../store/internal', 'through-the-index'),

  plant('src-main/providers/openai/digs.ts', '../http/internal', 'provider-through-the-index'),
  plant('src-main/providers/digs.ts', './openai/internal', 'registry-through-the-index'),
  plant('src-main/providers/openai/uses-other.ts', '../google/index', 'providers-are-apart'),
  plant('src-main/providers/compatible/uses-other.ts', '../google/index', 'compatible-builds-on-openai'),

  plant('src-main/hosts/http/uses-cli.ts', '../cli/index', 'hosts-are-apart'),
  plant('src-main/hosts/electron/serves.ts', '../http/index', 'only-owners-serve-http'),
  plant('src-main/hosts/electron/preload.ts', '../assets/index', 'preload-imports-electron-only'),

  plant('src-main/core/opens-window.ts', 'electron', 'electron-at-home', 'electron-is-not-reachable'),
  plant(
    'src-main/hosts/cli/reaches-window.ts',
    '../electron/window',
    'hosts-are-apart',
    'electron-is-not-reachable',
  ),
  plant('src-main/store/uses-postgres.ts', 'pg', 'postgres-at-home'),
  plant('src-main/runs/uses-sqlite.ts', 'better-sqlite3', 'sqlite-at-home'),
  plant('src-main/runs/uses-drizzle.ts', 'drizzle-orm', 'sqlite-at-home'),
  plant('src-main/core/uses-keyring.ts', '@napi-rs/keyring', 'keyring-at-home'),
  plant('src-main/practice/uses-sdk.ts', 'openai', 'openai-sdk-at-home'),
  plant('src-main/providers/google/uses-sdk.ts', '@anthropic-ai/sdk', 'anthropic-sdk-at-home'),
  plant('src-main/runs/uses-sdk.ts', '@google/genai', 'google-sdk-at-home'),
  plant('src-main/core/implements.ts', '@orpc/server', 'orpc-server-at-home'),
  plant('src-main/ports/uses-package.ts', 'zod', 'ports-import-no-package'),
  plant('src-main/runs/uses-tool.ts', 'fast-check', 'main-uses-shipped-packages'),
  plant('src-renderer/ui/uses-main-package.ts', 'undici', 'renderer-packages'),

  plant('src-renderer/rpc/reaches-main.ts', '../../src-main/rpc/index', 'renderer-sees-shared-only'),
  plant('src-renderer/app/uses-node.ts', 'node:path', 'no-node-in-renderer'),
  plant('src-renderer/ui/uses-rpc.ts', '../rpc/client', 'renderer-ui-imports'),
  plant('src-renderer/commands/uses-feature.ts', '../features/compare/index', 'renderer-commands-imports'),
  plant('src-renderer/preferences/uses-ui.ts', '../ui/box', 'renderer-preferences-imports'),
  plant('src-renderer/addresses/uses-rpc.ts', '../rpc/client', 'renderer-addresses-imports'),
  plant('src-renderer/drafts/uses-rpc.ts', '../rpc/client', 'renderer-drafts-imports'),
  plant('src-renderer/rpc/uses-ui.ts', '../ui/box', 'renderer-rpc-imports'),
  plant('src-renderer/features/compare/uses-app.ts', '../../app/shell', 'renderer-features-imports'),
  plant('src-renderer/app/uses-entry.ts', '../main', 'renderer-app-imports'),
  plant('src-renderer/features/compare/digs.ts', '../editor/internal', 'feature-through-the-index'),
  plant('src-renderer/app/digs.ts', '../features/editor/internal', 'app-through-the-index'),
  plant('src-renderer/commands/uses-shell.ts', '../app/shell', 'renderer-commands-imports'),
  plant('src-renderer/app/lists-again.ts', '../features/compare/screen', 'screens-in-one-list'),
  plant('src-renderer/features/editor/screen.ts', './internal', 'screens-load-late'),

  plant('src-main/runs/circle-a.ts', './circle-b', 'no-cycles'),
  plant('src-main/runs/unused.ts', [], 'no-orphans'),
  plant('src-main/runs/uses-support.ts', '../../test/support/server', 'nothing-imports-tests'),
  plant('src-main/runs/uses-test.ts', './execute.test', 'nothing-imports-tests'),
  plant('src-main/helpers/misplaced.ts', '../../src-shared/domain/rules', 'known-place'),
  plant('src-main/hosts/tray/misplaced.ts', '../../../src-shared/domain/rules', 'known-place'),
  plant('src-main/runs/uses-misplaced.ts', '../../src-shared/utils/text', 'known-place-of-import'),
  plant('src-main/runs/dangles.ts', './nowhere', 'everything-resolves'),
];

/** Imports that the rules allow, though they look like some that they forbid. */
export const allowed: readonly Violation[] = [
  // The other half of the planted cycle, which is reported once.
  plant('src-main/runs/circle-b.ts', './circle-a'),
  plant('src-main/hosts/electron/window.ts', ['electron', '../assets/index', '../../core/index']),
  plant('src-main/hosts/electron/core-process.ts', '../http/index'),
  plant('src-main/hosts/cli/serve.ts', ['../http/index', 'node:fs', '../../practice/index']),
  plant('src-main/providers/compatible/speaks.ts', ['../openai/index', '../http/index', '../failure']),
  plant('src-main/providers/openai/speaks.ts', ['openai', '../failure', 'node:crypto']),
  plant('src-main/core/compose.ts', [
    '../store/index',
    '../runs/index',
    '../../src-shared/contract/procedures',
  ]),
  plant('src-main/store/open.ts', ['better-sqlite3', 'drizzle-orm', '../../src-shared/domain/rules']),
  plant('src-main/runs/plan.test.ts', ['fast-check', '../store/internal', '../../test/support/server']),
  plant('src-shared/contract/routes.ts', ['@orpc/contract', 'zod', '../domain/rules']),
  plant('src-renderer/features/compare/grid.ts', [
    'react',
    '../editor/index',
    '../../rpc/client',
    '../../ui/box',
  ]),
  plant('src-renderer/features/compare/screen.ts', ['../../addresses/screen', './search']),
  plant('src-renderer/app/screens.ts', '../features/compare/screen'),
  plant('src-renderer/commands/lists.ts', '../app/screens'),
];
