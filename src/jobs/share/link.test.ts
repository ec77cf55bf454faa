import { deflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { Recipe } from '../recipe'
import { resolveRecipe } from '../steps'
import { encodeBase64Url } from './base64url'
import { decodeLink, describeProblem, encodeLink, isLinkText, MAX_LINK_LENGTH } from './link'
import { strongestFirst } from './layers'
import type { Shared } from './schema'
import { canReproduce, sharedOf, sharedOfRecipe } from './shared'
import { EVERY_METHOD, RECIPE, sampleReport } from './shared-kit'
import { checksum, packShared } from './wire'

const ALL = { withName: true, withLayerNames: true, device: 'WASM, 2 threads' }
const linkOf = (json: string | Uint8Array) => `#r1.${encodeBase64Url(deflateRawSync(json))}`
/** A link of the given JSON with a checksum that fits. */
const sealed = (wire: object) => linkOf(JSON.stringify({ ...wire, c: checksum(wire) }))
const openWire = (shared: Shared) => {
  const { c: _, ...wire } = JSON.parse(packShared(shared)) as Record<string, unknown>
  return wire
}
async function problemOf(text: string) {
  const decoded = await decodeLink(text)
  if (decoded.ok) throw new Error('it was read')
  return { ...decoded.problem, words: describeProblem(decoded.problem) }
}

describe('a link', () => {
  it.each([0, 1, 40, 2000])('with %i layers gives back what was shared', async (layers) => {
    for (const choices of [{}, ALL, { withLayers: false }]) {
      const shared = sharedOf(sampleReport(layers), choices)
      const { text, keptLayers, totalLayers, dropped, fits } = await encodeLink(shared, { full: true })
      expect(text).toMatch(/^#r1\.[A-Za-z0-9_-]+$/)
      expect({ keptLayers, totalLayers, dropped, fits }).toEqual({
        keptLayers: shared.result!.layers.length,
        totalLayers: layers,
        dropped: [],
        fits: true,
      })
      expect(await decodeLink(text)).toEqual({ ok: true, shared })
    }
  })

  it('keeps what is missing, extra and unusual in a recipe', async () => {
    const steps: Recipe['steps'] = [
      { method: 'weights-int8', options: { minBytes: 7 } },
      { method: 'tidy', options: {} },
      { method: 'of-tomorrow', options: { x: 1, y: 'a', constructor2: false } },
      { method: 'constructor', options: {} },
      { method: 'float16', options: { ...EVERY_METHOD.steps[2]!.options, exclude: 'é 模 *', more: true } },
      { method: 'tidy', options: { ...EVERY_METHOD.steps[0]!.options, minBytes: 4096 } },
    ]
    for (const app of [undefined, '0.1.0', '0.0.9']) {
      const recipe: Recipe = { version: 1, ...(app && { app }), seed: 2 ** 32 - 1, steps }
      const shared = sharedOfRecipe(recipe, { withLayerNames: true })
      expect(shared.recipe).toEqual(recipe)
      expect(await decodeLink((await encodeLink(shared)).text)).toEqual({ ok: true, shared })
    }
  })

  it('made by the first version is read for ever', async () => {
    // frozen: it holds the options that links leave out, whatever the defaults of later versions are
    const decoded = await decodeLink(GOLDEN)
    expect(decoded).toEqual({
      ok: true,
      shared: { version: 1, app: '0.1.0', recipe: { ...GOLDEN_RECIPE, app: '0.1.0' }, withheld: [] },
    })
  })

  it('is found in an address, in a sentence and in brackets, and where a mail broke it', async () => {
    const shared = sharedOfRecipe(RECIPE)
    const { text } = await encodeLink(shared)
    const broken = `${text.slice(0, 30)}\r\n${text.slice(30, 55)}\n${text.slice(55)}\n`
    for (const given of [
      text.slice(1),
      `  https://plume.example/app/${text}\n`,
      `Look: <https://plume.example/${text}>, it is smaller.`,
      `[result](https://plume.example/${text}) of today`,
      `https://plume.example/%23${text.slice(1)}`,
      `"${text}"`,
      broken,
    ]) {
      expect(await decodeLink(given), given).toEqual({ ok: true, shared })
    }
  })

  it('fits into 1,900 characters: the layers of the smallest effect go first, in the order of the report', async () => {
    const shared = sharedOf(sampleReport(1000), ALL)
    const { text, keptLayers, totalLayers, fits } = await encodeLink(shared)
    expect(text.length).toBeLessThanOrEqual(MAX_LINK_LENGTH)
    expect(text.length).toBeGreaterThan(MAX_LINK_LENGTH - 60)
    expect({ totalLayers, fits }).toEqual({ totalLayers: 1000, fits: true })
    const decoded = await decodeLink(text)
    const layers = decoded.ok ? decoded.shared.result!.layers : []
    expect(layers).toHaveLength(keptLayers)
    const all = shared.result!.layers
    const places = layers.map((layer) => all.findIndex(({ name }) => name === layer.name))
    expect(places).toEqual([...places].sort((a, b) => a - b))
    const strongest = new Set(strongestFirst(all).slice(0, keptLayers))
    expect(places.every((place) => strongest.has(place))).toBe(true)
  })

  it('counts a layer by its part of the bytes saved or of the noise, whichever is greater', () => {
    const layer = (before: number, after: number, sqnrDb: number | null) => ({
      from: 'float32',
      to: 'int8',
      sizeBeforeBytes: before,
      sizeAfterBytes: after,
      sqnrDb,
    })
    // parts of 1000 saved bytes: .4, .3, .2, .1, 0; of the noise: about 0, 0, 0.09, 0.9, 0
    const layers = [
      layer(500, 100, 60),
      layer(400, 100, null),
      layer(300, 100, 20),
      layer(300, 200, 10),
      layer(9, 9, 60),
    ]
    expect(strongestFirst(layers)).toEqual([3, 0, 1, 2, 4])
    expect(strongestFirst([])).toEqual([])
    expect(strongestFirst([layer(1, 1, null), layer(1, 1, null)])).toEqual([0, 1])
  })

  it('drops optional figures where even without layers it is too long, and never the recipe', async () => {
    const long = (length: number) => Array.from({ length }, (_, i) => `n${((i * 7919) % 9973).toString(36)}`).join(' ')
    const recipe = (length: number) =>
      resolveRecipe({ ...RECIPE, steps: [{ method: 'weights-int8', options: { exclude: long(length) } }] })
    const some = await encodeLink(sharedOf(sampleReport(20, recipe(430)), ALL))
    expect(some).toMatchObject({ keptLayers: 0, totalLayers: 20, fits: true })
    expect(some.dropped[0]).toBe('providers')
    expect(some.text.length).toBeLessThanOrEqual(MAX_LINK_LENGTH)
    const all = await encodeLink(sharedOf(sampleReport(20, recipe(750)), ALL))
    expect(all.dropped).toEqual(['providers', 'speed', 'device', 'gzipBytes', 'name', 'task'])
    expect(all.fits).toBe(false)
    const decoded = await decodeLink(all.text)
    expect(decoded.ok && decoded.shared.recipe.steps[0]?.options['exclude']).toBe(long(750))
    expect(all.text.length).toBeGreaterThan(MAX_LINK_LENGTH)
  })

  it('that could not be read back is not made', async () => {
    const noise = (seed: number) =>
      Array.from({ length: 1300 }, (_, i) =>
        String.fromCodePoint(0x4e00 + ((i * 7919 + seed * 104729 + i * i) % 20000)),
      ).join('')
    const steps = Array.from({ length: 32 }, (_, seed) => ({
      method: 'weights-int8',
      options: { exclude: noise(seed) },
    }))
    const shared = sharedOfRecipe({ version: 1, seed: 0, steps }, { withLayerNames: true })
    await expect(encodeLink(shared)).rejects.toThrow(
      'This recipe is too long for a link: more than 64000 characters. Share it as a JSON file.',
    )
  })
})

describe('what a link tells', () => {
  const exclude = resolveRecipe({
    version: 1,
    seed: 0,
    steps: [{ method: 'weights-int8', options: { exclude: 'secret.head', include: '' } }],
  })

  it('has no names unless they are asked for, and says what is withheld', async () => {
    const report = sampleReport(5, { ...exclude })
    const withState = {
      ...report,
      recipe: { ...report.recipe, data: [{ ...report.recipe.data![0]!, state: ['secret_out=secret_in'] }] },
    }
    const shared = sharedOf(withState)
    expect(JSON.stringify(shared)).not.toMatch(/secret|client/)
    expect(shared.withheld).toEqual(['steps.0.options.exclude', 'data.0.state'])
    expect(canReproduce(shared)).toBe(false)
    expect(await decodeLink((await encodeLink(shared)).text)).toEqual({ ok: true, shared })
    const told = sharedOf(withState, ALL)
    expect(told.withheld).toEqual([])
    expect(canReproduce(told)).toBe(true)
    expect(told.name).toBe('client-x.onnx')
    expect(told.result?.layers[0]?.name).toBe('secret.layer0.0.conv.weight')
    expect(told.recipe).toEqual(withState.recipe)
  })

  it('never carries outputs, notes, paths or the result’s name', () => {
    expect(JSON.stringify(sharedOf(sampleReport(3), ALL))).not.toMatch(/secret_logits|a note|client-x\.small/)
  })

  it('is plain text of a bounded length, and finite numbers', () => {
    const report = sampleReport(1)
    const shared = sharedOf(
      {
        ...report,
        input: { ...report.input, name: `a\u202eb\u0007${'🪶'.repeat(100)}` },
        quality: {
          ...report.quality,
          cosine: NaN,
          providers: [{ name: 'wasm', maxAbsError: Infinity, cosine: NaN, ok: false }],
        },
        tensors: [{ ...report.tensors[0]!, name: '\ud800\u0000' }],
      },
      ALL,
    )
    expect(shared.name).toBe(`ab${'🪶'.repeat(63)}`)
    expect(shared.result?.quality.cosine).toBeNull()
    expect(shared.result?.quality.providers[0]).toEqual({ name: 'wasm', maxAbsError: null, cosine: null, ok: false })
    expect(shared.result?.layers[0]).not.toHaveProperty('name')
  })

  it('withholds texts that a link cannot hold as they are', () => {
    const odd = { ...exclude, steps: [{ method: 'weights-int8', options: { exclude: 'a\tb' } }] }
    expect(sharedOfRecipe(odd, { withLayerNames: true }).withheld).toEqual(['steps.0.options.exclude'])
  })

  it('keeps 2,000 layers at most, those of the greatest effect', () => {
    const report = sampleReport(2003)
    const tensors = report.tensors.map((t, i) =>
      i < 3 ? { ...t, sizeAfterBytes: t.sizeBeforeBytes, sqnrDb: null } : t,
    )
    const { layers, layersTotal } = sharedOf({ ...report, tensors }).result!
    expect([layers.length, layersTotal]).toEqual([2000, 2003])
    expect(layers.some(({ sqnrDb, to }) => sqnrDb === null && to === 'int8')).toBe(false)
  })
})

describe('a bad link', () => {
  const shared = sharedOf(sampleReport(4), ALL)
  const wire = openWire(shared)

  it.each([
    ['', 'no-link', 'There is no share link in this text'],
    ['https://plume.example/', 'no-link', 'There is no share link'],
    ['#r1.', 'damaged', 'nothing follows r1.'],
    ['#r2.AAAA', 'newer', 'made by a newer version of Plume (r2; this one reads r1). Update Plume.'],
    ['#r1.A', 'damaged', 'its end is missing or changed'],
    ['#r1.AB', 'damaged', 'its end is missing or changed'],
    ['#r1.AAAA', 'damaged', 'cut off or changed, it does not unpack'],
    ['#r1.!', 'damaged', 'nothing follows r1.'],
    [`#r1.${'A'.repeat(65_533)}`, 'too-long', '65537 characters, at most 65536 were expected'],
    [linkOf('{'), 'not-json', 'what it holds is not JSON'],
    [linkOf(''), 'not-json', 'what it holds is not JSON'],
    [linkOf('{"a":NaN}'), 'not-json', 'not JSON'],
    [linkOf(new Uint8Array([34, 255, 34])), 'not-json', 'not JSON'],
    [linkOf('\ufeff{}'), 'not-json', 'not JSON'],
    [linkOf('{"a":"x","m":[],"c":1}'), 'damaged', 'its checksum does not fit, so a character was changed'],
    [linkOf('{}'), 'not-valid', 'holds what Plume does not know: a: expected "a"'],
    [linkOf('null'), 'not-valid', 'the contents: expected Object, found null'],
    [linkOf('{"a":"x","m":[]}'), 'not-valid', 'c: expected "c"'],
  ])('is met with words: %.40s', async (text, kind, words) => {
    const problem = await problemOf(text)
    expect(problem.kind).toBe(kind)
    expect(problem.words).toContain(words)
  })

  it('names the character that is none of a link, and its place', async () => {
    const { text } = await encodeLink(shared)
    const at = (given: string) => problemOf(given).then(({ position, words }) => [position, words])
    const damaged = `${text.slice(0, 49)}é${text.slice(50)}`
    expect(await at(damaged)).toEqual([50, expect.stringContaining('character 50 is "é", expected A–Z')])
    expect((await at(`at https://x.y/${damaged}`))[0]).toBe(50 + 'at https://x.y/'.length)
    expect((await at(`${text.slice(0, 9)}🪶${text.slice(9)}`))[1]).toContain('character 10 is "🪶"')
  })

  it('with more behind its end is refused', async () => {
    const { text } = await encodeLink(shared)
    const bytes = Buffer.from(text.slice(4), 'base64url')
    for (const more of [[0], [0, 0, 0], [...bytes]]) {
      const longer = `#r1.${encodeBase64Url(Buffer.concat([bytes, Buffer.from(more)]))}`
      expect((await problemOf(longer)).kind).toBe('damaged')
    }
  })

  it('that would fill the memory is refused at once', async () => {
    const start = performance.now()
    const large = `#r1.${encodeBase64Url(deflateRawSync(Buffer.alloc(100 * 2 ** 20)))}`
    expect(large.length).toBeGreaterThan(130_000)
    expect((await problemOf(large)).kind).toBe('too-long')
    const dense = linkOf(Buffer.alloc(40 * 2 ** 20, 32))
    expect(dense.length).toBeLessThan(65_536)
    const made = performance.now()
    const { kind, words } = await problemOf(dense)
    expect(kind).toBe('too-large')
    expect(words).toContain('more than 262144 bytes when unpacked')
    expect(performance.now() - made).toBeLessThan(1000)
    expect((await problemOf(linkOf('['.repeat(200_000) + ']'.repeat(62_000)))).kind).toBe('not-json')
    expect((await problemOf(linkOf('['.repeat(131_000) + ']'.repeat(131_000)))).kind).toBe('not-valid')
    const deep = `${'{"a":'.repeat(40_000)}1${'}'.repeat(40_000)}`
    expect((await problemOf(linkOf(`{"c":1,"x":${deep}}`))).kind).toBe('not-valid')
    expect(performance.now() - start).toBeLessThan(10_000)
  })

  const change = (changes: object) => ({ ...wire, ...changes })
  const int8 = ['weights-int8', { minBytes: 7 }]
  it.each([
    ['an unknown key', change({ url: 'https://evil.example' })],
    ['__proto__', JSON.parse('{"__proto__":{"isAdmin":true}}')],
    ['constructor', change({ constructor: { prototype: {} } })],
    ['a text for a number', change({ s: '1' })],
    ['a negative seed', change({ s: -1 })],
    ['a broken seed', change({ s: 0.5 })],
    ['too many steps', change({ m: Array(33).fill('tidy') })],
    ['a method with capitals', change({ m: ['Tidy'] })],
    ['an option with a strange name', change({ m: [['tidy', { 'a-b': 1 }, 1]] })],
    ['an object as an option', change({ m: [['tidy', { a: {} }]] })],
    ['a step of four parts', change({ m: [[...int8, 1, 1]] })],
    ['a long option', change({ m: [['tidy', { a: 'x'.repeat(4097) }]] })],
    ['a hash too short', change({ i: ['onnx', 1, 'AAAA'] })],
    ['a hash that ends in stray bits', change({ i: ['onnx', 1, `${'A'.repeat(42)}B`] })],
    ['a hash that is none', change({ i: ['onnx', 1, '!'.repeat(43)] })],
    ['a size below zero', change({ i: ['onnx', -1, 'A'.repeat(43)] })],
    ['a size that is no whole number', change({ i: ['onnx', 1.5, 'A'.repeat(43)] })],
    ['a format with spaces', change({ i: ['on nx', 1, 'A'.repeat(43)] })],
    ['figures without files', change({ i: undefined })],
    ['a cosine of two', change({ q: [0, 1, 1, 2] })],
    ['an agreement of 101 %', change({ g: 1.01 })],
    ['a name that turns the text around', change({ n: 'a\u202eexe.onnx' })],
    ['a name with a line break', change({ n: 'a\nb' })],
    ['a name that is too long', change({ n: 'x'.repeat(129) })],
    ['half a character', change({ d: '\ud800' })],
    ['columns of different lengths', change({ l: [['a>b'], [0, 0], [1], [1], [1]] })],
    ['a layer of no kind', change({ l: [['a>b'], [1], [1], [1], [1]] })],
    ['a kind that is code', change({ l: [['<img>x'], [0], [1], [1], [1]] })],
    ['2,001 layers', change({ l: [['a>b'], ...Array(4).fill(Array(2001).fill(0))] })],
    ['17 providers', change({ p: Array(17).fill(['wasm', 1, 0, 1]) })],
    ['a withheld path that is none', change({ w: ['../../etc'] })],
  ])('with %s is not valid', async (_, made) => {
    const { kind, words } = await problemOf(sealed(made as object))
    expect(kind).toBe('not-valid')
    expect(words).toMatch(/holds what Plume does not know: .{5,}Ask for it again/)
    expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined()
  })

  it('the same wire unchanged is valid, so each change above is what is refused', async () => {
    expect(await decodeLink(sealed(change({})))).toEqual({ ok: true, shared })
  })

  it('with numbers beyond all numbers is refused', async () => {
    const json = packShared(shared).replace('"q":[0,500', '"q":[0,1e999')
    expect((await problemOf(linkOf(json))).kind).toBe('damaged')
    const c = checksum({ ...wire, s: Infinity })
    const text = JSON.stringify({ ...wire, s: 0, c }).replace('"s":0', '"s":1e999')
    expect((await problemOf(linkOf(text))).kind).toBe('not-valid')
  })
})

describe('isLinkText', () => {
  it('tells links, damaged ones too, from names of files', () => {
    const { length } = ['#r1.x', 'https://a.b/c#r1.x', '%23r9.x', `r1.${'A'.repeat(24)}`].filter(isLinkText)
    expect(length).toBe(4)
    expect(['r1.json', 'a.onnx', '', 'r1.', 'models/r1.x', '{"a":"#r1.x y"}'.slice(0, 3)].some(isLinkText)).toBe(false)
  })
})

const GOLDEN = '#r1.BcFLCoAgFEDRvdzxS7REy61EA-kr9BkoRER775yXSEArozRCJnjhIPSUND0I95zWreQqnaVFWPYrFuMYhJFQe-0aa33nvh8'
const GOLDEN_RECIPE: Recipe = {
  version: 1,
  seed: 7,
  steps: [
    {
      method: 'tidy',
      options: {
        removeNoOps: true,
        foldConstants: true,
        foldBatchNorm: true,
        claimWeights: true,
        shareEqual: true,
        shareTransposed: true,
        narrowMasks: true,
        narrowFloat16: true,
        narrowIntegers: true,
        removeUnused: true,
        stripDocs: true,
        minBytes: 1024,
      },
    },
    {
      method: 'weights-int8',
      options: {
        granularity: 'per-channel',
        scheme: 'symmetric',
        form: 'dequantize',
        minBytes: 1024,
        minSqnrDb: 20,
        include: '',
        exclude: '',
      },
    },
    {
      method: 'float16',
      options: { scope: 'weights', keepIo: true, minBytes: 1024, minSqnrDb: 40, exclude: '' },
    },
  ],
}
