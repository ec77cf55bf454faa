/** Calls of every shape that matters, for the tests of kernels against their naive forms. Not part of the product. */
import type { KnownDType } from '../../core/dtypes'
import { emptyArray, setValue, type HostArray } from '../../core/host-array'
import { operand } from '../../testing/one-call'
import type {
  ArgReduceCall,
  CastCall,
  CopyCall,
  Expression,
  FillCall,
  GatherCall,
  IntegerMapCall,
  KernelCall,
  MapCall,
  NormalizeCall,
  Operand,
  QuantizeCall,
  ReduceCall,
  ResampleCall,
  SoftmaxCall,
} from '../kernel-calls'

export interface KernelCase {
  readonly title: string
  readonly call: KernelCall
  readonly inputs: ReadonlyMap<Operand, HostArray>
  /** Largest |found − expected| / (1 + |expected|); 0: exact. */
  readonly tolerance: number
}

/** Asymmetric numbers of about the size of 2. */
const number = (i: number, seed: number): number => Math.sin(i * 1.7 + seed * 5.3) * 1.9 + 0.3

export function numbers({ dtype, shape }: Operand, seed = 1, f: (i: number) => number = (i) => number(i, seed)) {
  const array = emptyArray(dtype, shape)
  for (let i = 0; i < array.values.length; i++) {
    const value = f(i)
    setValue(array, i, dtype === 'bool' ? Number(value > 0) : dtype === 'float32' ? value : Math.round(value * 40))
  }
  return array
}

const make = (call: KernelCall, operands: readonly Operand[], tolerance: number, note = ''): KernelCase => ({
  title: `${call.kernel} ${note}`,
  call,
  inputs: new Map(operands.map((one, i) => [one, numbers(one, i + 1)])),
  tolerance,
})

const input = (i: number): Expression => ({ input: i })
const constant = (value: number): Expression => ({ constant: value })
const binary = (name: Extract<Expression, { binary: unknown }>['binary'], left: Expression, right: Expression) =>
  ({ binary: name, left, right }) as const
const unary = (name: Extract<Expression, { unary: unknown }>['unary'], of: Expression) => ({ unary: name, of }) as const

const sumOf = (count: number): Expression =>
  Array.from({ length: count }, (_, i) => input(i)).reduce((sum: Expression, one, i) =>
    binary(i % 2 ? 'sub' : 'add', sum, binary('mul', one, constant(i + 0.5))),
  )

/** As optimizers write them: sums of two products, differences from a product, a product that is read twice. */
function updateOf(count: number): Expression {
  const square = binary('mul', input(0), input(0))
  const mean = binary('add', binary('mul', input(count - 1), constant(0.75)), binary('mul', square, constant(0.25)))
  return binary('sub', binary('add', mean, square), binary('mul', input(0), binary('add', square, constant(0.5))))
}

/** Shapes of the output and of each input. */
const BROADCASTS: readonly (readonly (readonly number[])[])[] = [
  [[], []],
  [[1], [1], []],
  [[7], [7], [1]],
  [[1024], [1024]],
  [[4099], [4099], [4099]],
  [[3, 5], [3, 5], [5]],
  [
    [3, 5],
    [3, 1],
    [1, 5],
  ],
  [[2, 3, 4, 5], [2, 3, 4, 5], [3, 1, 1], [5]],
  [[2, 3, 300], [2, 3, 300], [3, 1], [300]],
  [
    [2, 3, 129],
    [3, 1],
    [2, 1, 129],
  ],
  [[2, 1, 1500], [2, 1, 1], [1500]],
  [[5, 3, 2], [5, 1, 2], [3, 1], [2]],
  [[40, 41], [41], [40, 1]],
  [[300, 7], [300, 7], [7]],
]

const formulas = (count: number): readonly (readonly [string, Expression])[] => {
  const shared = unary('exp', binary('mul', input(0), constant(-0.25)))
  return [
    ['sum', sumOf(count)],
    ['as it is', input(0)],
    ['products', updateOf(count)],
    ['mask', { select: binary('less', constant(0.25), input(0)), then: input(count - 1), otherwise: constant(0) }],
    ['shared', binary('add', binary('mul', shared, shared), binary('div', shared, input(count - 1)))],
    [
      'select',
      {
        select: binary('less', input(0), input(count - 1)),
        then: unary('tanh', input(0)),
        otherwise: { select: unary('isNaN', input(0)), then: constant(1), otherwise: input(count - 1) },
      },
    ],
  ]
}

