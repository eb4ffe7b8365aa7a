import type { Query } from '../api/client.ts';
import { params } from '../api/client.ts';

/** The keys of a tile URL that are no filter. */
const OURS = ['edition'];

/** A tile URL with a filter as its query, in place of the one it has. `{z}/{x}/{y}` stay as they are. */
export function withFilter(url: string, filter: Query): string {
  const at = url.indexOf('?');
  const before = new URLSearchParams(at < 0 ? '' : url.slice(at + 1));
  const query = new URLSearchParams();
  for (const key of OURS) if (before.has(key)) query.set(key, before.get(key) ?? '');
  for (const [key, value] of Object.entries(params(filter)).sort()) query.set(key, value);
  const text = query.toString().replaceAll('%2C', ',').replaceAll('%3A', ':').replaceAll('%2F', '/');
  return (at < 0 ? url : url.slice(0, at)) + (text ? `?${text}` : '');
}
