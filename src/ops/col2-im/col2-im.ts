import { elementCount } from '../../core/dtypes'
import { hostArray, integersOf } from '../../core/host-array'
import { attribute, type Dim } from '../../graph/model'
import * as a from '../attributes'
import { requireKind } from '../dtype-kinds'
import { reshapedLike, shapeOf } from '../gradient'
import { defineOperator, FLOAT32, differentiable, type NodeView } from '../op'
import { forEachWindow, windowsOf } from '../spatial'

const attributes = {
  dilations: a.optional(a.ints()),
  pads: a.optional(a.ints()),
  strides: a.optional(a.ints()),
}

type Context = Pick<NodeView<typeof attributes>, 'attributes' | 'fail'>

/**
 * Adds up overlapping blocks to an image (ONNX Col2Im-18; PyTorch's fold). x [N, C · block, blocks], y [N, C, …image].
 */
export const col2Im = defineOperator({
  name: 'Col2Im',
  domain: '',
  attributes,
  inputs: [3, 3],
  infer(context) {
    requireKind(context, 0, 'number')
    const x = context.shape(0)
    if (x && x.length !== 3) context.fail('the input must be [N, channels · block, blocks]')
    const block = context.constant(2)
    const sizes = block && integersOf(block)
    const known = context.constant(1)
    if (sizes && known) checkBlocks(context, integersOf(known), sizes, x)
    const image: readonly Dim[] | undefined =
      context.dims(1) ??
      (sizes ?? knownList(context.shape(2)?.[0]) ?? knownList(context.shape(1)?.[0]))?.map(() => null)
    if (!image) return [{ dtype: context.dtype(0), shape: undefined }]
    const rows = x?.[1]
    const channels = sizes && typeof rows === 'number' ? Math.floor(rows / elementCount(sizes)) : null
    return [{ dtype: context.dtype(0), shape: [x?.[0] ?? null, channels, ...image] }]
  },
  reference(context, x, imageShape, blockShape) {
    const [image, block] = [integersOf(imageShape!), integersOf(blockShape!)]
    checkBlocks(context, image, block, x!.shape)
    const [batch, rows, blocks] = x!.shape as [number, number, number]
    const [taps, inSize] = [elementCount(block), elementCount(image)]
    const result = context.empty(x!.dtype, [batch, rows / taps, ...image])
    // bigints add up just as numbers do
    const [from, to] = [x!.values as Float64Array, result.values as Float64Array]
    const axes = axesOf(context, image, block)
    for (let plane = 0; plane < batch * (rows / taps); plane++) {
      let place = 0
      forEachWindow(axes, {
        begin: (at) => void (place = at),
        visit: (pixel, tap) => void (to[plane * inSize + pixel]! += from[(plane * taps + tap) * blocks + place]!),
      })
    }
    return [result]
  },
  gradient: differentiable<typeof attributes>((context) => {
    const { write, attributes: given } = context
    const [x, dy] = [context.input(0), context.gradient(0)!]
    const block = write.known(context.input(2))
    const rows = shapeOf(context, x)[1]
    if (!block || typeof rows !== 'number') return context.refuse('a derivative of blocks of open size')
    // a convolution whose filters each take one element of a block
    const [sizes, taps] = [integersOf(block), elementCount(integersOf(block))]
    const filters = Array.from({ length: rows * taps }, (_, i) => Number(i % taps === Math.floor(i / taps) % taps))
    const weight = write.constant(hostArray(write.type(x).dtype, [rows, 1, ...sizes], filters))
    const taken = write.add(
      'Conv',
      [dy, weight],
      [
        attribute.int('group', rows / taps),
        given.dilations && attribute.ints('dilations', given.dilations),
        given.pads && attribute.ints('pads', given.pads),
        given.strides && attribute.ints('strides', given.strides),
      ],
    )
    return [reshapedLike(context, taken, x)]
  }),
  lower(context) {
    const [input, output] = [context.input(0), context.output(0)]
    const [image, block] = [context.constant(1), context.constant(2)]
    if (!image || !block || !['float32', 'int32'].includes(input.dtype)) return null
    // the transpose of taking windows out of the image
    const axes = axesOf(context, integersOf(image), integersOf(block)).map((axis) => ({
      ...axis,
      input: axis.output,
      output: axis.input,
    }))
    const planes = elementCount(output.shape.slice(0, 2))
    return axes.length > 3 ? null : [{ kernel: 'fold', input, output, planes, axes }]
  },
  tolerance: FLOAT32,
})

const knownList = (length: Dim | undefined) =>
  typeof length === 'number' ? new Array<number>(length).fill(0) : undefined

const axesOf = (context: Context, image: readonly number[], block: readonly number[]) =>
  windowsOf(context, image, { ...context.attributes, kernel: block, autoPad: 'NOTSET', isCeil: false })

function checkBlocks(
  context: Context,
  image: readonly number[],
  block: readonly number[],
  x: readonly Dim[] | undefined,
): void {
  if (image.length !== block.length)
    context.fail(`image_shape has ${image.length} entries and block_shape ${block.length}`)
  const count = elementCount(axesOf(context, image, block).map(({ output }) => output))
  const [, rows, blocks] = x ?? []
  if (typeof blocks === 'number' && blocks !== count)
    context.fail(`${count} blocks lie in the image, and the input has ${blocks}`)
  const taps = elementCount(block)
  if (typeof rows === 'number' && rows % taps !== 0)
    context.fail(`${rows} rows are not a multiple of the ${taps} elements of a block`)
}
