import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { en } from './en'
import { table } from './fr/engine'
import { pack } from './fr/pack'
import { isLanguage, preferredLanguage } from './languages'

type Entry = readonly [path: string, text: string]

/** Every string of a catalogue; functions are called with counts, which fit where a text or a number is filled in. */
function stringsOf(value: unknown, path: string): Entry[] {
  if (typeof value === 'string') return [[path, value]]
  if (typeof value === 'function') return [1, 3].flatMap((n) => stringsOf(called(value, n), `${path}(${n})`))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, child]) => stringsOf(child, `${path}.${name}`))
}

function called(text: unknown, n: number): unknown {
  const write = text as (...values: unknown[]) => unknown
  try {
    return write(...Array<number>(write.length).fill(n))
  } catch {
    return write(...Array<string>(write.length).fill(String(n))) // a text that takes its value apart
  }
}

const sentences = stringsOf(table, 'engine').map(([path, text]): Entry => [path, text.replace(/\{\w+[~#!]?\}/g, '3')])
const french = [...stringsOf(pack.messages, 'fr'), ...stringsOf(pack.methods, 'methods'), ...sentences]
const bad = (entries: readonly Entry[], isBad: (text: string) => boolean) =>
  entries.filter(([, text]) => isBad(text)).map(([path, text]) => `${path}: ${text}`)

describe('French typography', () => {
  test('many texts are looked at', () => expect(french.length).toBeGreaterThan(700))

  test('a narrow space that does not break stands before ; ! ? % and inside « »', () => {
    expect(bad(french, (text) => /(?<![\u202f!?…])[;!?»]|«(?!\u202f)|(?<=\d|\s)(?<!\u202f)%/.test(text))).toEqual([])
  })

  test('a space that does not break stands before a colon', () => {
    expect(bad(french, (text) => /(?<![\u00a0\u202f]):(?=\s|$)/.test(text))).toEqual([])
  })

  test('apostrophes are curly, quotation marks are « », an ellipsis is one sign', () => {
    expect(bad(french, (text) => /\p{L}'\p{L}|"|“|”|\.\.\./u.test(text))).toEqual([])
  })

  test('no space is doubled or left at an end', () => {
    expect(
      bad(
        french.filter(([path]) => !path.startsWith('engine')),
        (text) => /\s\s|^\s|\s$/.test(text),
      ),
    ).toEqual([])
  })
})

describe('French words', () => {
  const word = (words: string) => new RegExp(`(?<![\\p{L}])(${words})(?![\\p{L}])`, 'iu')
  const ENGLISH = word(
    'the|of|with|without|your|you|this|that|from|was|were|have|which|and|its|their|cannot|must|will|does|threads?',
  )
  const SLANG = word('quantisation|quantizer|quantiser|uploader|checker|tu|ton|tes')

  test('no English is left over', () => {
    const withoutFlags = (text: string) => text.replace(/--[a-z-]+/g, '')
    expect(bad(french, (text) => ENGLISH.test(withoutFlags(text)))).toEqual([])
  })

  test('terms are the agreed ones, and readers are addressed as vous', () => {
    expect(bad(french, (text) => SLANG.test(text))).toEqual([])
  })

  test('no area is only English handed on', () => {
    const english = new Map(stringsOf(en, 'fr'))
    const same = french.filter(([path, text]) => english.get(path) === text && /\p{L}{2,} \p{L}{2,}/u.test(text))
    expect(same.map(([path, text]) => `${path}: ${text}`)).toEqual([])
  })
})

test('every text is shown somewhere', () => {
  const files = readdirSync('src/app', { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /(?<!\.test)\.(ts|svelte)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !/app.text.(en|fr)\b/.test(path))
  const sources = files.map((path) => readFileSync(path, 'utf8'))
  const isShown = (area: string, key: string) =>
    sources.some((source) => {
      if (new RegExp(`\\bt\\s*\\.\\s*${area}\\s*\\.\\s*${key}\\b`).test(source)) return true
      // the area as a value, `const { a } = t.area` or t.area[name]: its keys stand in the same file
      return new RegExp(`\\bt\\.${area}\\b(?!\\s*\\.)`).test(source) && new RegExp(`\\b${key}\\b`).test(source)
    })
  const unused = Object.entries(en).flatMap(([area, texts]) =>
    Object.keys(texts)
      .filter((key) => !isShown(area, key))
      .map((key) => `${area}.${key}`),
  )
  expect(unused).toEqual([])
})

test('the first language that the page has is taken', () => {
  expect(preferredLanguage(['fr-CA', 'en'])).toBe('fr')
  expect(preferredLanguage(['de', 'FR', 'en'])).toBe('fr')
  expect(preferredLanguage(['de', 'ja'])).toBe('en')
  expect([isLanguage('fr'), isLanguage('de'), isLanguage(null)]).toEqual([true, false, false])
})
