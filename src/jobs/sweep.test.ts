import { describe, expect, it } from 'vitest'
import { memorySource, singleFile } from '../core/bytes'
import { encodeOnnx } from '../formats/onnx/encode'
import { testPorts } from '../testing/ports'
import { classifierWithOutlier, userData } from './search/job-kit'
import { gridOf, sweep } from './sweep'

describe('a grid of options', () => {
  it('is every combination, later options faster; free text is not cut', () => {
    const steps = gridOf('static-int8:observer=min-max/percentile,percentile=99|99.9,layers=/a/Conv=float')
    expect(steps.map(({ options }) => [options.observer, options.percentile])).toEqual([
      ['min-max', 99],
      ['min-max', 99.9],
      ['percentile', 99],
      ['percentile', 99.9],
    ])
    expect(steps.every(({ options }) => options.layers === '/a/Conv=float')).toBe(true)
  })

  it('names what is wrong with it', () => {
    expect(() => gridOf('static-int8:observer=min-max/nonsense')).toThrow(/observer.*not "nonsense"/)
    expect(() => gridOf('no-such-method')).toThrow('There is no method "no-such-method"')
    const many = Array.from({ length: 501 }, (_, i) => 90 + i / 100).join('/')
    expect(() => gridOf(`static-int8:percentile=${many}`)).toThrow(/: more than 500 combinations\.$/)
  })
})

describe('a sweep', () => {
  it('measures every row as it was asked for, and marks the front', async () => {
    const { ports } = await testPorts()
    const files = singleFile(memorySource(await encodeOnnx(classifierWithOutlier()), 'model.onnx'))
    const data = { test: userData(40, 31), calibrate: userData(40, 32) }
    const methods = ['weights-int8:minBytes=0', 'static-int8:target=ort-web/generic', 'tidy']
    const { rows, metric, samples } = await sweep({ files, seed: 1, methods, ...data }, ports)
    expect([metric, samples]).toEqual(['agreement', 40])
    expect(rows.map(({ method }) => method)).toEqual([
      'weights-int8:minBytes=0',
      'static-int8:target=ort-web',
      'static-int8',
      'tidy',
    ])
    for (const row of rows) {
      expect(row.drop).toBeCloseTo(1 - row.top1Agreement!, 12)
      expect(row.afterMs).toBeGreaterThan(0)
    }
    expect(rows.some(({ isOnFront }) => isOnFront)).toBe(true)
    // nothing on the front is beaten by another row
    for (const a of rows.filter(({ isOnFront }) => isOnFront)) {
      expect(rows.some((b) => b.sizeBytes! < 0.99 * a.sizeBytes! && b.drop! <= a.drop!)).toBe(false)
    }
    expect(rows[1]?.recipe.steps[1]?.ranges?.samples).toBe(40)
    await expect(sweep({ files, seed: 1, methods: [], ...data }, ports)).rejects.toThrow(
      'A sweep needs at least one method.',
    )
  })
})
