// u8 × s8 products with pair sums that saturate at 16 bits, as vpmaddubsw of x86 computes them. SIMD128.
//
// Places (pixels, rows) stand in panels of 8; a panel holds, pair after pair of the depth, both activations of each
// place as 16-bit halves of a word: [panels][pairs][8] words. Weights are [outputs][pairs] words of two 16-bit halves.
// i32x4.dot_i16x8_s is then the exact sum of a pair. All pairs are added up exactly; of the few whose weights can leave
// 16 bits at all, the part that is cut off is taken away afterwards.

const PANEL_BYTES: usize = 32
const WORD: usize = 4

/**
 * Fills the panels: element (place, k) is the byte at source + starts[place] + offsets[k].
 * Places behind the last and the odd element behind the depth are zero.
 */
export function gather(source: usize, starts: usize, offsets: usize, panels: usize, places: i32, depth: i32): void {
  const pairs = (depth + 1) >> 1
  for (let first = 0; first < places; first += 8) {
    const panel = panels + <usize>(first >> 3) * <usize>pairs * PANEL_BYTES
    const count = min(8, places - first)
    if (count < 8) memory.fill(panel, 0, <usize>pairs * PANEL_BYTES)
    for (let pair = 0; pair < pairs; pair++) {
      const at = offsets + <usize>(pair << 1) * WORD
      const low = source + load<i32>(at)
      const hasSecond = (pair << 1) + 1 < depth
      const high = hasSecond ? source + load<i32>(at, 4) : low
      const mask = hasSecond ? 0xffffffff : 0xffff
      const target = panel + <usize>pair * PANEL_BYTES
      for (let i = 0; i < count; i++) {
        const start = load<i32>(starts + <usize>(first + i) * WORD)
        const word = <u32>load<u8>(low + start) | (<u32>load<u8>(high + start) << 16)
        store<u32>(target + <usize>i * WORD, word & mask)
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function add(sum: v128, panel: usize, weight: v128): v128 {
  return i32x4.add(sum, i32x4.dot_i16x8_s(v128.load(panel), weight))
}

/** Exact sums of four outputs over one panel. */
function four(panel: usize, weights: usize, sums: usize, pairs: i32, stride: usize): void {
  const row = <usize>pairs * WORD
  let a0 = i32x4.splat(0), a1 = a0, b0 = a0, b1 = a0
  let c0 = a0, c1 = a0, d0 = a0, d1 = a0
  for (let pair = 0; pair < pairs; pair++) {
    const w = weights + <usize>pair * WORD
    const x = panel + <usize>pair * PANEL_BYTES
    const wa = v128.load32_splat(w)
    a0 = add(a0, x, wa)
    a1 = add(a1, x + 16, wa)
    const wb = v128.load32_splat(w + row)
    b0 = add(b0, x, wb)
    b1 = add(b1, x + 16, wb)
    const wc = v128.load32_splat(w + 2 * row)
    c0 = add(c0, x, wc)
    c1 = add(c1, x + 16, wc)
    const wd = v128.load32_splat(w + 3 * row)
    d0 = add(d0, x, wd)
    d1 = add(d1, x + 16, wd)
  }
  v128.store(sums, a0)
  v128.store(sums, a1, 16)
  v128.store(sums + stride, b0)
  v128.store(sums + stride, b1, 16)
  v128.store(sums + 2 * stride, c0)
  v128.store(sums + 2 * stride, c1, 16)
  v128.store(sums + 3 * stride, d0)
  v128.store(sums + 3 * stride, d1, 16)
}

function one(panel: usize, weights: usize, sums: usize, pairs: i32): void {
  let low = i32x4.splat(0)
  let high = low
  for (let pair = 0; pair < pairs; pair++) {
    const w = v128.load32_splat(weights + <usize>pair * WORD)
    const x = panel + <usize>pair * PANEL_BYTES
    low = add(low, x, w)
    high = add(high, x + 16, w)
  }
  v128.store(sums, low)
  v128.store(sums, high, 16)
}

/**
 * What saturation changes in the sums of one output over one panel.
 * @param risks words [offset of the pair in the panel, both weights]
 * @returns how many pairs saturated
 */
function saturate(panel: usize, sums: usize, risks: usize, end: usize): i32 {
  const most = i32x4.splat(32767)
  const least = i32x4.splat(-32768)
  let low = v128.load(sums)
  let high = v128.load(sums, 16)
  let counts = i32x4.splat(0)
  for (let risk = risks; risk < end; risk += 8) {
    const x = panel + load<u32>(risk)
    const w = v128.load32_splat(risk, 4)
    const p = i32x4.dot_i16x8_s(v128.load(x), w)
    const q = i32x4.dot_i16x8_s(v128.load(x, 16), w)
    const cutP = i32x4.sub(i32x4.max_s(least, i32x4.min_s(most, p)), p)
    const cutQ = i32x4.sub(i32x4.max_s(least, i32x4.min_s(most, q)), q)
    low = i32x4.add(low, cutP)
    high = i32x4.add(high, cutQ)
    // a lane that is not equal is −1
    const zero = i32x4.splat(0)
    counts = i32x4.sub(counts, i32x4.add(i32x4.ne(cutP, zero), i32x4.ne(cutQ, zero)))
  }
  v128.store(sums, low)
  v128.store(sums, high, 16)
  return (
    i32x4.extract_lane(counts, 0) +
    i32x4.extract_lane(counts, 1) +
    i32x4.extract_lane(counts, 2) +
    i32x4.extract_lane(counts, 3)
  )
}

/**
 * sums [outputs] rows, `stride` bytes apart, of these panels.
 * @param ends [outputs + 1] addresses: the risks of output o lie from ends[o] to ends[o + 1]
 * @returns how many pairs saturated
 */
export function multiply(
  panels: usize,
  weights: usize,
  ends: usize,
  sums: usize,
  panelCount: i32,
  outputs: i32,
  pairs: i32,
  stride: usize,
): f64 {
  const row = <usize>pairs * WORD
  let saturated: f64 = 0
  for (let i = 0; i < panelCount; i++) {
    const panel = panels + <usize>i * <usize>pairs * PANEL_BYTES
    const target = sums + <usize>i * PANEL_BYTES
    let o = 0
    for (; o + 4 <= outputs; o += 4) four(panel, weights + <usize>o * row, target + <usize>o * stride, pairs, stride)
    for (; o < outputs; o++) one(panel, weights + <usize>o * row, target + <usize>o * stride, pairs)
    for (o = 0; o < outputs; o++) {
      const from = load<u32>(ends + <usize>o * WORD)
      const to = load<u32>(ends + <usize>(o + 1) * WORD)
      if (from < to) saturated += <f64>saturate(panel, target + <usize>o * stride, from, to)
    }
  }
  return saturated
}