function mapCases(): readonly KernelCase[] {
  const made: KernelCase[] = []
  for (const [shape, ...shapes] of BROADCASTS) {
    for (const dtype of ['float32', 'bool'] as const) {
      for (const last of ['float32', 'bool'] as const) {
        for (const [name, expression] of formulas(shapes.length)) {
          const isBoolean = dtype === 'bool'
          const result = isBoolean ? binary('less', constant(0.2), expression) : expression
          const inputs = shapes.map((one, i) => operand(one, i === shapes.length - 1 ? last : 'float32'))
          // dividing by a bool may give infinity, which both must do
          const call: MapCall = { kernel: 'map', expression: result, inputs, output: operand(shape!, dtype) }
          const note = `${name} [${shapes.map((one) => one.join('×')).join('] [')}] ${last} → ${dtype}`
          made.push(make(call, inputs, isBoolean ? 0 : 2e-6, note))
        }
      }
    }
  }
  return made
}

const BY_BYTES: readonly KnownDType[] = ['float32', 'uint8', 'int16', 'int64']

type Copy = readonly [
  from: readonly number[],
  to: readonly number[],
  sizes: readonly number[],
  inputStrides: readonly number[],
  inputOffset: number,
  outputStrides: readonly number[],
  outputOffset: number,
]

const COPIES: readonly Copy[] = [
  [[], [], [], [], 0, [], 0],
  [[5], [5], [5], [1], 0, [1], 0],
  [[700], [700], [700], [1], 0, [1], 0],
  [[9], [9], [9], [-1], 8, [1], 0],
  [[3, 5], [5, 3], [5, 3], [1, 5], 0, [3, 1], 0],
  [[37, 70], [70, 37], [70, 37], [1, 70], 0, [37, 1], 0],
  [[8, 130], [130, 8], [130, 8], [1, 130], 0, [8, 1], 0],
  [[2, 6, 7], [7, 2, 6], [7, 2, 6], [1, 42, 7], 0, [12, 6, 1], 0],
  [[2, 3, 4, 5], [2, 4, 5, 3], [2, 4, 5, 3], [60, 5, 1, 20], 0, [60, 15, 3, 1], 0],
  [[4, 5, 6, 3], [3, 6, 5, 4], [3, 6, 5, 4], [1, 3, 18, 90], 0, [120, 20, 4, 1], 0],
  [[1], [3, 7], [3, 7], [0, 0], 0, [7, 1], 0],
  [[3, 1], [3, 9], [3, 9], [1, 0], 0, [9, 1], 0],
  [[1, 9], [3, 9], [3, 9], [0, 1], 0, [9, 1], 0],
  [[4, 10], [4, 3], [4, 3], [10, 3], 1, [3, 1], 0],
  [[4, 6], [4, 6], [4, 6], [-6, -1], 23, [6, 1], 0],
  [[12], [3, 4], [4, 3], [3, 1], 0, [1, 4], 0],
]

function copyCases(): readonly KernelCase[] {
  return COPIES.flatMap(([from, to, sizes, inputStrides, inputOffset, outputStrides, outputOffset]) =>
    BY_BYTES.map((dtype) => {
      const source = operand(from, dtype)
      const strides = { inputStrides, inputOffset, outputStrides, outputOffset }
      const call: CopyCall = { kernel: 'copy', input: source, output: operand(to, dtype), sizes, ...strides }
      return make(
        call,
        [source],
        0,
        `${dtype} ${sizes.join('×')} by ${inputStrides.join(',')} → ${outputStrides.join(',')}`,
      )
    }),
  )
}

const fillCases = (): readonly KernelCase[] =>
  (['float32', 'int64', 'int16', 'uint8', 'bool', 'float64'] as const).flatMap((dtype) =>
    [[], [3], [17], [5, 7]].map((shape) => {
      const call: FillCall = { kernel: 'fill', output: operand(shape, dtype), value: dtype === 'bool' ? 1 : 37 }
      return make(call, [], 0, `${dtype} [${shape.join()}]`)
    }),
  )

const LINES = [
  [1, 1, 1],
  [3, 1, 1],
  [2, 3, 1],
  [1, 5, 1],
  [4, 33, 1],
  [2, 5000, 1],
  [1, 4, 6],
  [3, 70, 5],
  [2, 3, 2],
  [1, 200, 21],
  [1, 3, 33],
] as const

const REDUCTIONS = ['sum', 'mean', 'max', 'min', 'prod', 'sumSquare', 'l1', 'l2', 'logSum', 'logSumExp'] as const

