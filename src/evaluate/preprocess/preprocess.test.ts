import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { UsageError } from '../../core/errors'
import type { Picture } from '../../formats/format'
import { resizeTriangle } from './resize'
import {
  applyPreprocess,
  candidatePresets,
  deriveTarget,
  formatPreprocess,
  inputShape,
  parsePreprocess,
  preprocessedSize,
  PRESET_NAMES,
  presetSpec,
  type PictureTarget,
} from './preprocess'

interface Pixels {
  height: number
  width: number
  channels: number
  pixels: string
}

const fixture = JSON.parse(readFileSync(new URL('./pillow-resize.fixture.json', import.meta.url), 'utf8')) as {
  resize: { source: Pixels; results: Pixels[] }[]
  luma: { source: Pixels; gray: Pixels }
}

const pictureOf = ({ height, width, channels, pixels }: Pixels): Picture => ({
  height,
  width,
  channels: channels as 1 | 3,
  pixels: new Uint8Array(Buffer.from(pixels, 'base64')),
})

/** A picture whose pixel (y, x) has the value 10 y + x in red, 100 more in green, 200 in blue. */
function ramp(height: number, width: number, channels: 1 | 3): Picture {
  const pixels = new Uint8Array(height * width * channels)
  for (let i = 0; i < height * width; i++) {
    for (let c = 0; c < channels; c++) pixels[i * channels + c] = 10 * Math.floor(i / width) + (i % width) + 100 * c
  }
  return { width, height, channels, pixels }
}

const target = (shape: readonly (number | string | null)[]): PictureTarget => {
  const derived = deriveTarget(shape)
  if (!derived) throw new Error(`no target for ${shape.join()}`)
  return derived
}

describe('resizeTriangle', () => {
  for (const { source, results } of fixture.resize) {
    for (const truth of results) {
      it(`is within 1 of Pillow: ${source.width} × ${source.height} × ${source.channels} → ${truth.width} × ${truth.height}`, () => {
        const { width, height, channels, pixels } = pictureOf(source)
        const resized = resizeTriangle(
          { width, height, channels, values: Float32Array.from(pixels) },
          truth.width,
          truth.height,
        )
        const expected = pictureOf(truth).pixels
        expect(resized.values.length).toBe(expected.length)
        let worst = 0
        resized.values.forEach((value, i) => (worst = Math.max(worst, Math.abs(value - (expected[i] as number)))))
        // two roundings to 8 bits of half a level each, and Pillow's fixed-point weights
        expect(worst).toBeLessThanOrEqual(1.01)
      })
    }
  }

  it('halves by hand: weights 1 3 3 1 of 8, cut at the border', () => {
    const values = Float32Array.of(0, 80, 160, 240)
    const { values: out } = resizeTriangle({ width: 4, height: 1, channels: 1, values }, 2, 1)
    // left pixel: taps 0 1 2 with weights 3 3 1 of 7
    expect([...out]).toEqual([Math.fround((3 * 0 + 3 * 80 + 160) / 7), Math.fround((80 + 3 * 160 + 3 * 240) / 7)])
  })

  it('keeps a constant picture constant', () => {
    const values = new Float32Array(7 * 5).fill(77)
    const out = resizeTriangle({ width: 5, height: 7, channels: 1, values }, 13, 3).values
    for (const value of out) expect(value).toBeCloseTo(77, 4)
  })
})

