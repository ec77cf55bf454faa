import { float } from '../attributes'
import { defineGenerator } from '../random-arrays'

/** Normal random numbers of the given mean and standard deviation (`scale`), of the given shape. */
export const randomNormal = defineGenerator({
  name: 'RandomNormal',
  parameters: { mean: float(0), scale: float(1) },
  draw: (random, { mean, scale }) => mean + scale * random.normal(),
})
