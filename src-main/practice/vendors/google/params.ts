import type { Exchange, Reply } from '../../exchange';
import { geminiFamily } from './model-rules';
import { geminiError } from './errors';
import { isGiven, isRecord, listOf, recordOf, unknownKey } from '../wire-value';
import type { WireRecord } from '../wire-value';

/** Enforces generateContent's rules with Google's own errors (docs/providers.md#gemini-generatecontent). */

const REQUEST_FIELDS: ReadonlySet<string> = new Set([
  'model', 'contents', 'systemInstruction', 'tools', 'toolConfig', 'safetySettings', 'generationConfig',
  'cachedContent', 'continuationToken', 'labels', 'store', 'serviceTier',
]); // prettier-ignore

const CONFIG_FIELDS: ReadonlySet<string> = new Set([
  'audioTranscriptionConfig', 'candidateCount', 'enableEnhancedCivicAnswers', 'frequencyPenalty', 'imageConfig',
  'logprobs', 'maxOutputTokens', 'mediaResolution', 'presencePenalty', 'responseJsonSchema', 'responseLogprobs',
  'responseMimeType', 'responseModalities', 'responseSchema', 'seed', 'speechConfig', 'stopSequences', 'temperature',
  'thinkingConfig', 'topK', 'topP',
]); // prettier-ignore

/** The first violation in a generateContent request. */
export function generateProblem(exchange: Exchange): Reply | undefined {
  const { body, model, apiVersion } = exchange;
  const family = geminiFamily(model);
  if (family.latestAlias && apiVersion === 'v1') return modelNotFound(exchange);

  const config = recordOf(body['generationConfig']);
  const unknown =
    unknownField(body, REQUEST_FIELDS, '') ?? unknownField(config, CONFIG_FIELDS, 'generation_config');
  if (unknown !== undefined) return unknown;
  const contents = body['contents'];
  if (!Array.isArray(contents) || contents.length === 0) {
    return geminiError(400, '* GenerateContentRequest.contents: contents is not specified\n');
  }
  for (const item of contents) {
    if (!isRecord(item) || listOf(item['parts']).length === 0) {
      return geminiError(
        400,
        '* GenerateContentRequest.contents[0].parts: contents.parts must not be empty.\n',
      );
    }
    const role = item['role'];
    if (isGiven(role) && role !== 'user' && role !== 'model') {
      return geminiError(400, 'Please use a valid role: user, model.');
    }
  }
  for (const name of ['temperature', 'topP', 'topK', 'maxOutputTokens', 'candidateCount']) {
    if (isGiven(config[name]) && typeof config[name] !== 'number') {
      return geminiError(
        400,
        `Invalid value at 'generation_config.${name}' (TYPE_FLOAT), "${String(config[name])}"`,
      );
    }
  }
  return familyProblem(exchange, config);
}

function familyProblem({ body, model }: Exchange, config: WireRecord): Reply | undefined {
  const family = geminiFamily(model);
  const version = family.version;
  if (family.gemma && isGiven(body['systemInstruction'])) {
    return geminiError(400, `Developer instruction is not enabled for models/${model}`);
  }
  if (version === undefined) return undefined;
  if (version < 3) {
    if (offersSearch(body) && config['responseMimeType'] === 'application/json') {
      return geminiError(400, "Tool use with a response mime type: 'application/json' is unsupported");
    }
    if (isGiven(recordOf(config['thinkingConfig'])['thinkingLevel'])) {
      return geminiError(400, 'Thinking level is not supported for this model.');
    }
  }
  if (version >= 3 && isGiven(config['candidateCount']) && config['candidateCount'] !== 1) {
    return geminiError(400, 'Multiple candidates is not enabled for this model');
  }
  const last = recordOf(listOf(body['contents']).at(-1));
  const prefilled = last['role'] === 'model' && !isGiven(body['continuationToken']);
  if (version >= 3.6 && prefilled) {
    return geminiError(
      400,
      'Please ensure that the last content has the role user: prefilled model turns are not supported.',
    );
  }
  return undefined;
}

function modelNotFound({ model, apiVersion }: Exchange): Reply {
  return geminiError(
    404,
    `models/${model} is not found for API version ${apiVersion}, or is not supported for generateContent. Call ListModels to see the list of available models and their supported methods.`,
  );
}

export function offersSearch(body: WireRecord): boolean {
  return listOf(body['tools']).some(
    (tool) => isRecord(tool) && ('googleSearch' in tool || 'google_search' in tool),
  );
}

function unknownField(record: WireRecord, known: ReadonlySet<string>, field: string): Reply | undefined {
  const name = unknownKey(record, known);
  if (name === undefined) return undefined;
  const where = field === '' ? '' : ` at '${field}'`;
  const description = `Invalid JSON payload received. Unknown name "${name}"${where}: Cannot find field.`;
  const violation = field === '' ? { description } : { field, description };
  return geminiError(400, description, [
    { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [violation] },
  ]);
}
