/** Of operators that read images at positions. */
import * as a from './attributes'
import type { NodeView } from './op'
import type { Sampling } from './sampling'

export const sampleAttributes = {
  mode: a.choice(['linear', 'nearest', 'cubic'], 'linear'),
  padding_mode: a.choice(['zeros', 'border', 'reflection'], 'zeros'),
  /** What positions count: see `SampleCall`. */
  unit: a.choice(['elements', 'centers', 'edges'], 'elements'),
}

export const samplingOf = ({
  attributes: { mode, padding_mode: padding, unit },
}: Pick<NodeView<typeof sampleAttributes>, 'attributes'>): Sampling => ({ mode, padding, unit })
