/** Round numbers from 0 to at least `max`, at most `most` + 1 of them. */
export function ticksTo(max: number, most = 5): number[] {
  if (!(max > 1e-9) || !Number.isFinite(max)) return [0]
  const rough = max / most
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 2.5, 5, 10]
    .map((factor) => factor * power)
    .find((candidate) => candidate >= rough * 0.9999) as number
  const count = Math.ceil(max / step - 1e-9)
  return Array.from({ length: count + 1 }, (_, i) => Number((i * step).toPrecision(12)))
}

/** Coordinates of a drawing: at most two decimals. */
export const at = (value: number): string => String(Number(value.toFixed(2)))
