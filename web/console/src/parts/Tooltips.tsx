/**
 * One tooltip for the whole page, for any element with `data-tip`; `data-action` adds its key. Shown on hover after a
 * moment and on keyboard focus at once, hidden by Esc. The words are the control's label too, so readers skip it.
 */
import { signal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { ActionId } from '../keys/table';
import { ActionKey } from './Keys';

const DELAY_MS = 450;
const WARM_MS = 600;

const shown = signal<{ at: DOMRect; text: string; action: ActionId | undefined } | null>(null);

export function Tooltips() {
  const box = useRef<HTMLDivElement>(null);
  useEffect(listen, []);
  const tip = shown.value;
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    if (!tip) {
      if (element.matches(':popover-open')) element.hidePopover();
      return;
    }
    element.showPopover();
    place(element, tip.at);
  }, [tip]);
  return (
    <div ref={box} class="tooltip" popover="manual" aria-hidden="true">
      {tip && (
        <>
          {tip.text}
          {tip.action && <ActionKey action={tip.action} />}
        </>
      )}
    </div>
  );
}

function place(element: HTMLElement, at: DOMRect): void {
  const gap = 6;
  const { width, height } = element.getBoundingClientRect();
  const rail = at.left < 56 && at.width < 56 && innerWidth > 700;
  const left = rail ? at.right + gap : at.left + at.width / 2 - width / 2;
  const below = at.bottom + gap + height < innerHeight;
  const top = rail ? at.top + at.height / 2 - height / 2 : below ? at.bottom + gap : at.top - gap - height;
  element.style.left = `${Math.max(gap, Math.min(left, innerWidth - width - gap))}px`;
  element.style.top = `${Math.max(gap, top)}px`;
}

function listen(): () => void {
  let timer = 0;
  let hiddenAt = 0;
  const hide = () => {
    clearTimeout(timer);
    if (shown.peek()) hiddenAt = Date.now();
    shown.value = null;
  };
  const show = (target: HTMLElement) => {
    const text = target.dataset['tip'];
    if (!text || target.matches('[aria-expanded="true"]')) return;
    shown.value = { at: target.getBoundingClientRect(), text, action: target.dataset['action'] as ActionId | undefined };
  };
  const tipped = (event: Event) => (event.target instanceof Element ? event.target.closest<HTMLElement>('[data-tip]') : null);
  const over = (event: PointerEvent) => {
    const target = tipped(event);
    clearTimeout(timer);
    if (!target || event.pointerType === 'touch') return hide();
    timer = window.setTimeout(() => show(target), Date.now() - hiddenAt < WARM_MS || shown.peek() ? 0 : DELAY_MS);
  };
  const focus = (event: FocusEvent) => {
    const target = tipped(event);
    if (target?.matches(':focus-visible')) show(target);
    else hide();
  };
  const key = (event: KeyboardEvent) => {
    if (event.key === 'Escape' || event.key === 'Enter') hide();
  };
  const ends = new AbortController();
  const options = { signal: ends.signal, capture: true, passive: true };
  document.addEventListener('pointerover', over, options);
  document.addEventListener('pointerdown', hide, options);
  document.addEventListener('focusin', focus, options);
  document.addEventListener('focusout', hide, options);
  document.addEventListener('keydown', key, options);
  document.addEventListener('scroll', hide, options);
  return () => ends.abort();
}
