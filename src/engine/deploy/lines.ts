/** Kernel calls as lines of JavaScript over the functions of module-runtime.js. */
import type {
  Activation,
  CastCall,
  ConvCall,
  CopyCall,
  GemmCall,
  KernelCall,
  NormalizeCall,
  Operand,
  PoolCall,
  QuantizeCall,
  ReduceCall,
  Window,
} from '../../backends/kernel-calls'
import { bitsOf, elementCount } from '../../core/dtypes'
import { isFloat } from '../../core/host-array'
import { isMinifloat } from '../../core/minifloat'
import { canWrap, canWrite, writeMap } from './formula'
import { list, t, type At, type Text } from './text'

export interface Line {
  readonly text: Text
  readonly reads: readonly number[]
  readonly writes: readonly number[]
}

export interface LineContext {
  /** Where an operand lies; aliases lie where the original does. */
  readonly at: (operand: Operand, offset?: number) => At
  /** Room for so many floats while this call runs. */
  readonly scratch: (count: number) => At
}

/** @returns undefined where a module cannot compute it */
export function writeCall(call: KernelCall, context: LineContext): readonly Line[] | undefined {
  const { at } = context
  const line = (text: Text | undefined): readonly Line[] | undefined => text && [lineOf(text, at, call)]
  switch (call.kernel) {
    case 'map':
    case 'integerMap':
      return canWrite(call) ? line(writeMap(call, at)) : undefined
    case 'copy':
      return line(writeCopy(call, at))
    case 'fill':
      return line(
        t`memory.fill(${call.value}, ${at(call.output)}, ${at(call.output, elementCount(call.output.shape))})`,
      )
    case 'cast':
      return line(writeCast(call, at))
    case 'reduce':
      return line(writeReduce(call, at))
    case 'argReduce': {
      const sign = call.wants === 'max' ? '1' : '-1'
      return line(t`best(${at(call.input)}, ${at(call.output)}, ${around(call)}, ${sign}, ${String(call.takesLast)})`)
    }
    case 'softmax':
      return line(t`softmax(${at(call.input)}, ${at(call.output)}, ${around(call)}, ${String(call.isLog)})`)
    case 'normalize':
      return line(writeNormalize(call, at))
    case 'gather':
      return line(t`gather(${at(call.input)}, ${at(call.indices)}, ${at(call.output)}, ${around(call)}, ${call.count})`)
    case 'oneHot':
      return line(t`oneHot(${at(call.input)}, ${at(call.values)}, ${at(call.output)}, ${around(call)})`)
    case 'quantizeLinear':
    case 'dequantizeLinear':
      return line(writeQuantize(call, at))
    case 'pool':
      return line(writePool(call, at))
    case 'conv':
      return writeConv(call, context)
    case 'gemm':
      return writeGemm(call, context)
    default:
      return undefined
  }
}

type PlaceOf = LineContext['at']

function lineOf(text: Text, at: PlaceOf, call: KernelCall): Line {
  const output = at((call as { output: Operand }).output).operand
  const named = text.flatMap((piece) => (typeof piece === 'object' ? [piece.operand] : []))
  return { text, reads: [...new Set(named)].filter((operand) => operand !== output), writes: [output] }
}

const around = ({ outer, size, inner }: { outer: number; size: number; inner: number }): Text =>
  list([outer, size, inner])

/** The address of an operand that may be missing. */
const optional = (operand: Operand | undefined, at: PlaceOf): At | string => (operand ? at(operand) : '-1')

function writeCopy({ input, output, sizes, ...move }: CopyCall, at: PlaceOf): Text {
  const [from, to] = [at(input, move.inputOffset), at(output, move.outputOffset)]
  const isRow = sizes.length <= 1 && [...move.inputStrides, ...move.outputStrides].every((stride) => stride === 1)
  if (isRow) return t`memory.copyWithin(${to}, ${from}, ${at(input, move.inputOffset + (sizes[0] ?? 1))})`
  return t`copy(${from}, ${to}, ${list(sizes)}, ${list(move.inputStrides)}, ${list(move.outputStrides)})`
}

function writeCast({ input, output, rounds }: CastCall, at: PlaceOf): Text | undefined {
  const [from, to] = [input.dtype, output.dtype]
  const x = t`memory[${at(input)} + i]`
  const value = to === 'bool' ? t`+(${x} !== 0)` : isFloat(to) || !isFloat(from) ? x : t`Math.trunc(${x}) || 0`
  if (rounds || (canWrap(to) && from !== 'bool')) return undefined
  return t`for (let i = 0; i < ${elementCount(output.shape)}; i++) memory[${at(output)} + i] = ${value}`
}

