import { type Timestamp, timestampDate } from '@bufbuild/protobuf/wkt';

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** Bytes with a binary unit, such as 1.5 MiB. */
export function bytes(size: bigint | number): string {
  let value = Number(size);
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${UNITS[unit]}`;
}

/** A count with a short suffix, such as 1.2M. */
export function count(value: bigint | number): string {
  return Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 }).format(value);
}

/** A measured value with four significant digits. */
export function figure(value: number): string {
  return Number.isFinite(value) ? Number(value.toPrecision(4)).toString() : String(value);
}

/** Seconds as the two largest units, such as 2 h 5 min. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) {
    return '–';
  }
  const whole = Math.round(seconds);
  const parts: [number, string][] = [
    [Math.floor(whole / 86_400), 'd'],
    [Math.floor(whole / 3600) % 24, 'h'],
    [Math.floor(whole / 60) % 60, 'min'],
    [whole % 60, 's'],
  ];
  const first = parts.findIndex(([value]) => value > 0);
  return first < 0
    ? '0 s'
    : parts
        .slice(first, first + 2)
        .filter(([value]) => value > 0)
        .map(([value, unit]) => `${value} ${unit}`)
        .join(' ');
}

export function dollars(value: number): string {
  return value === 0 ? '–' : `$${value < 1 ? value.toPrecision(2) : value.toFixed(2)}`;
}

/** Date and time in the zone of the browser. */
export function time(value: Timestamp | undefined): string {
  return value === undefined
    ? '–'
    : timestampDate(value).toLocaleString('sv-SE', { dateStyle: 'short', timeStyle: 'medium' });
}

/** The last segment of a resource name. */
export function id(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

/** The name of the model of a version or an alias: models/support of models/support/versions/3. */
export function modelName(name: string): string {
  return name.split('/').slice(0, 2).join('/');
}

/** A version's name as the command line writes it: support:3. */
export function versionLabel(name: string): string {
  const [, model, , number] = name.split('/');
  return number === undefined ? name : `${model}:${number}`;
}

/** The name of an enum value in lower case: JobState.NEEDS_RECOVERY is needs recovery. */
export function enumLabel(values: Record<number, string | number>, value: number): string {
  return String(values[value] ?? value)
    .toLowerCase()
    .replaceAll('_', ' ');
}
