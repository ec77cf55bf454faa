import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { UsageError } from '../../core/errors'
import type { OptionSpec } from '../../core/options'
import { methodMetas } from '../../methods'
import { encodeLink } from '../share/link'
import { sharedOfRecipe } from '../share/shared'
import { isPlainText } from '../share/schema'
import { formatRecipe, type Recipe } from '../recipe'
import { resolveRecipe } from '../steps'
import { cliLine } from './cli-line'
import { formatMethodFlag, parseMethodFlag } from './method-flag'
import { isCliLine, parseCliLine } from './parse-cli-line'
import { readRecipeText, recipeFormOf } from './read-recipe-text'
import { quoteWord, shellWords } from './shell-words'

const SEED = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1e9)
const forAll = <T>(arbitrary: fc.Arbitrary<T>, check: (value: T) => Promise<void>, numRuns = 300) =>
  fc.assert(fc.asyncProperty(arbitrary, check), { seed: SEED, numRuns })

/** Text that a link carries: no hidden characters; quotes, dashes, spaces, commas, backslashes and more. */
const text = (maxLength: number) =>
  fc
    .string({
      maxLength,
      unit: fc.oneof(
        fc.constantFrom(...`'"\\,;:=-$ \`*é模`, '🪶'),
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
      ),
    })
    .filter((value) => isPlainText(value, maxLength))

function valueOf(spec: OptionSpec): fc.Arbitrary<string | number | boolean> {
  switch (spec.type) {
    case 'boolean':
      return fc.boolean()
    case 'enum':
      return fc.constantFrom(...spec.values)
    case 'text':
      return text(60)
    case 'number':
      return spec.integer
        ? fc.integer({ min: spec.min, max: Math.min(spec.max, 2 ** 31 - 1) })
        : fc.double({ min: spec.min, max: spec.max, noNaN: true }).map((value) => value + 0)
  }
}

const step = fc.constantFrom(...methodMetas).chain(({ id, options }) =>
  fc
    .record(Object.fromEntries(Object.entries(options).map(([name, spec]) => [name, valueOf(spec)])), {
      requiredKeys: [],
    })
    .map((given) => ({ method: id, options: { ...given } as Recipe['steps'][number]['options'] })),
)
const name = text(40).filter((value) => value.trim() === value && value !== '')
const recipe = fc
  .record({ seed: fc.nat(0xffffffff), steps: fc.array(step, { minLength: 1, maxLength: 4 }) })
  .map((made): Recipe => resolveRecipe({ version: 1, ...made }))
const hash = fc.string({ minLength: 64, maxLength: 64, unit: fc.constantFrom(...'0123456789abcdef') })
const data = fc.array(
  fc.record(
    {
      role: fc.constantFrom('calibrate' as const, 'test' as const),
      sha256: hash,
      samples: fc.nat(),
      preprocess: text(60),
      state: fc.array(text(30), { maxLength: 3 }),
    },
    { requiredKeys: ['role', 'sha256', 'samples'] },
  ),
  { maxLength: 2 },
)
const withData = fc.tuple(recipe, data).map(([made, entries]): Recipe => ({ ...made, data: entries }))

describe(`a recipe in its forms (seed ${SEED})`, () => {
  it('comes back from JSON', () =>
    forAll(withData, async (made) => {
      expect(await readRecipeText(formatRecipe(made))).toEqual({ form: 'json', recipe: made })
    }))

  it('comes back from a link, whatever stands around it', () =>
    forAll(fc.tuple(withData, fc.constantFrom('', 'See https://plume.example/app/', 'r: ')), async ([made, before]) => {
      const shared = sharedOfRecipe(made, { withLayerNames: true })
      expect(shared.withheld).toEqual([])
      const { text: link } = await encodeLink(shared, { full: true })
      const read = await readRecipeText(`${before}${link}`)
      expect(read).toEqual({ form: 'link', recipe: made, shared })
      expect(JSON.stringify((read.recipe as Recipe).steps)).toBe(JSON.stringify(made.steps))
    }))

  it('comes back from a command line, with the names beside it', () =>
    forAll(fc.tuple(recipe, name, name, name, text(30), fc.array(name, { maxLength: 2 })), async (made) => {
      const [steps, input, output, test, preprocess, state] = made
      const read = await readRecipeText(cliLine(steps, { input, output, test, preprocess, state }))
      const path = (given: string) => (given.startsWith('-') ? `./${given}` : given)
      expect(read).toEqual({
        form: 'cli',
        recipe: steps,
        cli: {
          input: path(input),
          output: path(output),
          test: path(test),
          ...(preprocess && { preprocess }),
          ...(state.length > 0 && { state }),
        },
      })
    }))

  it('goes from form to form and back to where it began', () =>
    forAll(recipe, async (made) => {
      const { text: link } = await encodeLink(sharedOfRecipe(made, { withLayerNames: true }), { full: true })
      const fromLink = (await readRecipeText(link)).recipe as Recipe
      const fromLine = (await readRecipeText(cliLine(fromLink, { input: 'a', output: 'b' }))).recipe as Recipe
      expect((await readRecipeText(formatRecipe(fromLine))).recipe).toEqual(made)
    }))

  it('is one flag a step', () =>
    forAll(step, async ({ method, options }) => {
      const { options: all } = resolveRecipe({ version: 1, seed: 0, steps: [{ method, options }] }).steps[0]!
      const read = parseMethodFlag(formatMethodFlag({ method, options: all }))
      expect(resolveRecipe({ version: 1, seed: 0, steps: [read] }).steps[0]).toEqual({ method, options: all })
    }))

  it('reads any text as some form or says why not', () =>
    forAll(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.json(),
        fc.tuple(fc.constantFrom('plume compress ', '#r1.', '{"steps":'), fc.string()).map((parts) => parts.join('')),
      ),
      async (any) => {
        await readRecipeText(any).catch((error: unknown) => expect(error).toBeInstanceOf(UsageError))
      },
      1000,
    ))
})

