import { float } from '../attributes'
import { defineGenerator } from '../random-arrays'

/** Random numbers, uniform in [low, high), of the given shape. */
export const randomUniform = defineGenerator({
  name: 'RandomUniform',
  parameters: { high: float(1), low: float(0) },
  draw: (random, { high, low }) => low + (high - low) * random.uniform(),
})
