import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'svelte/compiler'
import { expect, test } from 'vitest'
import { templatesOf } from './engine/sources-kit'

const SPOKEN = /^(aria-label|aria-description|aria-valuetext|title|placeholder|alt|label)$/
/** Two letters in a row, unless it is a name of a file, a key or the product. */
const isText = (text: string) => /\p{L}{2}/u.test(text) && !/^\s*([\w-]+\.\w+|Plume|Ctrl|Esc)\s*$/.test(text)

/** In an expression a single word is most often data. */
const isSentence = (text: string) => /\p{L}{2,} \p{L}{2,}/u.test(text)

/** What a component would say in the language in which it was written. */
function spokenBy(source: string): string[] {
  const found: string[] = []
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(visit)
    if (typeof node !== 'object' || node === null) return
    const { type, data, name, value } = node as { type?: string; data?: string; name?: string; value?: unknown }
    if (type === 'Text' && data !== undefined && isText(data)) found.push(data.trim())
    if (type === 'Literal' && typeof value === 'string' && isSentence(value)) found.push(value)
    if (type === 'TemplateElement') {
      const { raw } = value as { raw: string }
      if (isSentence(raw)) found.push(raw.trim())
    }
    if (type === 'Attribute') {
      // class="row" is no text; aria-label="Close" is
      if (name !== undefined && SPOKEN.test(name)) visit(value)
      return
    }
    for (const [key, child] of Object.entries(node)) if (key !== 'parent') visit(child)
  }
  visit(parse(source, { modern: true }).fragment)
  return found
}

const filesOf = (name: RegExp) =>
  readdirSync('src/app', { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && name.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).replaceAll('\\', '/'))

test('no component has words of its own', () => {
  const files = filesOf(/\.svelte$/)
  expect(files.length).toBeGreaterThan(20)
  expect(files.flatMap((path) => spokenBy(readFileSync(path, 'utf8')).map((text) => `${path}: ${text}`))).toEqual([])
})

test('no module of the page has words of its own', () => {
  // code to copy, and the place in a message of the engine that is taken apart
  const isKnown = (path: string, text: string) => path.endsWith('result/snippets.ts') || text === '{} at byte {}'
  const paths = filesOf(/(?<!\.test|-kit)\.ts$/).filter((path) => !path.startsWith('src/app/text/'))
  const found = paths.flatMap((path) => templatesOf(path).filter(({ text }) => !isKnown(path, text)))
  expect(found.map(({ at, text }) => `${at}: ${text}`)).toEqual([])
})

test('words in templates and in labels are seen, names of classes are not', () => {
  const source = `<p class="row">Hello <b>{name}</b></p><button aria-label="Close it" title={t.a.b}>×</button>`
  expect(spokenBy(source)).toEqual(['Hello', 'Close it'])
  expect(spokenBy("<p>{isOpen ? 'Shown now' : `No ${x} to show`}{phase === 'ready'}</p>")).toEqual([
    'Shown now',
    'to show',
  ])
  expect(spokenBy('<p>{t.page.title} → {x}</p><style>p { color: red }</style>')).toEqual([])
})
