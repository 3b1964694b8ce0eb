/** A resource of the services. */
export interface Named {
  name: string;
}

/** A list of resources whose first page is watched. */
export interface WatchedList<T extends Named> {
  items: T[];
  /** Resources of the watched page, the first ones. */
  watched: number;
  /** Token of the page after these resources; empty: all are loaded. */
  next: string;
}

/** A message of a watch. */
export interface PageChange<T extends Named> {
  /** Resources that are new on the page or have changed. */
  changed: T[];
  /** Names of all resources of the page, in order. */
  names: string[];
  /** Token of the page after the watched one; empty: there is none. */
  next: string;
}

/** A later page. */
export interface LaterPage<T extends Named> {
  items: T[];
  next: string;
}

/** The list after a message of the watch. */
export function withChanges<T extends Named>(list: WatchedList<T> | undefined, change: PageChange<T>): WatchedList<T> {
  const known = new Map([...(list?.items ?? []), ...change.changed].map((item) => [item.name, item]));
  const page = change.names.flatMap((name) => known.get(name) ?? []);
  if (list === undefined || list.items.length <= list.watched) {
    return { items: page, watched: page.length, next: change.next };
  }
  // Later pages are loaded too: resources that others have pushed off the watched page stay in the list.
  const names = new Set(change.names);
  const last = list.items.findLastIndex((item, index) => index < list.watched && names.has(item.name));
  const later = list.items.slice(last + 1).filter((item) => !names.has(item.name));
  return { items: [...page, ...later], watched: page.length, next: list.next };
}

/** The list with the page after it. */
export function withPage<T extends Named>(list: WatchedList<T>, page: LaterPage<T>): WatchedList<T> {
  const known = new Set(list.items.map((item) => item.name));
  const items = [...list.items, ...page.items.filter((item) => !known.has(item.name))];
  return { items, watched: list.watched, next: page.next };
}
