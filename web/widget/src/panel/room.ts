/** The room the panel has: full screen on phones, above the on-screen keyboard. Sizes go into a style sheet, not an attribute. */

export const SMALL_SCREEN = '(max-width: 480px), (max-height: 480px)';

/** Keeps `--view-top` and `--view-height` on the panel equal to what is visible. Answers how to stop. */
export function followKeyboard(root: ShadowRoot): () => void {
  const view = window.visualViewport;
  if (!view) return () => undefined;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('.panel{}');
  const { style } = sheet.cssRules[0] as CSSStyleRule;
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  const measure = () => {
    // A pinched view is the visitor reading closely: leave the layout alone then.
    if (view.scale > 1.01) return;
    style.setProperty('--view-top', `${Math.round(view.offsetTop)}px`);
    style.setProperty('--view-height', `${Math.round(view.height)}px`);
  };
  measure();
  view.addEventListener('resize', measure);
  view.addEventListener('scroll', measure);
  return () => {
    view.removeEventListener('resize', measure);
    view.removeEventListener('scroll', measure);
    root.adoptedStyleSheets = root.adoptedStyleSheets.filter((it) => it !== sheet);
  };
}
