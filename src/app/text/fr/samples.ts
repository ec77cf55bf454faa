export { samples } from '../en/samples'
