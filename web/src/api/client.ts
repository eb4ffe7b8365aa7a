import { ours } from '../links.ts';

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly detail: string,
  ) {
    super(`${status} ${detail}`);
  }
}

/** What a query may hold; what is null or empty is left out. */
export type Query = Record<string, string | number | null | undefined>;

/** The edition that the page was made of: every request names it, and every answer may be kept for good. */
let edition = '';
export const useEdition = (id: string): void => {
  edition = id;
};

export const params = (query: Query): Record<string, string> =>
  Object.fromEntries(
    Object.entries(query).flatMap(([key, value]) =>
      value === null || value === undefined || value === '' ? [] : [[key, String(value)]],
    ),
  );

/** # Throws an [`ApiError`] for a status that is none of success, whatever `fetch` throws when nothing answers */
export async function getJson<T>(path: string, query: Query, signal?: AbortSignal): Promise<T> {
  const url = ours(path, params({ ...query, edition }));
  const response = await fetch(url, { headers: { Accept: 'application/json' }, signal });
  if (!response.ok) {
    const problem = (await response.json().catch(() => ({}))) as { detail?: unknown; title?: unknown };
    throw new ApiError(response.status, String(problem.detail ?? problem.title ?? response.statusText));
  }
  return (await response.json()) as T;
}
