import type { AnswerIdentity } from '../../jobs/store/keys'

/** The key of an answer. Keys are made of resolved recipes, so this fetches what is known of methods when first asked. */
export async function keyOf(identity: AnswerIdentity): Promise<string> {
  return (await import('../../jobs/store/keys')).answerKey(identity)
}
