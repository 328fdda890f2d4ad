import { pane } from '../../console/src/pane';

export const planted = pane;
