import { expect, test } from 'vitest';
import { type WatchedList, withChanges, withPage } from '../../src/lib/watchedList';

interface Item {
  name: string;
  state: string;
}

const item = (name: string, state = 'queued'): Item => ({ name, state });
const change = (names: string[], changed: Item[], next = '') => ({ names, changed, next });
const names = (list: WatchedList<Item>) => list.items.map(({ name }) => name);

test('a message replaces resources that have changed and drops those that left the page', () => {
  const first = withChanges(undefined, change(['b', 'a'], [item('b'), item('a')]));
  expect(names(first)).toEqual(['b', 'a']);
  const second = withChanges(first, change(['b'], [item('b', 'running')]));
  expect(names(second)).toEqual(['b']);
  expect(second.items[0]?.state).toBe('running');
});

test('resources that others push off the page stay when later pages are loaded', () => {
  const first = withChanges(undefined, change(['c', 'b'], [item('c'), item('b')], 'after-b'));
  const both = withPage(first, { items: [item('a')], next: '' });
  expect(names(both)).toEqual(['c', 'b', 'a']);
  const pushed = withChanges(both, change(['d', 'c'], [item('d')], 'after-c'));
  expect(names(pushed)).toEqual(['d', 'c', 'b', 'a']);
  expect(pushed.next).toBe('');
});

test('a resource is inserted in a list by name', () => {
  const first = withChanges(undefined, change(['a', 'c'], [item('a'), item('c')], 'after-c'));
  const both = withPage(first, { items: [item('d')], next: '' });
  expect(names(withChanges(both, change(['a', 'b'], [item('b')], 'after-b')))).toEqual(['a', 'b', 'c', 'd']);
});

test('a deleted resource leaves the list, also when later pages are loaded', () => {
  const first = withChanges(undefined, change(['c', 'b'], [item('c'), item('b')], 'after-b'));
  const both = withPage(first, { items: [item('a')], next: '' });
  expect(names(withChanges(both, change(['b', 'a'], [item('a')])))).toEqual(['b', 'a']);
});

test('a page that overlaps the list adds each resource once', () => {
  const first = withChanges(undefined, change(['c', 'b'], [item('c'), item('b')], 'after-b'));
  expect(names(withPage(first, { items: [item('b'), item('a')], next: '' }))).toEqual(['c', 'b', 'a']);
});
