/** Convolutions: one output after the other, tiles in registers, tiles in workgroup memory, channel by channel. */
import type { ConvCall, GemmCall, Window } from '../../kernel-calls'
import type { DeviceFacts, Dispatch, Kernel, Storage, Temporary } from '../dispatch'
import { gemm } from './gemm'
import { imagesOf, piecesOf, type Piece } from './images'
import { biasStorage, finishSlot, fits, int, isFloat32, MOST_AXES, threeAxes, volumeOf, windowSizes } from './windows'

type Variant = 'plain' | 'tile' | 'shared' | 'depthwise' | 'product'
/** Those that take every form: `facts.tiles.conv` may name one. */
const GENERAL = ['plain', 'tile', 'shared'] as const

/** Places of a tile in registers, and channels where there are more than half of it. */
const TILE = 8
/** Fewer places are not worth packed weights. */
const FEW_PLACES = 4
/** From so many on the tiles of a workgroup are filled. */
const MANY_CHANNELS = 16

const isPointwise = ({ kernel, stride, padBegin, input, output }: Window): boolean =>
  kernel === 1 && stride === 1 && padBegin === 0 && input === output

export const conv: Kernel<ConvCall> = {
  splits: true,
  supports({ input, weight, bias, output, axes, batch }, facts) {
    if (!isFloat32(input, weight, bias, output) || axes.length > MOST_AXES) return false
    return fits(facts, weight) && piecesOf(batch, [input, output], facts) !== undefined
  },
  encode(call, facts) {
    const variant = variantOf(call, facts)
    if (variant === 'product') return gemm.encode(asProduct(call) as GemmCall, facts)
    const pieces = piecesOf(call.batch, [call.input, call.output], facts) as Piece[]
    const packed = variant === 'tile' ? packedWeights(call) : undefined
    const weight: Storage = packed?.weight ?? { name: 'w', of: call.weight }
    const encoded = pieces.map((piece) => ENCODERS[variant](call, piece, weight))
    return packed ? [packed.dispatch, ...encoded] : encoded
  },
}

function variantOf(call: ConvCall, facts: DeviceFacts): Variant {
  const { batch, groups, inPerGroup, outPerGroup, axes } = call
  const wanted = GENERAL.find((variant) => variant === facts.tiles['conv'])
  if (wanted) return wanted
  const places = volumeOf(axes, 'output')
  const product = asProduct(call)
  // rows that are no whole vectors are read element by element: tiles of packed weights are faster then
  const pays = !facts.isSoftware || places % 4 === 0
  const isWhole = piecesOf(batch, [call.input, call.output], facts)?.length === 1
  if (product && pays && isWhole && gemm.supports(product, facts)) return 'product'
  if (inPerGroup === 1 && groups > 1) return 'depthwise'
  if (places * batch <= FEW_PLACES) return 'plain'
  if (!facts.isSoftware && outPerGroup >= MANY_CHANNELS) return 'shared'
  return packedVectors(call) * 16 <= facts.limits.maxStorageBufferBindingSize ? 'tile' : 'plain'
}

/** A kernel of one pixel is a product of matrices: [outputs, channels] · [channels, pixels]. */
function asProduct(call: ConvCall): GemmCall | undefined {
  const { batch, groups, inPerGroup: k, outPerGroup: m, axes, input, weight, bias, output, activation } = call
  if (groups > 1 || !axes.every(isPointwise) || input === weight) return undefined
  const n = volumeOf(axes, 'output')
  return {
    kernel: 'gemm',
    a: weight,
    b: input,
    output,
    ...{ m, n, k, transposeA: false, transposeB: false, alpha: 1 },
    batches: Array.from({ length: batch }, (_, image) => ({ a: 0, b: image * k * n })),
    ...(bias && { bias: { operand: bias, along: 'm' } }),
    ...(activation && { activation }),
  }
}

type Encoder = (call: ConvCall, piece: Piece, weight: Storage) => Dispatch

/** What all variants bind and say; `batch` images. */
function shared(call: ConvCall, piece: Piece, weight: Storage) {
  const { groups, inPerGroup, outPerGroup, axes, bias, activation } = call
  const { slots, sizes } = finishSlot(bias, activation)
  return {
    storage: [
      imagesOf('x', call.input, call.batch, piece),
      weight,
      ...biasStorage(bias),
      imagesOf('y', call.output, call.batch, piece),
    ],
    slots,
    sizes: {
      groups: int(groups),
      in_per_group: int(inPerGroup),
      out_per_group: int(outPerGroup),
      out_channels: int(groups * outPerGroup),
      ...windowSizes(axes),
      ...sizes,
    },
  }
}

