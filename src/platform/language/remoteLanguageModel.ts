// These types also add Azure's content-filter fields to those of the SDK.
import type {
  ContentFilterResultDetailsForPromptOutput,
  ContentFilterResultsForChoiceOutput,
} from '@azure/openai/types';
import type { ChatCompletion, ChatCompletionCreateParamsNonStreaming } from 'openai/resources/index';
import { QuarterdeckError, type Clock, type Random } from '../../contracts';
import { isApiError } from '../openai/openaiErrors';
import { openaiService, type OpenaiServiceOptions } from '../openai/openaiService';
import type { ServiceToken } from '../openai/serviceToken';
import type { RetryPolicy } from '../retry';
import type { Telemetry } from '../telemetry/telemetry';
import { fencePrompt } from './fence';
import type { LanguageModel } from './languageModel';

export interface RemoteLanguageModelOptions {
  readonly provider: OpenaiServiceOptions['provider'];
  readonly endpoint: string;
  readonly model: string;
  readonly token: ServiceToken;
  readonly clock: Clock;
  readonly random: Random;
  readonly telemetry: Telemetry;
  newId(): string;
}

/** A reasoning model may think for a minute; longer pauses are for the caller to decide on. */
const policy: RetryPolicy = {
  attempts: 4,
  attemptLimitMs: 90_000,
  firstDelayMs: 1_000,
  maximumDelayMs: 20_000,
  longestWaitMs: 60_000,
};
/** About 50,000 tokens: what is longer should have been chosen from before. */
const longestData = 200_000;

/** A chat model of Azure OpenAI, or of any service with the same protocol. */
export function remoteLanguageModel(options: RemoteLanguageModelOptions): LanguageModel {
  const { model, telemetry } = options;
  const name = `language model ${model}`;
  const service = openaiService({
    ...options,
    policy,
    codes: {
      service: name,
      rateLimited: 'LANGUAGE_MODEL_RATE_LIMITED',
      unavailable: 'LANGUAGE_MODEL_UNAVAILABLE',
      rejected: 'LANGUAGE_MODEL_REJECTED',
    },
    onRetry: (error) =>
      telemetry.log('warning', 'the language model is tried again', { model, code: error.code }),
  });
  const rejected = (why: string, cause?: unknown): QuarterdeckError =>
    new QuarterdeckError('LANGUAGE_MODEL_REJECTED', `${name}: ${why}`, { culprit: { service: name }, cause });

  return {
    model,
    async complete({ instructions, data, maxOutputTokens, signal }) {
      if (data.length > longestData) {
        throw new QuarterdeckError(
          'INPUT_TOO_LARGE',
          `the data for the language model has ${data.length} characters, at most ${longestData} are sent`,
          { culprit: { field: 'data' } },
        );
      }
      const { system, user } = fencePrompt(instructions, data, options.newId());
      const request: ChatCompletionCreateParamsNonStreaming = {
        model,
        messages: [
          { role: 'system', content: system },
          { role: 'user', content: user },
        ],
        ...outputLimit(options, maxOutputTokens),
      };
      let completion: ChatCompletion;
      try {
        completion = await service.call(signal, (client, call) =>
          client.chat.completions.create(request, call),
        );
      } catch (error) {
        const filtered = filteredCategories(error);
        throw filtered ? rejected(`the content filter refused the text (${filtered})`, error) : error;
      }
      const inputTokens = completion.usage?.prompt_tokens ?? 0;
      const outputTokens = completion.usage?.completion_tokens ?? 0;
      telemetry.metric('language.tokens', inputTokens, { model, direction: 'input' });
      telemetry.metric('language.tokens', outputTokens, { model, direction: 'output' });
      return { text: answerText(completion, rejected), inputTokens, outputTokens };
    },
  };
}

/** Newer models of OpenAI know only `max_completion_tokens`, other services mostly only `max_tokens`. */
function outputLimit(
  { provider, endpoint }: RemoteLanguageModelOptions,
  limit: number,
): Partial<ChatCompletionCreateParamsNonStreaming> {
  const isOpenai = provider === 'azure-openai' || new URL(endpoint).hostname.endsWith('openai.com');
  return isOpenai ? { max_completion_tokens: limit } : { max_tokens: limit };
}

function answerText(completion: ChatCompletion, rejected: (why: string) => QuarterdeckError): string {
  const choice = completion.choices?.[0];
  if (!choice) throw rejected('it gave no answer');
  if (choice.finish_reason === 'content_filter') {
    throw rejected(`the content filter cut its answer (${categories(choice.content_filter_results)})`);
  }
  if (choice.message.refusal) throw rejected('it refused to answer');
  const text = choice.message.content?.trim();
  if (!text) throw rejected('its answer is empty');
  return text;
}

/** Azure's refusal of a prompt: status 400, code `content_filter`, the categories below `innererror`. */
function filteredCategories(error: unknown): string | undefined {
  const cause = error instanceof Error ? error.cause : undefined;
  if (!isApiError(cause) || cause.code !== 'content_filter') return undefined;
  const body: FilteredPrompt | undefined = cause.error;
  return categories(body?.innererror?.content_filter_result);
}

/** The part of Azure's error that says why. */
interface FilteredPrompt {
  readonly innererror?: { readonly content_filter_result?: ContentFilterResultDetailsForPromptOutput };
}

/** Names of the categories that were filtered. */
function categories(
  results: ContentFilterResultsForChoiceOutput | ContentFilterResultDetailsForPromptOutput | undefined,
): string {
  const names = Object.entries(results ?? {}).flatMap(([category, result]: [string, unknown]) =>
    typeof result === 'object' && result !== null && 'filtered' in result && result.filtered === true
      ? [category]
      : [],
  );
  return names.join(', ') || 'no category named';
}
