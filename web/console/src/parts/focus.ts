/** As a ref: the field takes the focus when it appears. Stable, so that drawing again does not. */
export function focusFirst(field: HTMLElement | null): void {
  field?.focus();
}
