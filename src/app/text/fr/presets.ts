export { presets } from '../en/presets'
