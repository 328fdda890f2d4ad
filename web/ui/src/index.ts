export * from './cx';
export * from './icon';
export * from './icons';
export * from './language';
export * from './linkify';
export * from './texts';
export * from './time';
