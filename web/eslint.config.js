import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

export default defineConfig(
  globalIgnores(['eslint.config.js', '.dependency-cruiser.cjs', '**/node_modules', '**/dist', '**/public', 'protocol/src/generated.ts', 'checks/planted']),
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      'max-lines': ['error', { max: 320, skipBlankLines: true, skipComments: true }],
      'no-console': ['error', { allow: ['warn', 'error'] }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
  { files: ['**/text/*.ts', '**/texts/*.ts', '**/tests/**'], rules: { 'max-lines': 'off' } },
  // Bytes and rules are read in loops whose bounds are checked: an index there is never outside.
  { files: ['cobrowse/**'], rules: { '@typescript-eslint/no-non-null-assertion': 'off' } },
  { files: ['checks/**'], rules: { 'no-console': 'off' } },
);
