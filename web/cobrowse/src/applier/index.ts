export { openViewer, type Viewer } from './host';
export { Inlet, type InletOptions } from './inlet';
export { viewerHeaders, viewerPage } from './policy';
export type { Place, Target, TargetKind, ToHost, ToViewer } from './port';
