import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { median, roundRobin, speedAgainst } from '../bench/round-robin.mjs'
import { findBrowser } from './find-browser.mjs'
import { run } from './run.mjs'
import { firstLoad, scriptsOf } from './size.mjs'

describe('first load', () => {
  let folder
  beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'plume-size-'))))
  afterEach(() => rm(folder, { recursive: true }))

  it('finds scripts and preloads of a page, and no styles', () => {
    const html = '<link rel="modulepreload" crossorigin href="./a/b.js"><link rel="stylesheet" href="./a/s.css">'
    expect(scriptsOf(`${html}<script type="module" src="./a/main.js"></script>`)).toEqual(['a/b.js', 'a/main.js'])
  })

  it('follows static imports once and leaves lazy ones out', async () => {
    await writeFile(join(folder, 'index.html'), '<script type="module" src="./main.js"></script>')
    await writeFile(join(folder, 'main.js'), 'import{a}from"./a.js";export*from"./b.js";import("./lazy.js");a()')
    await writeFile(join(folder, 'a.js'), 'import"./b.js";export const a=()=>"import from ./no.js"')
    await writeFile(join(folder, 'b.js'), 'export const b=2')
    const sizes = await firstLoad(join(folder, 'index.html'))
    expect([...sizes.keys()].sort()).toEqual(['a.js', 'b.js', 'main.js'])
    expect([...sizes.values()].every((bytes) => bytes > 20)).toBe(true)
  })
})

describe('findBrowser', () => {
  it('takes $CHROMIUM before others, and nothing else where that is missing', () => {
    expect(findBrowser({ CHROMIUM: '/opt/c' }, () => true)).toBe('/opt/c')
    expect(findBrowser({ CHROMIUM: '/opt/c' }, (path) => path !== '/opt/c')).toBeNull()
  })

  it("falls back to Debian's, then to none", () => {
    expect(findBrowser({}, (path) => path === '/usr/bin/chromium')).toBe('/usr/bin/chromium')
    expect(findBrowser({}, () => false)).toBeNull()
  })

  it('ends the test command with one sentence that names the ways to get one', async () => {
    const { code, output } = await run([process.execPath, 'scripts/test.mjs'], {
      env: { CHROMIUM: '/nowhere/chromium' },
    })
    expect(code).toBe(1)
    expect(output.trim().split('\n')).toHaveLength(1)
    for (const way of ['CHROMIUM=', 'npx playwright install chromium', 'apt-get install chromium']) {
      expect(output).toContain(way)
    }
  })
})

describe('benchmarks', () => {
  it('compares within rounds', () => {
    const times = new Map([
      ['base', [10, 20, 40]],
      ['ours', [5, 40, 10]],
    ])
    expect(speedAgainst(times, 'base', 'ours')).toEqual({ median: 2, low: 1.25, high: 3 })
    expect(median([4, 1, 3, 2])).toBe(2.5)
  })

  it('runs candidates in turns, after one round of warming up', () => {
    const order = []
    const each = (name) => ({ name, run: () => void order.push(name) })
    const times = roundRobin([each('a'), each('b')], { rounds: 2 })
    expect(order).toEqual(['a', 'b', 'a', 'b', 'a', 'b'])
    expect(times.get('b')).toHaveLength(2)
  })
})
