import type { Note } from '../../core/progress'
import type { Layer } from '../../methods/method'
import { phasesOf } from '../phases'
import type { JobPorts } from '../ports'
import { rememberedCalibration } from '../search/remembered'
import type { KeptScore } from '../search/kept'
import { makeVariant, type Workshop } from '../search/variant'
import { onRuntimes } from './pool'
import type { LayerSensitivity, SensitivityReport } from './report'
import { Scorer, type ScorerOptions } from './scorer'
import { tensorRanges } from './tensors'
import { aloneStep, restoredStep, type Step } from './variants'

export interface Subject extends ScorerOptions {
  readonly model: SensitivityReport['model']
  /** The method's resolved step; `workshop` holds the model as the steps before it left it. */
  readonly step: Step
}

/** Expected shares of the time. */
const PHASES = { baseline: 10, layers: 85, tensors: 5 }

/**
 * Quantizes each layer alone and restores each alone, and says what that does to the outputs. A layer that is quantized
 * with no integer neighbour may come out as it was; its SQNR is then null.
 * @throws UsageError, RuntimeFailure, AbortError
 */
export async function measureSensitivity(subject: Subject, ports: JobPorts): Promise<SensitivityReport> {
  const { model, step, reference } = subject
  const phases = phasesOf(ports.onProgress, PHASES)
  const { calibration: source } = subject.workshop
  const calibration = source && rememberedCalibration(source)
  const workshop: Workshop = { ...subject.workshop, ...(calibration && { calibration }) }
  const baselinePorts = { ...ports, onProgress: phases.baseline }
  const made = await makeVariant(workshop, [step], baselinePorts)
  const scorer = new Scorer({ ...subject, workshop }, baselinePorts)
  const baseline = await scorer.score('baseline', step)
  const layers = await measureLayers(scorer, step, baseline, { ...ports, onProgress: phases.layers })
  const tensors = await tensorRanges(made.values, source, calibration?.asked)
  const { score, sizeBytes } = baseline
  return {
    version: 1,
    model,
    method: { id: step.method, options: step.options },
    metric: score.metric,
    samples: reference.data.count,
    baseline: {
      ...{ sizeBytes, sqnrDb: score.sqnrDb, drop: score.drop },
      ...(score.agreement !== undefined && { top1Agreement: score.agreement }),
    },
    layers: layers.sort(bySensitivity),
    tensors,
    notes: [...made.notes, ...notesOf(layers, reference.data.count)],
  }
}

async function measureLayers(
  scorer: Scorer,
  step: Step,
  baseline: KeptScore,
  ports: JobPorts,
): Promise<LayerSensitivity[]> {
  const layers = baseline.layers.filter(({ to }) => to !== 'float')
  let done = 0
  const tell = (item: string) =>
    ports.onProgress({ stage: 'sensitivity', item, done, total: layers.length, unit: 'items' })
  return onRuntimes(layers, ports, async (layer: Layer, runtime) => {
    tell(layer.name)
    const alone = await scorer.score(layer.name, aloneStep(step, layer), runtime)
    const restored = await scorer.score(layer.name, restoredStep(step, layer), runtime)
    done++
    tell(layer.name)
    return {
      ...{ name: layer.name, opType: layer.opType, to: layer.to },
      alone: { sqnrDb: alone.score.sqnrDb, drop: alone.score.drop },
      restored: { sqnrDb: restored.score.sqnrDb, gain: baseline.score.drop - restored.score.drop },
      addedBytes: restored.sizeBytes - baseline.sizeBytes,
    }
  })
}

/** Most noise first; of equals (identical outputs among them) what the metric loses. */
function bySensitivity(a: LayerSensitivity, b: LayerSensitivity): number {
  const [x, y] = [a.alone.sqnrDb ?? Infinity, b.alone.sqnrDb ?? Infinity]
  return x !== y ? x - y : b.alone.drop - a.alone.drop
}

/** Below it a metric of few samples hardly moves. */
const FEW_SAMPLES = 50

function notesOf(layers: readonly LayerSensitivity[], samples: number): Note[] {
  if (layers.length === 0)
    return [{ severity: 'info', text: 'No layer was quantized, so there is nothing to measure.' }]
  if (samples >= FEW_SAMPLES) return []
  const text = `Measured on ${samples} samples: go by the decibels, the metric hardly moves on so few.`
  return [{ severity: 'info', text }]
}