const plain: Encoder = (call, piece, weight) => ({
  shader: 'conv',
  ...shared(call, piece, weight),
  grid: { invocations: imageCount(piece) * call.groups * call.outPerGroup * volumeOf(call.axes, 'output') },
})

const depthwise: Encoder = (call, piece, weight) => {
  const width = call.axes.at(-1) as Window
  const lines = (imageCount(piece) * call.groups * call.outPerGroup * volumeOf(call.axes, 'output')) / width.output
  return {
    shader: 'conv-depthwise',
    ...shared(call, piece, weight),
    constants: { SLIDES: width.stride === 1 && width.dilation === 1 },
    grid: { invocations: lines * Math.ceil(width.output / 4) },
  }
}

const tile: Encoder = (call, piece, weight) => {
  const one = shared(call, piece, weight)
  const channelTiles = Math.ceil(call.outPerGroup / (4 * quadsPerTile(call)))
  const placeTiles = Math.ceil(volumeOf(call.axes, 'output') / TILE)
  return {
    shader: 'conv-tile',
    ...one,
    sizes: { ...one.sizes, channel_tiles: int(channelTiles) },
    constants: { QUADS: quadsPerTile(call) },
    grid: { invocations: imageCount(piece) * call.groups * channelTiles * placeTiles },
  }
}

/** Vectors of four channels. */
const quadsPerTile = ({ outPerGroup }: ConvCall): number => (outPerGroup <= TILE / 2 ? 1 : 2)
const quadsOf = (call: ConvCall): number => Math.ceil(call.outPerGroup / (4 * quadsPerTile(call))) * quadsPerTile(call)
const packedVectors = (call: ConvCall): number =>
  call.groups * volumeOf(call.axes, 'kernel') * call.inPerGroup * quadsOf(call)

/** Output channels side by side, as tiles read them. */
function packedWeights(call: ConvCall) {
  const { weight, inPerGroup, outPerGroup, axes } = call
  const vectors = packedVectors(call)
  const temporary: Temporary = { temporary: 'f32', count: vectors * 4 }
  const packed: Storage = { name: 'packed', of: temporary, vector: 4 }
  const dispatch: Dispatch = {
    shader: 'conv-pack',
    storage: [{ name: 'w', of: weight }, packed],
    sizes: {
      in_per_group: inPerGroup,
      out_per_group: outPerGroup,
      taps: volumeOf(axes, 'kernel'),
      quads: quadsOf(call),
    },
    grid: { invocations: vectors },
  }
  return { dispatch, weight: packed }
}

/** Below so many workgroups a large card idles: tiles are halved. */
const MANY_TILES = 96

const inWorkgroups: Encoder = (call, piece, weight) => {
  const { groups, inPerGroup, outPerGroup, axes } = call
  const images = imageCount(piece)
  const one = shared(call, piece, weight)
  const countOf = (side: number) => ({
    channels: Math.ceil(outPerGroup / (4 * side)),
    places: Math.ceil((images * volumeOf(axes, 'output')) / (4 * side)),
  })
  const large = countOf(16)
  const side = large.channels * large.places * groups >= MANY_TILES && outPerGroup > 32 ? 16 : 8
  const { channels, places } = countOf(side)
  const tiles = channels * places * groups
  const across = Math.min(tiles, MOST_WORKGROUPS)
  const [, height, width] = threeAxes(axes)
  const taps = volumeOf(axes, 'kernel')
  return {
    shader: 'conv-shared',
    ...one,
    sizes: {
      ...one.sizes,
      batch: int(images),
      terms: int(inPerGroup * taps),
      tiles,
      channel_tiles: int(channels),
      place_tiles: int(places),
    },
    constants: { SIDE: side, TAPS: taps, KERNEL_H: height.kernel, KERNEL_W: width.kernel },
    grid: { workgroups: [across, Math.ceil(tiles / across), 1] },
  }
}

/** Of one dimension of a grid; WebGPU, "Limits". */
const MOST_WORKGROUPS = 65535

const imageCount = ([from, to]: Piece): number => to - from

const ENCODERS: Readonly<Record<Exclude<Variant, 'product'>, Encoder>> = {
  plain,
  tile,
  shared: inWorkgroups,
  depthwise,
}
