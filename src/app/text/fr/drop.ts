export { drop } from '../en/drop'
