import { describe, expect, it } from 'vitest'
import { FormatError, UsageError } from '../core/errors'
import { encodeOnnx } from '../formats/onnx/encode'
import type { Picture, Samples } from '../formats/format'
import type { Model } from '../graph/model'
import { buildModel, node, ramp, tensorOf } from '../testing/build-model'
import { testPorts } from '../testing/ports'
import { testRuntime } from '../testing/runtime'
import { openCalibration } from './calibration-data'
import { leaveOut } from '../evaluate/bad-samples'
import { prepareReference } from '../evaluate/reference'
import { pickSamples, splitSamples } from '../evaluate/split'

const UINT8 = { bits: 8, isSigned: false, scheme: 'asymmetric' } as const

/** 3 × 2 pictures of one level each; those in `bad` do not decode. */
function pictures(count: number, bad: readonly number[]): Extract<Samples, { kind: 'pictures' }> {
  return {
    ...{ kind: 'pictures', name: 'photos', sha256: 'a'.repeat(64), count, notes: [] },
    labels: { shape: [], values: Int32Array.from({ length: count }, (_, i) => i % 2) },
    async read(index): Promise<Picture> {
      if (bad.includes(index))
        throw new FormatError('the JPEG data are damaged (premature end)', { file: `${index}.jpg` })
      return { width: 3, height: 2, channels: 3, pixels: new Uint8Array(18).fill(index) }
    },
  }
}

const pictureModel = () =>
  buildModel({
    inputs: { x: ['float32', ['n', 3, 2, 3]] },
    outputs: { y: ['float32', ['n', 2]] },
    nodes: [node('Flatten', 'x', 'f'), node('MatMul', 'f w', 'y')],
    initializers: { w: ramp([18, 2], 0.1) },
  })
const arrayModel = (op = 'Relu') =>
  buildModel({
    inputs: { x: ['float32', ['n', 3]] },
    outputs: { y: ['float32', ['n', 3]] },
    nodes: op === 'IsNaN' ? [node('IsNaN', 'x', 'b'), node('Cast', 'b', 'y', { to: 1 })] : [node(op, 'x', 'y')],
  })

function arrays(rows: readonly (readonly number[])[]): Extract<Samples, { kind: 'arrays' }> {
  const array = tensorOf('float32', [rows.length, 3], rows.flat())
  return {
    kind: 'arrays',
    name: 'd.npz',
    sha256: 'b'.repeat(64),
    count: rows.length,
    notes: [],
    arrays: new Map([['x', array]]),
  }
}

async function referenceOf(model: Model, samples: Samples, storeBytes?: number) {
  const data = { kind: 'samples' as const, model, samples, ...(samples.kind === 'pictures' && { preprocess: 'raw' }) }
  return prepareReference(await testRuntime(), await encodeOnnx(model), data, {
    ...(storeBytes !== undefined && { storeBytes }),
  })
}