function lineCases(): readonly KernelCase[] {
  return LINES.flatMap(([outer, size, inner]): KernelCase[] => {
    const sizes = { outer, size, inner }
    const note = `[${outer},${size},${inner}]`
    const x = operand([outer, size, inner])
    const line = operand([outer, inner])
    const reductions = REDUCTIONS.map((reduction): KernelCase => {
      const call: ReduceCall = { kernel: 'reduce', reduction, input: x, output: line, ...sizes }
      const positive = reduction === 'logSum'
      const one = make(call, [x], 1e-6, `${reduction} ${note}`)
      return positive ? { ...one, inputs: new Map([[x, numbers(x, 1, (i) => Math.abs(number(i, 1)) + 0.1)]]) } : one
    })
    const places = (['max', 'min'] as const).flatMap((wants) =>
      [false, true].map((takesLast): KernelCase => {
        const output = operand([outer, inner], 'int64')
        const call: ArgReduceCall = { kernel: 'argReduce', wants, takesLast, input: x, output, ...sizes }
        // few values, so that there are equals
        const inputs = new Map([[x, numbers(x, 1, (i) => Math.round(number(i, 1)))]])
        return { ...make(call, [], 0, `${wants} ${takesLast ? 'last' : 'first'} ${note}`), inputs }
      }),
    )
    const softmaxes = [false, true].map((isLog): KernelCase => {
      const call: SoftmaxCall = { kernel: 'softmax', isLog, input: x, output: operand([outer, size, inner]), ...sizes }
      return make(call, [x], 2e-6, `${isLog ? 'log ' : ''}${note}`)
    })
    return [...reductions, ...places, ...softmaxes]
  })
}

function normalizeCases(): readonly KernelCase[] {
  const sizes: readonly (readonly [number, number, NormalizeCall['affine'], number])[] = [
    [3, 7, { by: 'element' }, 7],
    [2, 64, { by: 'element' }, 64],
    [1, 3001, { by: 'element' }, 3001],
    [6, 5, { by: 'channel', channels: 3, spread: 5 }, 3],
    [4, 12, { by: 'channel', channels: 6, spread: 4 }, 6],
    [4, 6, { by: 'channel', channels: 12, spread: 1 }, 12],
    [2, 35, { by: 'channel', channels: 1, spread: 70 }, 1],
  ]
  return sizes.flatMap(([rows, size, affine, entries]) =>
    (['layer', 'rms'] as const).flatMap((type) =>
      [0, 1, 2, 3].map((which) => {
        const x = operand([rows, size])
        const scale = which & 1 ? operand([entries]) : undefined
        const bias = which & 2 ? operand([entries]) : undefined
        const base = { kernel: 'normalize' as const, type, input: x, output: operand([rows, size]) }
        const call: NormalizeCall = {
          ...base,
          ...(scale && { scale }),
          ...(bias && { bias }),
          rows,
          size,
          epsilon: 1e-5,
          affine,
        }
        const note = `${type} ${rows}×${size} by ${affine.by}, ${scale ? 'scale' : ''} ${bias ? 'bias' : ''}`
        return make(call, [x, ...(scale ? [scale] : []), ...(bias ? [bias] : [])], 3e-6, note)
      }),
    ),
  )
}

function gatherCases(): readonly KernelCase[] {
  const sizes = [
    [1, 5, 3, 1],
    [2, 4, 6, 3],
    [3, 2, 1, 70],
    [1, 3, 2, 300],
  ] as const
  return sizes.flatMap(([outer, size, count, inner]) =>
    (['float32', 'int64', 'uint8', 'int16'] as const).flatMap((dtype) =>
      (['int64', 'int32'] as const).map((type) => {
        const x = operand([outer, size, inner], dtype)
        const indices = operand([count], type)
        const output = operand([outer, count, inner], dtype)
        const call: GatherCall = { kernel: 'gather', input: x, indices, output, outer, size, count, inner }
        const places = emptyArray(type, [count])
        for (let i = 0; i < count; i++) setValue(places, i, ((i * 7 + 3) % (2 * size)) - size)
        const one = make(call, [x], 0, `${dtype} by ${type} [${outer},${size},${inner}] × ${count}`)
        return { ...one, inputs: new Map([...one.inputs, [indices, places]]) }
      }),
    ),
  )
}

const CAST_TYPES = ['float32', 'int32', 'int64', 'uint8', 'int8', 'bool'] as const

function castCases(): readonly KernelCase[] {
  return CAST_TYPES.flatMap((from) =>
    CAST_TYPES.flatMap((to) =>
      [1, 4, 23].map((count) => {
        const x = operand([count], from)
        const call: CastCall = { kernel: 'cast', input: x, output: operand([count], to) }
        // what leaves the range of the smaller types
        const scale = from === 'float32' ? 150 : 10
        const one = make(call, [], 0, `${count} ${from} → ${to}`)
        return { ...one, inputs: new Map([[x, numbers(x, 1, (i) => number(i, 1) * scale)]]) }
      }),
    ),
  )
}

