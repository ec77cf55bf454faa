/** A piece of a sentence that is shown: in the page's language, or in English where nobody translated it. */
export interface Span {
  readonly text: string
  readonly isEnglish: boolean
}

/** What the engine says, in another language than English. */
export interface Sentences {
  spans(sentence: string): readonly Span[]
}
