import { describe, expect, it } from 'vitest'
import type { Picture, Samples } from '../formats/format'
import { encodeOnnx } from '../formats/onnx/encode'
import type { Dim, Model } from '../graph/model'
import { buildModel, node, tensorOf } from '../testing/build-model'
import { testRuntime } from '../testing/runtime'
import { evaluateModel, prepareReference, type EvaluationData } from './compare'

/** Scores are the means of the three channels, so the brightest channel wins. */
function brightest(shape: readonly Dim[] = ['n', 3, 2, 2], dtype: 'float32' | 'uint8' = 'float32'): Model {
  return buildModel({
    inputs: { image: [dtype, shape] },
    outputs: { scores: ['float32', [null, 3]] },
    nodes: [
      node('Cast', 'image', 'wide', { to: 1 }),
      node('ReduceMean', 'wide', 'means', { axes: [2, 3], keepdims: 0 }),
      node('Identity', 'means', 'sum'),
      node('Add', 'sum sum', 'scores'),
    ],
  })
}

/** Pictures of one colour, wider than high: red, green, blue, red, blue. */
const COLOURS = [0, 1, 2, 0, 2]

function pictures(labels?: number[]): Samples {
  return {
    kind: 'pictures',
    name: 'folder',
    sha256: '',
    count: COLOURS.length,
    notes: ['read as they are'],
    ...(labels && { labels: { shape: [], values: Int32Array.from(labels) } }),
    async read(index): Promise<Picture> {
      const pixels = new Uint8Array(3 * 2 * 3).map((_, i) => (i % 3 === COLOURS[index] ? 250 : 10 * (1 + (i % 3))))
      return { width: 3, height: 2, channels: 3, pixels }
    },
  }
}

async function evaluate(model: Model, data: EvaluationData) {
  return evaluateModel(await testRuntime(), await encodeOnnx(model), data, { measureSpeed: false })
}

describe('pictures', () => {
  it('finds the preset with which the original is right', async () => {
    const samples = pictures(COLOURS.map((colour) => 2 - colour))
    const { quality, notes } = await evaluate(brightest(), { kind: 'samples', samples })
    expect(quality).toMatchObject({ samples: 5, preprocess: 'imagenet-caffe', task: { before: 1 } })
    expect(notes.map((note) => note.text)).toEqual([
      'read as they are',
      expect.stringMatching(/^Pictures become inputs as in imagenet-caffe: of 6 presets tried on \d samples/),
    ])
  })

  it('takes the preset that is given', async () => {
    const { quality } = await evaluate(brightest(), {
      kind: 'samples',
      samples: pictures(COLOURS),
      preprocess: 'order=bgr crop=2',
    })
    // Green alone is where it was
    expect(quality.task?.before).toBe(1 / 5)
    expect(quality.preprocess).toContain('order=bgr')
  })

  it('fills up a fixed batch, while it chooses and while it measures', async () => {
    const { quality } = await evaluate(brightest([3, 3, 2, 2]), { kind: 'samples', samples: pictures(COLOURS) })
    expect(quality).toMatchObject({ samples: 5, task: { before: 1 } })
  })

  it('refuses pictures of several sizes for a fixed batch that leaves sizes open', async () => {
    const samples = pictures(COLOURS) as Extract<Samples, { kind: 'pictures' }>
    const mixed: Samples = {
      ...samples,
      async read(index) {
        const picture = await samples.read(index)
        return index === 1 ? { ...picture, width: 2, height: 3 } : picture
      },
    }
    const data = { kind: 'samples', samples: mixed, preprocess: 'raw' } as const
    await expect(evaluate(brightest([3, 3, 'h', 'w']), data)).rejects.toThrow(
      'the model takes 3 pictures at once, which need one size, but one becomes 3 × 2 (width × height) and another 2 × 3.',
    )
  })

  it('says so when no labels choose', async () => {
    const { quality, notes } = await evaluate(brightest(), { kind: 'samples', samples: pictures() })
    expect(quality.preprocess).toBe('imagenet')
    expect(notes.map((note) => note.text).join()).toContain('No labels to choose by')
  })

  it('gives whole numbers to inputs that take them', async () => {
    const { quality } = await evaluate(brightest(['n', 3, 2, 2], 'uint8'), {
      kind: 'samples',
      samples: pictures(COLOURS),
    })
    expect(quality).toMatchObject({ preprocess: 'raw', task: { before: 1 } })
  })

  it('refuses models that take no pictures, and state', async () => {
    const runtime = await testRuntime()
    const bytes = await encodeOnnx(brightest())
    const table = buildModel({
      inputs: { x: ['float32', ['n', 5]] },
      outputs: { y: ['float32', ['n', 5]] },
      nodes: [node('Identity', 'x', 'y')],
    })
    const samples = pictures()
    await expect(prepareReference(runtime, await encodeOnnx(table), { kind: 'samples', samples })).rejects.toThrow(
      'folder: pictures need a model with one input such as [n, 3, height, width]; this one takes x float32[n, 5]',
    )
    const state = [{ output: 'scores', input: 'image' }]
    await expect(prepareReference(runtime, bytes, { kind: 'samples', samples, state })).rejects.toThrow(
      'cannot be combined',
    )
  })
})

describe('arrays', () => {
  const samples: Samples = {
    kind: 'arrays',
    name: 'a.npz',
    sha256: '',
    count: 1,
    notes: [],
    arrays: new Map([
      [
        'image',
        tensorOf(
          'float32',
          [1, 3, 2, 2],
          Array.from({ length: 12 }, (_, i) => i),
        ),
      ],
    ]),
  }

  it.each([
    [{ preprocess: 'imagenet' }, '--preprocess is for pictures'],
    [{ state: [{ output: 'no', input: 'image' }] }, 'the model has no output "no". It has: scores.'],
    [{ state: [{ output: 'scores', input: 'no' }] }, 'the model has no input "no". It has: image.'],
  ])('refuses %j', async (more, message) => {
    const preparing = prepareReference(await testRuntime(), await encodeOnnx(brightest()), {
      kind: 'samples',
      samples,
      ...more,
    })
    await expect(preparing).rejects.toThrow(message)
  })
})
