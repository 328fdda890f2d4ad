export * from './addresses';
export * from './css';
export * from './elements';
export * from './fields';
export * from './patterns';
export * from './policy';
