package io.rootstock.grammar.regex;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * A set of Unicode code points as sorted ranges that neither touch nor overlap. Sets exclude U+0000, which no token can
 * produce, and surrogates, which are not characters.
 */
public record CodePoints(List<Range> ranges) {
    /** A range, both ends included. */
    public record Range(int first, int last) {}

    public static final CodePoints NONE = new CodePoints(List.of());
    public static final CodePoints ALL = new CodePoints(List.of(new Range(1, 0xD7FF), new Range(0xE000, 0x10FFFF)));

    /** Matches of {@code .}: all characters except the line terminators of Java and of ECMAScript. */
    static final CodePoints DOT = ALL.minus(range('\n', '\n'))
            .minus(range('\r', '\r'))
            .minus(range(0x85, 0x85))
            .minus(range(0x2028, 0x2029));

    static final CodePoints DIGITS = range('0', '9');
    static final CodePoints WORD =
            DIGITS.plus(range('a', 'z')).plus(range('A', 'Z')).plus(range('_', '_'));

    /** White space in Java's regular expressions. */
    static final CodePoints NARROW_SPACE = range(9, 13).plus(range(' ', ' '));

    /** White space in ECMAScript's regular expressions, a superset of Java's. */
    static final CodePoints WIDE_SPACE = NARROW_SPACE
            .plus(range(0xA0, 0xA0))
            .plus(range(0x1680, 0x1680))
            .plus(range(0x2000, 0x200A))
            .plus(range(0x2028, 0x2029))
            .plus(range(0x202F, 0x202F))
            .plus(range(0x205F, 0x205F))
            .plus(range(0x3000, 0x3000))
            .plus(range(0xFEFF, 0xFEFF));

    public static CodePoints of(int... codePoints) {
        CodePoints set = NONE;
        for (int codePoint : codePoints) {
            set = set.plus(range(codePoint, codePoint));
        }
        return set;
    }

    public static CodePoints range(int first, int last) {
        CodePoints raw = new CodePoints(List.of(new Range(first, last)));
        return ALL == null ? raw : raw.and(ALL);
    }

    static CodePoints where(IntPredicate predicate) {
        List<Range> ranges = new ArrayList<>();
        for (Range allowed : ALL.ranges) {
            int start = -1;
            for (int c = allowed.first; c <= allowed.last + 1; c++) {
                boolean in = c <= allowed.last && predicate.test(c);
                if (in && start < 0) {
                    start = c;
                } else if (!in && start >= 0) {
                    ranges.add(new Range(start, c - 1));
                    start = -1;
                }
            }
        }
        return new CodePoints(List.copyOf(ranges));
    }

    public boolean isEmpty() {
        return ranges.isEmpty();
    }

    public boolean contains(int codePoint) {
        return ranges.stream().anyMatch(range -> range.first <= codePoint && codePoint <= range.last);
    }

    public CodePoints plus(CodePoints other) {
        List<Range> sorted = new ArrayList<>(ranges);
        sorted.addAll(other.ranges);
        sorted.sort(java.util.Comparator.comparingInt(Range::first));
        List<Range> merged = new ArrayList<>();
        for (Range range : sorted) {
            if (!merged.isEmpty() && range.first <= merged.getLast().last + 1) {
                Range before = merged.removeLast();
                merged.add(new Range(before.first, Math.max(before.last, range.last)));
            } else {
                merged.add(range);
            }
        }
        return new CodePoints(List.copyOf(merged));
    }

    public CodePoints and(CodePoints other) {
        List<Range> common = new ArrayList<>();
        int mine = 0;
        int theirs = 0;
        while (mine < ranges.size() && theirs < other.ranges.size()) {
            Range a = ranges.get(mine);
            Range b = other.ranges.get(theirs);
            int first = Math.max(a.first, b.first);
            int last = Math.min(a.last, b.last);
            if (first <= last) {
                common.add(new Range(first, last));
            }
            if (a.last < b.last) {
                mine++;
            } else {
                theirs++;
            }
        }
        return new CodePoints(List.copyOf(common));
    }

    public CodePoints minus(CodePoints other) {
        List<Range> left = new ArrayList<>();
        for (Range range : ranges) {
            int next = range.first;
            for (Range hole : other.ranges) {
                if (hole.last < next || hole.first > range.last) {
                    continue;
                }
                if (hole.first > next) {
                    left.add(new Range(next, hole.first - 1));
                }
                next = hole.last + 1;
            }
            if (next <= range.last) {
                left.add(new Range(next, range.last));
            }
        }
        return new CodePoints(List.copyOf(left));
    }

    /** All characters outside this set. */
    CodePoints complement() {
        return ALL.minus(this);
    }
}
