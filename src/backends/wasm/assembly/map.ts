// Family `map`: element-wise formulas as small register programs. Registers are tiles of TILE floats, so that a chain of
// any length reads and writes memory once and otherwise stays in the first-level cache.
//
// args: [output, outputType, from, to, inner, gathers, rank, inputs, constants, registers, instructions,
//   dims[rank], (address, type, class, strides[rank]) per input, constants, (op, target, a, b, c, d) per instruction]
// Elements [from, to) of the flat output are computed. Axes are collapsed; the last one has `inner` elements, and inputs
// have stride 0 or 1 there. Slots of instructions count the output (0), inputs, constants, registers.
// Where `gathers` is 0, tiles never cross a row: inputs are read in place. Else inputs that broadcast are copied tile by
// tile, because rows are too short.
// Scratch: slots of (address, step), one vector per slot for what is one number, indices, registers; see ../encode/map.ts.
import { exp4, erf4, log4, pow4, sigmoid4, sin4, softplus4, tanh4 } from './math'
import { addressAt, scratch, word } from './simd'
import {
  MAP_ABS, MAP_ADD, MAP_CEIL, MAP_COPY, MAP_COS, MAP_DIV, MAP_EQUAL, MAP_ERF, MAP_EXP, MAP_FLOOR, MAP_IS_NAN, MAP_LESS,
  MAP_LESS_OR_EQUAL, MAP_LOG, MAP_MASK, MAP_MAX, MAP_MAX_NUMBER, MAP_MIN, MAP_MIN_NUMBER, MAP_MUL, MAP_MUL_ADD, MAP_MUL_MUL_ADD, MAP_MUL_SUB, MAP_NEG, MAP_NOT, MAP_POW, MAP_RECIPROCAL, MAP_ROUND, MAP_SELECT,
  MAP_SIGMOID, MAP_SIGN, MAP_SIN, MAP_SOFTPLUS, MAP_SQRT, MAP_SUB, MAP_TANH, MAP_TILE, MAP_WORDS,
} from '../opcodes'

const TILE: i32 = MAP_TILE
const TILE_BYTES: i32 = (MAP_TILE << 2) + 64

const FULL: i32 = 0
const SCALAR: i32 = 1

export function map(args: usize): i32 {
  const output = addressAt(args, 0)
  const isBool = word(args, 1) == 1
  const from = word(args, 2)
  const to = word(args, 3)
  const inner = word(args, 4)
  const gathers = word(args, 5)
  const rank = word(args, 6)
  const inputs = word(args, 7)
  const constants = word(args, 8)
  const registers = word(args, 9)
  const instructions = word(args, 10)
  const dims = args + 44
  const table = dims + (rank << 2)
  const entryBytes = 12 + (rank << 2)
  const numbers = table + inputs * entryBytes
  const code = numbers + (constants << 2)

  const slots = 1 + inputs + constants + registers
  const vectors = scratch + ((slots * 8 + 63) & ~63)
  const indices = vectors + (slots << 4)
  const tiles = indices + 64 + 64
  // Every slot that needs a tile of its own has one: inputs that are converted or gathered, and registers.
  for (let i = 0; i < constants; i++) {
    const slot = 1 + inputs + i
    v128.store(vectors + (slot << 4), v128.load32_splat(numbers + (i << 2)))
    setSlot(slot, vectors + (slot << 4), 0)
  }
  for (let i = 0; i < registers; i++) setSlot(1 + inputs + constants + i, tiles + i * TILE_BYTES, 16)
  const inputTiles = tiles + registers * TILE_BYTES
  const outputTile = inputTiles + inputs * TILE_BYTES
  for (let i = 0; i < inputs; i++) {
    const entry = table + i * entryBytes
    if (word(entry, 2) == SCALAR) setNumber(1 + i, vectors, addressAt(entry, 0), word(entry, 1))
  }

  let row = -1
  for (let at = from; at < to; ) {
    let count = to - at
    if (count > TILE) count = TILE
    const position = at % inner
    if (!gathers) {
      if (count > inner - position) count = inner - position
      row = at / inner
    }
    for (let i = 0; i < inputs; i++) {
      const entry = table + i * entryBytes
      const kind = word(entry, 2)
      if (kind == SCALAR) continue
      const type = word(entry, 1)
      const shift = type == 1 ? 0 : 2
      let source = addressAt(entry, 0)
      const tile = inputTiles + i * TILE_BYTES
      if (kind == FULL) source += <usize>at << shift
      else if (gathers) {
        gather(entry, dims, rank, at, count, tile, indices)
        setSlot(1 + i, tile, 16)
        continue
      } else {
        const stride = word(entry, 2 + rank)
        source += <usize>(offsetOf(entry, dims, rank, row) + position * stride) << shift
        if (stride == 0) {
          setNumber(1 + i, vectors, source, type)
          continue
        }
      }
      if (type == 1) {
        widen(source, tile, count)
        setSlot(1 + i, tile, 16)
      } else setSlot(1 + i, source, 16)
    }
    // Whole vectors are stored: what does not end with one goes through a tile, as its neighbour may be read yet.
    const isDirect = !isBool && (count & 3) == 0
    setSlot(0, isDirect ? output + (<usize>at << 2) : outputTile, 16)
    const steps = (count + 3) >> 2
    for (let i = 0; i < instructions; i++) execute(code + ((i * MAP_WORDS) << 2), steps)
    if (isBool) narrow(outputTile, output + at, count)
    else if (!isDirect) copyFloats(outputTile, output + (<usize>at << 2), count)
    at += count
  }
  return 0
}

