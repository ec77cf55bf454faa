import type { InputFile } from '../../workers/job-api'

/** public/samples/index.json, made by `npm run samples`. */
export interface Sample {
  readonly id: string
  readonly files: readonly string[]
  readonly data: readonly string[]
  readonly sizeBytes: number
}

const folder = new URL('./samples/', document.baseURI)

export async function listSamples(): Promise<readonly Sample[]> {
  const index = (await (await get('index.json')).json()) as { samples: readonly Sample[] }
  return index.samples
}

/** Reads a sample's files as if they had been dropped. */
export async function fetchSample(sample: Sample): Promise<InputFile[]> {
  return Promise.all(
    [...sample.files, ...sample.data].map(async (name) => {
      const file = new File([await (await get(name)).blob()], name)
      return { path: name, file }
    }),
  )
}

async function get(name: string): Promise<Response> {
  const response = await fetch(new URL(name, folder))
  if (!response.ok) throw new Error(`${name}: the page's own server answered ${response.status}`)
  return response
}
