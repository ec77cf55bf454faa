import { tick } from 'svelte'
import type { DataFiles, ModelFiles } from '../../workers/job-api'
import type { TrainResult } from '../../workers/train-api'
import { batch } from '../batch/batch.svelte'
import { queue } from '../state/queue.svelte'
import type { Training } from './training.svelte'

/**
 * Hands a trained model to compression: measured on the samples of its test, with ranges chosen on those that it learned
 * from.
 */
export async function shrink(
  { data }: Pick<Training, 'data'>,
  { model, settings, report }: TrainResult,
): Promise<void> {
  if (!data) return
  const files: ModelFiles = [{ path: model.name, file: new File([model.blob], model.name) }]
  const { preprocess } = report.model
  const part = (name: 'train' | 'test'): DataFiles => ({
    ...data,
    split: { part: name, settings },
    ...(preprocess !== undefined && { preprocess }),
  })
  const job = queue.shrink(files, part('test'), part('train'))
  await (batch.isTable ? import('../batch/BatchView.svelte') : import('../components/JobCard.svelte'))
  await tick()
  await new Promise((done) => setTimeout(done))
  const title = document.getElementById(`${job.id}-title`)
  title?.focus()
  title?.scrollIntoView({ block: 'center' })
}
