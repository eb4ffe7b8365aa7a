import { useState } from 'preact/hooks';
import { LANGS } from '../i18n/index.ts';
import { useApp, useLazy, useMedia } from './context.ts';
import { Icon } from './Icon.tsx';
import { Search } from './Search.tsx';

const LANGUAGE_NAMES = { fr: 'Français', en: 'English' };
const loadShare = () => import('./Share.tsx').then((part) => part.Share);

export function Header() {
  const { config, controller, state, lang, text } = useApp();
  const [sharing, setSharing] = useState(false);
  const [shared, setShared] = useState(false);
  const Share = useLazy(loadShare, shared);
  const systemDark = useMedia('(prefers-color-scheme: dark)');
  const dark = state.scheme ? state.scheme === 'dark' : systemDark;

  return (
    <header class="top">
      {config.logo ? <img class="arch" src={config.logo} alt="" /> : <Arch />}
      <div class="brand-text">
        <h1>{config.title[lang]}</h1>
        <p>{config.tagline?.[lang] ?? text.tagline}</p>
      </div>
      <Search />
      <div class="tools">
        <button
          type="button"
          class="tool"
          onClick={() => {
            setShared(true);
            setSharing(true);
          }}
        >
          <Icon name="share" />
          <span class="tool-word">{text.share.open}</span>
        </button>
        <button
          type="button"
          class="tool square"
          aria-label={dark ? text.toLight : text.toDark}
          title={dark ? text.toLight : text.toDark}
          onClick={() => {
            const next = dark ? 'light' : 'dark';
            controller.change({ scheme: next === (systemDark ? 'dark' : 'light') ? null : next }, 'replace');
          }}
        >
          <Icon name={dark ? 'sun' : 'moon'} />
        </button>
        <fieldset class="langs" aria-label={text.language}>
          {LANGS.map((code) => (
            <button
              key={code}
              type="button"
              lang={code}
              title={LANGUAGE_NAMES[code]}
              aria-pressed={code === lang}
              onClick={() => void controller.setLang(code)}
            >
              {code.toUpperCase()}
              <span class="unseen"> {LANGUAGE_NAMES[code]}</span>
            </button>
          ))}
        </fieldset>
      </div>
      {Share && <Share open={sharing} onClose={() => setSharing(false)} />}
    </header>
  );
}

function Arch() {
  return (
    <svg class="arch" viewBox="0 0 32 32" aria-hidden="true">
      <path d="M5 26h22M8 23V13M13.3 23V13M18.7 23V13M24 23V13M5.500 13h21L16 5z" />
    </svg>
  );
}
