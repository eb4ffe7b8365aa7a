import { useApp } from './context.ts';
import { Icon } from './Icon.tsx';

/** What went wrong, said where it is seen and heard. */
export function Notices() {
  const { controller, state, text } = useApp();
  const { notice } = state;
  return (
    <div role="alert" class="notices">
      {notice && (
        <p class="notice">
          <span>{text.notice[notice]}</span>
          <span class="notice-acts">
            {notice !== 'mapFailed' && notice !== 'unitUnknown' && notice !== 'geolocationFailed' && (
              <button type="button" onClick={() => controller.retry()}>
                {text.retry}
              </button>
            )}
            {notice !== 'mapFailed' && (
              <button
                type="button"
                class="square bare"
                aria-label={text.close}
                onClick={() => controller.notice(null)}
              >
                <Icon name="close" />
              </button>
            )}
          </span>
        </p>
      )}
    </div>
  );
}
