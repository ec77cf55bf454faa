import type { Sentences, Span } from './sentences'

/**
 * Templates of the engine's sentences: English → another language, with the same placeholders in both.
 * `{name}` is taken over as it is, `{count#}` must be a number and is written as the language writes it, and `{why~}`
 * is a sentence or a part of one that is translated by the same table, a number, or a name that stays. `{quote!}` is
 * what others say (onnxruntime, a browser): it stays English.
 */
export type SentenceTable = Readonly<Record<string, string>>

interface Slot {
  readonly name: string
  readonly kind: '' | '#' | '~' | '!'
}

interface Template {
  readonly literals: readonly string[]
  readonly slots: readonly Slot[]
  /** Literals and names of slots by turns. */
  readonly target: readonly string[]
  readonly weight: number
  readonly numbers: number
}

/** Readings of this sentence's parts: a hostile sentence could ask for the same part often. */
type Seen = Map<string, Reading>

const SLOT = /\{(\w+)([~#!]?)\}/
/** Parts of parts of sentences; deeper is no sentence of ours. */
const MAX_DEPTH = 6
const MAX_LENGTH = 4000
const MAX_REMEMBERED = 400

/** Two words of letters: what a reader of another language would not understand. */
const isProse = (text: string) => /\p{L}{2,}[;:]? \p{L}{2,}/u.test(text)
/** A word after a space, or more after a colon: no name, and no list of names. */
const isUnlikeName = (text: string) => /(?<![,;]) \p{Ll}{2,}\b|: /u.test(text)
/** More English than this share of a sentence: the rest would only confuse. */
const MOSTLY = 0.6

/** A reading of a sentence; `cost` counts letters that stay English, in its text or in what it took for names. */
interface Reading {
  readonly spans: readonly Span[]
  readonly cost: number
}

const plain = (text: string): Reading => ({ spans: [{ text, isEnglish: false }], cost: 0 })
const untranslated = (text: string): Reading =>
  isProse(text) ? { spans: [{ text, isEnglish: true }], cost: text.length } : plain(text)

function join(readings: readonly Reading[]): Reading {
  return {
    spans: merge(readings.flatMap(({ spans }) => spans)),
    cost: readings.reduce((sum, { cost }) => sum + cost, 0),
  }
}

/** @param number writes an English number, with or without unit, as the language does; null where it is none */
export function makeSentences(table: SentenceTable, number: (text: string) => string | null): Sentences {
  const entries = Object.entries(table)
  const fixed = new Map(entries.filter(([english]) => !SLOT.test(english)))
  const templates = entries
    .filter(([english]) => SLOT.test(english))
    .map(([english, target]) => compile(english, target))
    .sort((a, b) => b.weight - a.weight || b.numbers - a.numbers || a.slots.length - b.slots.length)
  const remembered = new Map<string, readonly Span[]>()

  /** The reading that leaves least in English, of equal ones the most specific; null when no template fits. */
  function find(sentence: string, depth: number, seen: Seen): Reading | null {
    const whole = fixed.get(sentence)
    if (whole !== undefined) return plain(whole)
    let best: Reading | null = null
    for (const template of templates) {
      const parts = match(template, sentence)
      const reading = parts && fill(template, parts, depth, seen)
      if (reading && (best === null || reading.cost < best.cost)) best = reading
      if (best?.cost === 0) break
    }
    return best
  }

  function fill({ slots, target }: Template, parts: readonly string[], depth: number, seen: Seen): Reading | null {
    const values = new Map<string, Reading>()
    for (const [index, { name, kind }] of slots.entries()) {
      const part = parts[index] ?? ''
      if (kind === '!') {
        values.set(name, { spans: [{ text: part, isEnglish: true }], cost: 0 })
        continue
      }
      const written = kind === '' ? part : number(part)
      if (written === null && kind === '#') return null
      if (written === null) values.set(name, translate(part, depth + 1, seen))
      else values.set(name, { ...plain(written), cost: kind === '' && isUnlikeName(part) ? part.length : 0 })
    }
    return join(target.map((piece, index) => (index % 2 === 0 ? plain(piece) : (values.get(piece) ?? plain('')))))
  }

  function translate(sentence: string, depth: number, seen: Seen): Reading {
    if (depth > MAX_DEPTH || sentence.length > MAX_LENGTH) return untranslated(sentence)
    const key = `${depth} ${sentence}`
    const known = seen.get(key)
    if (known) return known
    const reading = read(sentence, depth, seen)
    seen.set(key, reading)
    return reading
  }

  /** The whole; without its stop; its sentences one by one; else as it is. */
  function read(sentence: string, depth: number, seen: Seen): Reading {
    const found = find(sentence, depth, seen)
    if (found?.cost === 0) return found
    if (sentence.endsWith('.')) {
      const open = find(sentence.slice(0, -1), depth, seen)
      if (open?.cost === 0) return join([open, plain('.')])
    }
    const sentences = sentence.split(/(?<=[.!?]) (?=[\p{Lu}"])/u)
    if (!found && sentences.length > 1) {
      return join(sentences.flatMap((one, i) => [...(i > 0 ? [plain(' ')] : []), translate(one, depth + 1, seen)]))
    }
    return found && found.cost < MOSTLY * sentence.length ? found : untranslated(sentence)
  }

  return {
    spans(sentence) {
      const known = remembered.get(sentence)
      if (known) return known
      if (remembered.size >= MAX_REMEMBERED) remembered.clear()
      const { spans } = translate(sentence, 0, new Map())
      remembered.set(sentence, spans)
      return spans
    },
  }
}

function compile(english: string, target: string): Template {
  // split by an expression with two groups: literal, name, kind, literal, name, kind, …
  const parts = english.split(SLOT)
  const literals = parts.filter((_, index) => index % 3 === 0)
  const slots = literals.slice(1).map((_, index) => ({
    name: parts[index * 3 + 1] ?? '',
    kind: (parts[index * 3 + 2] ?? '') as Slot['kind'],
  }))
  return {
    literals,
    slots,
    target: target.split(SLOT).filter((_, index) => index % 3 !== 2),
    weight: literals.join('').replace(/[^\p{L}\d]/gu, '').length,
    numbers: slots.filter(({ kind }) => kind === '#').length,
  }
}

/** Literals are found from left to right, each at its first place: linear, whatever the sentence holds. */
function match({ literals }: Template, sentence: string): string[] | null {
  const first = literals[0] ?? ''
  const last = literals.at(-1) ?? ''
  if (!sentence.startsWith(first) || !sentence.endsWith(last) || sentence.length < first.length + last.length)
    return null
  const end = sentence.length - last.length
  const parts: string[] = []
  let from = first.length
  for (const literal of literals.slice(1, -1)) {
    const at = sentence.indexOf(literal, from)
    if (at < 0 || at + literal.length > end) return null
    parts.push(sentence.slice(from, at))
    from = at + literal.length
  }
  parts.push(sentence.slice(from, end))
  return parts
}

/** Neighbours of one language are one piece. */
function merge(spans: readonly Span[]): Span[] {
  const merged: Span[] = []
  for (const span of spans) {
    const before = merged.at(-1)
    if (before && (before.isEnglish === span.isEnglish || span.text === '')) {
      merged[merged.length - 1] = { text: before.text + span.text, isEnglish: before.isEnglish }
    } else if (span.text !== '') merged.push(span)
  }
  return merged
}
