import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { qrPath } from '../qr.ts';
import { embedCode } from '../share.ts';
import { useApp } from './context.ts';
import { Icon } from './Icon.tsx';
import '../css/dialog.css';

/** What a link longer than this is, no camera reads from a screen: it is left out as a QR code. */
const LONGEST_QR = 900;

/** The address of what is seen, as a link, a picture for a camera, lines for another page; and print. */
export function Share({ open, onClose }: { open: boolean; onClose(): void }) {
  const { config, controller, lang, text } = useApp();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (open && !dialog.current?.open) dialog.current?.showModal();
    if (!open && dialog.current?.open) dialog.current.close();
  }, [open]);

  const page = new URL(controller.href({}), location.href);
  page.hash = location.hash;
  page.searchParams.delete('e2e');
  const link = page.href;
  const title = `${text.share.mapOf} ${config.title[lang]}`;
  const code = embedCode(page, document.baseURI, title, text.share.openFull);
  const qr = useMemo(() => (open && link.length <= LONGEST_QR ? qrPath(link) : null), [open, link]);

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes a dialog by itself
    <dialog
      ref={dialog}
      class="share"
      aria-labelledby="share-title"
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && onClose()}
    >
      {open && (
        <div class="dialog-body">
          <div class="card-top">
            <h2 id="share-title">{text.share.title}</h2>
            <button type="button" class="square bare" aria-label={text.close} onClick={onClose}>
              <Icon name="close" />
            </button>
          </div>
          <div class="share-parts">
            <div>
              <Copy id="share-link" label={text.share.link} value={link} />
              <Copy id="share-code" label={text.share.code} value={code} lines={6} />
            </div>
            {qr && (
              <figure>
                <svg class="qr" viewBox={`0 0 ${qr.size} ${qr.size}`} role="img" aria-label={text.share.qr}>
                  <rect width={qr.size} height={qr.size} fill="#fff" />
                  <path d={qr.d} fill="#000" stroke="none" />
                </svg>
                <figcaption class="help">{text.share.qrHelp}</figcaption>
              </figure>
            )}
          </div>
          <p class="card-acts">
            <button
              type="button"
              class="button"
              onClick={() => {
                onClose();
                requestAnimationFrame(() => print());
              }}
            >
              <Icon name="printer" />
              {text.share.print}
            </button>
          </p>
        </div>
      )}
    </dialog>
  );
}

interface CopyProps {
  id: string;
  label: string;
  value: string;
  lines?: number;
}

/** Text to take away: it can be selected where no clipboard is at hand. */
function Copy({ id, label, value, lines = 2 }: CopyProps) {
  const { text } = useApp();
  const field = useRef<HTMLTextAreaElement>(null);
  const [copied, setCopied] = useState(false);

  async function copy() {
    field.current?.select();
    try {
      await navigator.clipboard.writeText(value);
      setCopied(true);
      setTimeout(() => setCopied(false), 2500);
    } catch {
      // no clipboard here; the text is selected
    }
  }

  return (
    <div class="copy">
      <label for={id}>{label}</label>
      <textarea
        id={id}
        ref={field}
        readOnly
        rows={lines}
        value={value}
        onFocus={() => field.current?.select()}
      />
      <button type="button" class="button" onClick={() => void copy()}>
        <Icon name="link" />
        <span aria-live="polite">{copied ? text.share.copied : text.share.copy}</span>
      </button>
    </div>
  );
}
