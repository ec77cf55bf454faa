export { compare } from '../en/compare'
