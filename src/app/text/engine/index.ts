import { current } from '../language.svelte'
import type { Span } from './sentences'

export type { Span } from './sentences'

/** The engine's sentence in the page's language, in pieces, so that what stays English can be marked as English. */
export function saySpans(sentence: string): readonly Span[] {
  return current.pack.sentences?.spans(sentence) ?? [{ text: sentence, isEnglish: false }]
}

/** The engine's sentence in the page's language, where only text can stand. */
export function say(sentence: string): string {
  return saySpans(sentence)
    .map(({ text }) => text)
    .join('')
}
