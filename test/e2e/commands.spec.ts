import type { Page } from '@playwright/test';
import { COMMAND_IDS, COMMANDS, type CommandId } from '../../src-renderer/commands/catalogue';
import { COMMAND_GROUPS } from '../../src-renderer/commands/definition';
import { chooseCommand, expect, pressSequence, runCommand, test } from './app.fixture';
import { fill, NOBODY_THERE, type Data } from './commands-data';
import { after, button, headed, press, rows, type Place } from './command-places';
import { editorPlaces } from './editor-places';
import { typeCorrection } from './waiting-answers';

type GoId = Extract<CommandId, `go.${string}`>;
const isGo = (id: CommandId): id is GoId => id.startsWith('go.');
const settings: Place = { path: 'settings', ready: headed('Settings') };
const templates: Place = { path: 'templates', ready: rows };

/** From anywhere else. */
const placeToGoFrom = (id: GoId): Place => (id === 'go.settings' ? templates : settings);

/** One place for every other command of the catalogue: a new command without one does not compile. */
function placesOf(data: Data): Readonly<Record<Exclude<CommandId, GoId>, Place>> {
  const plan: Place = { path: `compare/new?template=${data.templateId}`, ready: button(/^Add column/) };
  const fullPlan: Place = {
    ...plan,
    prepare: async (page) => {
      await page.getByRole('combobox', { name: 'Model of column 1' }).fill('gpt-4o');
      await expect(page.getByText(/≈ /)).toBeVisible();
    },
  };
  const cityPlan: Place = {
    path: 'compare/new',
    ready: button(/^Add column/),
    prepare: async (page) => {
      await page.getByRole('combobox', { name: 'Template' }).click();
      await page.getByRole('option', { name: 'City' }).click();
      await expect(page.getByRole('textbox', { name: 'city, row 1' })).toBeVisible();
    },
  };
  const comparison: Place = {
    path: `compare/${data.batchId}`,
    ready: (page) => expect(page.getByRole('gridcell').nth(1)).toHaveAttribute('data-phase', 'succeeded'),
  };
  const leftOut: Place = { path: `compare/${data.leftOutId}`, ready: button('Pin what answers now') };
  const repeated: Place = {
    path: `compare/${data.repeatedId}`,
    ready: (page) => expect(page.getByText(/of 2 alike/).first()).toBeVisible(),
  };
  const secondColumn: Place = {
    ...comparison,
    async prepare(page) {
      await page.getByRole('grid').focus();
      await page.keyboard.press('ArrowRight');
    },
  };
  const slow = (prepare: (page: Page) => Promise<void>): Place => ({
    path: 'compare',
    ready: rows,
    async prepare(page) {
      const batchId = await data.slowBatch();
      await page.evaluate((id) => (location.hash = `#/compare/${id}`), batchId);
      await expect(page.getByRole('button', { name: /^Pause/ })).toBeVisible();
      await prepare(page);
    },
  });
  const nothing = (): Promise<void> => Promise.resolve();
  const run: Place = { path: `runs?run=${data.runId}`, ready: button('Copy the output') };
  const providers: Place = { path: 'providers', ready: button('Refresh') };
  const own: Place = {
    ...providers,
    prepare: async (page) => {
      await page.getByRole('button', { name: /mine/ }).click();
      await expect(page.getByRole('heading', { name: 'mine' })).toBeVisible();
    },
  };
  const choose = (name: string): Place => ({
    ...settings,
    prepare: (page) => page.getByText(name, { exact: true }).click(),
  });
  const baseline = after(comparison, 'b');
  const down = after(comparison, 'j', 'j');
  // The first template of a prompt gives it its id.
  const history: Place = { path: `prompts/${data.templateId}`, ready: rows };
  const versions = (templateId: string, shown: string | RegExp): Place => ({
    path: `versions?template=${templateId}`,
    ready: button(shown),
  });

  const review: Place = { path: 'review', ready: button(/^Accept/) };
  const corrected: Place = { ...review, prepare: typeCorrection };
  const analytics: Place = {
    path: 'analytics?practice=true',
    ready: headed('Breakdown'),
  };
  const audit: Place = { path: 'audit', ready: button('Verify') };

  return {
    'app.palette': settings,
    'app.open': settings,
    'app.help': settings,
    'app.rail': settings,
    'text.leave': after(templates, 'f'),
    'output.view': settings,
    'pane.next': settings,
    'pane.previous': settings,
    'panel.close': after(templates, 'Space'),
    'list.next': templates,
    'list.previous': after(templates, 'j'),
    'list.open': templates,
    'list.peek': templates,
    'list.search': templates,
    'list.clear': { ...templates, path: 'templates?q=city' },
    'tree.expand': after(templates, 'ArrowDown', 'ArrowUp'),
    'tree.collapse': after(templates, 'ArrowDown', 'ArrowUp', 'ArrowRight'),
    'template.new': settings,
    'sample.install': settings,
    'template.label': templates,
    'template.archive': templates,
    'template.compare': templates,
    'templates.archived': templates,
    'templates.inactive': templates,
    'templates.sort': templates,
    'templates.reverse': templates,
    'prompt.history': templates,
    'prompt.rename': templates,
    'prompt.active': templates,
    'version.diff': history,
    'version.base': history,
    'version.restore': history,
    'history.trials': history,
    ...editorPlaces(data),
    'compare.accept': leftOut,
    'compare.new': settings,
    'compare.start': fullPlan,
    'compare.clear': fullPlan,
    'compare.restore': {
      ...fullPlan,
      prepare: async (page) => {
        await fullPlan.prepare?.(page);
        await page.getByRole('button', { name: 'Clear' }).click();
      },
    },
    'compare.addTarget': plan,
    'compare.addInput': cityPlan,
    'compare.importInputs': cityPlan,
    'batch.pause': slow(nothing),
    'batch.resume': slow(async (page) => {
      await page.keyboard.press('Control+.');
      await expect(page.getByRole('button', { name: /^Resume/ })).toBeVisible();
    }),
    'batch.cancel': slow(nothing),
    'batch.retryUnknown': comparison,
    'batch.retryFailed': comparison,
    'batch.exportCsv': comparison,
    'batch.exportJson': comparison,
    'grid.up': down,
    'grid.down': comparison,
    'grid.left': secondColumn,
    'grid.right': comparison,
    'cell.inspect': comparison,
    'grid.baseline': comparison,
    'grid.diff': baseline,
    'grid.expand': comparison,
    'grid.repeats': repeated,
    'grid.all': after(comparison, '3'),
    'grid.different': comparison,
    'grid.errors': comparison,
    'grid.slow': comparison,
    'grid.sort': comparison,
    'grid.height': comparison,
    'grid.hide': comparison,
    'grid.showColumns': { ...comparison, prepare: press('h') },
    'runs.views': { path: 'runs', ready: rows },
    'run.raw': run,
    'run.copyOutput': run,
    'run.template': run,
    'review.accept': review,
    'review.edit': review,
    'review.correct': corrected,
    'review.skip': review,
    'review.retry': review,
    'review.dismiss': review,
    'review.fold': review,
    'review.acceptGroup': review,
    'review.dismissGroup': review,
    'version.pin': versions(data.templateId, /^Pin/),
    'version.unpin': versions(data.pinnedId, /^Unpin/),
    'analytics.day': analytics,
    'analytics.week': analytics,
    'analytics.month': { ...analytics, path: 'analytics?practice=true&range=7d' },
    'analytics.quarter': analytics,
    'analytics.practice': analytics,
    'analytics.exportCsv': analytics,
    'budget.set': analytics,
    'connection.add': settings,
    'connection.test': providers,
    'connection.edit': providers,
    'connection.secret': own,
    'connection.archive': own,
    'connection.models': providers,
    'backup.create': settings,
    'sync.push': settings,
    'sync.pause': settings,
    'sync.resume': {
      path: 'sync',
      ready: button(/^(Pause|Resume)/),
      async prepare(page) {
        const pause = page.getByRole('button', { name: 'Pause' });
        if (await pause.isVisible()) await pause.click();
        await expect(page.getByRole('button', { name: 'Resume' })).toBeVisible();
      },
    },
    'sync.connect': settings,
    'audit.verify': audit,
    'audit.export': audit,
    'audit.checkpoint': audit,
    'theme.system': choose('Dark'),
    'theme.light': settings,
    'theme.dark': settings,
    'density.compact': choose('Comfortable'),
    'density.comfortable': settings,
    'keys.single': settings,
  };
}

