import { Text } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useRef } from 'react';

export interface Column<R> {
  header: string;
  /** In pixels. */
  width: number;
  cell: (row: R) => ReactNode;
}

const ROW_HEIGHT = 36;

/** A table of which only the visible rows exist in the page. */
export function VirtualTable<R>({
  label,
  rows,
  rowKey,
  columns,
  more,
  empty,
}: {
  label: string;
  rows: R[];
  rowKey: (row: R) => string;
  columns: Column<R>[];
  /** Loads more rows; absent: all rows are loaded, or a page is being loaded. */
  more: (() => void) | undefined;
  /** Shown without rows. */
  empty: string;
}) {
  const scroll = useRef<HTMLElement>(null);
  // oxlint-disable-next-line react/incompatible-library -- nothing of it is memoized here
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 10,
  });
  const shown = virtual.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more !== undefined && rows.length > 0 && last >= rows.length - 20) {
      more();
    }
  }, [more, last, rows.length]);
  const width = columns.reduce((sum, column) => sum + column.width, 0);
  const before = shown[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (shown.at(-1)?.end ?? 0);
  return (
    // Focusable, so that it can be scrolled with the keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section ref={scroll} className="rows" aria-label={label} tabIndex={0}>
      <table style={{ width, tableLayout: 'fixed', borderSpacing: 0 }} aria-rowcount={rows.length + 1}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.header} scope="col" style={{ width: column.width, textAlign: 'left' }}>
                <Text size="xs" fw={700}>
                  {column.header}
                </Text>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {before > 0 && <Space height={before} columns={columns.length} />}
          {shown.flatMap((item) => {
            const row = rows[item.index];
            return row === undefined
              ? []
              : [
                  <tr key={rowKey(row)} aria-rowindex={item.index + 2} style={{ height: ROW_HEIGHT }}>
                    {columns.map((column) => (
                      <td
                        key={column.header}
                        style={{ overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}
                      >
                        <Text component="span" size="sm">
                          {column.cell(row)}
                        </Text>
                      </td>
                    ))}
                  </tr>,
                ];
          })}
          {after > 0 && <Space height={after} columns={columns.length} />}
        </tbody>
      </table>
      {rows.length === 0 && <Text c="dimmed">{empty}</Text>}
    </section>
  );
}

function Space({ height, columns }: { height: number; columns: number }) {
  return (
    <tr aria-hidden="true">
      {/* oxlint-disable-next-line jsx-a11y/control-has-associated-label -- hidden from readers of the page */}
      <td colSpan={columns} style={{ height, padding: 0 }} />
    </tr>
  );
}
