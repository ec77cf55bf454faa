// Kernels of the models that leave as a JavaScript module (src/engine/deploy/): a few hundred bytes that travel with each
// of them. Addresses and strides count floats from the start of memory, which is the host's. A module of its own: it
// imports nothing and has no memory of constants.

/** acc + a · b */
// @ts-ignore: decorator
@inline
function add(acc: v128, a: f32, b: v128): v128 {
  return f32x4.add(acc, f32x4.mul(f32x4.splat(a), b))
}

// @ts-ignore: decorator
@inline
function clamp(x: v128, low: f32, high: f32): v128 {
  return f32x4.min(f32x4.max(x, f32x4.splat(low)), f32x4.splat(high))
}

/** Biases of four neighbouring columns. */
// @ts-ignore: decorator
@inline
function biasOf(at: usize, step: i32): v128 {
  return step == 0 ? v128.load32_splat(at) : v128.load(at)
}

/**
 * y[i, j] = clamp(bias[i · biasRow + j · biasColumn] + Σ_k a[i · aRow + k · aColumn] · b[k, j]): y [m, n] and b [k, n] are
 * contiguous, biasColumn is 0 or 1. One row of y at a time, 16 columns in registers.
 */
export function gemm(
  y: usize, a: usize, aRow: usize, aColumn: usize, b: usize,
  bias: usize, biasRow: usize, biasColumn: i32, m: i32, n: i32, k: i32, low: f32, high: f32,
): void {
  const width = <usize>n << 2
  const step = aColumn << 2
  for (let i = 0; i < m; i++) {
    const row = (a + <usize>i * aRow) << 2
    const from = (bias + <usize>i * biasRow) << 2
    const to = (y << 2) + <usize>i * width
    let j = 0
    for (; j + 16 <= n; j += 16) {
      const at = <usize>j << 2
      const first = from + at * <usize>biasColumn
      let p = row
      let q = (b << 2) + at
      let y0 = biasOf(first, biasColumn), y1 = biasOf(first + 16 * <usize>biasColumn, biasColumn)
      let y2 = biasOf(first + 32 * <usize>biasColumn, biasColumn), y3 = biasOf(first + 48 * <usize>biasColumn, biasColumn)
      for (let l = 0; l < k; l++) {
        const x = load<f32>(p)
        y0 = add(y0, x, v128.load(q))
        y1 = add(y1, x, v128.load(q, 16))
        y2 = add(y2, x, v128.load(q, 32))
        y3 = add(y3, x, v128.load(q, 48))
        p += step
        q += width
      }
      v128.store(to + at, clamp(y0, low, high))
      v128.store(to + at, clamp(y1, low, high), 16)
      v128.store(to + at, clamp(y2, low, high), 32)
      v128.store(to + at, clamp(y3, low, high), 48)
    }
    for (; j + 4 <= n; j += 4) {
      const at = <usize>j << 2
      let p = row
      let q = (b << 2) + at
      let sum = biasOf(from + at * <usize>biasColumn, biasColumn)
      for (let l = 0; l < k; l++) {
        sum = add(sum, load<f32>(p), v128.load(q))
        p += step
        q += width
      }
      v128.store(to + at, clamp(sum, low, high))
    }
    for (; j < n; j++) {
      const at = <usize>j << 2
      let p = row
      let q = (b << 2) + at
      let sum = load<f32>(from + at * <usize>biasColumn)
      for (let l = 0; l < k; l++) {
        sum += load<f32>(p) * load<f32>(q)
        p += step
        q += width
      }
      store<f32>(to + at, min<f32>(max<f32>(sum, low), high))
    }
  }
}

/**
 * What each tap of a kernel sees at each place, zeros for padding: x [channels, height, width] to
 * y [channels · kernel, outputs]. Then a convolution is a product.
 */
export function unfold(
  x: usize, y: usize, channels: i32, height: i32, width: i32, kernelHeight: i32, kernelWidth: i32,
  strideY: i32, strideX: i32, dilationY: i32, dilationX: i32, padTop: i32, padLeft: i32, rows: i32, columns: i32,
): void {
  let to = y << 2
  for (let c = 0; c < channels; c++) {
    const plane = (x + <usize>(c * height * width)) << 2
    for (let v = 0; v < kernelHeight; v++) {
      for (let u = 0; u < kernelWidth; u++) {
        for (let i = 0; i < rows; i++) {
          const row = i * strideY + v * dilationY - padTop
          const line = plane + (<usize>(row * width) << 2)
          const isOutside = <u32>row >= <u32>height
          let column = u * dilationX - padLeft
          for (let j = 0; j < columns; j++) {
            store<f32>(to, isOutside || <u32>column >= <u32>width ? 0 : load<f32>(line + (<usize>column << 2)))
            to += 4
            column += strideX
          }
        }
      }
    }
  }
}
