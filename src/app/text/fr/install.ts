export { install } from '../en/install'
