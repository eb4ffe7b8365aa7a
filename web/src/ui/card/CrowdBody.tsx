import { fill } from '../../i18n/index.ts';
import { type Details, ready } from '../../state/state.ts';
import { useApp } from '../context.ts';
import { Row } from '../list/Row.tsx';
import { Ready } from '../Ready.tsx';

/** What lies on one spot, where no zoom tells one from the other. */
export function CrowdBody({ details }: { details: Details & { kind: 'crowd' } }) {
  const { lang, text } = useApp();
  const none = details.parts.every(({ items }) => ready(items)?.features.length === 0);
  return (
    <>
      {none && <p class="empty">{text.listNone}</p>}
      {details.parts.map(({ collection, items }) => (
        <Ready key={collection} what={items} failed={text.listFailed}>
          {({ features, total }) =>
            features.length > 0 && (
              <section aria-label={text[collection]}>
                <h3>{text[collection]}</h3>
                <ol class="rows">
                  {features.map((item) => (
                    <Row key={item.id} item={item} collection={collection} />
                  ))}
                </ol>
                {total > features.length && (
                  <p class="help">{fill(lang, text.listPart, { shown: features.length, total })}</p>
                )}
              </section>
            )
          }
        </Ready>
      ))}
    </>
  );
}
