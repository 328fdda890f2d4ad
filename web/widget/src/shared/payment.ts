/** Pages marked as payment pages never show the chat: no code of ours may sit beside a card number (threat S20). */

export function isPaymentPage(): boolean {
  return (
    document.documentElement.dataset['balie']?.toLowerCase() === 'payment' ||
    document.querySelector('meta[name="balie" i][content="payment" i]') !== null
  );
}

/** Calls `changed` when the mark comes or goes, as single-page sites do. Answers how to stop watching. */
export function watchPaymentMark(changed: (payment: boolean) => void): () => void {
  let known = isPaymentPage();
  const observer = new MutationObserver(() => {
    const now = isPaymentPage();
    if (now !== known) changed((known = now));
  });
  const page = document.documentElement;
  observer.observe(page, { attributes: true, attributeFilter: ['data-balie'], childList: true });
  observer.observe(document.head, {
    attributes: true,
    attributeFilter: ['name', 'content'],
    childList: true,
    subtree: true,
  });
  return () => observer.disconnect();
}
