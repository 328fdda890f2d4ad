export { PolicyError, parsePolicy, STANDARD, type Policy } from '../rules';
export type { RecorderState } from '../protocol';
export type { Grants } from './control';
export type { AssetRoute } from './describe';
export type { RecorderOptions } from './options';
export type { Answer } from './proposals';
export { Recorder } from './recorder';
