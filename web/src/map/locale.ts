import { type Lang, messages } from '../i18n/index.ts';

/** What MapLibre says by itself, in the language of the page. */
export function locale(lang: Lang): Record<string, string> {
  const text = messages(lang).maplibre;
  return {
    'AttributionControl.ToggleAttribution': text.toggleSources,
    'AttributionControl.MapFeedback': text.feedback,
    'Map.Title': messages(lang).map,
    'FullscreenControl.Enter': text.enterFullscreen,
    'FullscreenControl.Exit': text.exitFullscreen,
    'ScaleControl.Feet': text.feet,
    'ScaleControl.Meters': text.metres,
    'ScaleControl.Kilometers': text.kilometres,
    'ScaleControl.Miles': text.miles,
    'ScaleControl.NauticalMiles': text.nauticalMiles,
    'CooperativeGesturesHandler.WindowsHelpText': text.cooperativeWindows,
    'CooperativeGesturesHandler.MacHelpText': text.cooperativeMac,
    'CooperativeGesturesHandler.MobileHelpText': text.cooperativeMobile,
  };
}
