import { float } from '../attributes'
import { defineGeneratorLike } from '../random-arrays'

/** Normal random numbers of the given mean and standard deviation (`scale`), of the input's shape and, unless `dtype` is given, of its type. */
export const randomNormalLike = defineGeneratorLike({
  name: 'RandomNormalLike',
  parameters: { mean: float(0), scale: float(1) },
  draw: (random, { mean, scale }) => mean + scale * random.normal(),
})
