import { createMemoryHistory } from '@tanstack/react-router';
import { IconPlanet } from '@tabler/icons-react';
import { describe, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { defineScreen, flag, listed, text, type Screen } from '../addresses';
import { COMMANDS } from '../commands';
import { screenCommands } from '../commands/screen-commands';
import { routerOf } from './routes';
import { SCREENS } from './screens';

const page = vi.fn<Screen['page']>(() => Promise.resolve(() => 'Planets'));
const planets = defineScreen({
  path: '/planets',
  search: z.strictObject({ name: text, ringed: flag, moons: z.int().optional() }),
  page,
  nav: { name: 'Planets', icon: IconPlanet },
  command: { keys: ['g l'] },
});
const screens = [...SCREENS, planets] as const;

describe('adding a screen takes one line in the list', () => {
  test('it gets a link in the rail, after the others', () => {
    expect(listed(screens).map(({ nav }) => nav.name)).toEqual([
      ...listed(SCREENS).map(({ nav }) => nav.name),
      'Planets',
    ]);
  });

  test('it gets a command with its key and title', () => {
    expect(screenCommands(screens)['go.planets']).toEqual({
      title: 'Go to Planets',
      group: 'Go to',
      keys: ['g l'],
    });
  });

  test('it gets a route, whose code is loaded on the first visit', async () => {
    const router = routerOf(screens, createMemoryHistory({ initialEntries: ['/settings'] }));
    expect(router.routesByPath['/planets'].fullPath).toBe('/planets');
    expect(page).not.toHaveBeenCalled();
    await router.preloadRoute({ to: '/planets' });
    expect(page).toHaveBeenCalledOnce();
  });

  test.each([
    ['/planets?name=Saturn&ringed=true&moons=146', { name: 'Saturn', ringed: true, moons: 146 }],
    ['/planets?name=7', { name: '7' }],
    ['/planets?name=', {}],
  ])('its schema reads the address %s', (address, expected) => {
    expect(searchOf(address)).toEqual({ search: expected, refused: false });
  });

  test.each(['/planets?moons=many', '/planets?ringed=perhaps', '/planets?nmae=Saturn'])(
    'the address %s is refused, not shown without what it means',
    (address) => expect(searchOf(address).refused).toBe(true),
  );
});

test('every screen in the rail has its own command', () => {
  const titles = listed(SCREENS).map(({ nav }) => `Go to ${nav.name}`);
  const commands = Object.values(COMMANDS).filter(({ group }) => group === 'Go to');
  expect(commands.map(({ title }) => title)).toEqual(titles);
});

function searchOf(address: string): { search: unknown; refused: boolean } {
  const router = routerOf(screens, createMemoryHistory({ initialEntries: [address] }));
  const match = router.matchRoutes(router.latestLocation).at(-1);
  return { search: match?._strictSearch, refused: match?.searchError !== undefined };
}
