/** Convolution and its transpose, naively: see naive-kernels.ts. Not part of the product. */
import type { ConvCall, ConvTransposeCall, ConvWeightGradientCall, Operand, Window } from '../backends/kernel-calls'
import { elementCount } from '../core/dtypes'
import { activate, forEachPlace } from './naive-kernels'

type FloatsOf = (operand: Operand) => Float32Array

const sizesOf = (axes: readonly Window[], name: 'input' | 'output' | 'kernel') => axes.map((axis) => axis[name])

const flatIndex = (place: readonly number[], sizes: readonly number[]) =>
  place.reduce((sum, position, i) => sum * (sizes[i] as number) + position, 0)

export function conv(call: ConvCall, floatsOf: FloatsOf, y: Float32Array): void {
  const { axes, batch, groups, inPerGroup, outPerGroup, activation } = call
  const [inputs, outputs, kernels] = [sizesOf(axes, 'input'), sizesOf(axes, 'output'), sizesOf(axes, 'kernel')]
  const [inputSize, outputSize, taps] = [elementCount(inputs), elementCount(outputs), elementCount(kernels)]
  const [x, weight, bias] = [floatsOf(call.input), floatsOf(call.weight), call.bias && floatsOf(call.bias)]
  for (let b = 0; b < batch; b++) {
    for (let channel = 0; channel < groups * outPerGroup; channel++) {
      const group = Math.floor(channel / outPerGroup)
      forEachPlace(outputs, (place, target) => {
        let sum = 0
        forEachPlace(kernels, (tap, k) => {
          const at = axes.map(({ stride, padBegin, dilation }, i) => place[i]! * stride - padBegin + tap[i]! * dilation)
          if (!at.every((position, i) => position >= 0 && position < inputs[i]!)) return
          const flat = flatIndex(at, inputs)
          for (let c = 0; c < inPerGroup; c++) {
            const source = ((b * groups + group) * inPerGroup + c) * inputSize + flat
            sum += (x[source] as number) * (weight[(channel * inPerGroup + c) * taps + k] as number)
          }
        })
        const found = (b * groups * outPerGroup + channel) * outputSize + target
        y[found] = activate(activation, sum + (bias?.[channel] ?? 0))
      })
    }
  }
}

/** y[o] = bias + Σ x[i] · w[k] over all i, k with i·stride − padBegin + k·dilation = o. */
export function convTranspose(call: ConvTransposeCall, floatsOf: FloatsOf, y: Float32Array): void {
  const { axes, batch, groups, inPerGroup, outPerGroup, activation } = call
  const [inputs, outputs, kernels] = [sizesOf(axes, 'input'), sizesOf(axes, 'output'), sizesOf(axes, 'kernel')]
  const [inputSize, outputSize, taps] = [elementCount(inputs), elementCount(outputs), elementCount(kernels)]
  const [x, weight, bias] = [floatsOf(call.input), floatsOf(call.weight), call.bias && floatsOf(call.bias)]
  const sums = new Float64Array(y.length)
  for (let b = 0; b < batch; b++) {
    for (let c = 0; c < groups * inPerGroup; c++) {
      const group = Math.floor(c / inPerGroup)
      forEachPlace(inputs, (place, source) => {
        const value = x[(b * groups * inPerGroup + c) * inputSize + source] as number
        forEachPlace(kernels, (tap, k) => {
          const at = axes.map(({ stride, padBegin, dilation }, i) => place[i]! * stride - padBegin + tap[i]! * dilation)
          if (!at.every((position, i) => position >= 0 && position < outputs[i]!)) return
          for (let o = 0; o < outPerGroup; o++) {
            const channel = (b * groups + group) * outPerGroup + o
            const target = channel * outputSize + flatIndex(at, outputs)
            sums[target] = sums[target]! + value * (weight[(c * outPerGroup + o) * taps + k] as number)
          }
        })
      })
    }
  }
  const channels = groups * outPerGroup
  sums.forEach((sum, i) => {
    y[i] = activate(activation, sum + (bias?.[Math.floor(i / outputSize) % channels] ?? 0))
  })
}

/** dw[o, c, k] = Σ dy[n, o, q] · x[n, c, q·stride − padBegin + k·dilation]. */
export function convWeightGradient(call: ConvWeightGradientCall, floatsOf: FloatsOf, dw: Float32Array): void {
  const { axes, batch, groups, inPerGroup, outPerGroup } = call
  const [inputs, outputs, kernels] = [sizesOf(axes, 'input'), sizesOf(axes, 'output'), sizesOf(axes, 'kernel')]
  const [inputSize, outputSize, taps] = [elementCount(inputs), elementCount(outputs), elementCount(kernels)]
  const [x, dy] = [floatsOf(call.input), floatsOf(call.gradient)]
  forEachPlace([groups, outPerGroup, inPerGroup], ([group, o, c], target) => {
    forEachPlace(kernels, (tap, k) => {
      let sum = 0
      forEachPlace(outputs, (place, q) => {
        const at = axes.map(({ stride, padBegin, dilation }, i) => place[i]! * stride - padBegin + tap[i]! * dilation)
        if (!at.every((position, i) => position >= 0 && position < inputs[i]!)) return
        for (let n = 0; n < batch; n++) {
          const source = ((n * groups + group!) * inPerGroup + c!) * inputSize + flatIndex(at, inputs)
          sum += (x[source] as number) * (dy[((n * groups + group!) * outPerGroup + o!) * outputSize + q] as number)
        }
      })
      dw[target * taps + k] = sum
    })
  })
}
