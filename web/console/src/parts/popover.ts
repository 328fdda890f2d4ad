/** Put a popover under (or above, where it does not fit) the element it belongs to, inside the window. */
export function placePopover(popover: HTMLElement, beside: Element): void {
  const at = beside.getBoundingClientRect();
  const { width, height } = popover.getBoundingClientRect();
  const edge = 8;
  const gap = 4;
  const rail = at.right <= 60 && innerWidth > 700;
  let left = rail ? at.right + gap : at.left;
  if (left + width > innerWidth - edge) left = at.right - width;
  let top = rail ? at.bottom - height : at.bottom + gap;
  if (top + height > innerHeight - edge) top = at.top - gap - height;
  popover.style.left = `${Math.max(edge, left)}px`;
  popover.style.top = `${Math.max(edge, top)}px`;
}
