import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { formatRecipe } from '../jobs/recipe'
import { encodeLink } from '../jobs/share/link'
import { sharedOf, sharedOfRecipe } from '../jobs/share/shared'
import { EVERY_METHOD, hashOf, RECIPE, sampleReport } from '../jobs/share/shared-kit'
import { resolveRecipe } from '../jobs/steps'
import { methodIds } from '../methods'
import { FlagError, parseFlags } from './args'
import type { Terminal } from './environment'
import { recipe as recipeCommand } from './commands/recipe'
import { recipeFromArgs, RECIPE_FLAGS } from './recipe'
import { choicesFromArgs, requireRanges, shareNotes, shareReport, SHARE_FLAGS, verdictNotes } from './share'

const scratch = () => mkdtemp(join(tmpdir(), 'plume-recipe-'))
const FLAGS = { ...RECIPE_FLAGS, ...SHARE_FLAGS }
const given = (...argv: string[]) => recipeFromArgs(parseFlags(argv, FLAGS, 'compress'), 3)
const share = (...argv: string[]) => parseFlags(argv, FLAGS, 'compress')
const EXCLUDING = resolveRecipe({ ...RECIPE, steps: [{ method: 'weights-int8', options: { exclude: 'head' } }] })

describe('the recipe of a command line', () => {
  it('is automatic without flags, and tidies before the methods given', async () => {
    expect(await given()).toEqual({ recipe: 'auto' })
    expect(await given('--method', 'weights-int8')).toEqual({ recipe: { ...RECIPE, seed: 3 } })
    expect(await given('--method', 'weights-int8', '--no-tidy')).toEqual({
      recipe: { ...RECIPE, seed: 3, steps: [RECIPE.steps[1]] },
    })
  })

  it('comes from a file in any form, and from a link', async () => {
    const { text } = await encodeLink(sharedOfRecipe(RECIPE))
    const shared = sharedOfRecipe(RECIPE)
    const folder = await scratch()
    const file = async (name: string, content: string) => {
      await writeFile(join(folder, name), content)
      return join(folder, name)
    }
    expect(await given('--recipe', await file('r1.json', formatRecipe(RECIPE)))).toEqual({
      form: 'json',
      recipe: RECIPE,
    })
    for (const link of [
      text,
      text.slice(1),
      `https://plume.example/app/${text}`,
      await file('link.txt', `${text}\n`),
    ]) {
      expect(await given('--recipe', link)).toEqual({ form: 'link', recipe: RECIPE, shared })
    }
    expect(await given('--recipe', await file('run.sh', 'plume compress a -o b --method weights-int8'))).toMatchObject({
      recipe: RECIPE,
    })
  })

  it('is refused with the reason', async () => {
    await expect(given('--recipe', 'r', '--method', 'tidy')).rejects.toThrow('Give --recipe or --method, not both')
    await expect(given('--no-tidy')).rejects.toThrow('--no-tidy goes with --method')
    await expect(given('--recipe', 'missing.json')).rejects.toThrow('missing.json: no such file')
    await expect(given('--recipe', '#r1.AAA$')).rejects.toThrow(
      '--recipe: This share link is damaged: character 8 is "$"',
    )
    await expect(given('--recipe', '#r7.AAAA')).rejects.toThrow('made by a newer version')
    await expect(given('--method', 'tidy:x')).rejects.toBeInstanceOf(FlagError)
  })
})

describe('--share', () => {
  it('makes a link without names, and says what it leaves out', async () => {
    const report = sampleReport(3, EXCLUDING)
    const link = await shareReport(share('--share'), report, 'Node, wasm, 2 threads')
    expect(link).toMatchObject({ keptLayers: 3, isReproducible: false, fits: true })
    expect(shareNotes(link).map(({ text }) => text)).toEqual([expect.stringContaining('Add --share-with layer-names')])
    const told = await shareReport(share('--share', '--share-with', 'name, layer-names'), report, 'd')
    expect(shareNotes(told)).toEqual([])
    expect(await encodeLink(sharedOf(report, { withName: true, withLayerNames: true, device: 'd' }))).toMatchObject({
      text: told?.text,
    })
    expect(await shareReport(share(), report, 'd')).toBeNull()
  })

  it('tells how many layers were kept, and keeps all of them when asked', async () => {
    const report = sampleReport(2000)
    const names = 'layer-names'
    const [note] = shareNotes(await shareReport(share('--share', '--share-with', names), report, 'd'))
    expect(note?.text).toMatch(
      /^The share link keeps the \d+ layers of the greatest effect, of 2000; --share-with full/,
    )
    expect(shareNotes(await shareReport(share('--share', '--share-with', `${names},full`), report, 'd'))).toEqual([])
  })

  it('refuses what it does not know', () => {
    expect(() => choicesFromArgs(share('--share-with', 'name'))).toThrow('--share-with goes with --share.')
    expect(() => choicesFromArgs(share('--share', '--share-with', 'data'))).toThrow(
      '--share-with takes name, layer-names, full, separated by commas, not "data".',
    )
  })
})

