export { page } from '../en/page'
