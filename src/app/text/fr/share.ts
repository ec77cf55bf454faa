export { share } from '../en/share'
