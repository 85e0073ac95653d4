import { Link } from '@tanstack/react-router';
import type { TemplateSummary } from '../../../src-shared/domain';
import { Mono, PinMark, tailId, type Column, type Format } from '../../ui';
import classes from './templates.module.css';

export function templateColumns(format: Format): Column<TemplateSummary>[] {
  return [
    {
      id: 'name',
      title: 'Name',
      width: 'minmax(180px, 2.2fr)',
      render: (template) => (
        <>
          <Link
            to="/templates/$templateId"
            params={{ templateId: template.template_id }}
            tabIndex={-1}
            preload={false}
          >
            {template.name}
          </Link>
          {template.pinned_version_key !== null && <PinMark version={template.pinned_version_key} />}
          {template.labels.map((label) => (
            <span key={label} className={classes.label}>
              {label}
            </span>
          ))}
          {template.deleted_at && <span className={classes.note}> archived</span>}
          {template.description && <span className={classes.description}>{template.description}</span>}
        </>
      ),
    },
    {
      id: 'model',
      title: 'Model',
      width: 'minmax(120px, 1fr)',
      render: (template) => (
        <span title={template.provider ?? 'any provider'}>
          {template.model_id}
          {template.provider && <span className={classes.note}> {template.provider}</span>}
        </span>
      ),
    },
    {
      id: 'version',
      title: 'Version',
      width: 'minmax(60px, 96px)',
      showFrom: 620,
      render: (template) => template.version_label ?? '',
    },
    {
      id: 'created',
      title: 'Created',
      width: '116px',
      align: 'end',
      render: (template) => (
        <span title={format.exactTime(template.created_at)}>{format.when(template.created_at)}</span>
      ),
    },
    {
      id: 'id',
      title: 'Id',
      width: '64px',
      align: 'end',
      showFrom: 560,
      render: (template) => (
        <span title={template.template_id} className={classes.note}>
          <Mono>{tailId(template.template_id)}</Mono>
        </span>
      ),
    },
  ];
}