const REDUCTIONS: Partial<Record<ReduceCall['reduction'], string>> = {
  sum: '0, (a, b) => a + b',
  mean: '0, (a, b) => a + b',
  max: '-Infinity, Math.max',
  min: 'Infinity, Math.min',
  prod: '1, (a, b) => a * b',
  sumSquare: '0, (a, b) => a + b * b',
  l1: '0, (a, b) => a + Math.abs(b)',
  l2: '0, (a, b) => a + b * b, Math.sqrt',
  logSum: '0, (a, b) => a + b, Math.log',
}

function writeReduce(call: ReduceCall, at: PlaceOf): Text | undefined {
  const how = canWrap(call.output.dtype) ? undefined : REDUCTIONS[call.reduction]
  const finish = call.reduction === 'mean' ? t`, (sum) => sum / (${call.size})` : ''
  return how === undefined
    ? undefined
    : t`reduce(${at(call.input)}, ${at(call.output)}, ${around(call)}, ${how}${finish})`
}

function writeNormalize(call: NormalizeCall, at: PlaceOf): Text {
  const { rows, size, epsilon, affine } = call
  const place =
    affine.by === 'element'
      ? t`(r, i) => i`
      : t`(r, i) => Math.floor((r * ${size} + i) / ${affine.spread}) % ${affine.channels}`
  const vectors = t`${optional(call.scale, at)}, ${optional(call.bias, at)}`
  const isRms = String(call.type === 'rms')
  return t`normalize(${at(call.input)}, ${at(call.output)}, ${rows}, ${size}, ${epsilon}, ${isRms}, ${vectors}, ${place})`
}

function writeQuantize(call: QuantizeCall, at: PlaceOf): Text | undefined {
  const { kernel, outer, channels, inner, block = 1 } = call
  const { dtype } = kernel === 'quantizeLinear' ? call.output : call.input
  const bits = bitsOf(dtype)
  if (call.precision || isMinifloat(dtype) || bits === undefined) return undefined
  const [name, y] = kernel === 'quantizeLinear' ? ['quantize', call.output] : ['dequantize', call.output]
  const ends = t`${at(call.input)}, ${at(call.scale)}, ${optional(call.zeroPoint, at)}, ${at(y)}`
  const sizes = list([outer, channels, inner])
  if (kernel === 'dequantizeLinear') return t`${name}(${ends}, ${sizes}, ${block})`
  const low = dtype.startsWith('uint') ? 0 : -(2 ** (bits - 1))
  return block === 1 ? t`${name}(${ends}, ${sizes}, ${low}, ${low + 2 ** bits - 1})` : undefined
}

/** Two spatial axes: a line is a picture of one row. */
function twoAxes<W extends Window>(axes: readonly W[]): readonly [W, W] | undefined {
  const row = { input: 1, output: 1, kernel: 1, stride: 1, dilation: 1, padBegin: 0 } as W
  if (axes.length > 2) return undefined
  return axes.length === 1 ? [row, axes[0] as W] : (axes as unknown as readonly [W, W])
}

function windowsText(axes: readonly Window[], more: readonly (readonly number[])[]): Text {
  const of = (field: keyof Window) => list(axes.map((axis) => axis[field]))
  const given = more.flatMap((numbers): Text => [', ', ...list(numbers)])
  return t`[${of('input')}, ${of('output')}, ${of('kernel')}, ${of('stride')}, ${of('dilation')}, ${of('padBegin')}${given}]`
}

function writePool(call: PoolCall, at: PlaceOf): Text | undefined {
  const axes = twoAxes(call.axes)
  if (!axes || call.type === 'norm') return undefined
  const ends = axes.length > call.axes.length ? [0, ...call.padEnds] : call.padEnds
  const how = `${call.type === 'max'}, ${call.countsPadding}`
  return t`pool(${at(call.input)}, ${at(call.output)}, ${call.planes}, ${windowsText(axes, [ends])}, ${how})`
}

/** ', low, high' of what is cut off at the end; undefined for other functions. */
function limits(activation: Activation | undefined): string | undefined {
  if (!activation) return ''
  if (activation.type === 'relu') return ', 0'
  return activation.type === 'clip' ? `, ${activation.low}, ${activation.high}` : undefined
}