describe('after a job by a link', () => {
  const report = sampleReport(1)
  const texts = (...args: Parameters<typeof verdictNotes>) =>
    verdictNotes(...args).map(({ severity, text }) => `${severity}: ${text}`)

  it('the report says whether input and bytes are those that were shared', () => {
    expect(texts(undefined, report)).toEqual([])
    expect(texts(sharedOf(report), report)).toEqual([expect.stringMatching(/^info: Reproduced/)])
    const changed = { ...report, output: { ...report.output, sha256: hashOf(5) } }
    expect(texts(sharedOf(report), changed)).toEqual([expect.stringMatching(/^warning: The result differs/)])
    const other = { ...report, input: { ...report.input, sha256: hashOf(5) } }
    expect(texts(sharedOf({ ...report, recipe: EXCLUDING }), other)).toEqual([
      expect.stringMatching(/^info: The input is not the file/),
      expect.stringMatching(/^warning: The link leaves out options/),
    ])
  })
})

describe('plume recipe', () => {
  const run = async (...argv: string[]) => {
    const printed: string[] = []
    const terminal = { print: (text: string) => void printed.push(text), notes: [] } as unknown as Terminal
    const json = await recipeCommand.run(parseFlags(argv, recipeCommand.flags, 'recipe'), terminal)
    return { json, text: printed.join('\n') }
  }

  it('says at once what a link without its ranges lacks', async () => {
    const ranges = { machine: 'wasm', samples: 8, values: { 'secret.out': [0, 1] as [number, number] } }
    const recipe = resolveRecipe({ ...RECIPE, steps: [{ method: 'static-int8', options: {}, ranges }] })
    const shared = sharedOfRecipe(recipe)
    expect(() => requireRanges(shared, false)).toThrow(/leaves out the ranges.*--calibrate.*recipe as a file/)
    for (const whole of [undefined, sharedOfRecipe(RECIPE), sharedOfRecipe(recipe, { withLayerNames: true })]) {
      expect(() => requireRanges(whole, false)).not.toThrow()
    }
    expect(() => requireRanges(shared, true)).not.toThrow()
    const { text, json } = await run(JSON.stringify(recipe), '--as', 'cli')
    expect(text).toMatch(/^npx plume compress MODEL\.onnx -o SMALL\.onnx --recipe r1\.\S+$/)
    expect(json).toMatchObject({ recipe })
  })

  it('turns every form into every other', async () => {
    const { text: link } = await encodeLink(sharedOfRecipe(EVERY_METHOD))
    const methods = methodIds.map((id) => `--method ${id}`).join(' ')
    const line = `npx plume compress MODEL.onnx -o SMALL.onnx ${methods} --seed 7`
    const implied = line.replace(' --method tidy', '')
    const texts = { json: formatRecipe(EVERY_METHOD).trimEnd(), link, cli: implied }
    for (const source of [texts.json, link, line, implied]) {
      for (const as of ['json', 'link', 'cli'] as const) expect((await run(source, '--as', as)).text).toBe(texts[as])
      expect((await run(source)).json).toMatchObject({ version: 1, recipe: EVERY_METHOD, link, cli: implied })
    }
  })

  it('keeps the data’s handling in the command, and all a link told', async () => {
    const shared = sharedOf(sampleReport(3))
    const { text: link } = await encodeLink(shared)
    expect((await run(link, '--as', 'cli')).text).toMatch(/--test DATA --preprocess imagenet$/)
    expect((await run(link, '--as', 'link')).text).toBe(link)
    expect((await run(link)).json).toMatchObject({ form: 'link', shared })
    expect((await run("plume compress 'my net.onnx' -o b --method float16 --test d.npz", '--as', 'cli')).text).toBe(
      "npx plume compress 'my net.onnx' -o b --method float16 --test d.npz",
    )
  })

  it('refuses what has no recipe', async () => {
    await expect(run()).rejects.toThrow('takes one TEXT or FILE')
    await expect(run('a', 'b')).rejects.toThrow('Put a command line or link in quotes')
    await expect(run('missing.json')).rejects.toThrow('missing.json: no such file')
    await expect(run('plume compress a -o b')).rejects.toThrow('This command names no method')
    await expect(run('plume compress a -o b --method tidy', '--as', 'yaml')).rejects.toThrow('--as takes one of json')
    const odd = { ...RECIPE, steps: [{ method: 'weights-int8', options: { exclude: 'a\tb' } }] }
    await expect(run(JSON.stringify(odd))).rejects.toThrow('A link cannot hold steps.0.options.exclude')
  })
})
