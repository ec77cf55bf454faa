/** The gradient of a convolution's weight: parts of the outputs are summed side by side, then the parts. */
import { elementCount } from '../../../core/dtypes'
import type { ConvWeightGradientCall } from '../../kernel-calls'
import type { DeviceFacts, Dispatch, Kernel, Storage, Temporary } from '../dispatch'
import { fits, int, isFloat32, MOST_AXES, threeAxes, volumeOf, windowSizes } from './windows'

/** Invocations that keep a device busy, or workgroups. */
const WANTED = { software: 256, hardware: 1 << 17, tiles: 1024 }
const MOST_PARTS_BYTES = 64 * 2 ** 20
const SIDE = 8
/** From so many channels and terms on tiles of a workgroup are filled. */
const LEAST_SIDE = 12
/** Places that are worth a part of their own. */
const LEAST_PLACES = 256

export const convWeightGradient: Kernel<ConvWeightGradientCall> = {
  supports: ({ input, gradient, output, axes }, facts) =>
    isFloat32(input, gradient, output) &&
    axes.length <= MOST_AXES &&
    [input, gradient, output].every((one) => fits(facts, one)),
  encode(call, facts) {
    const { inPerGroup, outPerGroup, axes } = call
    const terms = inPerGroup * volumeOf(axes, 'kernel')
    const wanted = facts.tiles['convWeightGradient']
    const isLarge = !facts.isSoftware && outPerGroup >= LEAST_SIDE && terms >= LEAST_SIDE
    return wanted === 'shared' || (isLarge && wanted !== 'plain') ? inTiles(call, terms) : plain(call, facts)
  },
}

/** How many parts: as many as are wanted, of at least `least` of `count` each, and no more than memory is worth. */
function partsOf(
  { output }: ConvWeightGradientCall,
  wanted: number,
  [count, least]: readonly [number, number],
): number {
  const most = Math.floor(MOST_PARTS_BYTES / 4 / elementCount(output.shape))
  return Math.max(1, Math.min(Math.ceil(wanted), Math.ceil(count / least), most))
}

function shared({ groups, inPerGroup, outPerGroup, axes }: ConvWeightGradientCall): Dispatch['sizes'] {
  return {
    groups: int(groups),
    in_per_group: int(inPerGroup),
    out_per_group: int(outPerGroup),
    ...windowSizes(axes),
  }
}

function plain(call: ConvWeightGradientCall, facts: DeviceFacts): readonly Dispatch[] {
  const { batch, groups, inPerGroup, outPerGroup, axes } = call
  const quads = Math.ceil(outPerGroup / 4)
  const each = groups * quads * inPerGroup * volumeOf(axes, 'kernel')
  const [depth, height] = threeAxes(axes)
  const rows = batch * depth.output * height.output
  const wanted = (facts.isSoftware ? WANTED.software : WANTED.hardware) / each
  const perPart = Math.ceil(rows / partsOf(call, wanted, [rows, 1]))
  const parts = Math.ceil(rows / perPart)
  return merged(call, parts, {
    shader: 'conv-weight',
    sizes: { ...shared(call), quads: int(quads), rows: int(rows), rows_per_part: int(perPart) },
    grid: { invocations: parts * each },
  })
}

function inTiles(call: ConvWeightGradientCall, terms: number): readonly Dispatch[] {
  const { batch, groups, outPerGroup, axes } = call
  const places = batch * volumeOf(axes, 'output')
  const channelTiles = Math.ceil(outPerGroup / (4 * SIDE))
  const termTiles = Math.ceil(terms / (4 * SIDE))
  const each = channelTiles * termTiles * groups
  const perPart = Math.ceil(places / partsOf(call, WANTED.tiles / each, [places, LEAST_PLACES]))
  const parts = Math.ceil(places / perPart)
  const [, height, width] = threeAxes(axes)
  const tiles = parts * each
  const across = Math.min(tiles, MOST_WORKGROUPS)
  return merged(call, parts, {
    shader: 'conv-weight-shared',
    sizes: {
      ...shared(call),
      ...{ terms: int(terms), places: int(places), places_per_part: int(perPart), tiles },
      ...{ channel_tiles: int(channelTiles), term_tiles: int(termTiles) },
    },
    constants: { SIDE, TAPS: volumeOf(axes, 'kernel'), KERNEL_H: height.kernel, KERNEL_W: width.kernel },
    grid: { workgroups: [across, Math.ceil(tiles / across), 1] },
  })
}

/** Of one dimension of a grid; WebGPU, "Limits". */
const MOST_WORKGROUPS = 65535

function merged(
  { input, gradient, output }: ConvWeightGradientCall,
  parts: number,
  dispatch: Omit<Dispatch, 'storage'>,
): readonly Dispatch[] {
  const count = elementCount(output.shape)
  const between: Temporary = { temporary: 'f32', count: parts * count }
  const into = (of: Storage['of']): Dispatch => ({
    ...dispatch,
    storage: [
      { name: 'x', of: input },
      { name: 'dy', of: gradient },
      { name: 'y', of },
    ],
  })
  if (parts === 1) return [into(output)]
  return [
    into(between),
    {
      shader: 'conv-weight-merge',
      storage: [
        { name: 'x', of: between },
        { name: 'y', of: output },
      ],
      sizes: { parts },
      grid: { invocations: count },
    },
  ]
}