describe('parsePreprocess', () => {
  it('reads the example of the documentation', () => {
    expect(parsePreprocess('resize=256 crop=224 order=bgr range=255 mean=104,117,123 std=1,1,1 layout=nchw')).toEqual({
      resize: 256,
      crop: [224, 224],
      order: 'bgr',
      range: 255,
      mean: [104, 117, 123],
      std: [1, 1, 1],
      layout: 'nchw',
    })
  })

  it('reads presets, and keys that change them', () => {
    expect(parsePreprocess('imagenet')).toEqual({
      order: 'rgb',
      range: 1,
      mean: [0.485, 0.456, 0.406],
      std: [0.229, 0.224, 0.225],
    })
    expect(parsePreprocess('mnist')).toEqual({ order: 'rgb', range: 1, mean: [0.1307], std: [0.3081] })
    expect(parsePreprocess(' imagenet  resize=232 crop=200x224 ')).toMatchObject({
      resize: 232,
      crop: [200, 224],
      std: [0.229, 0.224, 0.225],
    })
    expect(parsePreprocess('crop=8')).toEqual({ crop: [8, 8], order: 'rgb', range: 1, mean: [0], std: [1] })
    expect(parsePreprocess('mean=.5,-.25,1e-3')).toMatchObject({ mean: [0.5, -0.25, 0.001], std: [1, 1, 1] })
  })

  it('comes back equal from its own text', () => {
    const texts = [
      ...PRESET_NAMES,
      'resize=256 crop=224 order=bgr range=255 mean=104,117,123 std=1,1,1 layout=nchw',
      'imagenet-caffe resize=256 crop=224',
      'crop=7x9 layout=nhwc',
      'mean=.5,.5,.5 std=.5,.5,.5',
      'raw order=bgr',
      'mnist std=0.3',
    ]
    for (const text of texts) {
      const spec = parsePreprocess(text)
      const canonical = formatPreprocess(spec)
      expect(parsePreprocess(canonical), text).toEqual(spec)
      expect(formatPreprocess(parsePreprocess(canonical)), text).toBe(canonical)
    }
  })

  it('is short where a preset says it all', () => {
    for (const name of PRESET_NAMES) {
      expect(formatPreprocess(presetSpec(name))).toBe(name)
      expect(parsePreprocess(name)).toEqual(presetSpec(name))
    }
    expect(formatPreprocess(parsePreprocess('order=bgr crop=224 range=255 std=1 mean=104,117,123 resize=256'))).toBe(
      'imagenet-caffe resize=256 crop=224',
    )
  })

  const bad: [string, RegExp][] = [
    [
      '',
      /--preprocess is empty\. Give a preset \(imagenet, imagenet-caffe, cifar10, mnist, inception, zero-one, raw\) or keys/,
    ],
    ['imagnet', /"imagnet" is not known\. Give a preset/],
    ['resize=256 imagenet', /"imagenet" is not known/],
    ['scale=2', /"scale=2" is not known/],
    ['resize=256 resize=224', /"resize" is given twice/],
    ['resize=0', /resize takes the short side in pixels, 1 to 8192, not "0"/],
    ['resize=9000', /not "9000"/],
    ['resize=1.5', /not "1\.5"/],
    ['crop=2x3x4', /crop takes pixels, 1 to 8192, as SIDE or HEIGHTxWIDTH, not "2x3x4"/],
    ['crop=x3', /crop takes pixels/],
    ['order=gbr', /order takes rgb or bgr, not "gbr"/],
    ['range=256', /range takes 1 or 255, not "256"/],
    ['mean=1,2', /mean takes 1 or 3 numbers with commas between, not "1,2"/],
    ['mean=1,2,x', /mean takes 1 or 3 numbers/],
    ['mean=', /mean takes 1 or 3 numbers/],
    ['mean=0x10', /mean takes 1 or 3 numbers/],
    ['std=1,0,1', /std takes numbers above zero, not "1,0,1"/],
    ['std=1e999', /std takes 1 or 3 numbers/],
    ['layout=nchw8', /layout takes nchw or nhwc, not "nchw8"/],
    [`mean=${'1'.repeat(300)}`, /at most 256 characters, not 305/],
    ['__proto__=1', /"__proto__=1" is not known/],
    ['constructor', /"constructor" is not known/],
  ]
  for (const [text, message] of bad) {
    it(`refuses "${text.slice(0, 30)}"`, () => {
      expect(() => parsePreprocess(text)).toThrow(message)
      expect(() => parsePreprocess(text)).toThrow(UsageError)
    })
  }
})

