import type { HistoryEntry } from '../../../src-shared/domain';
import type { Column, Format } from '../../ui';
import { Cost, VersionName, When } from './columns';
import type { LaneRow } from './lanes';
import { LanesCell } from './lanes-cell';
import classes from './templates.module.css';

const STRAIGHT: LaneRow = { lane: 0, above: [], below: [], joins: [] };

export function historyColumns(
  format: Format,
  laneOf: (templateId: string) => LaneRow | undefined,
  base: string | undefined,
): Column<HistoryEntry>[] {
  return [
    {
      id: 'tree',
      title: 'Tree',
      width: '92px',
      showFrom: 420,
      render: ({ template_id }) => (
        <LanesCell row={laneOf(template_id) ?? STRAIGHT} isBase={template_id === base} />
      ),
    },
    {
      id: 'version',
      title: 'Version',
      width: 'minmax(160px, 3fr)',
      render: (version) => (
        <>
          <VersionName version={version} />
          {version.template_id === base && <span className={classes.base}>base of diffs</span>}
        </>
      ),
    },
    {
      id: 'from',
      title: 'From',
      width: '44px',
      align: 'end',
      render: ({ parent_version_number }) =>
        parent_version_number === null ? '' : `v${parent_version_number}`,
    },
    {
      id: 'model',
      title: 'Model',
      width: 'minmax(100px, 1fr)',
      showFrom: 750,
      render: ({ model_id }) => model_id,
    },
    {
      id: 'author',
      title: 'By',
      width: '96px',
      showFrom: 860,
      render: ({ created_by }) => created_by ?? '',
    },
    {
      id: 'runs',
      title: 'Runs',
      width: '52px',
      align: 'end',
      render: ({ runs }) => (runs === null ? '?' : runs === 0 ? '' : format.count(runs)),
    },
    {
      id: 'cost',
      title: 'Cost',
      width: '84px',
      align: 'end',
      showFrom: 640,
      render: (of) => <Cost of={of} format={format} />,
    },
    {
      id: 'created',
      title: 'Created',
      width: '108px',
      align: 'end',
      showFrom: 540,
      render: ({ created_at }) => <When iso={created_at} format={format} />,
    },
  ];
}
