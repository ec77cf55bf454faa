import { float } from '../attributes'
import { defineGeneratorLike } from '../random-arrays'

/** Random numbers, uniform in [low, high), of the input's shape and, unless `dtype` is given, of its type. */
export const randomUniformLike = defineGeneratorLike({
  name: 'RandomUniformLike',
  parameters: { high: float(1), low: float(0) },
  draw: (random, { high, low }) => low + (high - low) * random.uniform(),
})