describe('applyPreprocess', () => {
  it('lays out, orders and scales: (pixel × range / 255 − mean) / std', () => {
    const picture = ramp(2, 3, 3)
    const spec = parsePreprocess('order=bgr range=255 mean=200,100,0 std=1,2,4')
    expect([...applyPreprocess(picture, spec, target([1, 3, 2, 3]))]).toEqual([
      ...[0, 1, 2, 10, 11, 12],
      ...[0, 0.5, 1, 5, 5.5, 6],
      ...[0, 0.25, 0.5, 2.5, 2.75, 3],
    ])
    expect([...applyPreprocess(picture, spec, target([1, 2, 3, 3])).slice(3, 6)]).toEqual([1, 0.5, 0.25])
  })

  it('obeys a layout that is given over the one that was guessed', () => {
    const spec = parsePreprocess('raw layout=nhwc')
    expect([...applyPreprocess(ramp(1, 2, 3), spec, target([1, 3, 1, 2]))]).toEqual([0, 100, 200, 1, 101, 201])
  })

  it('cuts the centre, offsets rounded down', () => {
    const out = applyPreprocess(ramp(5, 6, 1), parsePreprocess('raw crop=2x3'), target([1, 1, null, null]))
    // 3 rows and 3 columns are left over: one row above, one column before
    expect([...out]).toEqual([11, 12, 13, 21, 22, 23])
  })

  it('resizes the short side and rounds the long side to the nearest pixel', () => {
    const open = target(['n', 3, 'h', 'w'])
    const sizeOf = (height: number, width: number, text: string) =>
      preprocessedSize({ height, width }, parsePreprocess(text), open)
    expect(sizeOf(375, 500, 'resize=256')).toEqual([256, 341])
    expect(sizeOf(500, 375, 'resize=256')).toEqual([341, 256])
    expect(sizeOf(333, 500, 'resize=256')).toEqual([256, 384])
    expect(sizeOf(256, 700, 'resize=256')).toEqual([256, 700])
    expect(sizeOf(33, 57, 'raw')).toEqual([33, 57])
  })

  it('takes the size from the model: as it is where equal, else 8/7 and the centre', () => {
    const fixed = target([1, 3, 28, 28])
    const equal = ramp(28, 28, 1)
    const out = applyPreprocess(equal, parsePreprocess('raw'), fixed)
    expect([...out.slice(0, 3)]).toEqual([0, 1, 2])
    const picture = ramp(56, 84, 1)
    const whole = applyPreprocess(picture, parsePreprocess('raw'), fixed)
    const said = applyPreprocess(picture, parsePreprocess('raw resize=32 crop=28'), fixed)
    expect(whole).toEqual(said)
    for (const [height, width] of [
      [10, 97],
      [97, 10],
      [1, 1],
      [29, 28],
      [28, 29],
    ] as const) {
      expect(preprocessedSize({ height, width }, parsePreprocess('raw'), fixed)).toEqual([28, 28])
      expect(applyPreprocess(ramp(height, width, 1), parsePreprocess('raw'), fixed).length).toBe(3 * 28 * 28)
    }
    expect(preprocessedSize({ height: 50, width: 70 }, parsePreprocess('raw'), target([1, 3, 14, 'w']))[0]).toBe(14)
    expect(applyPreprocess(ramp(50, 70, 1), parsePreprocess('raw'), target([1, 3, 20, 34])).length).toBe(3 * 20 * 34)
  })

  it('repeats gray for colour inputs', () => {
    expect([...applyPreprocess(ramp(1, 2, 1), parsePreprocess('raw'), target([1, 3, 1, 2]))]).toEqual([
      0, 1, 0, 1, 0, 1,
    ])
  })

  it("gives Pillow's luma for gray inputs", () => {
    const { source, gray } = fixture.luma
    const out = applyPreprocess(pictureOf(source), parsePreprocess('raw'), target([1, 1, source.height, source.width]))
    expect([...out]).toEqual([...pictureOf(gray).pixels])
  })

  const bad: [string, Picture, string, (number | string | null)[], RegExp][] = [
    [
      'three means for gray',
      ramp(4, 4, 1),
      'imagenet',
      [1, 1, 4, 4],
      /a mean or std of 3 values does not fit an input of 1 channel/,
    ],
    ['bgr for gray', ramp(4, 4, 1), 'order=bgr', [1, 1, 4, 4], /order=bgr does not fit an input of 1 channel/],
    [
      'a crop that the model does not take',
      ramp(9, 9, 3),
      'crop=8',
      [1, 3, 4, 4],
      /crop=8x8 .* does not fit the model, which takes 4 × 4/,
    ],
    [
      'a crop beyond the picture',
      ramp(5, 9, 3),
      'crop=8',
      [1, 3, null, null],
      /a picture of 9 × 5 .* is smaller than the 8 × 8 to be cut from it\. Give resize=8/,
    ],
    [
      'a resize below the model',
      ramp(9, 9, 3),
      'resize=3',
      [1, 3, 4, 4],
      /a picture of 3 × 3 .* smaller than the 4 × 4/,
    ],
    [
      'a thread that would fill the memory',
      { width: 60000, height: 1, channels: 1, pixels: new Uint8Array(60000) },
      'resize=8000',
      [1, 1, null, null],
      /would become 480000000 × 8000; at most 100 megapixels/,
    ],
  ]
  for (const [name, picture, text, shape, message] of bad) {
    it(`refuses ${name}`, () => {
      const act = () => applyPreprocess(picture, parsePreprocess(text), target(shape))
      expect(act).toThrow(message)
      expect(act).toThrow(UsageError)
    })
  }
})

