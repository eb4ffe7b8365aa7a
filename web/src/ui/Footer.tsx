import { useApp, useNarrow } from './context.ts';
import { Downloads } from './Downloads.tsx';
import { Jumps } from './Jumps.tsx';

/** Places to jump to, files to take away, who is to be named. */
export function Footer() {
  const { config, text } = useApp();
  const narrow = useNarrow();
  return (
    <>
      {narrow && <Jumps />}
      <Downloads />
      <footer>
        {config.attribution.length > 0 && (
          <>
            <h2>{text.sources}</h2>
            <ul>
              {config.attribution.map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          </>
        )}
        <p>
          <a href="api">{text.api}</a> · <a href="collections">{text.collections}</a>
        </p>
        {config.edition && (
          <p>
            {text.edition} <a href={`editions/${encodeURIComponent(config.edition)}`}>{config.edition}</a>
          </p>
        )}
      </footer>
    </>
  );
}
