import type { Window } from '../../kernel-calls'

const NOTHING: Window = { input: 1, output: 1, kernel: 1, stride: 1, dilation: 1, padBegin: 0 }

/** Depth, height, width, as assembly/windows.ts reads them; axes that are not there have size 1. */
export function windowWords(axes: readonly Window[]): readonly number[] {
  const all = [NOTHING, NOTHING, NOTHING, ...axes].slice(-3)
  return all.flatMap(({ input, output, kernel, stride, dilation, padBegin }) => [
    input,
    output,
    kernel,
    stride,
    dilation,
    padBegin,
  ])
}

export const volumeOf = (axes: readonly Window[], size: 'input' | 'output' | 'kernel'): number =>
  axes.reduce((product, axis) => product * axis[size], 1)
