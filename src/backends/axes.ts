/** Arithmetic on axes and strides; sizes, strides and offsets count elements. */

/** Strides with which a tensor of `shape` is read as one of `target`: 0 along axes that broadcast. */
export function broadcastStrides(shape: readonly number[], target: readonly number[]): readonly number[] {
  const strides = new Array<number>(target.length).fill(0)
  let stride = 1
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis] as number
    if (size !== 1) strides[axis + target.length - shape.length] = stride
    stride *= size
  }
  return strides
}

export interface Axes {
  readonly sizes: number[]
  /** One list per tensor. */
  readonly strides: number[][]
}

/** The same places with fewer axes: those of size 1 go, neighbours that every tensor steps through evenly become one. At least one stays. */
export function collapse(shape: readonly number[], strides: readonly (readonly number[])[]): Axes {
  const sizes: number[] = []
  const kept: number[][] = strides.map(() => [])
  shape.forEach((size, axis) => {
    if (size === 1) return
    const isEven = strides.every((ofOne, i) => kept[i]?.at(-1) === (ofOne[axis] as number) * size)
    if (sizes.length > 0 && isEven) {
      sizes[sizes.length - 1]! *= size
      kept.forEach((ofOne, i) => (ofOne[ofOne.length - 1] = strides[i]?.[axis] as number))
      return
    }
    sizes.push(size)
    kept.forEach((ofOne, i) => ofOne.push(strides[i]?.[axis] as number))
  })
  if (sizes.length > 0) return { sizes, strides: kept }
  return { sizes: [1], strides: strides.map(() => [0]) }
}
