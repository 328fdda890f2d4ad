import { line } from '../../link/src/line';
import { h } from 'preact';

export const planted = [line, h];