function writeConv(call: ConvCall, { at, scratch }: LineContext): readonly Line[] | undefined {
  const axes = twoAxes(call.axes)
  const cut = limits(call.activation)
  if (!axes || cut === undefined) return undefined
  const { batch, groups, inPerGroup, outPerGroup } = call
  const isPlain = axes.every(({ kernel, stride, padBegin, input, output }) => {
    return kernel === 1 && stride === 1 && padBegin === 0 && input === output
  })
  const [places, taps] = (['output', 'kernel'] as const).map((of) => axes[0][of] * axes[1][of]) as [number, number]
  const seen = isPlain ? undefined : scratch(inPerGroup * taps * places)
  const ends = t`${at(call.input)}, ${at(call.weight)}, ${optional(call.bias, at)}, ${at(call.output)}, ${seen ?? '-1'}`
  const sizes = list([batch, groups, inPerGroup, outPerGroup])
  const text = t`convolve(${ends}, ${sizes}, ${windowsText(axes, [])}${cut})`
  return [withScratch(lineOf(text, at, call), seen)]
}

const withScratch = (line: Line, ...scratch: readonly (At | undefined)[]): Line => {
  const own = scratch.flatMap((one) => (one ? [one.operand] : []))
  return { ...line, reads: line.reads.filter((id) => !own.includes(id)), writes: [...line.writes, ...own] }
}

function writeGemm(call: GemmCall, { at, scratch }: LineContext): readonly Line[] | undefined {
  const { m, n, k, transposeA, transposeB, alpha, batches } = call
  const cut = limits(call.activation)
  const steps = stepsOf(batches)
  if (cut === undefined || !steps) return undefined
  const lines: Line[] = []
  let a = at(call.a)
  if (alpha !== 1) {
    const count = elementCount(call.a.shape)
    const scaled = scratch(count)
    const text = t`for (let i = 0; i < ${count}; i++) memory[${scaled} + i] = ${alpha} * memory[${a} + i]`
    lines.push({ text, reads: [a.operand], writes: [scaled.operand] })
    a = scaled
  }
  const isOne = batches.length === 1
  const turned = transposeB ? scratch(k * n) : undefined
  const turn = turned && t`turn(${at(call.b)}${isOne ? '' : t` + i * ${steps.b}`}, ${turned}, ${n}, ${k})`
  if (turned && turn && isOne) lines.push({ text: turn, reads: [at(call.b).operand], writes: [turned.operand] })
  const b = turned ?? at(call.b)
  const factors = t`${transposeA ? '1' : k}, ${transposeA ? m : '1'}`
  const sizes = t`${biasText(call, at)}, ${m}, ${n}, ${k}${cut}`
  const reads = [a.operand, b.operand, ...(call.bias ? [at(call.bias.operand).operand] : [])]
  const writes = [at(call.output).operand]
  if (isOne) {
    const text = t`multiply(${at(call.output)}, ${a}, ${factors}, ${b}, ${sizes})`
    return [...lines, { text, reads, writes }]
  }
  const place = turned ? t`${turned}` : t`${b} + i * ${steps.b}`
  const product = t`multiply(${at(call.output)} + i * ${m * n}, ${a} + i * ${steps.a}, ${factors}, ${place}, ${sizes})`
  const text = t`for (let i = 0; i < ${batches.length}; i++) { ${turn ? t`${turn}; ` : ''}${product} }`
  const read = turned ? [a.operand, at(call.b).operand, ...reads.slice(2)] : reads
  return [...lines, withScratch({ text, reads: read, writes }, turned)]
}

/** Elements from one product to the next; undefined where they do not follow each other evenly. */
function stepsOf(batches: GemmCall['batches']): { a: number; b: number } | undefined {
  const [first, second = first] = batches
  if (!first || !second) return undefined
  const [a, b] = [second.a - first.a, second.b - first.b]
  const isEven = batches.every((one, i) => one.a === i * a && one.b === i * b)
  return isEven ? { a, b } : undefined
}

/** Address, and steps from row to row and from column to column. Nothing is added where memory begins: there is a 0. */
function biasText({ bias, n }: GemmCall, at: PlaceOf): Text {
  if (!bias) return t`0, 0, 0`
  const steps = { n: t`0, 1`, m: t`1, 0`, mn: t`${n}, 1`, scalar: t`0, 0` }[bias.along]
  return t`${at(bias.operand)}, ${steps}`
}