/** Everything that a command may change: address, page, focus, what is remembered; and what leaves the page. */
async function look(page: Page, left: readonly string[]): Promise<string> {
  const state = await page.evaluate(() => {
    const { activeElement: focused } = document;
    return {
      address: location.hash,
      theme: document.documentElement.outerHTML.slice(0, 300),
      page: document.getElementById('root')?.innerHTML,
      focus: `${focused?.tagName} ${focused?.id} ${focused?.getAttribute('aria-label')}`,
      kept: [JSON.stringify(localStorage), JSON.stringify(sessionStorage)],
    };
  });
  return JSON.stringify({ ...state, left });
}

/** A hundred tries: waiting longer than needed at each would add up. */
const OFTEN = [50, 50, 100, 200];

/** The state once nothing changes any more by itself: what changes from here on is the command's doing. */
async function settled(page: Page, left: readonly string[]): Promise<string> {
  let last = '';
  await expect
    .poll(
      async () => {
        const before = last;
        last = await look(page, left);
        return last === before;
      },
      { intervals: OFTEN },
    )
    .toBe(true);
  return last;
}

async function goTo(page: Page, place: Place): Promise<void> {
  // Loaded anew: what the last command still does must not happen on the next screen.
  await page.evaluate((hash) => history.replaceState(null, '', hash), `#/${place.path}`);
  await page.reload();
  await place.ready(page);
  await place.prepare?.(page);
}

