/** One reading of a table in a process of its own: `node csv-process.mjs plume|papaparse FILE [BUNDLE]` prints JSON. */
import { createReadStream } from 'node:fs'
import Papa from 'papaparse'

const [who, path, bundle] = process.argv.slice(2)

/** Parsing alone, streamed, every cell a string. */
const papaparse = () =>
  new Promise((resolve, reject) => {
    let rows = -1
    Papa.parse(createReadStream(path, { highWaterMark: 2 ** 20 }), {
      chunk: ({ data }) => (rows += data.length),
      complete: () => resolve({ rows }),
      error: reject,
      skipEmptyLines: true,
    })
  })

const run = who === 'plume' ? (await import(bundle)).standardise : papaparse
const started = performance.now()
const result = await run(path)
const seconds = (performance.now() - started) / 1000
console.log(JSON.stringify({ ...result, seconds, megabytes: process.resourceUsage().maxRSS / 1000 }))