// @ts-ignore: decorator
@inline
function setSlot(slot: i32, address: usize, step: usize): void {
  store<u32>(scratch + (slot << 3), address)
  store<u32>(scratch + (slot << 3), step, 4)
}

/** A slot that is one number. */
function setNumber(slot: i32, vectors: usize, source: usize, type: i32): void {
  const value: f32 = type == 1 ? (load<u8>(source) != 0 ? 1 : 0) : load<f32>(source)
  v128.store(vectors + (slot << 4), f32x4.splat(value))
  setSlot(slot, vectors + (slot << 4), 0)
}

/** Elements before the row's first one in an input. */
function offsetOf(entry: usize, dims: usize, rank: i32, row: i32): i32 {
  let offset = 0
  for (let axis = rank - 2; axis >= 0; axis--) {
    const size = word(dims, axis)
    offset += (row % size) * word(entry, 3 + axis)
    row /= size
  }
  return offset
}

/** Broadcasts elements [at, at + count) of an input into a tile, run after run of the last axis. */
function gather(entry: usize, dims: usize, rank: i32, at: i32, count: i32, tile: usize, indices: usize): void {
  const base = addressAt(entry, 0)
  const isBool = word(entry, 1) == 1
  const inner = word(dims, rank - 1)
  const stride = word(entry, 2 + rank)
  let row = at / inner
  let position = at - row * inner
  let offset = 0
  for (let axis = rank - 2; axis >= 0; axis--) {
    const size = word(dims, axis)
    const index = row % size
    store<i32>(indices + (axis << 2), index)
    offset += index * word(entry, 3 + axis)
    row /= size
  }
  while (count > 0) {
    let run = inner - position
    if (run > count) run = count
    const first = offset + position * stride
    if (isBool) {
      for (let i = 0; i < run; i++) store<f32>(tile + (i << 2), load<u8>(base + first + i * stride) != 0 ? 1 : 0)
    } else if (stride == 0) {
      const value = load<f32>(base + (<usize>first << 2))
      for (let i = 0; i < run; i++) store<f32>(tile + (i << 2), value)
    } else copyFloats(base + (<usize>first << 2), tile, run)
    tile += run << 2
    count -= run
    position = 0
    for (let axis = rank - 2; axis >= 0; axis--) {
      const step = word(entry, 3 + axis)
      const index = load<i32>(indices + (axis << 2)) + 1
      offset += step
      if (index < word(dims, axis)) {
        store<i32>(indices + (axis << 2), index)
        break
      }
      offset -= index * step
      store<i32>(indices + (axis << 2), 0)
    }
  }
}

