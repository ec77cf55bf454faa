import { describe, expect, it } from 'vitest'
import { fullReport } from '../jobs/report/report-kit'
import { sampleReport } from '../jobs/share/shared-kit'
import { describeReport } from './report-text'

describe('a report in the terminal', () => {
  it('says the verdict before any figure, then providers, calibration and what was tried', () => {
    const lines = describeReport(fullReport()).split('\n')
    expect(lines.slice(0, 5)).toEqual([
      'client-x.onnx → client-x.small.onnx',
      '  beside it: client-x.calib.cache, 1.23 kB',
      '! Check these first',
      '  On x86 without VNNI 91.0 % of the answers agree with the original, on the judge 98.7 %.',
      '  What would help: Keep layer2.0.conv1 in float (+40.0 kB, +1.30 points expected)',
    ])
    const text = lines.join('\n')
    expect(text).toMatch(/✗ x86-no-vnni \(simulated\) +64 +91\.00% +1,234/)
    expect(text).toContain('Ranges from 100 samples, 2 left out, on wasm, at most 512 MB, 2.3 s')
    expect(text).toContain('Budget drop=0.5%: 5 of at most 24 trials, scored on 50 calibration samples.')
    expect(text).toMatch(/▸ static-int8, percentile 99\.99 +11\.8 MB +24\.7 dB +0\.35 points/)
    expect(text).toMatch(/· weights-int8/)
  })

  it('says no warning twice that the verdict gives as its reason', () => {
    const report = fullReport()
    const [reason] = report.verdict!.reasons
    const notes = [{ severity: 'warning' as const, text: reason! }]
    expect(describeReport({ ...report, notes }).split(reason!)).toHaveLength(2)
  })

  it('has no lines for what a plain result lacks', () => {
    expect(describeReport(sampleReport(1))).not.toMatch(/Ranges|Budget|runs on|beside it|tried/)
  })

  it('keeps names from files to one line', () => {
    const text = describeReport(fullReport('a\n\u001b[31mb\u202e'))
    // eslint-disable-next-line no-control-regex
    expect(text.replace(/\n/g, '')).not.toMatch(/[\u0000-\u001f\u202e]/)
  })
})
