import { inferProviders, isPracticeProvider, type Template } from '../../src-shared/domain';

/**
 * The provider for a run without a connection (docs/interfaces.md#which-connection-a-run-uses): the one requested, else
 * the template's. The template's applies to its own model; another model goes to the provider that its id suggests, but
 * never from practice to a real one, which would cost money unintentionally. Null and undefined leave it to the model's
 * id.
 */
export function providerOf(
  template: Pick<Template, 'provider' | 'model_id'>,
  asked: { readonly provider?: string | undefined; readonly model_id?: string | undefined },
): string | null | undefined {
  const { provider, model_id = template.model_id } = asked;
  if (provider !== undefined || template.provider === null) return provider;
  const isItsOwn =
    model_id === template.model_id ||
    inferProviders(model_id).length === 0 ||
    isPracticeProvider(template.provider);
  return isItsOwn ? template.provider : undefined;
}
