import type { Remote } from 'comlink'
import { describe, expectTypeOf, it } from 'vitest'
import type { JobClient } from '../bridge/job-client'
import type { InspectReport } from '../jobs/inspect'
import type { Report } from '../jobs/report'
import type { CompressResult, JobWorkerApi, ModelFiles } from './job-api'
import type { OrtWorkerApi } from './ort-api'

describe('worker API', () => {
  it('keeps its types across Comlink, and nothing decays to any', () => {
    type Inspect = Awaited<ReturnType<Remote<JobWorkerApi>['inspect']>>
    type Compress = Awaited<ReturnType<Remote<JobWorkerApi>['compress']>>
    expectTypeOf<Inspect>().not.toBeAny()
    expectTypeOf<Inspect>().toEqualTypeOf<InspectReport>()
    expectTypeOf<Compress>().toEqualTypeOf<CompressResult>()
    expectTypeOf<Compress['report']>().toEqualTypeOf<Report>()
    expectTypeOf<Parameters<Remote<JobWorkerApi>['inspect']>[0]>().toEqualTypeOf<ModelFiles>()
    expectTypeOf<Remote<OrtWorkerApi>>().not.toBeAny()
  })

  it('asks for at least one file', () => {
    expectTypeOf<readonly []>().not.toExtend<ModelFiles>()
  })

  it('gives the page promises of plain data', () => {
    expectTypeOf<ReturnType<JobClient['compress']>>().toEqualTypeOf<Promise<CompressResult>>()
    expectTypeOf<ReturnType<JobClient['inspect']>>().resolves.toEqualTypeOf<InspectReport>()
  })
})
