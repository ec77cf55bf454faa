import { flag } from '../attributes'
import { binary, constant, defineUnary, unary } from '../elementwise'
import { EXACT, notDifferentiable } from '../op'

const LARGEST = 3.4028234663852886e38

/** Whether x is one of the infinities that are looked for. */
export const isInf = defineUnary({
  name: 'IsInf',
  attributes: { detect_negative: flag(true), detect_positive: flag(true) },
  takes: 'float',
  compute: (x, attributes) =>
    (x === Infinity && attributes.detect_positive) || (x === -Infinity && attributes.detect_negative),
  expression: (x, attributes) => {
    const looked =
      attributes.detect_positive && attributes.detect_negative
        ? unary('abs', x)
        : attributes.detect_negative
          ? unary('neg', x)
          : x
    // shaders have no constant for infinity, so it is what lies above the largest finite number
    return attributes.detect_positive || attributes.detect_negative
      ? binary('less', constant(LARGEST), looked)
      : constant(0)
  },
  output: 'bool',
  gradient: notDifferentiable('the result is a boolean'),
  tolerance: EXACT,
})
