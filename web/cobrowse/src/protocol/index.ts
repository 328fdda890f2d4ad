export * from './bytes';
export * from './content';
export * from './envelope';
export * from './messages';
export * from './ops';
export * from './squeeze';
export * from './strings';
