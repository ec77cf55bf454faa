import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { run } from './run.mjs'

let root = ''

/** A copy of the texts; everything that they import is the real thing. */
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plume-texts-'))
  mkdirSync(join(root, 'src/app'), { recursive: true })
  await cp('src/app/text', join(root, 'src/app/text'), { recursive: true })
  for (const name of ['tsconfig.base.json', 'tsconfig.text.json']) await cp(name, join(root, name))
  await symlink(resolve('node_modules'), join(root, 'node_modules'))
  for (const name of await readdir('src')) {
    if (name !== 'app') await symlink(resolve('src', name), join(root, 'src', name))
  }
})

afterAll(() => rm(root, { recursive: true, force: true }))

const check = () => run([process.execPath, 'scripts/check-texts.mjs', root])

async function change(path, from, to) {
  const file = join(root, path)
  const text = await readFile(file, 'utf8')
  expect(text).toMatch(from)
  await writeFile(file, text.replace(from, to))
}

test('complete texts pass, and each gap fails by its name', async () => {
  expect(await check()).toEqual({ code: 0, output: '' })
  // French lacks a text, English has one more, a value of an option has no name, a text takes what nobody gives
  await change('src/app/text/fr/page.ts', /^ {2}tagline: .*\n/m, '')
  await change('src/app/text/en/drop.ts', "  choose: '", "  lookHere: 'Look here',\n  choose: '")
  await change('src/app/text/fr/methods.ts', /'per-tensor': '[^']*'/, '')
  await change('src/app/text/fr/live.ts', 'inspecting: (name)', 'inspecting: (name: string, n: number)')
  const { code, output } = await check()
  expect(code).toBe(1)
  expect(output).toContain("Property 'tagline' is missing")
  expect(output).toContain("Property 'lookHere' is missing")
  expect(output).toContain('Property \'"per-tensor"\' is missing')
  expect(output).toMatch(/live\.ts.*not assignable/)
  expect(output).toContain('a language of the page is not complete')
})

test('every build of the page begins with this check', async () => {
  const { scripts } = JSON.parse(await readFile('package.json', 'utf8'))
  expect(scripts['build:app']).toMatch(/^node scripts\/check-texts\.mjs && /)
  expect(scripts.build).toContain('build:app')
})