describe('deriveTarget', () => {
  const rows: [(number | string | null)[], Partial<PictureTarget> | null, number[]][] = [
    [['n', 3, 32, 48], { channels: 3, height: 32, width: 48, layout: 'nchw', isBatched: true }, [2, 3, 32, 48]],
    [[1, 28, 29, 1], { channels: 1, height: 28, width: 29, layout: 'nhwc' }, [2, 32, 48, 1]],
    [[null, 3, null, 'w'], { channels: 3, height: null, width: null, layout: 'nchw' }, [2, 3, 32, 48]],
    [[3, 20, 30], { channels: 3, height: 20, width: 30, isBatched: false }, [3, 32, 48]],
    [[20, 30, 3], { channels: 3, layout: 'nhwc', isBatched: false }, [32, 48, 3]],
    [['n', 28, 28], { channels: 1, height: 28, isBatched: true, hasChannelDim: false }, [2, 32, 48]],
    [['n', 784], { channels: 1, height: 28, width: 28, isFlat: true }, [2, 32 * 48]],
    [['n', 3072], { channels: 3, height: 32, width: 32, isFlat: true }, [2, 3 * 32 * 48]],
    [[784], { channels: 1, height: 28, isBatched: false }, [32 * 48]],
    [['n', 13], null, []],
    [['n', 4], null, []],
    [['n', 'features'], null, []],
    [[1, 4, 8, 8], null, []],
    [['b', 's', 1, 2, 3], null, []],
    [[], null, []],
  ]
  for (const [shape, expected, batchOfTwo] of rows) {
    it(`reads [${shape.join(', ')}]`, () => {
      const derived = deriveTarget(shape)
      if (!expected || !derived) return expect(derived).toBe(expected)
      expect(derived).toMatchObject(expected)
      expect(inputShape(derived, 2, 32, 48)).toEqual(batchOfTwo)
    })
  }

  it('knows no target where the rank is not known', () => {
    expect(deriveTarget(undefined)).toBeNull()
  })

  it('offers the presets that fit the channels', () => {
    expect(candidatePresets({ channels: 1 })).toEqual(['mnist', 'inception', 'zero-one', 'raw'])
    expect(candidatePresets({ channels: 3 })).toEqual([
      'imagenet',
      'imagenet-caffe',
      'cifar10',
      'inception',
      'zero-one',
      'raw',
    ])
  })
})
