import { parse as parseYaml } from 'yaml';
import { isAppError, samplesOf, type NewTemplate, type Sample } from '../../src-shared/domain';
import type { Service } from '../ports';
import { countTemplates, getSetting, putSetting, type Store } from '../store';

const files = import.meta.glob<string>('../../resources/samples/*.yaml', {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** Set once the library was installed or declined, so that it is offered only once. */
const OFFER_SETTING = 'sample_library';

export interface SampleLibrary {
  /** The first is the one offered to new users for comparing models. */
  samples(): readonly Sample[];
  /** True in a new store, until the library is installed or declined or a template is created. */
  offered(): boolean;
  /** Adds missing samples. `template_ids` are in the order of `samples`. */
  install(): { created: number; template_ids: string[] };
  dismiss(): { sample_offered: boolean };
}

export function readSamples(): Sample[] {
  const read = Object.entries(files).map(([path, text]): [string, unknown] => [path, parseYaml(text)]);
  return samplesOf(Object.fromEntries(read));
}

export function createSampleLibrary(options: {
  store: Store;
  templates: Service<'templates'>;
}): SampleLibrary {
  const { store, templates } = options;

  return {
    samples: readSamples,
    offered: () =>
      getSetting(store.read, OFFER_SETTING) === null &&
      countTemplates(store.read, { include_archived: true }) === 0,
    install() {
      const installed = readSamples().map(({ template }) => createOrFind(templates, template));
      store.write((tx) => putSetting(tx, OFFER_SETTING, 'installed'));
      return {
        created: installed.filter(({ created }) => created).length,
        template_ids: installed.map(({ template_id }) => template_id),
      };
    },
    dismiss() {
      store.write((tx) => putSetting(tx, OFFER_SETTING, 'dismissed'));
      return { sample_offered: false };
    },
  };
}

function createOrFind(
  templates: Service<'templates'>,
  input: NewTemplate,
): { template_id: string; created: boolean } {
  try {
    return { template_id: templates.create(input).template.template_id, created: true };
  } catch (error) {
    if (!isAppError(error) || error.code !== 'TEMPLATE_DUPLICATE') throw error;
    return { template_id: String(error.data['template_id']), created: false };
  }
}
