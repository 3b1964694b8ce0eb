export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** The values of a JSON object by their paths, such as hyperparameters.lora.rank. */
export function flatten(value: Json, path = ''): Map<string, string> {
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
    return new Map(
      Object.entries(value).flatMap(([key, inner]) => [...flatten(inner, path === '' ? key : `${path}.${key}`)]),
    );
  }
  return new Map([[path, typeof value === 'string' ? value : JSON.stringify(value)]]);
}

/** A path and its value in each object; undefined where an object lacks it. */
export interface Difference {
  path: string;
  values: (string | undefined)[];
}

/** The paths at which objects differ, sorted. */
export function differences(objects: Json[]): Difference[] {
  const all = objects.map((object) => flatten(object));
  const paths = [...new Set(all.flatMap((values) => [...values.keys()]))].toSorted();
  return paths
    .map((path) => ({ path, values: all.map((values) => values.get(path)) }))
    .filter(({ values }) => new Set(values).size > 1);
}