describe('shell words', () => {
  it('come back as they were', () =>
    forAll(fc.array(fc.string({ unit: 'grapheme' }).filter((word) => !word.includes('\r'))), async (words) => {
      expect(shellWords(words.map(quoteWord).join(' '))).toEqual(words)
    }))

  it.each([
    [`a 'b c' "d \\"e\\" $f" g\\ h`, ['a', 'b c', 'd "e" $f', 'g h']],
    ['a \\\n  b `\n c ^\r\n d', ['a', 'b', 'c', 'd']],
    ['"C:\\models\\my net.onnx" C:\\out\\x.onnx', ['C:\\models\\my net.onnx', 'C:\\out\\x.onnx']],
    [`''`, ['']],
    [`a'b'"c"`, ['abc']],
    ['a\\\nb', ['ab']],
    ['a"b\\\nc"\\', ['abc\\']],
  ])('reads %j', (line, words) => expect(shellWords(line)).toEqual(words))

  it('refuses an open quote, and a second command', () => {
    expect(() => shellWords(`a 'b`)).toThrow("The quote ' in the command is never closed. Paste the whole command.")
    expect(() => shellWords('a; rm -rf b')).toThrow('One command was expected; ";" begins another.')
  })
})

describe('a pasted command', () => {
  const INT8 = { method: 'weights-int8', options: {} }
  const steps = (...given: Recipe['steps']) => resolveRecipe({ version: 1, seed: 0, steps: given }).steps

  it.each([
    '$ npx plume compress m.onnx -o o.onnx --method weights-int8',
    'npx --yes plume@0.1.0 compress m.onnx -oo.onnx --method=weights-int8 --force --json',
    'node ./dist-cli/plume.mjs compress --method weights-int8 -o o.onnx -- m.onnx',
    '```sh\nplume compress m.onnx \\\n  --output o.onnx \\\n  --method weights-int8\n```',
  ])('is read: %j', async (line) => {
    const { form, recipe: read, cli } = await readRecipeText(line)
    expect({ form, cli }).toEqual({ form: 'cli', cli: { input: 'm.onnx', output: 'o.onnx' } })
    expect(read).toMatchObject({ seed: 0, steps: steps({ method: 'tidy', options: {} }, INT8) })
  })

  it('without a method is the automatic choice', async () => {
    expect(await readRecipeText('plume compress m.onnx -o o.onnx')).toMatchObject({ form: 'cli', recipe: 'auto' })
  })

  it('with a link has the recipe of the link', async () => {
    const made = resolveRecipe({ version: 1, seed: 5, steps: [INT8] })
    const { text: link } = await encodeLink(sharedOfRecipe(made))
    const read = await readRecipeText(`plume compress a -o b --recipe '${link.slice(1)}'`)
    expect(read).toMatchObject({ form: 'cli', recipe: made, cli: { input: 'a', output: 'b' } })
    expect(read.shared?.recipe).toEqual(made)
  })

  it.each([
    ['plume compress a -o b --recipe r.json', 'reads its recipe from the file r.json. Give that file itself.'],
    ['plume inspect a.onnx', 'Only plume compress has a recipe, not "plume inspect"'],
    ['plume compress a --loud', 'plume compress has no flag --loud. See plume compress --help.'],
    ['plume compress a --no-tidy=1', 'plume compress has no flag --no-tidy'],
    ['plume compress a --seed', '--seed at the end of the command lacks its value.'],
    ['plume compress a --seed 1e3 --method tidy', '--seed takes a whole number from 0 to 4294967295, not "1e3".'],
    ['plume compress a --method squash', 'There is no method "squash"'],
    ['plume compress a --method tidy:loud', '--method tidy:loud: "loud" should be key=value.'],
    ['plume compress a --method tidy:constructor=1', 'method tidy has no option "constructor"'],
    ['plume compress a --method tidy:__proto__=1', 'method tidy has no option "__proto__"'],
    ['plume compress a --method tidy --recipe r1.x', 'has --recipe and --method'],
    ['plume compress a | sh', '"|" begins another'],
  ])('that cannot be meant is refused: %s', async (line, message) => {
    expect(isCliLine(line)).toBe(true)
    await expect(readRecipeText(line)).rejects.toThrow(message)
    await expect(readRecipeText(line)).rejects.toBeInstanceOf(UsageError)
  })

  it('needs a plume in it', () => {
    expect(() => parseCliLine('ls -la')).toThrow('This is no plume command')
  })
})

