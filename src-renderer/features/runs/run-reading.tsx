import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { JsonObject, Run } from '../../../src-shared/domain';
import { failureOf, orpc } from '../../rpc';
import { ExactTime, Fact, Facts, FailureView, Mono, Section, useFormat } from '../../ui';
import { ReviewList } from './review-list';
import classes from './runs.module.css';

const METHODS = {
  direct: 'directly',
  jsonrepair: 'as a proposed repair, not the output',
  none: 'not parsed',
} as const;

const STATES = {
  none: 'nothing stored',
  stored: 'stored, not parsed yet',
  parsed: 'parsed',
  parse_failed: 'could not be parsed',
} as const;

/** How the answer was parsed, its reviews, and its evidence of a web search. */
export function RunReading({ run }: { readonly run: Run }) {
  const format = useFormat();
  const limits = run.analysis_config['schema_not_enforced'];
  return (
    <>
      <Section title="Parsing">
        <Facts>
          <Fact name="State">{STATES[run.processing_status]}</Fact>
          <Fact name="Parsed">{METHODS[run.parse_method_used ?? 'none']}</Fact>
          <Fact name="Attempts">
            {format.count(run.parse_attempts)}
            {run.last_parse_attempt_at && (
              <span className={classes.muted}>
                last <ExactTime iso={run.last_parse_attempt_at} />
              </span>
            )}
          </Fact>
          <Fact name="Matches the schema">
            {run.output_json_valid === null ? 'no JSON was requested' : run.output_json_valid ? 'yes' : 'no'}
          </Fact>
          {run.parse_error_message && <Fact name="Problem">{run.parse_error_message}</Fact>}
        </Facts>
        {Array.isArray(limits) && (
          <p className={classes.none}>
            The provider does not enforce the whole schema, so Prompter checks the answer.{' '}
            {limits.filter((limit) => typeof limit === 'string').join('; ')}.
          </p>
        )}
      </Section>
      {(run.requires_manual_review || run.review_action !== null) && <Reviews runId={run.run_id} />}
      <Section title="Grounding">
        <Grounding run={run} />
      </Section>
    </>
  );
}

function Reviews({ runId }: { readonly runId: string }) {
  const query = useQuery(
    orpc.review.get.queryOptions({ input: { run_id: runId }, placeholderData: undefined }),
  );
  if (query.isError)
    return <FailureView inline title="The reviews could not be loaded" {...failureOf(query.error)} />;
  const { state, reviews } = query.data ?? { state: null, reviews: [] };
  return (
    <Section title="Reviews">
      {state === 'open' && (
        <p className={classes.none}>
          Open: accept, correct or dismiss the answer.{' '}
          <Link to="/review" search={{ run: runId }}>
            Review
          </Link>
        </p>
      )}
      {state !== null && <ReviewList reviews={reviews} state={state} />}
    </Section>
  );
}

function Grounding({ run }: { readonly run: Run }) {
  if (run.grounding_mode === 'none' && run.grounded === null)
    return <p className={classes.none}>No web search was requested.</p>;
  const citations = run.citations ?? [];
  return (
    <>
      <Facts>
        <Fact name="Requested">{run.grounding_mode}</Fact>
        <Fact name="Grounded">{run.grounded === true ? 'yes' : 'no'}</Fact>
        {run.why_not_grounded && <Fact name="Why not">{run.why_not_grounded}</Fact>}
      </Facts>
      {citations.length > 0 && (
        <ol className={classes.citations} aria-label="Citations">
          {citations.map((citation, index) => (
            <li key={index}>
              {sourcesOf(citation).map(({ title, url }) => (
                // Never a link: an address from a model is shown, not followed.
                <span key={url ?? title} className={classes.citation}>
                  {title} <Mono>{url ?? ''}</Mono>
                </span>
              ))}
            </li>
          ))}
        </ol>
      )}
    </>
  );
}

interface Source {
  readonly title: string;
  readonly url: string | null;
}

/** Cited pages in each provider's format: `url` and `title`; for Gemini, `uri` in a segment's sources. */
function sourcesOf(citation: JsonObject): Source[] {
  const { sources } = citation;
  const inner = Array.isArray(sources) ? sources.filter(isObject) : [citation];
  return inner.map((source) => {
    const url = textOf(source['url']) ?? textOf(source['uri']);
    return { title: textOf(source['title']) ?? url ?? 'unnamed source', url };
  });
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