test.use({ colorScheme: 'light' });

for (const group of COMMAND_GROUPS) {
  test(`every command of “${group}” is offered by the palette and works`, async ({ app, page }) => {
    test.slow();
    const left: string[] = [];
    page.on('download', (download) => left.push(download.suggestedFilename()));
    page.on('filechooser', () => left.push('a file is asked for'));
    await page.addInitScript(() => {
      if (location.protocol !== 'http:') return;
      localStorage.clear();
      sessionStorage.clear();
    });
    await page.context().grantPermissions(['clipboard-write']);
    const places = placesOf(await fill(app));
    if (group === 'Sync') await app.api('PUT', '/v1/sync/connection', NOBODY_THERE);
    for (const id of COMMAND_IDS.filter((known) => COMMANDS[known].group === group)) {
      const { title, keys, within } = COMMANDS[id];
      const [first] = keys ?? [];
      await goTo(page, isGo(id) ? placeToGoFrom(id) : places[id]);
      let before = await settled(page, left);
      if (first === undefined) await runCommand(page, title);
      else {
        // The palette runs what is chosen in one way for all: here it is enough that it offers this one.
        await chooseCommand(page, title);
        await page.keyboard.press('Escape');
        await expect(page.getByRole('dialog', { name: 'Search and commands' })).toHaveCount(0);
        before = await settled(page, left);
        await pressKeys(page, first, within);
      }
      await expect.poll(() => look(page, left), { message: id, intervals: OFTEN }).not.toBe(before);
      await expect(page.getByText(`${title}: `), `${id} is refused`).toHaveCount(0);
    }
  });
}

async function pressKeys(page: Page, keys: string, within: string | undefined): Promise<void> {
  if (within) await page.getByRole(within === 'tree' ? 'treegrid' : 'grid').focus();
  await pressSequence(
    page,
    keys.split(' ').map((key) => key.replace('Mod', 'Control')),
  );
}
