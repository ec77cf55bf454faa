import { readFileSync } from 'node:fs'
import ts from 'typescript'
import { expect, it } from 'vitest'
import * as library from './library'

/** Blocks of TypeScript; those marked `skip` need files or must not compile. */
const blocks = readFileSync('docs/library.md', 'utf8')
  .split('```')
  .filter((block) => block.startsWith('ts\n'))
  .map((block) => block.slice(3))

const Async = async function () {}.constructor as new (...code: string[]) => (...given: unknown[]) => Promise<void>

/** What `console.log` prints, as the comments of the page show it: JSON. */
async function run(source: string): Promise<string[]> {
  const body = source.replace(/^import \{(.*)\} from 'plume'$/gm, (_, names: string) => {
    const values = names.split(',').filter((name) => !name.trim().startsWith('type '))
    return `const {${values.join()}} = plume`
  })
  const { outputText } = ts.transpileModule(body, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  })
  const lines: string[] = []
  const log = (...values: unknown[]) => lines.push(values.map((value) => JSON.stringify(value)).join(' '))
  await new Async('plume', 'console', outputText)(library, { log })
  return lines
}

it.each(blocks.map((block, i): [number, string] => [i + 1, block]))(
  'example %i of docs/library.md prints what it says',
  async (_, block) => {
    const expected = [...block.matchAll(/console\.log\(.*\) \/\/ (.*)$/gm)].map(([, text]) => text)
    expect(expected.length).toBeGreaterThan(0)
    expect(await run(block)).toEqual(expected)
  },
)

it('exports what the page names', () => {
  expect(blocks.length).toBe(7)
  expect(Object.keys(library.losses).sort()).toEqual([
    ...['bceWithLogits', 'binaryFocal', 'crossEntropy', 'distillation', 'focal', 'huber', 'klDivergence', 'l1', 'mse'],
  ])
})