function resampleCases(): readonly KernelCase[] {
  const sizes = [
    [1, 3, 5, 1, 2],
    [2, 4, 7, 3, 1],
    [3, 6, 2, 9, 4],
    [2, 5, 10, 4, 2],
  ] as const
  return sizes.map(([outer, size, newSize, inner, taps]) => {
    const x = operand([outer, size, inner])
    const indices = Array.from({ length: newSize * taps }, (_, i) => (i * 3 + 1) % size)
    const weights = indices.map((_, i) => (i % 5 === 3 ? 0 : number(i, 7)))
    const output = operand([outer, newSize, inner])
    const sized = { outer, size, newSize, inner, taps, indices, weights }
    const call: ResampleCall = { kernel: 'resample', input: x, output, ...sized }
    const one = make(call, [], 1e-6, `[${outer},${size},${inner}] → ${newSize}, ${taps} taps`)
    return { ...one, inputs: new Map([[x, numbers(x, 1, (i) => number(i, 1))]]) }
  })
}

const quantizable = (i: number): number => (i % 11 === 10 ? NaN : Math.round(number(i, 1) * 80) / 8)

function quantizeCases(): readonly KernelCase[] {
  const sizes = [
    [1, 1, 1],
    [1, 1, 37],
    [2, 3, 5],
    [3, 7, 1],
    [2, 2, 64],
    [5, 1, 3],
  ] as const
  return sizes.flatMap(([outer, channels, inner]) =>
    (['uint8', 'int8', 'int32', 'uint16', 'int16'] as const).flatMap((type) =>
      (['quantizeLinear', 'dequantizeLinear'] as const).flatMap((kernel) => {
        if (type === 'int32' && kernel === 'quantizeLinear') return []
        return [true, false].map((hasZero): KernelCase => {
          const isForward = kernel === 'quantizeLinear'
          const x = operand([outer, channels, inner], isForward ? 'float32' : type)
          const scale = operand([channels])
          const zeroPoint = hasZero && type !== 'int32' ? operand([channels], type) : undefined
          const output = operand([outer, channels, inner], isForward ? type : 'float32')
          const call: QuantizeCall = {
            kernel,
            input: x,
            scale,
            output,
            outer,
            channels,
            inner,
            ...(zeroPoint && { zeroPoint }),
          }
          const inputs = new Map([
            // eighths over powers of two: ties, values beyond both ends; and NaN
            [x, numbers(x, 1, (i) => (isForward ? quantizable(i) : number(i, 1) * 1.5))],
            [scale, numbers(scale, 2, (i) => 0.0625 * 2 ** (i % 4))],
            ...(zeroPoint
              ? [
                  [
                    zeroPoint,
                    numbers(
                      zeroPoint,
                      3,
                      (i) => ((i - 1) / 7 + (type.startsWith('uint') ? 1 : 0)) * (type.endsWith('16') ? 99 : 1),
                    ),
                  ] as const,
                ]
              : []),
          ])
          return {
            ...make(call, [], 0, `${type} [${outer},${channels},${inner}] ${zeroPoint ? 'with zero point' : ''}`),
            inputs,
          }
        })
      }),
    ),
  )
}

/** Sums of int32 with factors, which wrap. */
function integerSumCases(): readonly KernelCase[] {
  return [[1], [4], [3, 37], [2, 3, 64]].map((shape) => {
    const inputs = [1, 2, 3].map(() => operand(shape, 'int32'))
    const term = (input: number, factor: number) =>
      ({ binary: 'mul', left: { input }, right: { constant: factor } }) as const
    const first = { binary: 'add', left: { input: 0 }, right: term(1, 16) } as const
    const call: IntegerMapCall = {
      ...{ kernel: 'integerMap', dtype: 'int32', inputs, output: operand(shape, 'int32') },
      expression: { binary: 'sub', left: first, right: term(2, 1000003) },
    }
    const filled = inputs.map((one, seed) => [one, numbers(one, seed, (i) => number(i, seed) * 60000)] as const)
    return { ...make(call, [], 0, `[${shape.join(',')}]`), inputs: new Map(filled) }
  })
}

export const kernelCases = (): readonly KernelCase[] => [
  ...integerSumCases(),
  ...mapCases(),
  ...copyCases(),
  ...fillCases(),
  ...lineCases(),
  ...normalizeCases(),
  ...gatherCases(),
  ...castCases(),
  ...resampleCases(),
  ...quantizeCases(),
]
