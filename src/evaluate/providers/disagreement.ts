import { formatPercent } from '../../core/format-text'
import type { ProviderResult } from '../quality'
import { SIMULATED } from './names'

/** Says how a provider's results differ from the judge's. */
export function disagreementText(provider: ProviderResult): string {
  const disagreement = formatPercent(provider.versus?.disagreement ?? 0)
  if (provider.name === SIMULATED) return saturationText(provider, disagreement)
  if (provider.name.startsWith('plume-')) {
    return (
      `ONNX Runtime and Plume's own engine give different results for this model: up to ${disagreement} of ` +
      "an output's range. It may behave differently on other runtimes; test it where it will run."
    )
  }
  return (
    `ONNX Runtime gives different results for this model on WebGPU and on WebAssembly: up to ${disagreement} ` +
    "of an output's range. Test it where it will run."
  )
}

function saturationText({ top1Agreement, saturation }: ProviderResult, disagreement: string): string {
  const [worst] = [...(saturation?.layers ?? [])].sort((a, b) => b.saturated / b.pairs - a.saturated / a.pairs)
  if (!worst || worst.saturated === 0 || top1Agreement === undefined) {
    return (
      `On x86 processors without VNNI this model gives other results: up to ${disagreement} of an output's ` +
      'range, since sums of 8-bit products overflow there.'
    )
  }
  return (
    `On x86 processors without VNNI only ${formatPercent(top1Agreement)} of the answers are the original's: sums of 8-bit ` +
    `products overflow there, most in layer "${worst.node}" (${formatPercent(worst.saturated / worst.pairs, 2)}).`
  )
}
