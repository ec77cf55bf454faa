import { elementCount } from '../../../core/dtypes'
import type { BinaryName, Expression, MapCall, Operand, UnaryName } from '../../kernel-calls'
import * as codes from '../opcodes'
import { broadcastStrides, collapse } from '../../axes'
import { floatWord, piecesOf, type Command, type Encoder } from './command'

const UNARY: Record<UnaryName, number> = {
  abs: codes.MAP_ABS,
  neg: codes.MAP_NEG,
  exp: codes.MAP_EXP,
  log: codes.MAP_LOG,
  sqrt: codes.MAP_SQRT,
  reciprocal: codes.MAP_RECIPROCAL,
  floor: codes.MAP_FLOOR,
  ceil: codes.MAP_CEIL,
  round: codes.MAP_ROUND,
  sign: codes.MAP_SIGN,
  sin: codes.MAP_SIN,
  cos: codes.MAP_COS,
  tanh: codes.MAP_TANH,
  sigmoid: codes.MAP_SIGMOID,
  erf: codes.MAP_ERF,
  softplus: codes.MAP_SOFTPLUS,
  not: codes.MAP_NOT,
  isNaN: codes.MAP_IS_NAN,
}

const BINARY: Record<BinaryName, number> = {
  add: codes.MAP_ADD,
  sub: codes.MAP_SUB,
  mul: codes.MAP_MUL,
  div: codes.MAP_DIV,
  // as SIMD divides
  quotient: codes.MAP_DIV,
  pow: codes.MAP_POW,
  min: codes.MAP_MIN,
  max: codes.MAP_MAX,
  less: codes.MAP_LESS,
  lessOrEqual: codes.MAP_LESS_OR_EQUAL,
  equal: codes.MAP_EQUAL,
}

/** Bytes of a tile: whole vectors are written beyond its last element. */
const TILE_BYTES = codes.MAP_TILE * 4 + 64

/** Rows from this length on are computed one by one, so that nothing has to be copied. */
const LONG_ROW = 128

/** Inputs by class: of the output's shape, one number, or else. */
const FULL = 0
const SCALAR = 1
const BROADCAST = 2

const canHold = ({ dtype }: Operand): boolean => dtype === 'float32' || dtype === 'bool'

export const map: Encoder<MapCall> = {
  supports: ({ inputs, output }) => [...inputs, output].every(canHold) && elementCount(output.shape) < 2 ** 31,
  encode({ expression, inputs, output }, { addressOf }) {
    const count = elementCount(output.shape)
    const { sizes, strides } = collapse(
      output.shape,
      inputs.map(({ shape }) => broadcastStrides(shape, output.shape)),
    )
    const classes = strides.map((ofInput) => classOf(ofInput, sizes))
    // without inputs that are read by rows, all elements are one row
    const hasRows = classes.includes(BROADCAST)
    const rowLength = hasRows ? (sizes.at(-1) as number) : count
    const gathers = hasRows && rowLength < LONG_ROW
    const code = compile(expression, inputs.length)
    const table = inputs.flatMap((operand, i) => [
      addressOf(operand),
      Number(operand.dtype === 'bool'),
      classes[i] as number,
      ...(strides[i] as number[]),
    ])
    const slots = 1 + inputs.length + code.constants.length + code.registers
    const scratchBytes =
      Math.ceil((slots * 8) / 64) * 64 + slots * 16 + 128 + (code.registers + inputs.length + 1) * TILE_BYTES
    const head = [addressOf(output), Number(output.dtype === 'bool')]
    const tail = [
      rowLength,
      Number(gathers),
      sizes.length,
      inputs.length,
      code.constants.length,
      code.registers,
      code.words.length / codes.MAP_WORDS,
      ...sizes,
      ...table,
      ...code.constants.map(floatWord),
      ...code.words,
    ]
    const pieces = piecesOf(count, code.cost)
    return pieces.map(([from, to]): Command => ({
      opcode: codes.OP_MAP,
      words: [...head, from, to, ...tail],
      scratchBytes,
    }))
  },
}

function classOf(strides: readonly number[], sizes: readonly number[]): number {
  if (strides.every((stride) => stride === 0)) return SCALAR
  let expected = 1
  for (let axis = sizes.length - 1; axis >= 0; axis--) {
    if (strides[axis] !== expected) return BROADCAST
    expected *= sizes[axis] as number
  }
  return FULL
}

interface Code {
  /** Op, target and sources of each instruction. */
  readonly words: readonly number[]
  readonly constants: readonly number[]
  /** Most tiles that are alive at once. */
  readonly registers: number
  /** Rough work per element. */
  readonly cost: number
}

/** Work of an instruction beside an addition. */
const COSTS = new Map([
  [codes.MAP_MUL_ADD, 2],
  [codes.MAP_MUL_SUB, 2],
  [codes.MAP_MUL_MUL_ADD, 3],
  [codes.MAP_EXP, 10],
  [codes.MAP_LOG, 12],
  [codes.MAP_TANH, 16],
  [codes.MAP_SIGMOID, 14],
  [codes.MAP_ERF, 20],
  [codes.MAP_SOFTPLUS, 30],
  [codes.MAP_SIN, 30],
  [codes.MAP_COS, 30],
  [codes.MAP_POW, 60],
])