describe('bad pictures', () => {
  it('are left out of a test, named with file and index, and labels stay with their pictures', async () => {
    for (const storeBytes of [undefined, 1]) {
      const { data } = await referenceOf(pictureModel(), pictures(9, [2, 5, 6, 8]), storeBytes)
      expect(data.count).toBe(5)
      expect([...data.labels!.values]).toEqual([0, 1, 1, 0, 1])
      expect(data.notes.slice(0, 4)).toEqual([
        {
          severity: 'warning',
          text: 'photos: 4 of 9 samples cannot be used and were left out (counted from 0: 2, 5, 6, …).',
        },
        ...[2, 5, 6].map((index) => ({
          severity: 'info',
          text: `Sample ${index} of photos: ${index}.jpg: the JPEG data are damaged (premature end). The file may be damaged or incomplete; fetch it again.`,
        })),
      ])
    }
  })

  it('end the run where fewer than half remain', async () => {
    await expect(referenceOf(pictureModel(), pictures(3, [0, 2]))).rejects.toMatchObject({
      name: 'UsageError',
      message: expect.stringMatching(
        /^photos: 2 of 3 samples cannot be used, and at least half must remain. Sample 0: 0.jpg: the JPEG/,
      ) as string,
    })
    expect(() => leaveOut(pictures(1, [0]), [{ index: 0, why: 'broken' }])).toThrow(UsageError)
  })

  it('are left out of calibration as well', async () => {
    const { ports } = await testPorts()
    const model = pictureModel()
    const reference = await referenceOf(model, pictures(4, []))
    const source = await openCalibration(
      { kind: 'samples', samples: pictures(30, [29, 3]) },
      { model, reference },
      ports,
    )
    const ranges = await source.ranges(model, [{ value: 'x', type: UINT8 }], { kind: 'min-max' })
    expect(ranges.get('x')).toMatchObject({ min: 0, max: 28 })
    expect(source.facts).toMatchObject({ samples: 28, skipped: 2 })
    expect(source.notes.map(({ text }) => text.slice(0, 40))).toEqual([
      'photos: 2 of 30 samples cannot be used a',
      'Sample 3 of photos: 3.jpg: the JPEG data',
      'Sample 29 of photos: 29.jpg: the JPEG da',
    ])
  })

  it('pass other errors on', async () => {
    const samples = pictures(2, [])
    const broken: Samples = { ...samples, read: async () => Promise.reject(new TypeError('a bug')) }
    await expect(referenceOf(pictureModel(), broken)).rejects.toThrow('a bug')
  })
})

describe('rows that are not finite', () => {
  const good = [1, -2, 3]

  it('are left out, by the row of the file even where the set was split', async () => {
    const samples = arrays([good, [NaN, 0, 0], good, [0, -Infinity, 1], good, good, good, good])
    const { data } = await referenceOf(arrayModel(), samples)
    expect(data.count).toBe(6)
    expect(data.notes.map(({ text }) => text)).toEqual([
      'd.npz: 2 of 8 samples cannot be used and were left out (counted from 0: 1, 3).',
      'Sample 1 of d.npz: row 1 of the array x holds NaN.',
      'Sample 3 of d.npz: row 3 of the array x holds an infinite number.',
    ])
    const rest = await referenceOf(arrayModel(), splitSamples(samples)!.test)
    expect(rest.data.notes[1]?.text).toBe('Sample 0 of d.npz: row 1 of the array x holds NaN.')
  })

  it('are taken where the model asks for them, and infinity where most samples hold it', async () => {
    const missing = arrays([good, [NaN, 0, 0]])
    expect((await referenceOf(arrayModel('IsNaN'), missing)).data.count).toBe(2)
    const mask = [0, -Infinity, 0]
    expect((await referenceOf(arrayModel(), arrays([mask, mask, good]))).data.count).toBe(3)
  })

  it('are left out of calibration', async () => {
    const { ports } = await testPorts()
    const model = arrayModel()
    const reference = await referenceOf(model, arrays([good]))
    const data = { kind: 'samples' as const, samples: arrays([good, [0, NaN, 9], [7, 0, 0], good]) }
    const source = await openCalibration(data, { model, reference }, ports)
    const ranges = await source.ranges(model, [{ value: 'y', type: UINT8 }], { kind: 'min-max' })
    expect(ranges.get('y')).toMatchObject({ min: 0, max: 7 })
    expect(source.facts).toMatchObject({ samples: 3, skipped: 1 })
    expect(source.notes).toHaveLength(3)
  })
})

describe('parts of a set', () => {
  it('every fifth sample is for calibration', () => {
    const { calibrate, test } = splitSamples(arrays(Array.from({ length: 12 }, (_, i) => [i, 0, 0])))!
    expect([calibrate.count, test.count]).toEqual([3, 9])
    expect(calibrate).toMatchObject({ rows: [0, 5, 10] })
    expect(pickSamples(test, [0, 8])).toMatchObject({ rows: [1, 11], count: 2 })
    expect(splitSamples(arrays([[1, 2, 3]]))).toBeNull()
  })
})