export function copyFloats(source: usize, target: usize, count: i32): void {
  let i: usize = 0
  const bytes = <usize>count << 2
  for (; i + 16 <= bytes; i += 16) v128.store(target + i, v128.load(source + i))
  for (; i < bytes; i += 4) store<u32>(target + i, load<u32>(source + i))
}

/** Bytes to 0 and 1. */
function widen(source: usize, tile: usize, count: i32): void {
  for (let i = 0; i < count; i += 4) {
    const bytes = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(source + i)))
    v128.store(tile + (i << 2), v128.and(i32x4.ne(bytes, i32x4.splat(0)), f32x4.splat(1)))
  }
}

/** Floats to 0 and 1 in bytes. */
function narrow(tile: usize, target: usize, count: i32): void {
  let i = 0
  for (; i + 4 <= count; i += 4) {
    const is = v128.and(f32x4.ne(v128.load(tile + (i << 2)), f32x4.splat(0)), i32x4.splat(1))
    const words = i16x8.narrow_i32x4_s(is, is)
    v128.store32_lane(target + i, i8x16.narrow_i16x8_u(words, words), 0)
  }
  for (; i < count; i++) store<u8>(target + i, load<f32>(tile + (i << 2)) != 0 ? 1 : 0)
}

// @ts-ignore: decorator
@inline
function apply1(op: i32, x: v128): v128 {
  if (op == MAP_COPY) return x
  if (op == MAP_ABS) return f32x4.abs(x)
  if (op == MAP_NEG) return f32x4.neg(x)
  if (op == MAP_SQRT) return f32x4.sqrt(x)
  if (op == MAP_RECIPROCAL) return f32x4.div(f32x4.splat(1), x)
  if (op == MAP_FLOOR) return f32x4.floor(x)
  if (op == MAP_CEIL) return f32x4.ceil(x)
  if (op == MAP_ROUND) return f32x4.nearest(x)
  // x where it is 0 or NaN
  if (op == MAP_SIGN) return v128.bitselect(
    v128.or(v128.and(x, i32x4.splat(0x80000000)), f32x4.splat(1)), x, f32x4.gt(f32x4.abs(x), f32x4.splat(0)),
  )
  if (op == MAP_NOT) return v128.and(f32x4.eq(x, f32x4.splat(0)), f32x4.splat(1))
  if (op == MAP_IS_NAN) return v128.and(f32x4.ne(x, x), f32x4.splat(1))
  if (op == MAP_EXP) return exp4(x)
  if (op == MAP_LOG) return log4(x)
  if (op == MAP_TANH) return tanh4(x)
  if (op == MAP_SIGMOID) return sigmoid4(x)
  if (op == MAP_ERF) return erf4(x)
  if (op == MAP_SOFTPLUS) return softplus4(x)
  return sin4(x, op == MAP_COS ? 1 : 0)
}

// @ts-ignore: decorator
@inline
function apply2(op: i32, a: v128, b: v128): v128 {
  if (op == MAP_ADD) return f32x4.add(a, b)
  if (op == MAP_SUB) return f32x4.sub(a, b)
  if (op == MAP_MUL) return f32x4.mul(a, b)
  if (op == MAP_DIV) return f32x4.div(a, b)
  if (op == MAP_MIN) return f32x4.min(a, b)
  if (op == MAP_MAX) return f32x4.max(a, b)
  // a where it is NaN
  if (op == MAP_MIN_NUMBER) return f32x4.pmin(a, b)
  if (op == MAP_MAX_NUMBER) return f32x4.pmax(a, b)
  if (op == MAP_LESS) return v128.and(f32x4.lt(a, b), f32x4.splat(1))
  if (op == MAP_LESS_OR_EQUAL) return v128.and(f32x4.le(a, b), f32x4.splat(1))
  if (op == MAP_EQUAL) return v128.and(f32x4.eq(a, b), f32x4.splat(1))
  return pow4(a, b)
}

/** The loop of one instruction with one argument; `op` is a constant in every copy. */
// @ts-ignore: decorator
@inline
function loop1(op: i32, d: usize, a: usize, sa: usize, steps: i32): void {
  for (let i = 0; i < steps; i++) {
    v128.store(d, apply1(op, v128.load(a)))
    a += sa
    d += 16
  }
}

