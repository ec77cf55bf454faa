import { UsageError } from '../../core/errors'

/** How pictures become inputs, as plain data; the text form is what `--preprocess`, reports and recipes hold. */
export interface PreprocessSpec {
  /** Short side in pixels; absent = the model's input decides. */
  readonly resize?: number
  /** Centre crop [height, width]; absent = the model's input decides. */
  readonly crop?: readonly [number, number]
  /** Order of the channels that the model takes. */
  readonly order: 'rgb' | 'bgr'
  /** Value of a full pixel before mean and std: 1 or 255. */
  readonly range: 1 | 255
  /** One value, or one for each channel in `order`. */
  readonly mean: readonly number[]
  readonly std: readonly number[]
  /** Absent = the model's input decides. */
  readonly layout?: 'nchw' | 'nhwc'
}

/** `(pixel × range / 255 − mean) / std`. */
type Colours = Pick<PreprocessSpec, 'order' | 'range' | 'mean' | 'std'>

export const PRESETS = {
  imagenet: { order: 'rgb', range: 1, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
  'imagenet-caffe': { order: 'bgr', range: 255, mean: [104, 117, 123], std: [1, 1, 1] },
  cifar10: { order: 'rgb', range: 1, mean: [0.4914, 0.4822, 0.4465], std: [0.247, 0.2435, 0.2616] },
  mnist: { order: 'rgb', range: 1, mean: [0.1307], std: [0.3081] },
  inception: { order: 'rgb', range: 1, mean: [0.5], std: [0.5] },
  'zero-one': { order: 'rgb', range: 1, mean: [0], std: [1] },
  raw: { order: 'rgb', range: 255, mean: [0], std: [1] },
} as const satisfies Record<string, Colours>

export type PresetName = keyof typeof PRESETS

export const PRESET_NAMES = Object.keys(PRESETS) as PresetName[]

/** Longer texts do not fit into a recipe. */
const MAX_TEXT = 256
const MAX_SIDE = 8192
const KEYS = ['resize', 'crop', 'order', 'range', 'mean', 'std', 'layout'] as const
type Key = (typeof KEYS)[number]

const isPreset = (text: string): text is PresetName => Object.hasOwn(PRESETS, text)
const isKey = (text: string): text is Key => (KEYS as readonly string[]).includes(text)

export function presetSpec(name: PresetName): PreprocessSpec {
  return { ...PRESETS[name] }
}

/**
 * Parses a preset, `key=value` pairs, or a preset followed by pairs that change it. Without preset, what is not given is
 * as in `zero-one`.
 * @throws UsageError naming the part, what was expected and what was found
 */
export function parsePreprocess(text: string): PreprocessSpec {
  if (text.length > MAX_TEXT)
    throw new UsageError(`--preprocess takes at most ${MAX_TEXT} characters, not ${text.length}.`)
  const words = text.trim().split(/\s+/)
  const [first = ''] = words
  if (first === '') throw new UsageError(`--preprocess is empty. Give ${EXPECTED}.`)
  const spec: Writable<PreprocessSpec> = presetSpec(isPreset(first) ? first : 'zero-one')
  const seen = new Set<string>()
  for (const word of isPreset(first) ? words.slice(1) : words) {
    const equals = word.indexOf('=')
    const key = word.slice(0, Math.max(equals, 0))
    if (!isKey(key)) throw new UsageError(`--preprocess: "${word}" is not known. Give ${EXPECTED}.`)
    if (seen.has(key)) throw new UsageError(`--preprocess: "${key}" is given twice.`)
    seen.add(key)
    setKey(spec, key, word.slice(equals + 1))
  }
  if (spec.mean.length === 3 && spec.std.length === 1) spec.std = Array<number>(3).fill(spec.std[0] as number)
  if (spec.std.length === 3 && spec.mean.length === 1) spec.mean = Array<number>(3).fill(spec.mean[0] as number)
  return spec
}

const EXPECTED = `a preset (${PRESET_NAMES.join(', ')}) or keys such as "resize=256 crop=224 order=bgr range=255 mean=104,117,123 std=1,1,1 layout=nchw"`

type Writable<T> = { -readonly [K in keyof T]: T[K] }

function setKey(spec: Writable<PreprocessSpec>, key: Key, value: string): void {
  const refuse = (expected: string): never => {
    throw new UsageError(`--preprocess: ${key} takes ${expected}, not "${value}".`)
  }
  switch (key) {
    case 'resize':
      spec.resize = side(value) ?? refuse(`the short side in pixels, 1 to ${MAX_SIDE}`)
      return
    case 'crop': {
      const sides = value.split('x').map(side)
      const [height, width = height] = sides
      if (sides.length > 2 || height === undefined || width === undefined || sides.includes(undefined)) {
        refuse(`pixels, 1 to ${MAX_SIDE}, as SIDE or HEIGHTxWIDTH`)
      } else spec.crop = [height, width]
      return
    }
    case 'order':
      spec.order = value === 'rgb' || value === 'bgr' ? value : refuse('rgb or bgr')
      return
    case 'range':
      spec.range = value === '1' ? 1 : value === '255' ? 255 : refuse('1 or 255')
      return
    case 'layout':
      spec.layout = value === 'nchw' || value === 'nhwc' ? value : refuse('nchw or nhwc')
      return
    case 'mean':
    case 'std': {
      const values = value.split(',').map((part) => (NUMBER.test(part) ? Number(part) : NaN))
      const isValid = (values.length === 1 || values.length === 3) && values.every(Number.isFinite)
      if (!isValid) refuse('1 or 3 numbers with commas between')
      if (key === 'std' && values.some((number) => number <= 0)) refuse('numbers above zero')
      spec[key] = values
    }
  }
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i

function side(text: string): number | undefined {
  const value = /^\d{1,5}$/.test(text) ? Number(text) : 0
  return value >= 1 && value <= MAX_SIDE ? value : undefined
}

/** The one text of a spec: a preset's name where one fits, else all keys. `parsePreprocess` gives an equal spec back. */
export function formatPreprocess(spec: PreprocessSpec): string {
  const preset = PRESET_NAMES.find((name) => hasColours(spec, PRESETS[name]))
  const colours = preset
    ? [preset]
    : [`order=${spec.order}`, `range=${spec.range}`, `mean=${spec.mean.join(',')}`, `std=${spec.std.join(',')}`]
  const sizes: string[] = []
  if (spec.resize !== undefined) sizes.push(`resize=${spec.resize}`)
  if (spec.crop) sizes.push(`crop=${spec.crop[0] === spec.crop[1] ? spec.crop[0] : spec.crop.join('x')}`)
  const layout = spec.layout ? [`layout=${spec.layout}`] : []
  return (preset ? [...colours, ...sizes, ...layout] : [...sizes, ...colours, ...layout]).join(' ')
}

/** Three equal values say the same as one. */
function hasColours(spec: Colours, preset: Colours): boolean {
  const same = (a: readonly number[], b: readonly number[]) =>
    [0, 1, 2].every((c) => a[a.length === 1 ? 0 : c] === b[b.length === 1 ? 0 : c]) &&
    (b.length === 3 || a.length === 1)
  return (
    spec.order === preset.order &&
    spec.range === preset.range &&
    same(spec.mean, preset.mean) &&
    same(spec.std, preset.std)
  )
}
