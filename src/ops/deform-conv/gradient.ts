/**
 * The gradient of DeformConv as a product with what its taps read: y = W · (mask ⊙ S), S = x read at moved positions
 * (SampleAt). Letters: N batch, P groups of offsets, K taps, Q places, R spatial axes.
 */
import { elementCount } from '../../core/dtypes'
import { hostArray } from '../../core/host-array'
import { attribute } from '../../graph/model'
import { formulaFor } from '../elementwise'
import { shapeOf, type GradientContext, type GraphWriter, type ValueName } from '../gradient'
import { axesBesideChannels, PLUME, sumOver } from '../gradient-parts'
import { isKnown, stridesOf } from '../shapes'
import { tapsOf, type SpatialAxis } from '../spatial'
import type { attributes } from './deform-conv'

type Context = GradientContext<typeof attributes>

/** @param axes windows of the convolution */
export function deformConvGradient(context: Context, axes: readonly SpatialAxis[]): readonly (ValueName | undefined)[] {
  const { write, needs, input } = context
  const dy = context.gradient(0) as ValueName
  const f = formulaFor(context, dy)
  const [x, w, offset] = [input(0), input(1), input(2)]
  const sizes = sizesOf(context, axes)
  const { parts, groups, taps, places, channels, outputs, rank } = sizes
  const shaped = (value: ValueName, ...shape: readonly number[]) => write.add('Reshape', [value, write.integers(shape)])
  const like = (value: ValueName, of: ValueName) => write.add('Reshape', [value, write.add('Shape', [of])])
  const image = shaped(x, -1, channels / parts, ...axes.map((axis) => axis.input))
  const positions = positionsOf(write, shaped(offset, -1, taps, rank, places), axes)
  const seen = write.add('SampleAt', [image, positions], [], PLUME)
  const mask = context.has(4) ? shaped(input(4), -1, 1, taps * places) : undefined
  const columns = shaped(mask ? f.mul(seen, mask) : seen, -1, groups, (channels / groups) * taps, places)
  const slope = shaped(dy, -1, groups, outputs / groups, places)
  const weight = shaped(w, groups, outputs / groups, (channels / groups) * taps)
  const turned = (value: ValueName, perm: readonly number[]) =>
    write.add('Transpose', [value], [attribute.ints('perm', perm)])
  const dColumns = shaped(f.of('MatMul', turned(weight, [0, 2, 1]), slope), -1, channels / parts, taps * places)
  const dSeen = mask ? f.mul(dColumns, mask) : dColumns
  const [dImage, dPositions] = write.addMany('SampleGradient', [image, positions, dSeen], 2, [], PLUME)
  const dWeight = sumOver(write, f.of('MatMul', slope, turned(columns, [0, 1, 3, 2])), [0], 'drops')
  return [
    like(dImage as ValueName, x),
    needs(1) ? like(dWeight, w) : undefined,
    like(turned(reversed(write, shaped(dPositions as ValueName, -1, taps, places, rank)), [0, 1, 3, 2]), offset),
    needs(3) ? sumOver(write, dy, axesBesideChannels(context, dy), 'drops') : undefined,
    mask && needs(4) ? like(sumOver(write, f.mul(dColumns, seen), [1], 'keeps'), input(4)) : undefined,
  ]
}

function sizesOf(context: Context, axes: readonly SpatialAxis[]) {
  const [[, channels], [outputs]] = [0, 1].map((input) => shapeOf(context, context.input(input))) as [
    readonly unknown[],
    readonly unknown[],
  ]
  if (typeof channels !== 'number' || typeof outputs !== 'number') {
    return context.fail('its channels must be known to differentiate it')
  }
  return {
    ...{ parts: context.attributes.offset_group, groups: context.attributes.group, channels, outputs },
    taps: elementCount(axes.map(({ kernel }) => kernel)),
    places: elementCount(axes.map(({ output }) => output)),
    rank: axes.length,
  }
}

/** Sizes of the spatial axes, where all are known. */
export function knownSizes(context: Context, input: number): readonly number[] {
  const sizes = shapeOf(context, context.input(input)).slice(2)
  return isKnown(sizes) ? sizes : context.fail('the sizes of its input must be known to differentiate it')
}

/** Axes turned round: positions name the last one first. */
const reversed = (write: GraphWriter, value: ValueName): ValueName => {
  const rank = write.type(value).shape?.at(-1) as number
  const order = write.integers(Array.from({ length: rank }, (_, axis) => rank - 1 - axis))
  return write.add('Gather', [value, order], [attribute.int('axis', 3)])
}

/** From offsets [N·P, K, R, Q] to where each tap of each place reads, [N·P, K·Q, R]. */
function positionsOf(write: GraphWriter, offsets: ValueName, axes: readonly SpatialAxis[]): ValueName {
  const rank = axes.length
  const taps = tapsOf(axes)
  const outputs = axes.map(({ output }) => output)
  const steps = stridesOf(outputs)
  const count = elementCount(outputs)
  const fixed = taps.flatMap((tap) =>
    Array.from({ length: count }, (_, place) =>
      axes
        .map(({ stride, padBegin, output }, axis) => {
          const index = Math.floor(place / (steps[axis] as number)) % output
          return index * stride - padBegin + (tap.offsets[axis] as number)
        })
        .reverse(),
    ).flat(),
  )
  const { dtype } = write.type(offsets)
  const moved = reversed(write, write.add('Transpose', [offsets], [attribute.ints('perm', [0, 1, 3, 2])]))
  const flat = write.add('Reshape', [moved, write.integers([-1, taps.length * count, rank])])
  return write.add('Add', [flat, write.constant(hostArray(dtype, [taps.length * count, rank], fixed))])
}