/** A node of the formula; formulas that are one object, or one constant, are one node. */
interface Value {
  readonly op: number
  readonly of: readonly Value[]
  /** Of what needs no instruction. */
  slot: number
  readers: number
}

/** Slots: 0 is the output, then inputs, constants, registers. */
function compile(expression: Expression, inputCount: number): Code {
  const constants: number[] = []
  const order: Value[] = []
  const root = flatten(expression, inputCount, constants, order)
  const first = 1 + inputCount + constants.length
  const free: number[] = []
  let registers = 0
  const words: number[] = []
  let cost = 1
  if (root.op < 0) words.push(codes.MAP_COPY, 0, root.slot, root.slot, root.slot, root.slot)
  for (const value of order) {
    const sources = value.of.map(({ slot }) => slot)
    for (const source of value.of) if (--source.readers === 0 && source.op >= 0) free.push(source.slot)
    // element by element, so a result may take the place of its argument
    value.slot = value === root ? 0 : (free.pop() ?? first + registers++)
    words.push(value.op, value.slot, ...SOURCES.map((i) => sources[i] ?? (sources[0] as number)))
    cost += COSTS.get(value.op) ?? 1
  }
  return { words, constants, registers, cost }
}

const SOURCES = [0, 1, 2, 3] as const

type BinaryExpression = Extract<Expression, { readonly binary: unknown }>

const isProduct = (one: Expression): one is BinaryExpression => 'binary' in one && one.binary === 'mul'

type Mask = Extract<Expression, { readonly select: unknown }> & { readonly select: BinaryExpression }

/** What is 0 where one number is not below another, as slopes of ReLU. */
const isMask = (one: Expression): one is Mask =>
  'select' in one &&
  'binary' in one.select &&
  one.select.binary === 'less' &&
  'constant' in one.otherwise &&
  Object.is(one.otherwise.constant, 0)

/** Formulas that stand at several places. */
function repeated(expression: Expression): ReadonlySet<Expression> {
  const [seen, found] = [new Set<Expression>(), new Set<Expression>()]
  const visit = (one: Expression): void => {
    if (seen.has(one)) {
      found.add(one)
      return
    }
    seen.add(one)
    if ('unary' in one) visit(one.of)
    else if ('binary' in one) for (const part of [one.left, one.right]) visit(part)
    else if ('select' in one) for (const part of [one.select, one.then, one.otherwise]) visit(part)
  }
  visit(expression)
  return found
}

const isNumber = (one: Expression): boolean => 'constant' in one && !Number.isNaN(one.constant)

/** Nodes in an order of evaluation, the root last; leaves stand only in `of`. */
function flatten(expression: Expression, inputCount: number, constants: number[], order: Value[]): Value {
  const known = new Map<Expression | string, Value>()
  const readTwice = repeated(expression)
  const leaf = (key: string, slot: () => number): Value => {
    const made = known.get(key) ?? { op: -1, of: [], slot: slot(), readers: 0 }
    known.set(key, made)
    return made
  }
  const visit = (one: Expression): Value => {
    const value = known.get(one) ?? make(one)
    known.set(one, value)
    value.readers++
    return value
  }
  const operation = (op: number, ...of: Expression[]): Value => {
    const value = { op, of: of.map(visit), slot: -1, readers: 0 }
    order.push(value)
    return value
  }
  const make = (one: Expression): Value => {
    if ('input' in one) return leaf(`input:${one.input}`, () => 1 + one.input)
    if ('constant' in one) {
      return leaf(`constant:${floatWord(one.constant)}`, () => inputCount + constants.push(one.constant))
    }
    if ('unary' in one) return operation(UNARY[one.unary], one.of)
    if (isMask(one)) return operation(codes.MAP_MASK, one.select.left, one.select.right, one.then)
    if ('select' in one) return operation(codes.MAP_SELECT, one.select, one.then, one.otherwise)
    // exact, and many times faster than a power
    if (one.binary === 'pow' && 'constant' in one.right && one.right.constant === 2) {
      return operation(codes.MAP_MUL, one.left, one.left)
    }
    if (one.binary === 'min' || one.binary === 'max') {
      const op = one.binary === 'min' ? codes.MAP_MIN_NUMBER : codes.MAP_MAX_NUMBER
      if (isNumber(one.right)) return operation(op, one.left, one.right)
      if (isNumber(one.left)) return operation(op, one.right, one.left)
    }
    return withProduct(one) ?? operation(BINARY[one.binary], one.left, one.right)
  }
  /** One instruction for a product and the sum that alone reads it. */
  const withProduct = ({ binary, left, right }: BinaryExpression): Value | undefined => {
    const op = binary === 'add' ? codes.MAP_MUL_ADD : codes.MAP_MUL_SUB
    if (binary !== 'add' && binary !== 'sub') return undefined
    const areProducts = isProduct(left) && isProduct(right) && !readTwice.has(left) && !readTwice.has(right)
    if (binary === 'add' && areProducts && left !== right) {
      return operation(codes.MAP_MUL_MUL_ADD, left.left, left.right, right.left, right.right)
    }
    if (isProduct(right) && !readTwice.has(right)) return operation(op, right.left, right.right, left)
    if (binary === 'add' && isProduct(left) && !readTwice.has(left)) return operation(op, left.left, left.right, right)
    return undefined
  }
  return visit(expression)
}