// @ts-ignore: decorator
@inline
function loop2(op: i32, d: usize, a: usize, sa: usize, b: usize, sb: usize, steps: i32): void {
  let i = 0
  for (; i + 4 <= steps; i += 4) {
    const x = apply2(op, v128.load(a), v128.load(b))
    const y = apply2(op, v128.load(a + sa), v128.load(b + sb))
    a += sa << 1
    b += sb << 1
    const z = apply2(op, v128.load(a), v128.load(b))
    const w = apply2(op, v128.load(a + sa), v128.load(b + sb))
    v128.store(d, x)
    v128.store(d, y, 16)
    v128.store(d, z, 32)
    v128.store(d, w, 48)
    a += sa << 1
    b += sb << 1
    d += 64
  }
  for (; i + 1 < steps; i++) {
    v128.store(d, apply2(op, v128.load(a), v128.load(b)))
    a += sa
    b += sb
    d += 16
  }
  if (i < steps) v128.store(d, apply2(op, v128.load(a), v128.load(b)))
}

/** As loop2, once a turn: for long formulas. */
// @ts-ignore: decorator
@inline
function loopLong(op: i32, d: usize, a: usize, sa: usize, b: usize, sb: usize, steps: i32): void {
  for (let i = 0; i < steps; i++) {
    v128.store(d, apply2(op, v128.load(a), v128.load(b)))
    a += sa
    b += sb
    d += 16
  }
}

/** a · b + c, or c − a · b. */
// @ts-ignore: decorator
@inline
function loop3(isSum: bool, d: usize, a: usize, sa: usize, b: usize, sb: usize, c: usize, sc: usize, steps: i32): void {
  let i = 0
  for (; i + 2 <= steps; i += 2) {
    const x = f32x4.mul(v128.load(a), v128.load(b))
    const y = f32x4.mul(v128.load(a + sa), v128.load(b + sb))
    const u = v128.load(c)
    const v = v128.load(c + sc)
    v128.store(d, isSum ? f32x4.add(x, u) : f32x4.sub(u, x))
    v128.store(d, isSum ? f32x4.add(y, v) : f32x4.sub(v, y), 16)
    a += sa << 1
    b += sb << 1
    c += sc << 1
    d += 32
  }
  if (i < steps) {
    const x = f32x4.mul(v128.load(a), v128.load(b))
    v128.store(d, isSum ? f32x4.add(x, v128.load(c)) : f32x4.sub(v128.load(c), x))
  }
}

/** a · b + c · d. */
function products(
  target: usize, a: usize, sa: usize, b: usize, sb: usize, c: usize, sc: usize, d: usize, sd: usize, steps: i32,
): void {
  for (let i = 0; i < steps; i++) {
    v128.store(target, f32x4.add(f32x4.mul(v128.load(a), v128.load(b)), f32x4.mul(v128.load(c), v128.load(d))))
    a += sa
    b += sb
    c += sc
    d += sd
    target += 16
  }
}

/** c where a < b, else 0. */
function mask(d: usize, a: usize, sa: usize, b: usize, sb: usize, c: usize, sc: usize, steps: i32): void {
  for (let i = 0; i < steps; i++) {
    v128.store(d, v128.and(f32x4.lt(v128.load(a), v128.load(b)), v128.load(c)))
    a += sa
    b += sb
    c += sc
    d += 16
  }
}

