import { UnsupportedError } from '../../core/errors'
import type { TrainReport } from './report'
import type { TrainPorts, TrainRequest } from './request'

/**
 * From data to a trained model: splits, chooses a model where none was asked for, trains, measures on samples that neither
 * the training nor the choice saw, writes.
 * @throws FormatError, UsageError, UnsupportedError, AbortError
 */
export async function runTraining(request: TrainRequest, ports: TrainPorts): Promise<TrainReport> {
  void ports
  throw new UnsupportedError(`${request.files.name} cannot be trained on yet.`)
}
