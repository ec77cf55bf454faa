import { describe, expect, it } from 'vitest'
import { sampleReport } from '../share/shared-kit'
import { REPORT_ENDINGS, reportText } from './documents'
import { codeMarkdown, escapeHtml, escapeMarkdown } from './escape'
import { reportHtml } from './html'
import { reportMarkdown } from './markdown'
import { fullReport, fullSensitivity } from './report-kit'

const HOSTILE =
  '</td><script>alert(1)</script><img src=x onerror=alert(1)>"\'`|*_[x](https://evil.example)\u202e\n# אבג'

/** What may point outside of a file. */
const OFF_ORIGIN = /(src|href|action|data|poster|srcset|xlink:href)\s*=|url\(|@import|https?:|\/\//i

describe('the page of a report', () => {
  it('says the verdict first, then what warns, then the figures', () => {
    const html = reportHtml(fullReport(), fullSensitivity())
    const places = [
      'Check these first',
      'What would help: Keep layer2.0.conv1 in float (+40.0 kB, +1.30 points expected)',
    ]
    places.push(
      'To know',
      'Before and after',
      'by Wilson’s interval 98.20% to 99.81%',
      'paired bootstrap over 500 samples',
      'McNemar’s exact test p = 0.418',
    )
    places.push(
      'On every provider',
      '1,234 of 1,000,000',
      'By class',
      'Calibration',
      'What else was tried',
      'Budget: drop=0.5%',
    )
    places.push(
      'Which layers are sensitive',
      'Ranges of inner values',
      'Make it again',
      '--recipe recipe.json',
      'client-x.calib.cache',
    )
    const found = places.map((text) => html.indexOf(text))
    expect(
      found.every((place) => place > 0),
      places[found.indexOf(-1)],
    ).toBe(true)
    expect(found).toEqual([...found].sort((a, b) => a - b))
  })

  it('asks nobody for anything, needs no script, and says so to the browser', () => {
    const html = reportHtml(fullReport(), fullSensitivity())
    expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`)
    expect(html).not.toMatch(OFF_ORIGIN)
    expect(html).not.toMatch(/<(script|link|img|iframe|object|embed|base|form)\b|\son\w+=|style="/i)
  })

  it('lets nothing of a name become markup', () => {
    const html = reportHtml(fullReport(HOSTILE), fullSensitivity(HOSTILE))
    const plain = reportHtml(fullReport(), fullSensitivity())
    const tags = (text: string) => text.match(/<[^>]*>/g)
    expect(tags(html)).toEqual(tags(plain))
    expect(html).toContain('&#60;script&#62;')
    expect(html).not.toContain('\u202e')
  })

  it('draws the front and the histograms, with the figures in tables beside them', () => {
    const html = reportHtml(fullReport(), fullSensitivity())
    expect(html).toMatch(/<svg class="pareto" role="img" aria-label="accuracy lost, points, by size: 5 models/)
    expect(html.match(/<g class="(chosen|front|other|original)">/g)).toHaveLength(5)
    expect(html).toContain('<path class="outside"')
    expect(html.match(/<svg class="bar"/g)!.length).toBeGreaterThan(20)
    // 21 layers: twelve at once, the others on a click
    expect(html).toContain('<summary>9 more, of 21 layers</summary>')
    expect(html).not.toMatch(/NaN|undefined|Infinity|\[object/)
  })

  it('leaves out what a plain result does not have', () => {
    const html = reportHtml(sampleReport(1))
    for (const absent of ['Verdict', 'By class', 'Calibration', 'tried', 'sensitive', 'Ranges', 'class="pareto"']) {
      expect(html, absent).not.toContain(`<h2>${absent}`)
    }
    expect(html).toContain('npx plume compress client-x.onnx -o client-x.small.onnx --method weights-int8')
  })

  it('takes figures at their limits', () => {
    const report = fullReport()
    const odd = reportHtml(
      {
        ...report,
        input: { ...report.input, sizeBytes: 0 },
        quality: { ...report.quality, classes: [{ class: 0, samples: 0, before: 0, after: 0 }], providers: [] },
        alternatives: report.alternatives.map((entry) => ({ ...entry, sizeBytes: 0, drop: -0.01 })),
        values: [{ name: '', to: 'uint8', min: 0, max: 0, scale: 1, zeroPoint: 0 }],
      },
      {
        ...fullSensitivity(),
        layers: [],
        tensors: [{ ...fullSensitivity().tensors[0]!, histogram: { low: 0, width: 0, counts: [0] } }],
      },
    )
    expect(odd).not.toMatch(/NaN|undefined|Infinity/)
  })
})

describe('the model card', () => {
  it('holds the same sections as the page', () => {
    const card = reportMarkdown(fullReport(), fullSensitivity())
    const titles = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, title]) => title)
    expect(titles(card, /^## (.*)$/gm)).toEqual(titles(reportHtml(fullReport(), fullSensitivity()), /<h2>(.*)<\/h2>/g))
    expect(card).toMatch(/^---\nlibrary_name: onnx\ntags:\n {2}- onnx\n {2}- compressed\n {2}- weights-int8\n---\n/)
    expect(card).toContain('**Check these first**')
    expect(card).not.toMatch(/NaN|undefined|<svg/)
  })

  it('has as many cells in every row as in the head of its table', () => {
    const card = reportMarkdown(fullReport(HOSTILE), fullSensitivity(HOSTILE)).trimEnd()
    const cells = (line: string) => line.replace(/\\\|/g, '').split('|').length
    for (const table of card.split('\n\n').filter((part) => part.startsWith('|'))) {
      const lines = table.split('\n')
      expect(new Set(lines.map(cells)).size, table).toBe(1)
      expect(lines[1]).toMatch(/^\|( -{3}:? \|)+$/)
    }
  })

  it('says where the rest of a long table is', () => {
    const report = { ...sampleReport(57) }
    expect(reportMarkdown(report)).toContain('17 more of 57 tensors stand in the JSON report.')
  })

  it('lets nothing of a text become markup or a link', () => {
    expect(escapeMarkdown('# a*b_c`d`|e<br>&amp;[x](y)')).toBe('\\# a\\*b\\_c\\`d\\`\\|e\\<br\\>&amp;amp;\\[x\\](y)')
    expect(escapeMarkdown('1. http://e.example www.e.example a@b.example')).toBe(
      '1\\. http\\://e.example www\\.e.example a\\@b.example',
    )
    expect(escapeMarkdown('- a\n- b\u202e')).not.toMatch(/\n|\u202e/)
    expect(codeMarkdown('a`b``c|d')).toBe('``` a`b``c\\|d ```')
    expect(codeMarkdown('conv1.weight')).toBe('`conv1.weight`')
    expect(escapeHtml('<"\'&`>')).toBe('&#60;&#34;&#39;&#38;&#96;&#62;')
  })
})

describe('the written forms', () => {
  it('are told by the name of the file, and the JSON is the report itself', () => {
    const report = fullReport()
    expect(JSON.parse(reportText('r.json', report))).toEqual(JSON.parse(JSON.stringify(report)))
    expect(reportText('r.html', report)).toMatch(/^<!doctype html>/)
    expect(reportText('R.md', report)).toMatch(/^---\n/)
    expect(['a.html', 'b.json', 'c.md', 'd.pdf', 'md'].map((name) => REPORT_ENDINGS.test(name))).toEqual([
      true,
      true,
      true,
      false,
      false,
    ])
  })
})