function execute(code: usize, steps: i32): void {
  const d = address(word(code, 1))
  const slotA = word(code, 2)
  const slotB = word(code, 3)
  const a = address(slotA)
  const sa = step(slotA)
  const b = address(slotB)
  const sb = step(slotB)
  switch (word(code, 0)) {
    case MAP_COPY: return loop1(MAP_COPY, d, a, sa, steps)
    case MAP_ABS: return loop1(MAP_ABS, d, a, sa, steps)
    case MAP_NEG: return loop1(MAP_NEG, d, a, sa, steps)
    case MAP_EXP: return loop1(MAP_EXP, d, a, sa, steps)
    case MAP_LOG: return loop1(MAP_LOG, d, a, sa, steps)
    case MAP_SQRT: return loop1(MAP_SQRT, d, a, sa, steps)
    case MAP_RECIPROCAL: return loop1(MAP_RECIPROCAL, d, a, sa, steps)
    case MAP_FLOOR: return loop1(MAP_FLOOR, d, a, sa, steps)
    case MAP_CEIL: return loop1(MAP_CEIL, d, a, sa, steps)
    case MAP_ROUND: return loop1(MAP_ROUND, d, a, sa, steps)
    case MAP_SIGN: return loop1(MAP_SIGN, d, a, sa, steps)
    case MAP_SIN: return loop1(MAP_SIN, d, a, sa, steps)
    case MAP_COS: return loop1(MAP_COS, d, a, sa, steps)
    case MAP_TANH: return loop1(MAP_TANH, d, a, sa, steps)
    case MAP_SIGMOID: return loop1(MAP_SIGMOID, d, a, sa, steps)
    case MAP_ERF: return loop1(MAP_ERF, d, a, sa, steps)
    case MAP_SOFTPLUS: return loop1(MAP_SOFTPLUS, d, a, sa, steps)
    case MAP_NOT: return loop1(MAP_NOT, d, a, sa, steps)
    case MAP_IS_NAN: return loop1(MAP_IS_NAN, d, a, sa, steps)
    case MAP_ADD: return loop2(MAP_ADD, d, a, sa, b, sb, steps)
    case MAP_SUB: return loop2(MAP_SUB, d, a, sa, b, sb, steps)
    case MAP_MUL: return loop2(MAP_MUL, d, a, sa, b, sb, steps)
    case MAP_DIV: return loop2(MAP_DIV, d, a, sa, b, sb, steps)
    case MAP_MIN: return loop2(MAP_MIN, d, a, sa, b, sb, steps)
    case MAP_MAX: return loop2(MAP_MAX, d, a, sa, b, sb, steps)
    case MAP_MIN_NUMBER: return loop2(MAP_MIN_NUMBER, d, a, sa, b, sb, steps)
    case MAP_MAX_NUMBER: return loop2(MAP_MAX_NUMBER, d, a, sa, b, sb, steps)
    case MAP_POW: return loopLong(MAP_POW, d, a, sa, b, sb, steps)
    case MAP_LESS: return loop2(MAP_LESS, d, a, sa, b, sb, steps)
    case MAP_LESS_OR_EQUAL: return loop2(MAP_LESS_OR_EQUAL, d, a, sa, b, sb, steps)
    case MAP_EQUAL: return loop2(MAP_EQUAL, d, a, sa, b, sb, steps)
    case MAP_MUL_ADD: return loop3(true, d, a, sa, b, sb, address(word(code, 4)), step(word(code, 4)), steps)
    case MAP_MUL_SUB: return loop3(false, d, a, sa, b, sb, address(word(code, 4)), step(word(code, 4)), steps)
    case MAP_MUL_MUL_ADD: {
      const slotC = word(code, 4)
      const slotD = word(code, 5)
      return products(d, a, sa, b, sb, address(slotC), step(slotC), address(slotD), step(slotD), steps)
    }
    case MAP_MASK: return mask(d, a, sa, b, sb, address(word(code, 4)), step(word(code, 4)), steps)
    case MAP_SELECT: {
      const slotC = word(code, 4)
      return select(d, a, sa, b, sb, address(slotC), step(slotC), steps)
    }
  }
}

function select(d: usize, a: usize, sa: usize, b: usize, sb: usize, c: usize, sc: usize, steps: i32): void {
  for (let i = 0; i < steps; i++) {
    const isChosen = f32x4.ne(v128.load(a), f32x4.splat(0))
    v128.store(d, v128.bitselect(v128.load(b), v128.load(c), isChosen))
    a += sa
    b += sb
    c += sc
    d += 16
  }
}

// @ts-ignore: decorator
@inline
function address(slot: i32): usize {
  return load<u32>(scratch + (slot << 3))
}

// @ts-ignore: decorator
@inline
function step(slot: i32): usize {
  return load<u32>(scratch + (slot << 3), 4)
}
