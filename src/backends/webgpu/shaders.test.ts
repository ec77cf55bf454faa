/** Every file of shaders/ as a text: documented, short, and used. That they compile is seen where kernels are tested. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const FILES = readdirSync('shaders')
  .filter((name) => name.endsWith('.wgsl'))
  .map((name) => ({ name: name.replace('.wgsl', ''), text: readFileSync(join('shaders', name), 'utf8') }))

const includesOf = (text: string) => [...text.matchAll(/^\/\/#include (\S+)$/gm)].map(([, name]) => name as string)

const sources = (folder: string): string =>
  readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !name.endsWith('.test.ts'))
    .map((entry) => {
      const path = join(folder, entry.name)
      return entry.isDirectory() ? sources(path) : readFileSync(path, 'utf8')
    })
    .join('\n')

const KERNELS = sources('src/backends/webgpu')

describe.each(FILES)('$name.wgsl', ({ name, text }) => {
  it('begins with what it computes, and is at most 150 lines long', () => {
    expect(text).toMatch(/^\/\/ \S/)
    expect(text.split('\n').length).toBeLessThanOrEqual(151)
  })

  it('includes files that are there', () => {
    const names = FILES.map((file) => file.name)
    expect(includesOf(text).filter((wanted) => !names.includes(wanted))).toEqual([])
  })

  it('is used by a kernel or another file', () => {
    const isIncluded = FILES.some((other) => includesOf(other.text).includes(name))
    expect(isIncluded || KERNELS.includes(`'${name}'`)).toBe(true)
  })

  it('starts main with the guard', () => {
    const main = /^fn main\(([\s\S]*?)\) \{\n([\s\S]*?)\n\}/m.exec(text)?.[2]
    if (main === undefined) return
    const first = main
      .split('\n')
      .findIndex((line) => /^ {2}if \(.*\) \{ ?return; ?\}/.test(line) || /^ {2}if \(.*\) \{$/.test(line))
    const before = main.split('\n').slice(0, Math.max(first, 0))
    // only what the guard needs may stand before it
    expect(first).toBeGreaterThanOrEqual(0)
    expect(before.filter((line) => !/^ {2}(let|\/\/)/.test(line))).toEqual([])
  })
})