describe('other texts', () => {
  it('of a report give its recipe', async () => {
    const made = resolveRecipe({ version: 1, seed: 5, steps: [] })
    const report = JSON.stringify({ version: 1, input: {}, recipe: made })
    expect(await readRecipeText(report)).toEqual({ form: 'json', recipe: made })
  })

  it('that are no recipe are told apart from one without reading them', () => {
    expect(['a,b\n1,2', 'hello', '', 'r1.json', '[1]', 'r1.x'].map(recipeFormOf)).toEqual(Array(6).fill(null))
    expect(['{"a":1}', 'see https://x.y/#r1.abcdefghijk ok', 'plume compress x'].map(recipeFormOf)).toEqual([
      'json',
      'link',
      'cli',
    ])
    expect(recipeFormOf(`{${' '.repeat(16_000_001)}`)).toBeNull()
  })

  it.each([
    ['hello', 'x: this is no recipe. Give its JSON, a share link (#r1.…) or a "plume compress" command'],
    ['{"version":1', 'x: this is not JSON'],
    ['{"version":9}', 'x: '],
    ['#r1.AAAA$AAAA', 'x: This share link is damaged: character 9 is "$"'],
    [' '.repeat(16_000_001), 'x: 16000001 characters are too many for a recipe, at most 16000000.'],
  ])('are refused in words: %.20s', async (given, message) => {
    await expect(readRecipeText(given, 'x')).rejects.toThrow(message)
  })
})

describe('commands of static-int8', () => {
  it('keep rules with spaces, equals signs and commas whole', async () => {
    const layers = 'conv1=float type:Gemm=8 pattern:Conv+Relu=16 /a,b/*=4'
    const line =
      "plume compress m.onnx -o s.onnx --method 'static-int8:observer=percentile,percentile=99.9,layers=conv1=float type:Gemm=8 pattern:Conv+Relu=16 /a\\,b/*=4' --calibrate 'my photos'"
    const { recipe, cli } = await readRecipeText(line)
    expect(cli).toMatchObject({ calibrate: 'my photos' })
    expect(recipe).toMatchObject({
      steps: [{ method: 'tidy' }, { options: { observer: 'percentile', percentile: 99.9, layers } }],
    })
    const again = cliLine(recipe as Recipe, { input: 'm.onnx', output: 's.onnx', calibrate: 'my photos' })
    expect(await readRecipeText(again)).toEqual({ form: 'cli', recipe, cli })
  })

  it('name a budget only without methods', async () => {
    expect(await readRecipeText('plume compress m -o s --budget size=2MB --trials 9 --calibrate d')).toMatchObject({
      recipe: 'auto',
      cli: { budget: { kind: 'size', sizeBytes: 2_000_000 }, trials: 9, calibrate: 'd' },
    })
    const refused = (text: string) => readRecipeText(`plume compress m -o s ${text}`)
    await expect(refused('--method tidy --budget no-loss')).rejects.toThrow(
      '--budget, which is for the automatic choice',
    )
    await expect(refused('--recipe r1.AAAAAAAAAAAA --trials 3')).rejects.toThrow('--trials, which is for the automatic')
    await expect(refused('--trials 0')).rejects.toThrow('--trials takes a whole number from 1 on, not "0".')
    await expect(refused('--budget much')).rejects.toThrow('is none that Plume knows')
  })
})
